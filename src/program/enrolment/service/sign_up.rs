//! A person's own sign-up: nothing exists until the letter's token comes back.

use serde::{Deserialize, Serialize};

use crate::enrolment::{Enrolment, Letters, service};
use crate::{
    members::{self, Member, likeness::Hints},
    referrals,
};
use platform::{
    auth::{
        Caller, Realm,
        one_time::{self, Purpose},
        resets,
    },
    db::Tx,
    kernel::{
        code,
        error::{Error, Result},
        locale::Locale,
        text::{Birthday, Country, Email, Name},
        zone::Zone,
    },
    messaging::{
        letters::{Letter, Recipient},
        outbox,
    },
    settings,
};

/// What the token will do: make this member, unless the e-mail has one by then.
#[derive(Serialize, Deserialize)]
struct SignUp {
    email_key: String,
    /// Where the token went: only who reads that mailbox has it.
    mailed_to: String,
    email: Email,
    given_name: Name,
    family_name: Option<Name>,
    locale: Option<Locale>,
    time_zone: Option<Zone>,
    country: Option<Country>,
    birthday: Option<Birthday>,
    referral_code: Option<String>,
    marketing_consent: bool,
}

/// Writes to the address how to confirm; a member that it has already is told so, and only that
/// member: the letter goes to the address that the member has, not to one that folds to it.
pub fn request(tx: &mut Tx<'_>, ask: Enrolment) -> Result<()> {
    let existing = members::service::find_by_email(tx, &ask.email)?;
    let settings = settings::service::get(tx)?;
    let to = match &existing {
        Some(member) => Recipient {
            member_id: Some(member.id),
            email: own_address(member)?,
            name: None,
            locale: member.locale.clone(),
        },
        None => Recipient {
            member_id: None,
            email: ask.email.clone(),
            name: None,
            locale: ask.locale.clone().unwrap_or_else(|| settings.locale.clone()),
        },
    };
    let content = SignUp {
        email_key: ask.email.key().to_owned(),
        mailed_to: to.email.to_string(),
        email: ask.email,
        given_name: ask.given_name,
        family_name: ask.family_name,
        locale: ask.locale,
        time_zone: ask.time_zone,
        country: ask.country,
        birthday: ask.birthday,
        referral_code: ask.referral_code,
        marketing_consent: ask.marketing_consent,
    };
    let token = one_time::issue(tx, Purpose::SignUp, &content)?;
    let letter = Letter::SignUpConfirmation {
        url: settings.link(&format!("/confirm?token={}", token.token)),
        expires_at: token.expires_at,
        existing: existing.is_some(),
    };
    let key = format!("sign_up_confirmation:{}", code::random(tx.chance(), 16));
    outbox::push(tx, to, &letter, &key)?;
    Ok(())
}

/// What a confirmation did.
#[derive(Clone, Debug)]
pub enum Confirmed {
    /// There is a new member.
    Enrolled(Member),
    /// The e-mail has a member already, who has this password now.
    PasswordSet(Member),
}

/// Makes the member that the token stands for, or sets the password of the one that its e-mail
/// has by now, whose address the token was mailed to.
///
/// # Errors
/// A token that is not valid (any more).
pub fn confirm(tx: &mut Tx<'_>, token: &str, password_hash: &str) -> Result<Confirmed> {
    let ask: SignUp =
        one_time::redeem(tx, Purpose::SignUp, token)?.ok_or_else(one_time::not_valid)?;
    if let Some(member) = members::service::find_by_email(tx, &ask.email)? {
        // another address that folds to the member's is another mailbox
        if own_address(&member)?.as_str() != ask.mailed_to {
            return Err(one_time::not_valid().into());
        }
        resets::set_password(tx, Realm::Member, member.id.uuid(), password_hash)?;
        return Ok(Confirmed::PasswordSet(member));
    }
    // a code that is nobody's (any more) does not stand in the way
    let referral_code = match ask.referral_code {
        Some(typed) => referrals::codes::referrer(tx, &typed)?.map(|member| member.referral_code),
        None => None,
    };
    let enrolment = Enrolment {
        email: ask.email,
        given_name: ask.given_name,
        family_name: ask.family_name,
        locale: ask.locale,
        time_zone: ask.time_zone,
        country: ask.country,
        birthday: ask.birthday,
        external_id: None,
        referral_code,
        hints: Hints::default(),
        marketing_consent: ask.marketing_consent,
        enrolled_at: None,
        password_hash: Some(password_hash.to_owned()),
    };
    service::enrol(tx, &enrolment, &Caller::Anonymous, Letters::Send).map(Confirmed::Enrolled)
}

fn own_address(member: &Member) -> Result<Email> {
    member.email.as_deref().unwrap_or_default().parse().map_err(Error::internal)
}
