//! From what the domains know to the cards that pages show.

use std::collections::HashMap;

use super::pages::{
    BalanceCard, Customer, EntryLine, ExpiringLine, Offer, Program, Reason, RedemptionCard,
    ReferralCard, RewardCard,
};
use platform::{
    db::{Store, Tx},
    http::query::Query,
    kernel::{
        clock::Timestamp,
        code,
        error::{Error, Result, Unavailable},
        id::RewardId,
        locale::{Language, Reader},
        qr,
        zone::Zone,
    },
    settings::Settings,
};
use program::{
    due,
    ledger::{self, Balance, Entry, EntryKind, Settled},
    members::{self, Member, MemberStatus},
    redemptions::{self, Redemption},
    referrals::{codes::Sharing, letters},
    rewards::{self, Reward, Stock},
};

/// How many of the demo's customers are offered, and how many members are looked at for them.
const CUSTOMERS: usize = 6;
const LOOKED_AT: i64 = 100;
/// How many redemptions the home shows.
const REDEMPTIONS: usize = 8;

pub fn program(settings: &Settings) -> Program {
    Program {
        earn_points: settings.earn_points.get(),
        earn_per_minor_units: settings.earn_per_minor_units.get(),
        currency: settings.currency,
        referrer_points: settings.referral_referrer_points.get(),
        referee_points: settings.referral_referee_points.get(),
    }
}

/// The catalogue as everybody sees it.
pub fn rewards(tx: &mut Tx<'_>, reader: &Reader) -> Result<Vec<RewardCard>> {
    let live = rewards::service::live(tx)?.into_iter();
    Ok(live.map(|reward| card(&reward, reader, None)).collect())
}

/// The catalogue as a member sees it.
pub fn offers(
    tx: &mut Tx<'_>,
    of: Settled<'_>,
    reader: &Reader,
    zone: &Zone,
) -> Result<Vec<RewardCard>> {
    let offers = redemptions::service::offers(tx, of)?;
    let card = |offer: redemptions::service::Offer| {
        let enough_by = offer.enough_by.map(|day| zone.midnight(day));
        let reasons: Vec<Reason> =
            offer.reasons.into_iter().map(|reason| why(reason, &offer.reward, enough_by)).collect();
        let attempt = code::random(tx.chance(), 20);
        let offered = Offer { available: reasons.is_empty(), reasons, attempt };
        card(&offer.reward, reader, Some(offered))
    };
    Ok(offers.into_iter().map(card).collect())
}

pub fn card(reward: &Reward, reader: &Reader, offer: Option<Offer>) -> RewardCard {
    RewardCard {
        id: reward.id.to_string(),
        name: reward.name(reader),
        description: reward.description(reader),
        kind: reward.fields.kind.to_string(),
        image_url: reward.fields.image_url.as_ref().map(ToString::to_string),
        cost_points: reward.fields.cost_points.get(),
        stock: reward.fields.stock.map(Stock::get),
        offer,
    }
}

fn why(reason: Unavailable, reward: &Reward, enough_by: Option<Timestamp>) -> Reason {
    match reason {
        Unavailable::InsufficientPoints { shortfall } => {
            Reason::InsufficientPoints { shortfall, enough_by }
        }
        Unavailable::OutOfStock => Reason::OutOfStock,
        Unavailable::LimitReached { .. } => Reason::LimitReached,
        Unavailable::TierRequired => Reason::TierRequired,
        Unavailable::NotStarted => match reward.fields.starts_at {
            Some(starts_at) => Reason::NotStarted { starts_at },
            None => Reason::Ended,
        },
        Unavailable::Ended => Reason::Ended,
        Unavailable::MemberSuspended => Reason::MemberSuspended,
    }
}

/// Members to sign in as, those that came first.
pub async fn customers(store: &Store) -> Result<Vec<Customer>> {
    let members = store.read(|tx| members::service::list(tx, None, None, None, LOOKED_AT)).await?;
    let active = members.into_iter().rev().filter(|member| member.status == MemberStatus::Active);
    let mut customers = Vec::new();
    for member in active.take(CUSTOMERS) {
        let balance = due::read(store, member.id, ledger::balance).await?;
        customers.push(customer(&member, &balance));
    }
    Ok(customers)
}

fn customer(member: &Member, balance: &Balance) -> Customer {
    Customer {
        member_id: member.id.to_string(),
        given_name: member.given_name.clone().unwrap_or_default(),
        full_name: member.full_name().unwrap_or_default(),
        available: balance.available,
        speaks: member.locale.language(),
    }
}

pub fn balance(tx: &mut Tx<'_>, of: Settled<'_>) -> Result<BalanceCard> {
    let ledger::Sheet { balance, expiring, .. } = ledger::sheet(tx, of)?;
    let next = expiring.into_iter().next();
    Ok(BalanceCard {
        available: balance.available,
        pending: balance.pending,
        held: balance.held,
        debt: balance.debt,
        next_expiring: next.map(|(points, expires_at)| ExpiringLine { points, expires_at }),
    })
}

pub fn entry(entry: Entry, language: Language, zone: &Zone) -> EntryLine {
    EntryLine {
        kind: entry.kind.to_string(),
        points: entry.points,
        balance_after: entry.balance_after,
        why: ledger::in_short(&entry, language, zone),
        more: ledger::explain(&entry, language, zone).text,
        // a gift's is its title, which stands in the sentence
        reason: entry.reason.filter(|_| entry.kind != EntryKind::Perk),
        occurred_at: entry.occurred_at,
    }
}

/// The member's newest redemptions.
pub fn redemptions(
    tx: &mut Tx<'_>,
    of: Settled<'_>,
    reader: &Reader,
) -> Result<Vec<RedemptionCard>> {
    let newest = redemptions::service::list(tx, Some(of), None, &Query::default().page()?)?;
    let mut known: HashMap<RewardId, Reward> = HashMap::new();
    let mut cards = Vec::new();
    for placed in newest.into_iter().take(REDEMPTIONS) {
        if !known.contains_key(&placed.reward_id) {
            let reward = rewards::service::get(tx, placed.reward_id)?;
            known.insert(reward.id, reward);
        }
        let reward = known.get(&placed.reward_id);
        cards.extend(reward.map(|reward| redemption(&placed, reward.name(reader), reward, tx.now)));
    }
    Ok(cards)
}

pub fn redemption(
    placed: &Redemption,
    reward_name: String,
    reward: &Reward,
    now: Timestamp,
) -> RedemptionCard {
    RedemptionCard {
        id: placed.id.to_string(),
        reward_name,
        kind: reward.fields.kind.to_string(),
        state: placed.state_at(now).to_string(),
        points: placed.points,
        placed_at: placed.placed_at,
    }
}

/// What a member shares.
///
/// # Errors
/// None in practice: links are short, and both languages have the words.
pub fn referral(sharing: &Sharing) -> Result<ReferralCard> {
    let share_url = sharing.share_url();
    Ok(ReferralCard {
        code: sharing.member.referral_code.clone(),
        vanity_code: sharing.vanity_code.clone(),
        qr_svg: qr::svg(&share_url).ok_or_else(|| Error::internal("a link without a QR code"))?,
        share_url,
        invitation: letters::invitation(sharing)?,
        on_leaderboard: sharing.on_leaderboard,
    })
}
