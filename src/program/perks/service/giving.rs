//! Giving perks, at once or once another person approved.

use super::{lock, refuse_own};
use crate::perks::{GrantPerk, Perk, PerkKind, PerkState, letters, store};
use crate::{
    budget,
    ledger::{self, Act, Entry, EntryKind, Posting, Rule, Source},
    members::{self, Member, MemberStatus},
    redemptions::{self, Redemption},
    rewards::{self, Reward},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{PerkId, RewardId},
        locale::Reader,
        points::Amount,
    },
    messaging::letters::Voucher,
    settings::{self, Settings},
};

/// What a granted perk brought.
#[derive(Debug, Default)]
pub struct Brought {
    pub entry: Option<Entry>,
    pub gift: Option<(Redemption, Reward)>,
}

impl Brought {
    /// When its points expire, exclusive.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.entry.as_ref()?.expires_at
    }

    /// What its reward is called.
    #[must_use]
    pub fn reward(&self, reader: &Reader) -> Option<String> {
        self.gift.as_ref().map(|(_, reward)| reward.name(reader))
    }

    /// The code that came with it.
    #[must_use]
    pub fn voucher(&self) -> Option<Voucher> {
        let voucher = self.gift.as_ref()?.0.voucher.as_ref()?;
        Some(Voucher { code: voucher.shown(), expires_at: voucher.expires_at })
    }
}

/// Gives a perk; above the caller's limit it is proposed.
///
/// # Errors
/// Fields that don't go together; an unknown or erased member, an unknown reward; a suspended
/// member; [`Refusal::LimitReached`] beyond the caller's budget; a reward that can't be had.
pub fn give(tx: &mut Tx<'_>, ask: &GrantPerk, by: &Caller) -> Result<Perk> {
    ask.check()?;
    let settings = settings::service::get(tx)?;
    let cost_points = cost_of(tx, ask)?;
    let proposed = is_above_limit(by, cost_points, &settings);
    let (perk, _) = give_at(tx, ask, cost_points, proposed, by)?;
    charge(tx, &perk, &settings)?;
    Ok(perk)
}

/// Whether it is for another person to decide on a gift that costs so much.
#[must_use]
pub fn is_above_limit(by: &Caller, cost_points: i64, settings: &Settings) -> bool {
    budget::owner(by).is_some() && cost_points > settings.staff_perk_limit_points.get()
}

/// The same, of which limit and budget were decided already; answers what it brought, too.
///
/// # Errors
/// As [`give`], but for the budget.
pub fn give_at(
    tx: &mut Tx<'_>,
    ask: &GrantPerk,
    cost_points: i64,
    proposed: bool,
    by: &Caller,
) -> Result<(Perk, Brought)> {
    let settings = settings::service::get(tx)?;
    let member = members::service::lock(tx, ask.member_id)?
        .filter(|member| member.status != MemberStatus::Erased)
        .ok_or_else(|| Refusal::not_found_at("member", "/member_id"))?;
    refuse_inactive(&member, &[])?;
    let points = ask.points.map(Amount::get);
    let mut perk = Perk {
        id: tx.new_id(),
        member_id: member.id,
        kind: ask.kind,
        state: PerkState::Proposed,
        points,
        reward_id: ask.reward_id,
        title: Some(ask.title.clone()),
        reason: Some(ask.reason.clone()),
        message: ask.message.clone(),
        send_letter: ask.send_letter,
        cost_points,
        proposed_by: by.label(),
        proposed_at: tx.now,
        granted_by: None,
        granted_at: None,
        budget_user_id: None,
        entry_seq: None,
        redemption_id: None,
        ended_by: None,
        ended_at: None,
        ended_reason: None,
        taken_back_points: None,
        kept_points: None,
    };
    if proposed {
        store::insert(tx, &perk)?;
        return Ok((perk, Brought::default()));
    }
    let brought = bring(tx, &mut perk, &member, &settings, by)?;
    store::insert(tx, &perk)?;
    tell(tx, &perk, &member, &settings, &brought)?;
    Ok((perk, brought))
}

