//! Vouchers that nobody has been reminded of yet.

use diesel::prelude::*;

use platform::{
    db::{
        Tx,
        prepared::{Condition, condition},
        schema::{redemptions, vouchers},
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, RedemptionId},
    },
};

/// In the words of the partial index.
const UNREMINDED: Condition = condition(
    "vouchers.reminded_at IS NULL AND vouchers.used_at IS NULL AND vouchers.voided_at IS NULL",
);

/// Up to `limit` live vouchers that end by then, soonest first, with their members.
pub fn to_remind(
    tx: &mut Tx<'_>,
    ends_by: Timestamp,
    limit: i64,
) -> Result<Vec<(MemberId, RedemptionId)>> {
    Ok(vouchers::table
        .inner_join(redemptions::table.on(redemptions::id.eq(vouchers::redemption_id)))
        .filter(UNREMINDED)
        .filter(vouchers::expires_at.gt(tx.now))
        .filter(vouchers::expires_at.le(ends_by))
        .order(vouchers::expires_at)
        .limit(limit)
        .select((redemptions::member_id, redemptions::id))
        .load(tx.conn)?)
}

/// When the next of them ends that ends after `after`.
pub fn next_to_remind(tx: &mut Tx<'_>, after: Timestamp) -> Result<Option<Timestamp>> {
    Ok(vouchers::table
        .filter(UNREMINDED)
        .filter(vouchers::expires_at.gt(after))
        .order(vouchers::expires_at)
        .select(vouchers::expires_at)
        .first(tx.conn)
        .optional()?)
}

/// Notes that the members of these were reminded, or need not be.
pub fn set_reminded(tx: &mut Tx<'_>, ids: &[RedemptionId]) -> Result<()> {
    diesel::update(vouchers::table.filter(vouchers::redemption_id.eq_any(ids)))
        .set(vouchers::reminded_at.eq(Some(tx.now)))
        .execute(tx.conn)?;
    Ok(())
}
