//! A referral over the wire.

use serde::Serialize;
use utoipa::ToSchema;

use crate::referrals::{
    Attribution, FlagCode, Referral, ReferralState, Terms, WaitsFor,
    service::{self, Full},
};
use diesel::prelude::*;
use platform::{
    auth::Caller,
    db::{Tx, schema::entries},
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{EntryId, MemberId, OrderId, PerkId, ReferralId},
        text::Reason,
    },
};

/// A referral. To members it has no flags, and says neither what it is doubted for nor with what.
#[derive(Serialize, ToSchema)]
#[schema(as = Referral, example = json!({
    "id": "ref_01m7zr0b7ee0tt0vrz3kxj2q8d", "referrer_id": "mem_01m7zr0b7ee0tt0vrz3kxj2q8d",
    "referee_id": "mem_01m7zr5c2fe1bvq8h6d9n3w0ka", "friend": "Anna", "code": "K7Q2M9XT",
    "attribution": "code", "state": "joined", "came_from": null, "waits_for": null, "flags": [],
    "case_id": null,
    "terms": {"referrer_points": 500, "referrer_reward_id": null, "referee_points": 200,
        "referee_reward_id": null, "min_order_minor_units": 2000, "hold_days": 14},
    "order_id": null, "joined_at": "2026-11-21T18:51:00Z", "lapses_at": "2027-02-19T18:51:00Z",
    "qualified_at": null, "payable_at": null, "rewarded_at": null, "ended_at": null,
    "decided_at": null, "decision_reason": null, "appealed_at": null, "appeal_reason": null,
    "rewards": []
}))]
pub struct ReferralBody {
    id: ReferralId,
    referrer_id: MemberId,
    referee_id: MemberId,
    /// The friend's given name; null once erased.
    friend: Option<String>,
    code: String,
    attribution: Attribution,
    state: ReferralState,
    /// Of a flagged or rejected one: where it was.
    came_from: Option<ReferralState>,
    /// What keeps one from being paid whose time has come.
    waits_for: Option<WaitsFor>,
    /// Why it wants a look; to staff alone.
    flags: Vec<FlagBody>,
    /// The first of those that are doubted together; to staff alone.
    case_id: Option<ReferralId>,
    /// What was promised when the friend joined.
    terms: Terms,
    /// The order that qualified it.
    order_id: Option<OrderId>,
    joined_at: Timestamp,
    /// Exclusive: an order counts that is placed before, and told us by then.
    lapses_at: Timestamp,
    qualified_at: Option<Timestamp>,
    /// When both are paid, unless the order is given back.
    payable_at: Option<Timestamp>,
    rewarded_at: Option<Timestamp>,
    /// When it lapsed, was rejected or was reversed.
    ended_at: Option<Timestamp>,
    decided_at: Option<Timestamp>,
    /// Why it was rejected.
    decision_reason: Option<Reason>,
    appealed_at: Option<Timestamp>,
    appeal_reason: Option<Reason>,
    /// What it paid.
    rewards: Vec<Paid>,
}

/// Why a referral wants a look.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralFlag)]
pub struct FlagBody {
    code: FlagCode,
    /// In a few words.
    #[schema(example = "the same device as another member")]
    detail: String,
    #[schema(example = 70)]
    weight: i64,
    other_member_id: Option<MemberId>,
    found_at: Timestamp,
    /// When a person looked and approved.
    cleared_at: Option<Timestamp>,
}

/// What a referral paid to whom.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralReward)]
pub struct Paid {
    member_id: MemberId,
    /// `referrer`, `referee`, or `step-3` for a referrer's third friend.
    #[schema(example = "referrer")]
    part: String,
    #[schema(example = 500)]
    points: i64,
    /// The entry that brought the points.
    entry_id: Option<EntryId>,
    /// The perk that brought a reward.
    perk_id: Option<PerkId>,
    reversed_at: Option<Timestamp>,
}

