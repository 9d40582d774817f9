//! What is done with referrals.

mod course;
mod deciding;
mod joining;
mod paying;

use std::collections::{BTreeSet, HashMap};

pub(super) use course::Case;
pub use course::{Due, advance, advance_due};
pub use deciding::{appeal, approve, approve_case, reject, reject_case};
pub use joining::{claim, join, may_claim, referrer_for};

pub use super::store::{Waiting, cases, due_among, get, next_due, of_referee, waiting_in};
use super::{Flag, Payout, Referral, ReferralState, codes, doubt, store};
use crate::members;
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, OrderId, ReferralId},
        page::{Listing, Page},
        web_url::WebUrl,
    },
    settings::{self, Settings},
    words,
};

/// Which referrals are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought {
    pub referrer: Option<MemberId>,
    pub state: Option<ReferralState>,
    pub case: Option<ReferralId>,
    /// Whose moment of this name lies in `[from, to)`.
    pub within: Option<(Moment, (Timestamp, Timestamp))>,
}

words! {
    /// By which of its moments a referral is chosen.
    pub enum Moment {
        Joined = "joined",
        Qualified = "qualified",
        Rewarded = "rewarded",
        /// When it lapsed, was rejected or was reversed.
        Ended = "ended",
    }
}

/// A referral with what belongs to it.
#[derive(Clone, Debug)]
pub struct Full {
    pub referral: Referral,
    pub flags: Vec<Flag>,
    pub payouts: Vec<Payout>,
    /// The friend's given name; none of an erased one.
    pub friend: Option<String>,
}

/// A page of referrals, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, sought: &Sought, page: &Page) -> Result<Listing<Full>> {
    let Listing { data, next_cursor } = store::list(tx, sought, page)?;
    Ok(Listing { data: full(tx, data)?, next_cursor })
}

/// Referrals with what belongs to them.
pub fn full(tx: &mut Tx<'_>, referrals: Vec<Referral>) -> Result<Vec<Full>> {
    let ids: Vec<ReferralId> = referrals.iter().map(|one| one.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut flags: HashMap<ReferralId, Vec<Flag>> = HashMap::new();
    for flag in doubt::of_all(tx, &ids)? {
        flags.entry(flag.referral_id).or_default().push(flag);
    }
    let mut payouts: HashMap<ReferralId, Vec<Payout>> = HashMap::new();
    for payout in store::payouts_of(tx, &ids)? {
        payouts.entry(payout.referral_id).or_default().push(payout);
    }
    let friends = referrals.iter().map(|one| one.referee_id).collect();
    let friends = members::service::many::find_all(tx, &friends)?;
    Ok(referrals
        .into_iter()
        .map(|referral| Full {
            flags: flags.remove(&referral.id).unwrap_or_default(),
            payouts: payouts.remove(&referral.id).unwrap_or_default(),
            friend: friends.get(&referral.referee_id).and_then(|one| one.given_name.clone()),
            referral,
        })
        .collect())
}

/// How many orders a member has of which something is left, up to ten, and how many it brought.
pub fn standing_of(tx: &mut Tx<'_>, member: MemberId) -> Result<(usize, i64)> {
    Ok((store::live_orders(tx, member, 10)?, store::brought_by(tx, member)?))
}

/// These members bought something: if they were brought, that may count.
pub fn friends_ordered(tx: &mut Tx<'_>, buyers: &BTreeSet<MemberId>) -> Result<()> {
    store::wake_ordered(tx, &buyers.iter().copied().collect::<Vec<_>>())
}

/// Of this order something was taken back: what it paid for may go.
pub fn order_taken_back(tx: &mut Tx<'_>, order: OrderId) -> Result<()> {
    store::wake_refunded(tx, order)
}

/// Something happened to a member: its referrals are to be looked at again.
pub fn look_again(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    store::wake_of(tx, member)
}

/// Where a shared link leads.
#[derive(Clone, Debug)]
pub struct Landing {
    /// The storefront's address, with the code where it is somebody's; `None` where no storefront
    /// is set.
    pub url: Option<String>,
    /// Whose code it is, and how it is to be given at enrolment.
    pub code: Option<(MemberId, String)>,
    pub settings: Settings,
}

/// Where a shared link leads.
pub fn landing(tx: &mut Tx<'_>, typed: &str) -> Result<Landing> {
    let settings = settings::service::get(tx)?;
    let code = codes::referrer(tx, typed)?.map(|member| (member.id, member.referral_code));
    let url = shop(&settings).map(|url| match &code {
        Some((_, code)) => format!("{url}?ref={code}"),
        None => url,
    });
    Ok(Landing { url, code, settings })
}

/// The storefront's address, with a path.
fn shop(settings: &Settings) -> Option<String> {
    let url = settings.storefront_url.as_ref().map(WebUrl::as_str)?;
    let has_path = url.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    Some(if has_path { url.to_owned() } else { format!("{url}/") })
}

/// The instant from which on a friend's order comes too late.
fn lapses_at(settings: &Settings, enrolled_at: Timestamp) -> Timestamp {
    days_after(settings, enrolled_at, settings.referral_window_days.get())
}

fn days_after(settings: &Settings, instant: Timestamp, days: i64) -> Timestamp {
    settings.time_zone.days_after(instant, u16::try_from(days).unwrap_or(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_without_a_path_gets_one() {
        let shop_at =
            |url: &str| shop(&Settings { storefront_url: url.parse().ok(), ..Settings::default() });
        assert_eq!(
            shop_at("https://shop.example.com").as_deref(),
            Some("https://shop.example.com/")
        );
        assert_eq!(
            shop_at("https://example.com/shop/").as_deref(),
            Some("https://example.com/shop")
        );
        assert_eq!(shop(&Settings::default()), None);
    }
}
