//! Finding members, changing their profiles, suspending and reinstating them.

pub mod address;
pub mod many;
pub mod standing;

use std::{collections::BTreeSet, time::Duration};

use jiff::civil::Date;

pub use super::store::{find, get, lock};

use super::{
    Member, MemberStatus, celebrating,
    consents::{self, ConsentPlace},
    search::Search,
    store::{self, EmailKey},
    tags::{self, Tag, Tags},
    words,
};
use crate::thanks::gone;
use platform::{
    auth::{Caller, Realm, one_time, sessions},
    db::Tx,
    kernel::{
        error::{Refusal, Result},
        id::MemberId,
        locale::Locale,
        text::{Birthday, Country, Email, ExternalId, Name, Reason},
        version::Versions,
        zone::Zone,
    },
};

/// How long a member waits between two changes of its own birthday.
const BIRTHDAY_STANDS: Duration = Duration::from_hours(365 * 24);

/// The member that a path names, as its caller may see it: an erased one is gone for itself.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn read(tx: &mut Tx<'_>, id: MemberId, caller: &Caller) -> Result<Member> {
    seen_by(caller, store::get(tx, id)?)
}

fn seen_by(caller: &Caller, member: Member) -> Result<Member> {
    match caller {
        Caller::Member(_) if member.status == MemberStatus::Erased => {
            Err(Refusal::not_found("member").into())
        }
        _ => Ok(member),
    }
}

/// The member with this e-mail, however it is written.
pub fn find_by_email(tx: &mut Tx<'_>, email: &Email) -> Result<Option<Member>> {
    store::find_by_email_key(tx, email.key())
}

/// The member with this id of another system.
pub fn find_by_external_id(tx: &mut Tx<'_>, id: &ExternalId) -> Result<Option<Member>> {
    store::find_by_external_id(tx, id.as_str())
}

/// The member whose referral code this is, whatever became of it.
pub fn find_by_referral_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Member>> {
    store::find_by_referral_code(tx, code)
}

/// Whether one of these is anybody's referral code.
pub fn any_has_referral_code(tx: &mut Tx<'_>, codes: &[String]) -> Result<bool> {
    store::any_has_referral_code(tx, codes)
}

/// Members, newest first, those made before `after`; with `tag`, those that have it; with `sought`,
/// those of whose names, e-mail or external id each of its words begins a word.
pub fn list(
    tx: &mut Tx<'_>,
    sought: Option<&str>,
    tag: Option<&Tag>,
    after: Option<MemberId>,
    rows: i64,
) -> Result<Vec<Member>> {
    match sought.map(Search::new) {
        Some(search) if !search.is_empty() => search.run(tx, tag, after, rows),
        _ => store::list(tx, None, tag, after, rows),
    }
}

/// Writes new members with the keys of their e-mails, but for those whose e-mail, external id or
/// referral code is another's; answers which were written.
pub fn insert_all(tx: &mut Tx<'_>, new: &[(&Member, &str)]) -> Result<BTreeSet<MemberId>> {
    let written = store::insert_all(tx, new)?;
    words::keep_all(
        tx,
        new.iter().map(|(member, _)| *member).filter(|member| written.contains(&member.id)),
    )?;
    // today's birthdays may have been greeted already
    for (member, _) in new.iter().filter(|(member, _)| written.contains(&member.id)) {
        let Some(Ok(birthday)) = member.birthday.as_deref().map(str::parse::<Birthday>) else {
            continue;
        };
        let today = member.time_zone.date(tx.now);
        let days = [today.yesterday(), Ok(today), today.tomorrow()];
        let is_on = |day: &Date| (day.month(), day.day()) == (birthday.month, birthday.day);
        if days.iter().flatten().any(is_on) {
            celebrating::check_later(tx, member.id)?;
        }
    }
    Ok(written)
}

