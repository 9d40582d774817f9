//! Vouchers at the till: looked at, and used once.

use crate::redemptions::{Redemption, RedemptionState, Voucher, VoucherState, service, store};
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        voucher_code,
    },
};

/// The redemption and the voucher that a code names, however it was typed.
///
/// # Errors
/// [`Refusal::NotFound`]; where a letter is mistyped, it says so.
pub fn by_code(tx: &mut Tx<'_>, typed: &str) -> Result<(Redemption, Voucher)> {
    let found = store::by_code(tx, &voucher_code::read(typed)?)?;
    found.and_then(with_voucher).ok_or_else(|| Error::from(Refusal::not_found("voucher")))
}

fn with_voucher(redemption: Redemption) -> Option<(Redemption, Voucher)> {
    let voucher = redemption.voucher.clone()?;
    Some((redemption, voucher))
}

/// Uses a voucher; `channel` and `location` say where.
///
/// # Errors
/// An unknown code; [`Refusal::VoucherUsed`] with when and where; [`Refusal::InvalidTransition`]
/// for one that is void or has expired.
pub fn use_once(
    tx: &mut Tx<'_>,
    typed: &str,
    channel: Option<&str>,
    location: Option<&str>,
) -> Result<(Redemption, Voucher)> {
    let id = by_code(tx, typed)?.0.id;
    service::lock(tx, id)?;
    let (redemption, voucher) = by_code(tx, typed)?;
    refuse_spent(&voucher, tx.now)?;
    if redemption.state != RedemptionState::Fulfilled {
        let (state, used) = (redemption.state, RedemptionState::Used);
        return Err(state.cannot_become(used, state.allowed()).into());
    }
    let used = store::set_used(tx, id, channel, location)?;
    let (redemption, voucher) = by_code(tx, typed)?;
    if !used {
        refuse_spent(&voucher, tx.now)?;
        return Err(Error::internal("a live voucher that could not be used"));
    }
    Ok((redemption, voucher))
}

fn refuse_spent(voucher: &Voucher, now: Timestamp) -> Result<(), Refusal> {
    match (voucher.state(now), voucher.used_at) {
        (VoucherState::Live, _) => Ok(()),
        (VoucherState::Used, Some(used_at)) => Err(Refusal::VoucherUsed {
            used_at,
            channel: voucher.channel.clone(),
            location: voucher.location.clone(),
        }),
        (state, _) => Err(Refusal::InvalidTransition {
            what: if state == VoucherState::Void {
                "the voucher was cancelled: it"
            } else {
                "the voucher's time is over: it"
            },
            from: state.as_str(),
            to: VoucherState::Used.as_str(),
            allowed: &[],
        }),
    }
}
