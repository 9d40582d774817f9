//! Redeeming, handing over, and looking at redemptions.

use std::time::Duration;

use super::{Redemption, RedemptionState, Voucher, letters, store};
use crate::{
    auth::Caller,
    db::Tx,
    kernel::{
        code,
        error::{Error, Refusal, Result, Unavailable},
        id::{MemberId, RedemptionId, RewardId},
        page::Page,
        points,
    },
    program::{
        ledger::{self, Act, EntryKind, Posting, Rule, Source},
        members::{self, Member, MemberStatus},
        rewards::{self, Reward, RewardKind},
        settings::{self, Settings},
    },
};

/// Digits of a voucher's code: 60 bits of chance.
const CODE_DIGITS: usize = 12;
/// How often a code that is taken is drawn again.
const DRAWS: usize = 3;

/// What is asked for: `quantity` units of a reward for a member.
#[derive(Clone, Debug)]
pub struct Ask {
    pub member_id: MemberId,
    pub reward_id: RewardId,
    pub quantity: i64,
    pub order_ref: Option<String>,
    pub channel: Option<String>,
}

/// Redeems a reward; `true` where this `order_ref` had done so before, and nothing was done now.
/// Call [`super::settled`] first: it brings back what is due to the member.
///
/// # Errors
/// An unknown member or reward; [`Refusal::RewardUnavailable`], [`Refusal::OutOfStock`],
/// [`Refusal::InsufficientPoints`]; [`Refusal::SourceConflict`] where this `order_ref` redeemed
/// another quantity.
pub fn redeem(tx: &mut Tx<'_>, ask: &Ask, by: &Caller) -> Result<(Redemption, bool)> {
    let member = members::store::lock(tx, ask.member_id)?
        .filter(|member| member.status != MemberStatus::Erased)
        .ok_or(Refusal::not_found_at("member", "/member_id"))?;
    let reward = rewards::service::find(tx, ask.reward_id)?
        .ok_or(Refusal::not_found_at("reward", "/reward_id"))?;
    if let Some(first) = repeated(tx, ask)? {
        return Ok((first, true));
    }
    let points = reward
        .cost_points
        .checked_mul(ask.quantity)
        .filter(|points| *points <= points::MOST)
        .ok_or_else(|| {
            let most = points::MOST / reward.cost_points;
            Refusal::field("/quantity", format!("must be at most {most} for this reward"))
        })?;
    refuse_hindered(tx, ask, &reward, &member)?;

    rewards::service::take(tx, &reward, ask.quantity)?;
    let id: RedemptionId = tx.new_id();
    let posted = ledger::post_one(
        tx,
        Posting {
            member: member.id,
            act: Act::Debit { kind: EntryKind::Redeem, points, order_ref: ask.order_ref.clone() },
            source: Some(Source::new("redemption", id)),
            rule: Rule::Redemption { reward: reward.name.clone(), quantity: ask.quantity },
            actor: by.label(),
            channel: ask.channel.clone(),
            reason: None,
            occurred_at: tx.now,
        },
    )?;
    let entry = posted.entry.ok_or_else(|| Error::internal("a redemption without an entry"))?;
    let settings = settings::service::get(tx)?;
    let mut redemption = born(tx, &settings, id, ask, &reward, by);
    redemption.points = points;
    redemption.entry_seq = entry.seq;
    store::insert(tx, &redemption)?;
    if reward.kind == RewardKind::Voucher {
        redemption.voucher = Some(issue(tx, &settings, &redemption)?);
    }
    letters::redeemed(tx, &settings, &member, &reward, &redemption)?;
    Ok((redemption, false))
}

/// The redemption that this `order_ref` made before. The member's locked row keeps others out.
fn repeated(tx: &mut Tx<'_>, ask: &Ask) -> Result<Option<Redemption>> {
    let Some(order_ref) = &ask.order_ref else { return Ok(None) };
    let first = store::by_order(tx, ask.member_id, order_ref, ask.reward_id)?;
    match first {
        Some(first) if first.quantity != ask.quantity => Err(Refusal::SourceConflict(format!(
            "{order_ref} redeemed this reward before, {} of it",
            first.quantity
        ))
        .into()),
        first => Ok(first),
    }
}

