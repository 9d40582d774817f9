//! How many units of rewards a member has had.

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

use platform::{
    db::{Tx, schema::redemptions},
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, RewardId},
    },
};

/// Units of each reward that a member has had for points, placed `since` then: neither given back
/// nor about to be.
pub fn redeemed(
    tx: &mut Tx<'_>,
    member: MemberId,
    reward: Option<RewardId>,
    since: Option<Timestamp>,
) -> Result<Vec<(RewardId, i64)>> {
    let waiting = redemptions::state
        .eq("placed")
        .and(redemptions::expires_at.is_null().or(redemptions::expires_at.gt(tx.now)));
    let had = redemptions::state.eq_any(["fulfilled", "used"]);
    let mut query = redemptions::table
        .filter(redemptions::member_id.eq(member))
        .filter(had.or(waiting))
        .filter(redemptions::entry_seq.is_not_null())
        .group_by(redemptions::reward_id)
        .select((
            redemptions::reward_id,
            // CAST, because PostgreSQL's sum of bigint is numeric
            sql::<BigInt>("CAST(COALESCE(SUM(quantity - cancelled_quantity), 0) AS BIGINT)"),
        ))
        .into_boxed();
    if let Some(reward) = reward {
        query = query.filter(redemptions::reward_id.eq(reward));
    }
    if let Some(since) = since {
        query = query.filter(redemptions::placed_at.ge(since));
    }
    Ok(query.load(tx.conn)?)
}