impl Reply for ReferralBody {
    const MADE: &'static [&'static str] = &["/id"];

    fn members(&self) -> Vec<MemberId> {
        vec![self.referrer_id, self.referee_id]
    }
}

impl ReferralBody {
    /// One referral, as its reader may see it.
    pub fn one(tx: &mut Tx<'_>, referral: Referral, reader: &Caller) -> Result<Self> {
        let full = service::full(tx, vec![referral])?;
        let mut bodies = Self::all(tx, full, reader)?;
        bodies.pop().ok_or_else(|| platform::kernel::error::Error::internal("a referral was lost"))
    }

    /// Referrals, as their reader may see them.
    pub fn all(tx: &mut Tx<'_>, all: Vec<Full>, reader: &Caller) -> Result<Vec<Self>> {
        let sees_doubt = matches!(reader, Caller::Staff { .. } | Caller::System);
        // what people wrote is between the referrer and the shop
        let reads = |referrer| !matches!(reader, Caller::Member(own) if *own != referrer);
        let is_member = matches!(reader, Caller::Member(_));
        let paid = all.iter().flat_map(|one| &one.payouts);
        let named: Vec<(MemberId, i64)> =
            paid.filter_map(|one| Some((one.member_id, one.entry_seq?))).collect();
        let ids = entry_ids(tx, &named)?;
        let body = |full: Full| -> Result<Self> {
            let Full { referral, flags, payouts, friend } = full;
            let rewards = payouts.into_iter().map(|one| Paid {
                entry_id: one.entry_seq.and_then(|seq| {
                    ids.iter().find(|(id, at, _)| *id == one.member_id && *at == seq).map(|f| f.2)
                }),
                member_id: one.member_id,
                part: one.part,
                points: one.points,
                perk_id: one.perk_id,
                reversed_at: one.reversed_at,
            });
            let flags = flags.into_iter().filter(|_| sees_doubt).map(|flag| FlagBody {
                detail: flag.detail(),
                code: flag.code,
                weight: flag.weight,
                other_member_id: flag.other_member_id,
                found_at: flag.found_at,
                cleared_at: flag.cleared_at,
            });
            Ok(Self {
                terms: referral.terms()?,
                flags: flags.collect(),
                rewards: rewards.collect(),
                friend,
                id: referral.id,
                referrer_id: referral.referrer_id,
                referee_id: referral.referee_id,
                code: referral.code,
                attribution: referral.attribution,
                state: referral.state,
                came_from: referral.came_from,
                // that the other one is suspended is nobody's business
                waits_for: referral
                    .waits_for
                    .filter(|what| !is_member || *what != WaitsFor::Suspension),
                case_id: referral.case_id.filter(|_| sees_doubt),
                order_id: referral.order_id,
                joined_at: referral.joined_at,
                lapses_at: referral.lapses_at,
                qualified_at: referral.qualified_at,
                payable_at: referral.payable_at,
                rewarded_at: referral.rewarded_at,
                ended_at: referral.ended_at,
                decided_at: referral.decided_at,
                decision_reason: referral.decision_reason.filter(|_| reads(referral.referrer_id)),
                appealed_at: referral.appealed_at,
                appeal_reason: referral.appeal_reason.filter(|_| reads(referral.referrer_id)),
            })
        };
        all.into_iter().map(body).collect()
    }
}

/// The ids of entries by their members and places.
fn entry_ids(tx: &mut Tx<'_>, named: &[(MemberId, i64)]) -> Result<Vec<(MemberId, i64, EntryId)>> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let members: Vec<MemberId> = named.iter().map(|(id, _)| *id).collect();
    let seqs: Vec<i64> = named.iter().map(|(_, seq)| *seq).collect();
    Ok(entries::table
        .filter(entries::member_id.eq_any(members))
        .filter(entries::seq.eq_any(seqs))
        .select((entries::member_id, entries::seq, entries::id))
        .load(tx.conn)?)
}
