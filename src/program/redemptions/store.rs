//! Rows of redemptions and vouchers.

mod due;
mod reminders;
mod units;

pub use due::{due, due_among, due_of, next_expiry};
pub use reminders::{next_to_remind, set_reminded, to_remind};
pub use units::redeemed;

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::{Redemption, RedemptionState, Voucher};
use platform::{
    db::{
        Tx,
        among::{Key, load_among},
        bulk::Bulk,
        lock::for_update,
        prepared::{Condition, condition},
        schema::{redemptions, vouchers},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, RedemptionId, RewardId},
    },
};

/// In the words of the partial indexes.
const PLACED: Condition = condition("redemptions.state = 'placed'");

#[derive(Queryable)]
struct RedemptionRow {
    id: RedemptionId,
    member_id: MemberId,
    reward_id: RewardId,
    quantity: i64,
    state: RedemptionState,
    order_ref: Option<String>,
    channel: Option<String>,
    placed_by: String,
    placed_at: Timestamp,
    expires_at: Option<Timestamp>,
    fulfilled_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    used_at: Option<Timestamp>,
    points: i64,
    entry_seq: Option<i64>,
    cancelled_quantity: i64,
}

#[derive(Queryable)]
struct VoucherRow {
    code: String,
    uploaded: Option<String>,
    expires_at: Timestamp,
    voided_at: Option<Timestamp>,
    used_at: Option<Timestamp>,
    channel: Option<String>,
    location: Option<String>,
    reminded_at: Option<Timestamp>,
}

/// Redemptions with the voucher that some of them have.
macro_rules! with_vouchers {
    () => {
        redemptions::table
            .left_join(vouchers::table.on(vouchers::redemption_id.eq(redemptions::id)))
            .select((
                redemptions::all_columns,
                (
                    vouchers::code,
                    vouchers::uploaded,
                    vouchers::expires_at,
                    vouchers::voided_at,
                    vouchers::used_at,
                    vouchers::channel,
                    vouchers::location,
                    vouchers::reminded_at,
                )
                    .nullable(),
            ))
    };
}

fn whole((row, voucher): (RedemptionRow, Option<VoucherRow>)) -> Redemption {
    let voucher = voucher.map(|row| Voucher {
        code: row.code,
        uploaded: row.uploaded,
        expires_at: row.expires_at,
        voided_at: row.voided_at,
        used_at: row.used_at,
        channel: row.channel,
        location: row.location,
        reminded_at: row.reminded_at,
    });
    Redemption {
        id: row.id,
        member_id: row.member_id,
        reward_id: row.reward_id,
        quantity: row.quantity,
        cancelled_quantity: row.cancelled_quantity,
        points: row.points,
        state: row.state,
        order_ref: row.order_ref,
        channel: row.channel,
        entry_seq: row.entry_seq,
        placed_by: row.placed_by,
        placed_at: row.placed_at,
        expires_at: row.expires_at,
        fulfilled_at: row.fulfilled_at,
        cancelled_at: row.cancelled_at,
        used_at: row.used_at,
        voucher,
    }
}

pub fn insert_all(tx: &mut Tx<'_>, new: &[&mut Redemption]) -> Result<()> {
    Bulk::into("redemptions")
        .column("id", new.iter().map(|one| RawId::from(one.id)))
        .column("member_id", new.iter().map(|one| RawId::from(one.member_id)))
        .column("reward_id", new.iter().map(|one| RawId::from(one.reward_id)))
        .column("quantity", new.iter().map(|one| one.quantity))
        .column("points", new.iter().map(|one| one.points))
        .column("state", new.iter().map(|one| one.state.to_string()))
        .column("order_ref", new.iter().map(|one| one.order_ref.clone()))
        .column("channel", new.iter().map(|one| one.channel.clone()))
        .column("entry_seq", new.iter().map(|one| one.entry_seq))
        .column("placed_by", new.iter().map(|one| one.placed_by.clone()))
        .column("placed_at", new.iter().map(|one| one.placed_at))
        .column("expires_at", new.iter().map(|one| one.expires_at))
        .column("fulfilled_at", new.iter().map(|one| one.fulfilled_at))
        .execute(tx.conn)?;
    Ok(())
}

/// Writes vouchers; answers how many, for those whose code is taken are left out.
pub fn insert_vouchers(tx: &mut Tx<'_>, new: &[&Redemption]) -> Result<usize> {
    let vouchers: Vec<(RawId, &Voucher)> =
        new.iter().filter_map(|one| Some((one.id.into(), one.voucher.as_ref()?))).collect();
    Bulk::into("vouchers")
        .column("code", vouchers.iter().map(|(_, voucher)| voucher.code.clone()))
        .column("uploaded", vouchers.iter().map(|(_, voucher)| voucher.uploaded.clone()))
        .column("redemption_id", vouchers.iter().map(|(id, _)| *id))
        .column("expires_at", vouchers.iter().map(|(_, voucher)| voucher.expires_at))
        .tail("ON CONFLICT (code) DO NOTHING")
        .execute(tx.conn)
}

/// Which of these have a voucher.
pub fn with_voucher(tx: &mut Tx<'_>, ids: &[RedemptionId]) -> Result<Vec<RedemptionId>> {
    let written = vouchers::table.filter(vouchers::redemption_id.eq_any(ids));
    Ok(written.select(vouchers::redemption_id).load(tx.conn)?)
}

pub fn find(tx: &mut Tx<'_>, id: RedemptionId) -> Result<Option<Redemption>> {
    let row = with_vouchers!().filter(redemptions::id.eq(id)).first(tx.conn).optional()?;
    Ok(row.map(whole))
}

