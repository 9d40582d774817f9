//! Making members.

pub mod sign_up;

use super::{Enrolment, Letters};
use crate::{
    ledger,
    members::{self, FIRST_TIER, Member, MemberStatus, likeness, service::many::Holders},
    referrals::{self, codes},
};
use platform::{
    auth::{Caller, Realm, passwords},
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        text::{Country, ExternalId, Name},
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
    let enrolled = enrol_all(tx, std::slice::from_ref(enrolment), by, letters)?.pop();
    let nobody = || Error::internal("an enrolment without an outcome");
    Ok(enrolled.ok_or_else(nobody)??)
}

/// The same for many, decided in order: one that is refused changes nothing.
pub fn enrol_all(
    tx: &mut Tx<'_>,
    enrolments: &[Enrolment],
    by: &Caller,
    letters: Letters,
) -> Result<Vec<Result<Member, Refusal>>> {
    let settings = settings::service::get(tx)?;
    let mut holders = holders(tx, enrolments.iter())?;
    let mut decided = Vec::with_capacity(enrolments.len());
    for enrolment in enrolments {
        decided.push(match Newcomer::admit(tx, enrolment, &settings, &mut holders) {
            Ok(newcomer) => Ok(newcomer),
            Err(Error::Refused(refusal)) => Err(refusal),
            Err(error) => return Err(error),
        });
    }
    insert(tx, &mut decided)?;
    let made = || decided.iter().flatten();
    let ids: Vec<_> = made().map(|newcomer| newcomer.member.id).collect();
    ledger::open_accounts(tx, &ids)?;
    members::consents::note_first(tx, made().map(|newcomer| &newcomer.member), by)?;
    likeness::note(tx, made().map(|newcomer| (newcomer.member.id, &newcomer.enrolment.hints)))?;
    for Newcomer { enrolment, member, referrer, .. } in made() {
        if let Some(referrer) = referrer {
            referrals::service::join(tx, referrer, member)?;
        }
        if let Some(hash) = &enrolment.password_hash {
            passwords::set(tx, Realm::Member, member.id.uuid(), hash)?;
        }
        if letters == Letters::Send {
            welcome(tx, member, &settings)?;
        }
        tracing::debug!(member = %member.id, by = by.label(), "enrolled");
    }
    Ok(decided.into_iter().map(|outcome| outcome.map(|newcomer| newcomer.member)).collect())
}

/// Who has what these ask for.
fn holders<'a>(
    tx: &mut Tx<'_>,
    enrolments: impl Iterator<Item = &'a Enrolment>,
) -> Result<Holders> {
    Holders::of(tx, enrolments.map(|one| (Some(&one.email), one.external_id.as_ref())))
}

/// Somebody who may become a member.
struct Newcomer<'a> {
    enrolment: &'a Enrolment,
    /// Without a referral code yet.
    member: Member,
    /// Who brought them.
    referrer: Option<Member>,
    is_written: bool,
}

impl<'a> Newcomer<'a> {
    /// Decides on an enrolment; what it asks for is taken from then on.
    fn admit(
        tx: &mut Tx<'_>,
        enrolment: &'a Enrolment,
        settings: &Settings,
        holders: &mut Holders,
    ) -> Result<Self> {
        if enrolment.enrolled_at.is_some_and(|at| at > tx.now) {
            return Err(Refusal::field("/enrolled_at", "must not be in the future").into());
        }
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
        refuse_taken(holders, enrolment)?;
        let member = member(tx, enrolment, settings);
        holders.add(member.id, &enrolment.email, enrolment.external_id.as_ref());
        Ok(Self { enrolment, member, referrer, is_written: false })
    }
}

fn member(tx: &mut Tx<'_>, enrolment: &Enrolment, settings: &Settings) -> Member {
    let enrolled_at = enrolment.enrolled_at.unwrap_or(tx.now);
    Member {
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
    }
}

/// Writes the newcomers; who asks for what another has written in the meantime is refused, and a
/// referral code that is somebody's already is thrown again.
fn insert(tx: &mut Tx<'_>, decided: &mut [Result<Newcomer<'_>, Refusal>]) -> Result<()> {
    for _ in 0..CODE_TRIES {
        let mut waiting: Vec<_> =
            decided.iter_mut().flatten().filter(|one| !one.is_written).collect();
        let codes = codes::throw(tx, waiting.len())?;
        for (newcomer, code) in waiting.iter_mut().zip(codes) {
            newcomer.member.referral_code = code;
        }
        let rows: Vec<_> =
            waiting.iter().map(|one| (&one.member, one.enrolment.email.key())).collect();
        let written = members::service::insert_all(tx, &rows)?;
        for newcomer in &mut waiting {
            newcomer.is_written = written.contains(&newcomer.member.id);
        }
        if waiting.iter().all(|one| one.is_written) {
            return Ok(());
        }
        let left = waiting.iter().filter(|one| !one.is_written);
        let holders = holders(tx, left.map(|one| one.enrolment))?;
        for outcome in decided.iter_mut() {
            if let Ok(Newcomer { enrolment, is_written: false, .. }) = outcome
                && let Err(refusal) = refuse_taken(&holders, enrolment)
            {
                *outcome = Err(refusal);
            }
        }
    }
    Err(Error::internal("no referral code is free"))
}

fn refuse_taken(holders: &Holders, enrolment: &Enrolment) -> Result<(), Refusal> {
    holders.refuse_taken(&enrolment.email, enrolment.external_id.as_ref())
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
