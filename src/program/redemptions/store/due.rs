//! Placed redemptions whose time is over.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::PLACED;
use platform::{
    db::{
        Tx,
        schema::redemptions,
        types::{RawId, UuidSql},
        written::Written,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, RedemptionId},
    },
};

/// Placed redemptions of these members whose time is over.
pub fn due_of(tx: &mut Tx<'_>, members: &BTreeSet<MemberId>) -> Result<Vec<RedemptionId>> {
    Ok(redemptions::table
        .filter(redemptions::member_id.eq_any(members))
        .filter(PLACED)
        .filter(redemptions::expires_at.le(tx.now))
        .select(redemptions::id)
        .load(tx.conn)?)
}

/// Placed redemptions whose time is over, longest first, after the first `left_out`, with their
/// members.
pub fn due(
    tx: &mut Tx<'_>,
    member: Option<MemberId>,
    one: Option<RedemptionId>,
    left_out: i64,
    limit: i64,
) -> Result<Vec<(MemberId, RedemptionId)>> {
    let mut query = redemptions::table
        .filter(PLACED)
        .filter(redemptions::expires_at.le(tx.now))
        .order((redemptions::expires_at, redemptions::id))
        .limit(limit)
        .offset(left_out)
        .select((redemptions::member_id, redemptions::id))
        .into_boxed();
    if let Some(member) = member {
        query = query.filter(redemptions::member_id.eq(member));
    }
    if let Some(id) = one {
        query = query.filter(redemptions::id.eq(id));
    }
    Ok(query.load(tx.conn)?)
}

/// Which of these members have a redemption that is due.
pub fn due_among(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<BTreeSet<MemberId>> {
    let query = Written::<UuidSql>::new()
        .both("SELECT member_id FROM redemptions WHERE state = 'placed' AND expires_at <= ")
        .time(tx.now)
        .both(" AND member_id")
        .among(members.iter().map(|id| RawId::from(*id)));
    Ok(query.load::<MemberId>(tx.conn)?.into_iter().collect())
}

/// When the next placed redemption falls due, after now and by `until` at the latest.
pub fn next_expiry(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let next: Option<Option<Timestamp>> = redemptions::table
        .filter(PLACED)
        .filter(redemptions::expires_at.gt(tx.now))
        .filter(redemptions::expires_at.le(until))
        .order(redemptions::expires_at)
        .select(redemptions::expires_at)
        .first(tx.conn)
        .optional()?;
    Ok(next.flatten())
}
