//! Joining by a code, sharing one, and following one.

use super::{Referral, ReferralState, store};
use crate::{
    db::Tx,
    kernel::{
        code,
        error::{Refusal, Result},
        id::{MemberId, ReferralId},
        web_url::WebUrl,
    },
    program::{
        members::{self, Member, MemberStatus},
        settings::{self, Settings},
    },
};

/// The member whose code this is, however it was typed; `None` where it names nobody (any more).
pub fn referrer(tx: &mut Tx<'_>, typed: &str) -> Result<Option<Member>> {
    match code::normalise(typed) {
        Some(code) => members::service::find_by_referral_code(tx, &code),
        None => Ok(None),
    }
}

/// Notes that a new member came by another's code.
///
/// # Errors
/// A member's own code.
pub fn join(tx: &mut Tx<'_>, referrer: &Member, referee: &Member) -> Result<Referral> {
    if referrer.id == referee.id {
        return Err(Refusal::field("/referral_code", "is the member's own").into());
    }
    let referral = Referral {
        id: tx.new_id(),
        referrer_id: referrer.id,
        referee_id: referee.id,
        code: referrer.referral_code.clone(),
        state: ReferralState::Joined,
        joined_at: referee.enrolled_at,
        qualified_at: None,
        rewarded_at: None,
    };
    store::insert(tx, &referral)?;
    Ok(referral)
}

/// The referral with this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: ReferralId) -> Result<Referral> {
    store::find(tx, id)?.ok_or_else(|| Refusal::not_found("referral").into())
}

/// Referrals, newest first, those made before `after`.
pub fn list(
    tx: &mut Tx<'_>,
    referrer: Option<MemberId>,
    state: Option<ReferralState>,
    after: Option<ReferralId>,
    rows: i64,
) -> Result<Vec<Referral>> {
    store::list(tx, referrer, state, after, rows)
}

/// Where a code that was shared leads first.
#[must_use]
pub fn share_url(settings: &Settings, code: &str) -> String {
    settings.link(&format!("/r/{code}"))
}

/// A member's code and its link.
///
/// # Errors
/// An unknown member, or an erased one.
pub fn shared(tx: &mut Tx<'_>, member: MemberId) -> Result<(Settings, String)> {
    let member = members::service::get(tx, member)?;
    if member.status == MemberStatus::Erased {
        return Err(Refusal::not_found("member").into());
    }
    Ok((settings::service::get(tx)?, member.referral_code))
}

/// Where a shared link leads: the storefront, with the code where it is somebody's. Answers
/// whether it is.
pub fn landing(tx: &mut Tx<'_>, typed: &str) -> Result<(String, bool)> {
    let settings = settings::service::get(tx)?;
    let referrer = referrer(tx, typed)?;
    let mut url = shop(&settings);
    if let Some(member) = &referrer {
        url.push_str("?ref=");
        url.push_str(&member.referral_code);
    }
    Ok((url, referrer.is_some()))
}

/// The storefront's address, or our own page where none is set.
fn shop(settings: &Settings) -> String {
    let Some(url) = settings.storefront_url.as_ref().map(WebUrl::as_str) else {
        return settings.link("/");
    };
    let has_path = url.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    if has_path { url.to_owned() } else { format!("{url}/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_without_a_path_gets_one() {
        let shop_at =
            |url: &str| shop(&Settings { storefront_url: url.parse().ok(), ..Settings::default() });
        assert_eq!(shop_at("https://shop.example.com"), "https://shop.example.com/");
        assert_eq!(shop_at("https://example.com/shop/"), "https://example.com/shop");
        assert_eq!(shop(&Settings::default()), "/");
    }
}
