//! Rows of what referrals paid.

use diesel::prelude::*;

use crate::referrals::{Payout, ReferralState};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        prepared::one_of,
        schema::{referral_payouts, referrals},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, PayoutId, ReferralId},
    },
};

pub fn insert_payouts(tx: &mut Tx<'_>, payouts: &[Payout]) -> Result<()> {
    Bulk::into("referral_payouts")
        .column("id", payouts.iter().map(|one| RawId::from(one.id)))
        .column("referral_id", payouts.iter().map(|one| RawId::from(one.referral_id)))
        .column("member_id", payouts.iter().map(|one| RawId::from(one.member_id)))
        .column("part", payouts.iter().map(|one| one.part.clone()))
        .column("step", payouts.iter().map(|one| one.step))
        .column("points", payouts.iter().map(|one| one.points))
        .column("entry_seq", payouts.iter().map(|one| one.entry_seq))
        .column("perk_id", payouts.iter().map(|one| one.perk_id.map(RawId::from)))
        .column("paid_at", payouts.iter().map(|one| one.paid_at))
        .execute(tx.conn)?;
    Ok(())
}

/// What these referrals paid, in order.
pub fn payouts_of(tx: &mut Tx<'_>, referrals: &[ReferralId]) -> Result<Vec<Payout>> {
    Ok(referral_payouts::table
        .filter(one_of(referral_payouts::referral_id, referrals))
        .order(referral_payouts::id)
        .select(Payout::as_select())
        .load(tx.conn)?)
}

/// What a referral paid and still stands.
pub fn live_payouts(tx: &mut Tx<'_>, referral: ReferralId) -> Result<Vec<Payout>> {
    Ok(referral_payouts::table
        .filter(referral_payouts::referral_id.eq(referral))
        .filter(referral_payouts::reversed_at.is_null())
        .order(referral_payouts::id)
        .select(Payout::as_select())
        .load(tx.conn)?)
}

/// What a referrer got for more friends than `friends`, and still has.
pub fn steps_above(tx: &mut Tx<'_>, referrer: MemberId, friends: i64) -> Result<Vec<Payout>> {
    Ok(referral_payouts::table
        .filter(referral_payouts::member_id.eq(referrer))
        .filter(referral_payouts::step.gt(friends))
        .filter(referral_payouts::reversed_at.is_null())
        .order(referral_payouts::id)
        .select(Payout::as_select())
        .load(tx.conn)?)
}

pub fn reverse_payouts(tx: &mut Tx<'_>, ids: &[PayoutId]) -> Result<()> {
    let these = referral_payouts::table.filter(one_of(referral_payouts::id, ids));
    diesel::update(these).set(referral_payouts::reversed_at.eq(Some(tx.now))).execute(tx.conn)?;
    Ok(())
}

/// For how many friends a referrer was paid, and was not paid back.
pub fn rewarded(tx: &mut Tx<'_>, referrer: MemberId) -> Result<i64> {
    Ok(referrals::table
        .filter(referrals::referrer_id.eq(referrer))
        .filter(referrals::state.eq(ReferralState::Rewarded))
        .count()
        .get_result(tx.conn)?)
}

/// The same since `since`.
pub fn rewarded_since(tx: &mut Tx<'_>, referrer: MemberId, since: Timestamp) -> Result<i64> {
    Ok(referrals::table
        .filter(referrals::referrer_id.eq(referrer))
        .filter(referrals::state.eq(ReferralState::Rewarded))
        .filter(referrals::rewarded_at.ge(since))
        .count()
        .get_result(tx.conn)?)
}
