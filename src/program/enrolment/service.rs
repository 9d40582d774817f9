//! Making members.

pub mod sign_up;

use super::{Enrolment, Letters};
use crate::{
    ledger,
    members::{self, FIRST_TIER, Member, MemberStatus, likeness},
    referrals::{self, codes},
};
use platform::{
    auth::{Caller, Realm, passwords},
    db::Tx,
    kernel::{
        code,
        error::{Error, Refusal, Result},
        text::{Country, Email, ExternalId, Name},
    },
    messaging::{letters::Letter, outbox},
    settings::{self, Settings},
};

/// How often a referral code that somebody has already is thrown again.
const CODE_TRIES: u32 = 8;

/// Makes a member with an account, a referral where it came by a code, a password where it has
/// one, and a letter of welcome.
///
/// # Errors
/// An e-mail or an external id that is another's; an unknown referral code; an enrolment in the
/// future.
pub fn enrol(
    tx: &mut Tx<'_>,
    enrolment: &Enrolment,
    by: &Caller,
    letters: Letters,
) -> Result<Member> {
    if enrolment.enrolled_at.is_some_and(|at| at > tx.now) {
        return Err(Refusal::field("/enrolled_at", "must not be in the future").into());
    }
    let settings = settings::service::get(tx)?;
    if enrolment.birthday.is_some_and(|day| day.is_after(settings.time_zone.date(tx.now))) {
        return Err(Refusal::field("/birthday", "must not be in the future").into());
    }
    let referrer = match &enrolment.referral_code {
        None => None,
        Some(typed) => Some(
            referrals::service::referrer_for(tx, typed)?
                .ok_or_else(|| Refusal::field("/referral_code", "is nobody's code"))?,
        ),
    };
    refuse_taken(tx, &enrolment.email, enrolment.external_id.as_ref())?;
    let member = insert(tx, enrolment, &settings)?;
    ledger::open_account(tx, member.id)?;
    members::consents::note_first(tx, &member, by)?;
    likeness::note(tx, [(member.id, &enrolment.hints)])?;
    if let Some(referrer) = referrer {
        referrals::service::join(tx, &referrer, &member)?;
    }
    if let Some(hash) = &enrolment.password_hash {
        passwords::set(tx, Realm::Member, member.id.uuid(), hash)?;
    }
    if letters == Letters::Send {
        welcome(tx, &member, &settings)?;
    }
    tracing::debug!(member = %member.id, by = by.label(), "enrolled");
    Ok(member)
}

fn refuse_taken(tx: &mut Tx<'_>, email: &Email, external_id: Option<&ExternalId>) -> Result<()> {
    if members::service::find_by_email(tx, email)?.is_some() {
        return Err(Refusal::EmailTaken { whose: "member" }.into());
    }
    if let Some(id) = external_id
        && members::service::find_by_external_id(tx, id)?.is_some()
    {
        return Err(Refusal::ExternalIdConflict(id.to_string()).into());
    }
    Ok(())
}

/// Writes the member; what another wrote in the meantime is refused, and a referral code that is
/// somebody's already is thrown again.
fn insert(tx: &mut Tx<'_>, enrolment: &Enrolment, settings: &Settings) -> Result<Member> {
    let enrolled_at = enrolment.enrolled_at.unwrap_or(tx.now);
    let mut member = Member {
        id: tx.new_id(),
        email: Some(enrolment.email.as_str().to_owned()),
        given_name: Some(enrolment.given_name.as_str().to_owned()),
        family_name: enrolment.family_name.clone().map(Name::into_string),
        locale: enrolment.locale.clone().unwrap_or_else(|| settings.locale.clone()),
        time_zone: enrolment.time_zone.clone().unwrap_or_else(|| settings.time_zone.clone()),
        country: enrolment.country.as_ref().map(Country::to_string),
        birthday: enrolment.birthday.map(|birthday| birthday.to_string()),
        birthday_set_at: enrolment.birthday.map(|_| enrolled_at),
        external_id: enrolment.external_id.clone().map(ExternalId::into_string),
        tier: FIRST_TIER.to_owned(),
        status: MemberStatus::Active,
        referral_code: String::new(),
        marketing_consent: enrolment.marketing_consent,
        enrolled_at,
        version: 1,
    };
    for _ in 0..CODE_TRIES {
        member.referral_code = code::random(tx.chance(), codes::CODE_LENGTH);
        if codes::is_chosen(tx, &member.referral_code)? {
            continue;
        }
        if members::service::insert(tx, &member, Some(enrolment.email.key()))? {
            return Ok(member);
        }
        refuse_taken(tx, &enrolment.email, enrolment.external_id.as_ref())?;
    }
    Err(Error::internal("no referral code is free"))
}

fn welcome(tx: &mut Tx<'_>, member: &Member, settings: &Settings) -> Result<()> {
    let Some((to, given_name)) = member.addressee() else { return Ok(()) };
    let letter = Letter::Welcome {
        given_name,
        referral_code: member.referral_code.clone(),
        share_url: codes::share_url(settings, &member.referral_code),
    };
    outbox::push(tx, to, &letter, &format!("welcome:{}", member.id))?;
    Ok(())
}
