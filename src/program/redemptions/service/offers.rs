//! The catalogue as one member sees it: what they can have now, and why not the rest.

use std::{cmp::Reverse, fmt, str::FromStr};

use super::{counting, pace::Outlook};
use jiff::civil::Date;

use crate::{
    ledger::{self, Settled},
    members::{self, MemberStatus},
    rewards::{self, Reward},
};
use platform::{
    db::Tx,
    kernel::{
        error::{Refusal, Result, Unavailable},
        id::RewardId,
        page::{Listing, Page},
    },
    settings,
};

/// A live reward, and why this member can't have it; no reasons: they can.
#[derive(Clone, Debug)]
pub struct Offer {
    pub reward: Reward,
    pub reasons: Vec<Unavailable>,
    /// About when they will have the points that they lack, if they go on earning as before.
    pub enough_by: Option<Date>,
}

/// Every live reward for a member, newest first.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such member, or they are erased.
pub fn offers(tx: &mut Tx<'_>, of: Settled<'_>) -> Result<Vec<Offer>> {
    let live = rewards::service::live(tx)?;
    judged(tx, of, live)
}

fn judged(tx: &mut Tx<'_>, of: Settled<'_>, live: Vec<Reward>) -> Result<Vec<Offer>> {
    let member = members::service::get(tx, of.member())?;
    if member.status == MemberStatus::Erased {
        return Err(Refusal::not_found("member").into());
    }
    let balance = ledger::balance(tx, of)?;
    let settings = settings::service::get(tx)?;
    let outlook = Outlook::of(tx, of, &member, &balance, &settings)?;
    let had = counting::had(tx, &settings, member.id, &live.iter().collect::<Vec<_>>())?;
    let now = tx.now;
    let offer = |reward: Reward| {
        let had = had.get(&reward.id).copied().unwrap_or_default();
        let reasons = reward.availability(&member, balance.available, had, now, 1);
        let enough_by = shortfall(&reasons).and_then(|points| outlook.enough_by(points));
        Offer { reward, reasons, enough_by }
    };
    Ok(live.into_iter().map(offer).collect())
}

/// A page of a member's rewards, of which only those on it are read with their texts, in the order in which they are looked for: what can be had, then
/// what is least short of, then the newest.
///
/// # Errors
/// As [`offers`]; a cursor of another list.
pub fn offers_in_reach(tx: &mut Tx<'_>, of: Settled<'_>, page: &Page) -> Result<Listing<Offer>> {
    let after = page.after::<Reach>()?;
    let live = rewards::service::live_without_texts(tx)?;
    let judged = judged(tx, of, live)?.into_iter();
    let mut all: Vec<(Reach, Offer)> = judged.map(|offer| (Reach::of(&offer), offer)).collect();
    all.sort_by_key(|(reach, _)| *reach);
    all.retain(|(reach, _)| after.is_none_or(|after| *reach > after));
    let listing = page.cut(all, |(reach, _)| reach.to_string(), |(_, offer)| offer);
    let shown = listing.data.iter().map(|offer| offer.reward.id).collect();
    let mut whole = rewards::service::find_all(tx, &shown)?;
    Ok(listing.map(|offer| match whole.remove(&offer.reward.id) {
        Some(reward) => Offer { reward, ..offer },
        None => offer,
    }))
}

/// How many points are lacking.
fn shortfall(reasons: &[Unavailable]) -> Option<i64> {
    reasons.iter().find_map(|reason| match reason {
        Unavailable::InsufficientPoints { shortfall } => Some(*shortfall),
        _ => None,
    })
}

/// How near a reward is to a member.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Reach {
    is_out_of_it: bool,
    shortfall: i64,
    newest: Reverse<RewardId>,
}

impl Reach {
    fn of(offer: &Offer) -> Self {
        Self {
            is_out_of_it: !offer.reasons.is_empty(),
            shortfall: shortfall(&offer.reasons).unwrap_or_default(),
            newest: Reverse(offer.reward.id),
        }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.is_out_of_it, self.shortfall, self.newest.0)
    }
}

impl FromStr for Reach {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts: Vec<&str> = text.split(' ').collect();
        let [is_out_of_it, shortfall, id] = parts[..] else { return Err(()) };
        Ok(Self {
            is_out_of_it: is_out_of_it.parse().map_err(drop)?,
            shortfall: shortfall.parse().map_err(drop)?,
            newest: Reverse(id.parse().map_err(drop)?),
        })
    }
}
