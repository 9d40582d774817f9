//! Rows of flags.

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use super::{Finding, Flag};
use crate::referrals::ReferralState;
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        prepared::one_of,
        schema::{referral_flags, referrals},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, ReferralId},
    },
};

/// What is written down of a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It speaks against the referral.
    Flag,
    /// It is kept to be known again: of no weight, and cleared.
    Trace,
}

/// Writes down what was found; what was found before stays as it is.
pub fn add(
    tx: &mut Tx<'_>,
    referral: ReferralId,
    found: &[Finding],
    written: Written,
) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let now = tx.now;
    let is_flag = written == Written::Flag;
    let weight = |one: &Finding| if is_flag { one.code.weight() } else { 0 };
    Bulk::into("referral_flags")
        .column("referral_id", found.iter().map(|_| RawId::from(referral)))
        .column("code", found.iter().map(|one| one.code.as_str().to_owned()))
        .column("link", found.iter().map(|one| one.link.clone()))
        .column("other_id", found.iter().map(|one| one.other.map(RawId::from)))
        .column("weight", found.iter().map(weight))
        .column("found_at", found.iter().map(|_| now))
        .column("cleared_at", found.iter().map(|_| (!is_flag).then_some(now)))
        .tail("ON CONFLICT DO NOTHING")
        .execute(tx.conn)?;
    Ok(())
}

/// The weight of what nobody cleared.
pub fn open_weight(tx: &mut Tx<'_>, referral: ReferralId) -> Result<i64> {
    Ok(referral_flags::table
        .filter(referral_flags::referral_id.eq(referral))
        .filter(referral_flags::cleared_at.is_null())
        .select(sql::<BigInt>("CAST(COALESCE(SUM(weight), 0) AS BIGINT)"))
        .get_result(tx.conn)?)
}

pub fn open_links(tx: &mut Tx<'_>, referral: ReferralId) -> Result<Vec<String>> {
    Ok(referral_flags::table
        .filter(referral_flags::referral_id.eq(referral))
        .filter(referral_flags::cleared_at.is_null())
        .select(referral_flags::link)
        .load(tx.conn)?)
}

/// The cases that wait and have one of these links, the oldest first.
pub fn cases_of(tx: &mut Tx<'_>, links: &[String]) -> Result<Vec<ReferralId>> {
    let cases: Vec<Option<ReferralId>> = referrals::table
        .inner_join(referral_flags::table.on(referral_flags::referral_id.eq(referrals::id)))
        .filter(one_of(referral_flags::link, links))
        .filter(referrals::state.eq(ReferralState::Flagged))
        .filter(referrals::case_id.is_not_null())
        .distinct()
        .select(referrals::case_id)
        .load(tx.conn)?;
    let mut cases: Vec<ReferralId> = cases.into_iter().flatten().collect();
    cases.sort_unstable();
    Ok(cases)
}

/// Makes one case of several.
pub fn rename_cases(tx: &mut Tx<'_>, cases: &[ReferralId], into: ReferralId) -> Result<()> {
    let others: Vec<ReferralId> = cases.iter().copied().filter(|case| *case != into).collect();
    if others.is_empty() {
        return Ok(());
    }
    let waiting = referrals::table
        .filter(referrals::case_id.eq_any(others))
        .filter(referrals::state.eq(ReferralState::Flagged));
    diesel::update(waiting).set(referrals::case_id.eq(Some(into))).execute(tx.conn)?;
    Ok(())
}

/// When a referrer brought others, up to `at`, the latest first.
pub fn joined_before(
    tx: &mut Tx<'_>,
    referrer: MemberId,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<Timestamp>> {
    Ok(referrals::table
        .filter(referrals::referrer_id.eq(referrer))
        .filter(referrals::joined_at.le(at))
        .order(referrals::joined_at.desc())
        .limit(limit)
        .select(referrals::joined_at)
        .load(tx.conn)?)
}

/// The same after `at`, the first of them first.
pub fn joined_after(
    tx: &mut Tx<'_>,
    referrer: MemberId,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<Timestamp>> {
    Ok(referrals::table
        .filter(referrals::referrer_id.eq(referrer))
        .filter(referrals::joined_at.gt(at))
        .order(referrals::joined_at)
        .limit(limit)
        .select(referrals::joined_at)
        .load(tx.conn)?)
}

/// Whom another referral paid for who had this too.
pub fn paid_for(tx: &mut Tx<'_>, link: &str, but: ReferralId) -> Result<Option<MemberId>> {
    Ok(referral_flags::table
        .inner_join(referrals::table.on(referrals::id.eq(referral_flags::referral_id)))
        .filter(referral_flags::link.eq(link))
        .filter(referral_flags::referral_id.ne(but))
        .filter(referrals::rewarded_at.is_not_null())
        .order(referrals::id)
        .select(referrals::referee_id)
        .first(tx.conn)
        .optional()?)
}

/// A person looked at these, and approved.
pub fn clear(tx: &mut Tx<'_>, of: &[ReferralId]) -> Result<()> {
    let open = referral_flags::table
        .filter(one_of(referral_flags::referral_id, of))
        .filter(referral_flags::cleared_at.is_null());
    diesel::update(open).set(referral_flags::cleared_at.eq(Some(tx.now))).execute(tx.conn)?;
    Ok(())
}

/// The flags of these referrals, the heaviest first.
pub fn of_all(tx: &mut Tx<'_>, of: &[ReferralId]) -> Result<Vec<Flag>> {
    Ok(referral_flags::table
        .filter(one_of(referral_flags::referral_id, of))
        .filter(referral_flags::weight.gt(0))
        .order((referral_flags::weight.desc(), referral_flags::code))
        .load(tx.conn)?)
}
