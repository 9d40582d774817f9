//! Taking points from lots, bringing them back, and paying debts with them.

use super::{Account, Allocation, Lot};

impl Account {
    /// Pays what is owed with up to `points` of a lot, oldest debt first; answers how many it took.
    pub(super) fn pay_debts(&mut self, lot_seq: i64, points: i64, cause_seq: i64) -> i64 {
        let mut paid = 0;
        let mut payments = Vec::new();
        for debt in self.debts.values_mut() {
            let part = debt.remaining.min(points - paid);
            if part > 0 {
                debt.remaining -= part;
                paid += part;
                payments.push((debt.seq, part));
            }
        }
        for (debt_seq, part) in payments {
            self.balance.debt -= part;
            self.changes.debts.insert(debt_seq);
            self.allocate(debt_seq, lot_seq, cause_seq, part);
        }
        paid
    }

    /// Takes up to `points` for a debit from the lots that `wanted` picks; answers how many it did
    /// not find.
    pub(super) fn spend(
        &mut self,
        points: i64,
        debit_seq: i64,
        wanted: impl Fn(&Lot) -> bool,
    ) -> i64 {
        let parts = self.take_in_order(points, wanted);
        let found: i64 = parts.iter().map(|(_, part)| part).sum();
        for (lot_seq, part) in parts {
            self.allocate(debit_seq, lot_seq, debit_seq, part);
        }
        points - found
    }

    /// Takes up to `points` from the lots that `wanted` picks, in the order of spending; answers
    /// the lots and how many of each.
    pub(super) fn take_in_order(
        &mut self,
        points: i64,
        wanted: impl Fn(&Lot) -> bool,
    ) -> Vec<(i64, i64)> {
        let mut order: Vec<&Lot> =
            self.lots.values().filter(|lot| lot.remaining > 0 && wanted(lot)).collect();
        order.sort_unstable_by_key(|lot| lot.spending_order());
        let order: Vec<i64> = order.into_iter().map(|lot| lot.seq).collect();
        let mut missing = points;
        let mut parts = Vec::new();
        for lot_seq in order {
            if missing == 0 {
                break;
            }
            let part = self.take_from(lot_seq, missing);
            missing -= part;
            parts.push((lot_seq, part));
        }
        parts
    }

    /// Takes up to `points` from one lot; answers how many it had.
    pub(super) fn take_from(&mut self, lot_seq: i64, points: i64) -> i64 {
        let Some(lot) = self.lots.get_mut(&lot_seq) else { return 0 };
        let part = lot.remaining.min(points);
        if part == 0 {
            return 0;
        }
        lot.remaining -= part;
        if lot.matured {
            self.balance.available -= part;
        } else {
            self.balance.pending -= part;
        }
        self.changes.lots.insert(lot_seq);
        part
    }

    /// Brings points back to the lot that they came from, after they have paid what is owed.
    pub(super) fn bring_back(&mut self, lot_seq: i64, points: i64, cause_seq: i64) {
        let open = points - self.pay_debts(lot_seq, points, cause_seq);
        let Some(lot) = self.lots.get_mut(&lot_seq) else { return };
        lot.remaining += open;
        if lot.matured {
            self.balance.available += open;
        } else {
            self.balance.pending += open;
        }
        self.changes.lots.insert(lot_seq);
    }

    pub(super) fn allocate(&mut self, debit_seq: i64, lot_seq: i64, cause_seq: i64, points: i64) {
        self.changes.allocations.push(Allocation { debit_seq, lot_seq, cause_seq, points });
    }
}
