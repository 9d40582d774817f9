//! Which lots are loaded: all that are open of an account with few entries; of one with many, what is
//! due, what is named, the open ones of its first entries, and of the rest as many as will do.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{
    needs::{Need, Needs},
    rows::LotRow,
};
use crate::ledger::account::{Account, Lot};
use platform::{
    db::{
        Tx,
        among::{Key, load_among},
        prepared::{Condition, condition, one_of},
        schema::lots,
        types::RawId,
    },
    kernel::{error::Result, id::MemberId},
};

const OPEN: Condition = condition("lots.remaining > 0");
const MATURED: Condition = condition("lots.matured");
const PENDING: Condition = condition("NOT lots.matured");

/// The indexes of open lots leave out those of a member's first entries, which are most of a shop's: to
/// find these by member costs no more, and no index is kept for them. (`NOT`, as in the indexes: a
/// range of `seq` would lead SQLite through all of the member's lots.)
const OPEN_EARLY: Condition = condition("lots.remaining > 0 AND lots.seq <= 64");
const OPEN_LATE: Condition = condition("lots.remaining > 0 AND NOT lots.seq <= 64");

/// An account of so many entries has few lots.
const FEW: i64 = 256;
/// How many lots of a large account are read first; then eight times as many, and so on.
const FIRST_PAGE: i64 = 64;

/// Loads the lots that are needed, and those that are named.
pub fn load(
    tx: &mut Tx<'_>,
    all: &mut BTreeMap<MemberId, Account>,
    needs: &Needs,
    named: &BTreeSet<(MemberId, i64)>,
) -> Result<()> {
    const NAMED: Key = Key { table: "lots", columns: ["member_id", "seq"], only: "TRUE" };
    let mut rows = Vec::new();
    let mut small = Vec::new();
    for (member, need) in needs.iter() {
        let Some(account) = all.get_mut(&member) else { continue };
        account.unseen_change_at = None;
        if account.seq <= FEW {
            small.push(member);
        } else {
            account.is_partial = true;
            rows.extend(of_large(tx, member, need)?);
        }
    }
    if !small.is_empty() {
        let open = lots::table.filter(one_of(lots::member_id, &small)).filter(OPEN);
        rows.extend(open.load::<LotRow>(tx.conn)?);
    }
    let pairs = named.iter().map(|(member, seq)| (RawId::from(*member), *seq));
    rows.extend(load_among(NAMED, pairs, |named| {
        lots::table.filter(named).load::<LotRow>(tx.conn)
    })?);
    for row in rows {
        if let Some(account) = all.get_mut(&row.member_id) {
            let lot = Lot::from(row);
            account.lots.insert(lot.seq, lot);
        }
    }
    Ok(())
}

/// What is due of a large account, its early lots, and as many of its other open lots as the need takes.
fn of_large(tx: &mut Tx<'_>, member: MemberId, need: Need) -> Result<Vec<LotRow>> {
    let now = tx.now;
    let early = lots::table.filter(lots::member_id.eq(member)).filter(OPEN_EARLY);
    let mut rows: Vec<LotRow> = early.load(tx.conn)?;
    let open = || lots::table.filter(lots::member_id.eq(member)).filter(OPEN_LATE);
    rows.extend(open().filter(lots::expires_at.le(now)).load::<LotRow>(tx.conn)?);
    let waiting = open().filter(PENDING).order(lots::available_at);
    // all of them: these are the earns of some weeks, and lie in no order of spending. (The order leads
    // PostgreSQL to their index, whatever it last counted.)
    rows.extend(if need.pending > 0 {
        waiting.load::<LotRow>(tx.conn)?
    } else {
        waiting.filter(lots::available_at.le(now)).load(tx.conn)?
    });
    if need.available > 0 {
        rows.extend(enough(tx, member, need.available)?);
    }
    Ok(rows)
}

/// Open lots that are available, in the order of spending until they hold `points`.
fn enough(tx: &mut Tx<'_>, member: MemberId, points: i64) -> Result<Vec<LotRow>> {
    let now = tx.now;
    let open = || lots::table.filter(lots::member_id.eq(member)).filter(OPEN_LATE).filter(MATURED);
    let mut found = Vec::new();
    let mut missing = points;
    for ends in [true, false] {
        let mut limit = FIRST_PAGE;
        while missing > 0 {
            let rows: Vec<LotRow> = if ends {
                let order = (lots::expires_at, lots::seq);
                open().filter(lots::expires_at.gt(now)).order(order).limit(limit).load(tx.conn)?
            } else {
                let lasting = open().filter(lots::expires_at.is_null());
                lasting.order((lots::expires_at, lots::seq)).limit(limit).load(tx.conn)?
            };
            let all = i64::try_from(rows.len()).is_ok_and(|count| count < limit);
            let held: i64 = rows.iter().map(LotRow::remaining).sum();
            if all || held >= missing {
                missing -= held;
                found.extend(rows);
                break;
            }
            limit = limit.saturating_mul(8);
        }
    }
    Ok(found)
}