/// The redemptions with these ids, their rows locked in that order until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, ids: &[RedemptionId]) -> Result<Vec<Redemption>> {
    let rows = redemptions::table
        .filter(redemptions::id.eq_any(ids))
        .order(redemptions::id)
        .select(redemptions::id);
    // an outer join can't be locked, so the rows are read again once they stand still
    let ids: Vec<RedemptionId> = for_update(rows).load(tx.conn)?;
    let rows = with_vouchers!()
        .filter(redemptions::id.eq_any(ids))
        .order(redemptions::id)
        .load(tx.conn)?;
    Ok(rows.into_iter().map(whole).collect())
}

/// The redemptions that orders of members made.
pub fn by_orders(tx: &mut Tx<'_>, refs: BTreeSet<(MemberId, String)>) -> Result<Vec<Redemption>> {
    const REFS: Key = Key {
        table: "redemptions",
        columns: ["member_id", "order_ref"],
        only: "redemptions.order_ref IS NOT NULL",
    };
    let refs = refs.into_iter().map(|(member, order_ref)| (RawId::from(member), order_ref));
    let rows = load_among(REFS, refs, |refs| with_vouchers!().filter(refs).load(tx.conn))?;
    Ok(rows.into_iter().map(whole).collect())
}

pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Redemption>> {
    let row = with_vouchers!().filter(vouchers::code.eq(code)).first(tx.conn).optional()?;
    Ok(row.map(whole))
}

/// Newest first, `rows` of them, older than `before`; by the state that they have now.
pub fn list(
    tx: &mut Tx<'_>,
    member: Option<MemberId>,
    state: Option<RedemptionState>,
    before: Option<RedemptionId>,
    rows: i64,
) -> Result<Vec<Redemption>> {
    let mut query = with_vouchers!().order(redemptions::id.desc()).limit(rows).into_boxed();
    if let Some(member) = member {
        query = query.filter(redemptions::member_id.eq(member));
    }
    if let Some(state) = state {
        let over = redemptions::expires_at.le(tx.now).assume_not_null();
        let due = redemptions::state.eq("placed").and(over);
        let kept = redemptions::state.eq(state.as_str());
        query = match state {
            RedemptionState::Placed => query.filter(
                kept.and(redemptions::expires_at.is_null().or(redemptions::expires_at.gt(tx.now))),
            ),
            RedemptionState::Expired => query.filter(kept.or(due)),
            _ => query.filter(kept),
        };
    }
    if let Some(before) = before {
        query = query.filter(redemptions::id.lt(before));
    }
    Ok(query.load(tx.conn)?.into_iter().map(whole).collect())
}

/// What waits to be handed over, the longest first.
pub fn waiting(tx: &mut Tx<'_>, rows: i64) -> Result<Vec<Redemption>> {
    let query = with_vouchers!()
        .filter(PLACED)
        .filter(redemptions::expires_at.is_null().or(redemptions::expires_at.gt(tx.now)))
        .order(redemptions::id)
        .limit(rows);
    Ok(query.load(tx.conn)?.into_iter().map(whole).collect())
}

pub fn set_fulfilled(tx: &mut Tx<'_>, id: RedemptionId) -> Result<()> {
    diesel::update(redemptions::table.find(id))
        .set((
            redemptions::state.eq(RedemptionState::Fulfilled),
            redemptions::fulfilled_at.eq(Some(tx.now)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Notes that so many more units were cancelled.
pub fn add_cancelled(tx: &mut Tx<'_>, id: RedemptionId, quantity: i64) -> Result<()> {
    diesel::update(redemptions::table.find(id))
        .set(redemptions::cancelled_quantity.eq(redemptions::cancelled_quantity + quantity))
        .execute(tx.conn)?;
    Ok(())
}

/// Ends redemptions as cancelled or expired, and voids their vouchers.
pub fn set_ended(
    tx: &mut Tx<'_>,
    ids: &[RedemptionId],
    state: RedemptionState,
    cancelled_at: Option<Timestamp>,
) -> Result<()> {
    let all_units = redemptions::cancelled_quantity.eq(redemptions::quantity);
    diesel::update(redemptions::table.filter(redemptions::id.eq_any(ids)))
        .set((
            redemptions::state.eq(state),
            redemptions::cancelled_at.eq(cancelled_at),
            (state == RedemptionState::Cancelled).then_some(all_units),
        ))
        .execute(tx.conn)?;
    diesel::update(
        vouchers::table
            .filter(vouchers::redemption_id.eq_any(ids))
            .filter(vouchers::used_at.is_null()),
    )
    .set(vouchers::voided_at.eq(Some(tx.now)))
    .execute(tx.conn)?;
    Ok(())
}

/// Uses a voucher up; `false` where somebody else did, or it is void.
pub fn set_used(
    tx: &mut Tx<'_>,
    id: RedemptionId,
    channel: Option<&str>,
    location: Option<&str>,
) -> Result<bool> {
    let unused = vouchers::table
        .filter(vouchers::redemption_id.eq(id))
        .filter(vouchers::used_at.is_null())
        .filter(vouchers::voided_at.is_null());
    let used = diesel::update(unused)
        .set((
            vouchers::used_at.eq(Some(tx.now)),
            vouchers::channel.eq(channel),
            vouchers::location.eq(location),
        ))
        .execute(tx.conn)?;
    if used == 1 {
        diesel::update(redemptions::table.find(id))
            .set((
                redemptions::state.eq(RedemptionState::Used),
                redemptions::used_at.eq(Some(tx.now)),
            ))
            .execute(tx.conn)?;
    }
    Ok(used == 1)
}