/// Refuses what neither stock nor points decide, and then names those too. Where nothing else is
/// in the way, they have codes of their own, and the statements that take them decide.
fn refuse_hindered(tx: &mut Tx<'_>, ask: &Ask, reward: &Reward, member: &Member) -> Result<()> {
    let had = match reward.per_member_limit {
        None => 0,
        Some(_) => store::redeemed(tx, member.id, Some(reward.id))?
            .first()
            .map_or(0, |(_, quantity)| *quantity),
    };
    if reward.hindrances(member, had, tx.now, ask.quantity).is_empty() {
        return Ok(());
    }
    let available = ledger::balance(tx, member.id)?.available;
    let reasons: Vec<Unavailable> =
        reward.availability(member, available, had, tx.now, ask.quantity);
    Err(Refusal::RewardUnavailable(reasons).into())
}

/// A voucher is fulfilled by its code; everything else waits to be handed over.
fn born(
    tx: &Tx<'_>,
    settings: &Settings,
    id: RedemptionId,
    ask: &Ask,
    reward: &Reward,
    by: &Caller,
) -> Redemption {
    let at_once = reward.kind == RewardKind::Voucher;
    let hours = u64::try_from(settings.redemption_ttl_hours.get()).unwrap_or_default();
    Redemption {
        id,
        member_id: ask.member_id,
        reward_id: ask.reward_id,
        quantity: ask.quantity,
        points: 0,
        state: if at_once { RedemptionState::Fulfilled } else { RedemptionState::Placed },
        order_ref: ask.order_ref.clone(),
        channel: ask.channel.clone(),
        entry_seq: 0,
        placed_by: by.label(),
        placed_at: tx.now,
        expires_at: (!at_once).then(|| tx.now.plus(Duration::from_secs(hours * 3600))),
        fulfilled_at: at_once.then_some(tx.now),
        cancelled_at: None,
        used_at: None,
        voucher: None,
    }
}

fn issue(tx: &mut Tx<'_>, settings: &Settings, redemption: &Redemption) -> Result<Voucher> {
    let months = u16::try_from(settings.voucher_months.get()).unwrap_or(u16::MAX);
    let expires_at = settings.time_zone.end_of_day_after_months(redemption.placed_at, months);
    for _ in 0..DRAWS {
        let voucher = Voucher {
            code: code::random(tx.chance(), CODE_DIGITS),
            expires_at,
            voided_at: None,
            used_at: None,
            channel: None,
            location: None,
        };
        if store::insert_voucher(tx, redemption.id, &voucher)? {
            return Ok(voucher);
        }
    }
    Err(Error::internal("every code drawn for a voucher was taken"))
}

/// Hands over what was placed; what was handed over before stays as it is.
///
/// # Errors
/// No such redemption; one that was cancelled or has expired.
pub fn fulfil(tx: &mut Tx<'_>, id: RedemptionId) -> Result<Redemption> {
    let redemption = lock(tx, id)?;
    match redemption.state_at(tx.now) {
        RedemptionState::Fulfilled | RedemptionState::Used => return Ok(redemption),
        RedemptionState::Placed => {}
        state => {
            return Err(state.cannot_become(RedemptionState::Fulfilled, state.allowed()).into());
        }
    }
    store::set_fulfilled(tx, id)?;
    get(tx, id)
}

/// The redemption, its row locked.
pub(super) fn lock(tx: &mut Tx<'_>, id: RedemptionId) -> Result<Redemption> {
    store::lock(tx, &[id])?.pop().ok_or_else(|| Error::from(Refusal::not_found("redemption")))
}

/// The redemption that a path names; call [`super::settled`] first.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: RedemptionId) -> Result<Redemption> {
    store::find(tx, id)?.ok_or_else(|| Error::from(Refusal::not_found("redemption")))
}

/// A member's redemptions, or everybody's, newest first: one row more than the page has. Call
/// [`super::settled`] first.
///
/// # Errors
/// A cursor of another list.
pub fn list(
    tx: &mut Tx<'_>,
    member: Option<MemberId>,
    state: Option<RedemptionState>,
    page: &Page,
) -> Result<Vec<Redemption>> {
    store::list(tx, member, state, page.after()?, page.rows())
}
