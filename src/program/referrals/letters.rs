//! What members are told of their referrals, and the words that they share.

use std::{sync::LazyLock, time::Duration};

use fluent_bundle::FluentArgs;

use super::{Referral, codes::Sharing, service::Case};
use crate::{
    members::Member,
    perks::{Title, service::Brought},
};
use platform::{
    db::Tx,
    kernel::{
        error::{Error, Result},
        id::ReferralId,
        locale::Language,
        money::Money,
        phrases::Phrases,
    },
    messaging::{letters::Letter, outbox},
    settings::Settings,
};

/// For so long it is news that somebody joined.
const NEWS: Duration = Duration::from_hours(3 * 24);

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        include_str!("../../../templates/locales/referrals.en.ftl"),
        include_str!("../../../templates/locales/referrals.is.ftl"),
    )
});

fn say(language: Language, key: &str, arguments: &[(&'static str, String)]) -> Result<String> {
    let mut all = FluentArgs::new();
    for (name, value) in arguments {
        all.set(*name, value.clone());
    }
    PHRASES.say(language, key, &all).map_err(|why| Error::internal(why.to_string()))
}

/// What a member may send to friends: the member sends it, not we.
///
/// # Errors
/// None in practice: both languages have the words.
pub fn invitation(sharing: &Sharing) -> Result<String> {
    let settings = &sharing.settings;
    let points = settings.referral_referee_points.get();
    let mut arguments = FluentArgs::new();
    arguments.set("program", settings.program_name.to_string());
    arguments.set("url", sharing.share_url());
    arguments.set("code", sharing.best_code().to_owned());
    arguments.set("points", points);
    let key = if points > 0 { "invitation-points" } else { "invitation" };
    PHRASES
        .say(sharing.member.locale.language(), key, &arguments)
        .map_err(|why| Error::internal(why.to_string()))
}

/// What a reward is called that a referral brings.
pub(super) fn gift_title(to: &Member, is_referrer: bool) -> Result<Title> {
    let key = if is_referrer { "gift-referrer" } else { "gift-referee" };
    let text = say(to.locale.language(), key, &[])?;
    text.parse().map_err(|_| Error::internal("a gift's title that is none"))
}

fn page_url(settings: &Settings) -> Option<String> {
    settings.storefront_url.as_ref().map(|shop| format!("{shop}/"))
}

/// The referrer hears that the friend is here.
pub(super) fn friend_joined(tx: &mut Tx<'_>, case: &Case, referral: &Referral) -> Result<()> {
    let (Some((to, given_name)), Some(friend)) =
        (case.referrer.addressee(), case.referee.given_name.clone())
    else {
        return Ok(());
    };
    if tx.now > referral.joined_at.plus(NEWS) {
        return Ok(());
    }
    let letter = Letter::FriendJoined {
        given_name,
        friend,
        points: case.terms.referrer_points,
        page_url: page_url(&case.settings),
    };
    outbox::push(tx, to, &letter, &format!("friend_joined:{}", referral.id))?;
    Ok(())
}

/// The referrer hears, once a case, that something is looked at; not what.
pub(super) fn being_checked(tx: &mut Tx<'_>, case: &Case, with: ReferralId) -> Result<()> {
    let Some((to, given_name)) = case.referrer.addressee() else { return Ok(()) };
    let letter = Letter::ReferralChecked { given_name, page_url: page_url(&case.settings) };
    let key = format!("referral_checked:{}:{with}", case.referrer.id);
    outbox::push(tx, to, &letter, &key)?;
    Ok(())
}

/// The friend hears that the offer ends.
pub(super) fn lapsing(tx: &mut Tx<'_>, case: &Case, referral: &Referral) -> Result<()> {
    let Some((to, given_name)) = case.referee.addressee() else { return Ok(()) };
    if case.terms.referee_points == 0 && case.terms.referee_reward_id.is_none() {
        return Ok(());
    }
    let letter = Letter::ReferralLapsing {
        given_name,
        points: case.terms.referee_points,
        least: Money { amount: case.terms.min_order_minor_units, currency: case.settings.currency },
        until: referral.lapses_at,
        page_url: page_url(&case.settings),
    };
    outbox::push(tx, to, &letter, &format!("referral_lapsing:{}", referral.id))?;
    Ok(())
}

/// One of the two hears what came of it.
pub(super) fn rewarded(
    tx: &mut Tx<'_>,
    case: &Case,
    referral: &Referral,
    to: &Member,
    is_referrer: bool,
    points: i64,
    gift: Option<&Brought>,
) -> Result<()> {
    let Some((recipient, given_name)) = to.addressee() else { return Ok(()) };
    if points == 0 && gift.is_none() {
        return Ok(());
    }
    let letter = Letter::ReferralRewarded {
        given_name,
        friend: case.referee.given_name.clone().filter(|_| is_referrer),
        points,
        expires_at: case.settings.expires_at(tx.now).filter(|_| points > 0),
        reward: gift.and_then(|gift| gift.reward(&to.reader(&case.settings.locale))),
        voucher: gift.and_then(Brought::voucher),
        page_url: page_url(&case.settings),
    };
    outbox::push(tx, recipient, &letter, &format!("referral_rewarded:{}:{}", referral.id, to.id))?;
    Ok(())
}