/// What a change of a profile names; the rest stays. `Some(None)` clears.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub email: Option<Email>,
    pub given_name: Option<Name>,
    pub family_name: Option<Option<Name>>,
    pub locale: Option<Locale>,
    pub time_zone: Option<Zone>,
    pub country: Option<Option<Country>>,
    pub birthday: Option<Option<Birthday>>,
    pub external_id: Option<Option<ExternalId>>,
    pub marketing_consent: Option<bool>,
    pub tags: Option<Tags>,
}

/// Changes a member's profile, if it is still of one of these versions.
///
/// # Errors
/// A stale version; an erased member; an e-mail or external id that is another's; what members
/// can't change by themselves; a birthday that a member set less than 365 days ago.
pub fn change(
    tx: &mut Tx<'_>,
    id: MemberId,
    changes: &Changes,
    seen: &Versions,
    by: &Caller,
) -> Result<Member> {
    let mut member = lock_seen(tx, id, by)?;
    seen.check(member.version)?;
    not_erased(&member, MemberStatus::Active)?;
    let itself = matches!(by, Caller::Member(_));
    if let Some(birthday) = changes.birthday {
        change_birthday(tx, &mut member, birthday, itself)?;
    }
    if let Some(external_id) = &changes.external_id {
        let wanted = external_id.as_ref().map(ExternalId::as_str);
        change_external_id(tx, &mut member, wanted, itself)?;
    }
    let email = changes.email.as_ref().filter(|new| member.email.as_deref() != Some(new.as_str()));
    // a member's own change waits until the new address has said yes
    let (email, to_confirm) = if itself { (None, email) } else { (email, None) };
    if let Some(email) = email {
        change_email(tx, &mut member, email)?;
    }
    if let Some(email) = to_confirm {
        address::request(tx, &member, email)?;
    }
    if let Some(name) = &changes.given_name {
        member.given_name = Some(name.as_str().to_owned());
    }
    if let Some(name) = &changes.family_name {
        member.family_name = name.as_ref().map(|name| name.as_str().to_owned());
    }
    if let Some(locale) = &changes.locale {
        member.locale = locale.clone();
    }
    if let Some(zone) = &changes.time_zone {
        if *zone != member.time_zone {
            celebrating::check_later(tx, id)?;
        }
        member.time_zone = zone.clone();
    }
    if let Some(country) = &changes.country {
        member.country = country.as_ref().map(|country| country.as_str().to_owned());
    }
    if let Some(consent) =
        changes.marketing_consent.filter(|said| *said != member.marketing_consent)
    {
        member.marketing_consent = consent;
        consents::note(tx, id, consent, ConsentPlace::of(by), &by.label())?;
    }
    if let Some(tags) = &changes.tags {
        if itself {
            return Err(Refusal::field("/tags", "are given by the shop, not by members").into());
        }
        tags::set(tx, id, tags)?;
    }
    member.version += 1;
    let key = email.map_or(EmailKey::Stays, |email| EmailKey::Becomes(email.key()));
    if !store::update(tx, &member, &key)? {
        return Err(match email {
            Some(email) if holder_of(tx, email)?.is_some_and(|holder| holder != id) => {
                Refusal::EmailTaken { whose: "member" }.into()
            }
            _ => Refusal::ExternalIdConflict(member.external_id.unwrap_or_default()).into(),
        });
    }
    Ok(member)
}

fn holder_of(tx: &mut Tx<'_>, email: &Email) -> Result<Option<MemberId>> {
    Ok(find_by_email(tx, email)?.map(|member| member.id))
}

