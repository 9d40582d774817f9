//! Perks and the redemptions that they gave as their rows have them.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    perks::{PerkKind, PerkState},
    redemptions::RedemptionState,
};
use platform::{
    db::{
        Tx,
        schema::{perks, redemptions},
        seen::RawFlag,
    },
    kernel::{
        clock::RawInstant,
        difference::Seen,
        error::Result,
        id::{MemberId, PerkId, RedemptionId, RewardId, UserId},
    },
};

/// How many perks are read at once.
const PERKS_A_PAGE: i64 = 2000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = perks)]
pub(super) struct Perk {
    pub id: PerkId,
    pub member_id: MemberId,
    pub kind: Seen<PerkKind>,
    pub state: Seen<PerkState>,
    pub points: Option<i64>,
    pub reward_id: Option<RewardId>,
    pub send_letter: RawFlag,
    pub cost_points: i64,
    pub proposed_at: RawInstant,
    pub granted_by: Option<String>,
    pub granted_at: Option<RawInstant>,
    pub budget_user_id: Option<UserId>,
    pub entry_seq: Option<i64>,
    pub redemption_id: Option<RedemptionId>,
    pub ended_by: Option<String>,
    pub ended_at: Option<RawInstant>,
    pub taken_back_points: Option<i64>,
    pub kept_points: Option<i64>,
}

/// The next perks of these members, by member and id.
pub(super) fn perks(
    tx: &mut Tx<'_>,
    members: &[MemberId],
    after: Option<(MemberId, PerkId)>,
) -> Result<Vec<Perk>> {
    let page = perks::table
        .filter(perks::member_id.eq_any(members))
        .order((perks::member_id, perks::id))
        .limit(PERKS_A_PAGE)
        .select(Perk::as_select());
    Ok(match after {
        None => page.load(tx.conn)?,
        Some((member, id)) => page
            .filter(
                perks::member_id.gt(member).or(perks::member_id.eq(member).and(perks::id.gt(id))),
            )
            .load(tx.conn)?,
    })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = redemptions)]
pub(super) struct Gift {
    pub id: RedemptionId,
    pub member_id: MemberId,
    pub reward_id: RewardId,
    pub quantity: i64,
    pub entry_seq: Option<i64>,
    pub placed_by: String,
    pub placed_at: RawInstant,
    pub state: Seen<RedemptionState>,
    pub cancelled_at: Option<RawInstant>,
}

/// The redemptions that these perks gave.
pub(super) fn gifts(tx: &mut Tx<'_>, perks: &[Perk]) -> Result<HashMap<RedemptionId, Gift>> {
    let ids = perks.iter().filter_map(|perk| perk.redemption_id);
    let found: Vec<Gift> = redemptions::table
        .filter(redemptions::id.eq_any(ids))
        .select(Gift::as_select())
        .load(tx.conn)?;
    Ok(found.into_iter().map(|gift| (gift.id, gift)).collect())
}
