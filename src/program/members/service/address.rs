//! A member's own change of its e-mail: the new address is asked, and the old one is told.

use serde::{Deserialize, Serialize};

use super::holder_of;
use crate::members::{
    Member, MemberStatus,
    store::{self, EmailKey},
};
use platform::{
    auth::one_time::{self, Purpose},
    db::Tx,
    kernel::{
        code,
        error::{Error, Refusal, Result},
        id::MemberId,
        text::Email,
    },
    messaging::{
        letters::{Letter, Recipient},
        outbox,
    },
    settings,
};

/// What the token will do.
#[derive(Serialize, Deserialize)]
struct Change {
    /// The member, by which what is erased is found.
    subject: String,
    email: Email,
}

/// Asks a new address whether it is the member's. Where it is another's already, nobody is written
/// to, and the answer is the same: who asks does not learn who else is a member. What was asked
/// before is not meant any more: one who mistyped the address would not want it confirmed.
pub fn request(tx: &mut Tx<'_>, member: &Member, email: &Email) -> Result<()> {
    let change = Change { subject: member.id.to_string(), email: email.clone() };
    one_time::forget_of(tx, Purpose::EmailChange, &change.subject)?;
    let token = one_time::issue(tx, Purpose::EmailChange, &change)?;
    if holder_of(tx, email)?.is_some_and(|holder| holder != member.id) {
        return Ok(());
    }
    let settings = settings::service::get(tx)?;
    let to = Recipient {
        member_id: Some(member.id),
        email: email.clone(),
        // it may be somebody else's
        name: None,
        locale: member.locale.clone(),
    };
    let letter = Letter::EmailChange {
        url: settings.link(&format!("/email?token={}", token.token)),
        expires_at: token.expires_at,
    };
    outbox::push(tx, to, &letter, &format!("email_change:{}", code::random(tx.chance(), 16)))?;
    Ok(())
}

/// Makes the address that the token was mailed to the member's own.
///
/// # Errors
/// A token that is not valid (any more); an address that is another's by now.
pub fn confirm(tx: &mut Tx<'_>, token: &str) -> Result<Member> {
    let change: Option<Change> = one_time::redeem(tx, Purpose::EmailChange, token)?;
    let Change { subject, email } = change.ok_or_else(one_time::not_valid)?;
    let id: MemberId = subject.parse().map_err(Error::internal)?;
    let mut member = store::lock(tx, id)?.ok_or_else(one_time::not_valid)?;
    if member.status == MemberStatus::Erased {
        return Err(one_time::not_valid().into());
    }
    if holder_of(tx, &email)?.is_some_and(|holder| holder != id) {
        return Err(Refusal::EmailTaken { whose: "member" }.into());
    }
    let before = member.addressee();
    member.email = Some(email.as_str().to_owned());
    member.version += 1;
    if !store::update(tx, &member, &EmailKey::Becomes(email.key()))? {
        return Err(Refusal::EmailTaken { whose: "member" }.into());
    }
    // what was mailed to the old address opens nothing any more
    one_time::forget(tx, &subject, None)?;
    if let Some((old, given_name)) = before {
        let letter = Letter::EmailChanged { given_name, hint: hint(&email) };
        let key = format!("email_changed:{id}:{}", member.version);
        outbox::push(tx, old, &letter, &key)?;
    }
    Ok(member)
}

/// Enough of an address for who knows it: who reads the old mailbox may not be its owner any more.
fn hint(email: &Email) -> String {
    let (local, domain) = email.as_str().rsplit_once('@').unwrap_or_default();
    let first: String = local.chars().take(1).collect();
    format!("{first}•••@{domain}")
}
