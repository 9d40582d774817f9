//! Redemptions, vouchers and rewards as their rows have them.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::redemptions::RedemptionState;
use platform::{
    db::{
        Tx,
        schema::{redemptions, rewards, vouchers},
    },
    kernel::{
        clock::RawInstant,
        difference::{Findings, Seen},
        error::Result,
        id::{MemberId, RedemptionId, RewardId},
    },
};

/// How many redemptions are read at once.
const REDEMPTIONS_A_PAGE: i64 = 2000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = redemptions)]
struct Row {
    id: RedemptionId,
    member_id: MemberId,
    reward_id: RewardId,
    quantity: i64,
    cancelled_quantity: i64,
    points: i64,
    state: Seen<RedemptionState>,
    order_ref: Option<String>,
    channel: Option<String>,
    entry_seq: Option<i64>,
    placed_by: String,
    placed_at: RawInstant,
    expires_at: Option<RawInstant>,
    fulfilled_at: Option<RawInstant>,
    cancelled_at: Option<RawInstant>,
    used_at: Option<RawInstant>,
}

pub(super) struct Redemption {
    pub id: RedemptionId,
    pub member_id: MemberId,
    pub reward_id: RewardId,
    pub quantity: i64,
    pub cancelled_quantity: i64,
    pub points: i64,
    /// `None` where the word is unknown, which is told.
    pub state: Option<RedemptionState>,
    pub order_ref: Option<String>,
    pub channel: Option<String>,
    pub entry_seq: Option<i64>,
    pub placed_by: String,
    pub placed_at: RawInstant,
    pub expires_at: Option<RawInstant>,
    pub fulfilled_at: Option<RawInstant>,
    pub cancelled_at: Option<RawInstant>,
    pub used_at: Option<RawInstant>,
}

impl Row {
    fn into_redemption(self, findings: &mut Findings) -> Redemption {
        let what = format_args!("state of {}", self.id);
        Redemption {
            id: self.id,
            member_id: self.member_id,
            reward_id: self.reward_id,
            quantity: self.quantity,
            cancelled_quantity: self.cancelled_quantity,
            points: self.points,
            state: findings.of(&self.member_id).read(what, self.state),
            order_ref: self.order_ref,
            channel: self.channel,
            entry_seq: self.entry_seq,
            placed_by: self.placed_by,
            placed_at: self.placed_at,
            expires_at: self.expires_at,
            fulfilled_at: self.fulfilled_at,
            cancelled_at: self.cancelled_at,
            used_at: self.used_at,
        }
    }
}

/// The next redemptions of these members, by member and id.
pub(super) fn redemptions(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    after: Option<(MemberId, RedemptionId)>,
    findings: &mut Findings,
) -> Result<Vec<Redemption>> {
    let page = redemptions::table
        .filter(redemptions::member_id.eq_any(members))
        .order((redemptions::member_id, redemptions::id))
        .limit(REDEMPTIONS_A_PAGE)
        .select(Row::as_select());
    let rows: Vec<Row> = match after {
        None => page.load(tx.conn)?,
        Some((member, id)) => page
            .filter(
                redemptions::member_id
                    .gt(member)
                    .or(redemptions::member_id.eq(member).and(redemptions::id.gt(id))),
            )
            .load(tx.conn)?,
    };
    Ok(rows.into_iter().map(|row| row.into_redemption(findings)).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = vouchers)]
pub(super) struct Voucher {
    pub code: String,
    pub uploaded: Option<String>,
    pub redemption_id: RedemptionId,
    pub expires_at: RawInstant,
    pub voided_at: Option<RawInstant>,
    pub used_at: Option<RawInstant>,
    pub channel: Option<String>,
    pub location: Option<String>,
}

/// The vouchers of these redemptions.
pub(super) fn vouchers(
    tx: &mut Tx<'_>,
    redemptions: &[Redemption],
) -> Result<HashMap<RedemptionId, Voucher>> {
    let ids = redemptions.iter().map(|redemption| redemption.id);
    let found: Vec<Voucher> = vouchers::table
        .filter(vouchers::redemption_id.eq_any(ids))
        .select(Voucher::as_select())
        .load(tx.conn)?;
    Ok(found.into_iter().map(|voucher| (voucher.redemption_id, voucher)).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = rewards)]
pub(super) struct Reward {
    pub id: RewardId,
    pub cost_points: i64,
    pub version: i64,
}

/// The rewards of these redemptions.
pub(super) fn rewards(
    tx: &mut Tx<'_>,
    redemptions: &[Redemption],
) -> Result<HashMap<RewardId, Reward>> {
    let ids: BTreeSet<RewardId> = redemptions.iter().map(|one| one.reward_id).collect();
    let found: Vec<Reward> =
        rewards::table.filter(rewards::id.eq_any(ids)).select(Reward::as_select()).load(tx.conn)?;
    Ok(found.into_iter().map(|reward| (reward.id, reward)).collect())
}