fn change_birthday(
    tx: &mut Tx<'_>,
    member: &mut Member,
    birthday: Option<Birthday>,
    itself: bool,
) -> Result<()> {
    if birthday.is_some_and(|day| day.is_after(member.time_zone.date(tx.now))) {
        return Err(Refusal::field("/birthday", "must not be in the future").into());
    }
    let birthday = birthday.map(|birthday| birthday.to_string());
    if birthday == member.birthday {
        return Ok(());
    }
    if birthday.is_some() {
        let free_at = member.birthday_set_at.map(|at| at.plus(BIRTHDAY_STANDS));
        if let Some(free_at) = free_at.filter(|free_at| itself && tx.now < *free_at) {
            let why = format!("a birthday can be changed once in 365 days: again from {free_at}");
            return Err(Refusal::LimitReached(why).into());
        }
        member.birthday_set_at = Some(tx.now);
        celebrating::check_later(tx, member.id)?;
    }
    // clearing leaves the date of the last change, so that it is no way around the rule
    member.birthday = birthday;
    Ok(())
}

fn change_external_id(
    tx: &mut Tx<'_>,
    member: &mut Member,
    wanted: Option<&str>,
    itself: bool,
) -> Result<()> {
    if member.external_id.as_deref() == wanted {
        return Ok(());
    }
    if itself {
        let why = "is given by the storefront, not by members";
        return Err(Refusal::field("/external_id", why).into());
    }
    if let Some(wanted) = wanted
        && store::find_by_external_id(tx, wanted)?.is_some()
    {
        return Err(Refusal::ExternalIdConflict(wanted.to_owned()).into());
    }
    member.external_id = wanted.map(ToOwned::to_owned);
    Ok(())
}

fn change_email(tx: &mut Tx<'_>, member: &mut Member, email: &Email) -> Result<()> {
    if holder_of(tx, email)?.is_some_and(|holder| holder != member.id) {
        return Err(Refusal::EmailTaken { whose: "member" }.into());
    }
    member.email = Some(email.as_str().to_owned());
    // what was mailed to the old address opens nothing any more
    one_time::forget(tx, &member.id.to_string(), None)
}

/// Suspends a member: its sessions end, it can't sign in or redeem, and no thanks are owed to it any
/// more. A suspended one stays as it
/// is, for the reason that was given first.
///
/// # Errors
/// An erased member.
pub fn suspend(tx: &mut Tx<'_>, id: MemberId, by: &Caller, reason: &Reason) -> Result<Member> {
    turn(tx, id, MemberStatus::Suspended, by, reason)
}

/// Reinstates a suspended member. An active one stays as it is.
///
/// # Errors
/// An erased member.
pub fn reinstate(tx: &mut Tx<'_>, id: MemberId, by: &Caller, reason: &Reason) -> Result<Member> {
    turn(tx, id, MemberStatus::Active, by, reason)
}

fn turn(
    tx: &mut Tx<'_>,
    id: MemberId,
    to: MemberStatus,
    by: &Caller,
    reason: &Reason,
) -> Result<Member> {
    let mut member = lock_seen(tx, id, by)?;
    not_erased(&member, to)?;
    let from = member.status;
    if from != to {
        member.status = to;
        member.version += 1;
        store::update(tx, &member, &EmailKey::Stays)?;
        standing::note(tx, &member, from, by, Some(reason))?;
        sessions::end_all(tx, REALM, id.uuid())?;
        if to == MemberStatus::Suspended {
            gone::waive(tx, id, by.label())?;
        }
        tracing::info!(member = %id, status = %to, by = by.label(), "a member's status changed");
    }
    Ok(member)
}

/// The member that a path names, as [`read`], with its row locked.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn lock_seen(tx: &mut Tx<'_>, id: MemberId, by: &Caller) -> Result<Member> {
    let member = store::lock(tx, id)?.ok_or(Refusal::not_found("member"))?;
    seen_by(by, member)
}

fn not_erased(member: &Member, to: MemberStatus) -> Result<(), Refusal> {
    if member.status != MemberStatus::Erased {
        return Ok(());
    }
    let from = member.status.as_str();
    Err(Refusal::InvalidTransition { what: "the member", from, to: to.as_str(), allowed: &[] })
}

/// The realm that members sign in to.
const REALM: Realm = Realm::Member;
