//! States and their dates, of a redemption and of its voucher.

use super::{rows::Voucher, sums::Case};
use crate::redemptions::RedemptionState;
use platform::kernel::{difference::Told, voucher_code};

impl Case<'_> {
    pub(super) fn states(&self, told: &mut Told<'_>) {
        let one = self.redemption;
        let id = one.id;
        let dates = [one.fulfilled_at, one.cancelled_at, one.used_at].map(|date| date.is_some());
        if let Some(state) = one.state {
            let expected = match state {
                RedemptionState::Placed | RedemptionState::Expired => [false; 3],
                RedemptionState::Fulfilled => [true, false, false],
                RedemptionState::Used => [true, false, true],
                // it may have been handed over before
                RedemptionState::Cancelled => [dates[0], true, false],
            };
            let what =
                format_args!("fulfilled_at, cancelled_at and used_at of {id}, {state}: there");
            told.same(what, expected, dates);
        }
        // what begins fulfilled is so by its voucher, and never expires as such
        told.same(
            format_args!("the voucher of {id}"),
            one.expires_at.is_none(),
            self.voucher.is_some(),
        );
        match one.expires_at {
            None => self.by_voucher(told),
            Some(end) => {
                let what = format_args!("fulfilled_at of {id}");
                let late = one.fulfilled_at.is_some_and(|at| at >= end);
                told.holds(!late, what, format_args!("before {end}"), one.fulfilled_at);
                let what = format_args!("expires_at of {id}");
                let expected = format_args!("after {}", one.placed_at);
                told.holds(end > one.placed_at, what, expected, end);
                told.same(format_args!("used_at of {id}, which has no voucher"), None, one.used_at);
            }
        }
        if let Some(voucher) = &self.voucher {
            self.voucher(voucher, told);
        }
    }

    fn by_voucher(&self, told: &mut Told<'_>) {
        let one = self.redemption;
        let what = format_args!("fulfilled_at of {}", one.id);
        told.same(what, Some(one.placed_at), one.fulfilled_at);
        let never = matches!(one.state, Some(RedemptionState::Placed | RedemptionState::Expired));
        told.same(format_args!("{} is placed or has expired", one.id), false, never);
    }

    /// A code is told by its redemption: it is worth money.
    fn voucher(&self, voucher: &Voucher, told: &mut Told<'_>) {
        let one = self.redemption;
        let id = one.id;
        told.same(format_args!("used_at of the voucher of {id}"), one.used_at, voucher.used_at);
        let voided = (one.state != Some(RedemptionState::Used)).then_some(one.cancelled_at);
        let what = format_args!("voided_at of the voucher of {id}");
        told.same(what, voided.flatten(), voucher.voided_at);
        let end = voucher.expires_at;
        let late = voucher.used_at.is_some_and(|at| at >= end);
        let what = format_args!("used_at of the voucher of {id}");
        told.holds(!late, what, format_args!("before {end}"), voucher.used_at);
        let what = format_args!("expires_at of the voucher of {id}");
        told.holds(end > one.placed_at, what, format_args!("after {}", one.placed_at), end);
        let place = voucher.channel.is_some() || voucher.location.is_some();
        let unused = voucher.used_at.is_none() && place;
        told.same(format_args!("where the unused voucher of {id} was used"), false, unused);
        let digits = voucher.code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        let is_code = voucher.uploaded.is_some()
            || digits
                && match voucher.code.len() {
                    12 => true,
                    voucher_code::DIGITS => !voucher_code::is_mistyped(&voucher.code),
                    _ => false,
                };
        told.same(format_args!("the voucher of {id} has a code of ours"), true, is_code);
    }
}