/// Grants what another person proposed; what was granted before stays as it is. It may be above the
/// limit of who approves: two have seen it. It counts on the budget of who approves, for that
/// person decided to spend it.
///
/// # Errors
/// No such perk; [`Refusal::Forbidden`] for who proposed it; one that was declined or revoked;
/// otherwise as [`give`].
pub fn approve(tx: &mut Tx<'_>, id: PerkId, by: &Caller) -> Result<Perk> {
    let (mut perk, member) = lock(tx, id)?;
    refuse_own(&perk, by)?;
    match perk.state {
        PerkState::Granted => return Ok(perk),
        PerkState::Proposed => {}
        state => return Err(state.cannot_become(PerkState::Granted).into()),
    }
    refuse_inactive(&member, &["declined"])?;
    let settings = settings::service::get(tx)?;
    if let Some(reward) = perk.reward_id {
        perk.cost_points = cost(tx, reward)?;
    }
    let brought = bring(tx, &mut perk, &member, &settings, by)?;
    store::update(tx, &perk)?;
    tell(tx, &perk, &member, &settings, &brought)?;
    charge(tx, &perk, &settings)?;
    Ok(perk)
}

/// What a perk counts for on limit and budget.
///
/// # Errors
/// An unknown reward.
pub fn cost_of(tx: &mut Tx<'_>, ask: &GrantPerk) -> Result<i64> {
    match ask.reward_id {
        Some(reward) => cost(tx, reward),
        None => Ok(ask.points.map_or(0, Amount::get)),
    }
}

/// What a reward costs now.
fn cost(tx: &mut Tx<'_>, reward: RewardId) -> Result<i64> {
    let reward = rewards::service::get(tx, reward).map_err(|error| error.at("/reward_id"))?;
    Ok(reward.fields.cost_points.get())
}

/// Nobody gives to a member who is suspended or was erased: such a perk can't become granted.
fn refuse_inactive(member: &Member, allowed: &'static [&'static str]) -> Result<(), Refusal> {
    let what = match member.status {
        MemberStatus::Active => return Ok(()),
        MemberStatus::Suspended => "the member is suspended: the perk",
        MemberStatus::Erased => "the member was erased: the perk",
    };
    let (from, to) = (PerkState::Proposed.as_str(), PerkState::Granted.as_str());
    Err(Refusal::InvalidTransition { what, from, to, allowed })
}

/// Brings the member what the perk gives, and notes in it who granted it.
fn bring(
    tx: &mut Tx<'_>,
    perk: &mut Perk,
    member: &Member,
    settings: &Settings,
    by: &Caller,
) -> Result<Brought> {
    perk.state = PerkState::Granted;
    perk.granted_by = Some(by.label());
    perk.granted_at = Some(tx.now);
    perk.budget_user_id = budget::owner(by);
    let mut brought = Brought::default();
    match (perk.kind, perk.points, perk.reward_id) {
        (PerkKind::Points, Some(points), _) => {
            let entry = post(tx, perk, points, settings, by)?;
            perk.entry_seq = Some(entry.seq);
            brought.entry = Some(entry);
        }
        (PerkKind::Reward, _, Some(reward)) => {
            let (redemption, reward) = redemptions::service::gift(tx, member, reward, by)?;
            perk.redemption_id = Some(redemption.id);
            brought.gift = Some((redemption, reward));
        }
        _ => {}
    }
    Ok(brought)
}

/// The points, available at once.
fn post(
    tx: &mut Tx<'_>,
    perk: &Perk,
    points: i64,
    settings: &Settings,
    by: &Caller,
) -> Result<Entry> {
    let posting = Posting {
        member: perk.member_id,
        act: Act::Credit {
            kind: EntryKind::Perk,
            points,
            available_at: tx.now,
            expires_at: settings.expires_at(tx.now),
        },
        source: Some(Source::new("perk", perk.id)),
        rule: Rule::Perk,
        actor: by.label(),
        channel: None,
        reason: perk.title.as_ref().map(ToString::to_string),
        occurred_at: tx.now,
    };
    let entry = ledger::post_one(tx, posting)?.entry;
    entry.ok_or_else(|| Error::internal("a perk without an entry"))
}

/// The letter, where one is wanted.
fn tell(
    tx: &mut Tx<'_>,
    perk: &Perk,
    member: &Member,
    settings: &Settings,
    brought: &Brought,
) -> Result<()> {
    if perk.send_letter { letters::granted(tx, settings, perk, member, brought) } else { Ok(()) }
}

/// Sees to it that the perk, whose row is written, was within the budget.
fn charge(tx: &mut Tx<'_>, perk: &Perk, settings: &Settings) -> Result<()> {
    match perk.budget_user_id {
        Some(user) => budget::check(tx, user, perk.cost_points, settings),
        None => Ok(()),
    }
}
