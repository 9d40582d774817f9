//! Which referrals are to be looked at, and when.

use std::collections::BTreeSet;

use diesel::prelude::*;

use platform::{
    db::{
        Tx,
        prepared::{condition, one_of},
        schema::referrals,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, OrderId, ReferralId},
    },
};

/// Those that may still move on by what the friend does.
const OPEN: &str = "state IN ('joined', 'qualified', 'flagged')";

/// Those that are due behind a place, soonest first, up to `limit`.
pub fn due(
    tx: &mut Tx<'_>,
    member: Option<MemberId>,
    left_out: &BTreeSet<ReferralId>,
    limit: i64,
) -> Result<Vec<ReferralId>> {
    let more = i64::try_from(left_out.len()).unwrap_or(i64::MAX);
    let mut query = referrals::table
        .filter(referrals::due_at.le(tx.now))
        .order((referrals::due_at, referrals::id))
        .limit(limit.saturating_add(more))
        .select(referrals::id)
        .into_boxed();
    if let Some(member) = member {
        query =
            query.filter(referrals::referrer_id.eq(member).or(referrals::referee_id.eq(member)));
    }
    let mut due: Vec<ReferralId> = query.load(tx.conn)?;
    due.retain(|id| !left_out.contains(id));
    due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(due)
}

/// Which of these members have one that is due.
pub fn due_among(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<BTreeSet<MemberId>> {
    let rows: Vec<(MemberId, MemberId)> = referrals::table
        .filter(referrals::due_at.le(tx.now))
        .filter(one_of(referrals::referrer_id, members).or(one_of(referrals::referee_id, members)))
        .select((referrals::referrer_id, referrals::referee_id))
        .load(tx.conn)?;
    let both = rows.into_iter().flat_map(|(referrer, referee)| [referrer, referee]);
    Ok(both.filter(|id| members.contains(id)).collect())
}

/// When the next is due, after now and by `until` at the latest.
pub fn next_due(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let next: Option<Option<Timestamp>> = referrals::table
        .filter(referrals::due_at.gt(tx.now))
        .filter(referrals::due_at.le(until))
        .order(referrals::due_at)
        .select(referrals::due_at)
        .first(tx.conn)
        .optional()?;
    Ok(next.flatten())
}

/// Friends who are on their way are to be looked at again.
pub fn wake_friends(tx: &mut Tx<'_>, friends: &[MemberId]) -> Result<()> {
    if friends.is_empty() {
        return Ok(());
    }
    let of = referrals::table
        .filter(one_of(referrals::referee_id, friends))
        .filter(condition("state IN ('joined', 'qualified')"));
    diesel::update(of).set(referrals::due_at.eq(Some(tx.now))).execute(tx.conn)?;
    Ok(())
}

/// These members bought something. Mostly none of them is on its way: a look comes first, for
/// orders are the busiest call, and an UPDATE is not prepared once.
pub fn wake_ordered(tx: &mut Tx<'_>, buyers: &[MemberId]) -> Result<()> {
    let moving: Vec<ReferralId> = referrals::table
        .filter(one_of(referrals::referee_id, buyers))
        .filter(condition(OPEN))
        .select(referrals::id)
        .load(tx.conn)?;
    if moving.is_empty() {
        return Ok(());
    }
    let of = referrals::table.filter(one_of(referrals::id, &moving));
    diesel::update(of).set(referrals::due_at.eq(Some(tx.now))).execute(tx.conn)?;
    Ok(())
}

/// Of this order something was taken back.
pub fn wake_refunded(tx: &mut Tx<'_>, order: OrderId) -> Result<()> {
    let of = referrals::table
        .filter(referrals::order_id.eq(order))
        .filter(condition("state IN ('joined', 'qualified', 'flagged', 'rewarded')"));
    diesel::update(of).set(referrals::due_at.eq(Some(tx.now))).execute(tx.conn)?;
    Ok(())
}

/// Something happened to this member.
pub fn wake_of(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let of = referrals::table
        .filter(referrals::referrer_id.eq(member).or(referrals::referee_id.eq(member)))
        .filter(condition(OPEN));
    diesel::update(of).set(referrals::due_at.eq(Some(tx.now))).execute(tx.conn)?;
    Ok(())
}
