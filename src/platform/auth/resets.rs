//! Forgotten passwords: a letter with a one-time token, and the new password that it brings.

use uuid::Uuid;

use super::{
    Realm,
    accounts::{self, Account},
    one_time::{self, OneTime, Purpose},
    passwords, sessions,
    tokens::Subject,
    users::ForAccount,
};
use crate::{
    db::Tx,
    kernel::{
        code,
        error::{Error, Result},
        id::{MemberId, UserId},
        text::Email,
    },
    messaging::{
        letters::{Letter, Recipient},
        outbox,
    },
    settings,
};

/// Writes to the account of this e-mail how to set a new password. Where there is none, a token is
/// made all the same, and a letter that is not kept, so that both take like time.
pub fn request(tx: &mut Tx<'_>, realm: Realm, email: &Email) -> Result<()> {
    let account = accounts::find(tx, realm, email)?;
    let subject = account.as_ref().map(|account| match account.subject {
        Subject::Member(id) => id.to_string(),
        Subject::User(id, _) => id.to_string(),
    });
    let content = ForAccount { realm, subject };
    let OneTime { token, expires_at } = one_time::issue(tx, Purpose::PasswordReset, &content)?;
    let settings = settings::service::get(tx)?;
    let is_somebodys = account.is_some();
    let account = account.unwrap_or_else(|| Account::nobodys(realm, email, &settings, tx));
    let member_id = match account.subject {
        Subject::Member(id) if is_somebodys => Some(id),
        _ => None,
    };
    let to = Recipient {
        member_id,
        email: account.email,
        name: Some(account.full_name),
        locale: account.locale,
    };
    let letter = Letter::PasswordReset {
        given_name: account.name,
        url: settings.link(&match realm {
            Realm::Member => format!("/password?token={token}"),
            Realm::Staff => format!("/password?realm=staff&token={token}"),
        }),
        expires_at,
    };
    let key = format!("password_reset:{}", code::random(tx.chance(), 16));
    if is_somebodys {
        outbox::push(tx, to, &letter, &key)?;
        return Ok(());
    }
    tx.rehearse(|tx| outbox::push(tx, to, &letter, &key))?;
    Ok(())
}

/// Sets the password that a reset's or an invitation's token stands for; ends the subject's
/// sessions. Answers where it can be used.
///
/// # Errors
/// A token that is not valid (any more).
pub fn confirm(tx: &mut Tx<'_>, token: &str, password_hash: &str) -> Result<Realm> {
    let found: Option<ForAccount> = match one_time::redeem(tx, Purpose::PasswordReset, token)? {
        Some(content) => Some(content),
        None => one_time::redeem(tx, Purpose::StaffInvitation, token)?,
    };
    let not_valid = || Error::from(one_time::not_valid());
    let ForAccount { realm, subject } = found.ok_or_else(not_valid)?;
    let subject = subject.ok_or_else(not_valid)?;
    let id = match realm {
        Realm::Member => subject.parse::<MemberId>().map_err(Error::internal)?.uuid(),
        Realm::Staff => subject.parse::<UserId>().map_err(Error::internal)?.uuid(),
    };
    if accounts::addressed(tx, realm, id)?.1.is_none() {
        return Err(not_valid());
    }
    set_password(tx, realm, id, password_hash)?;
    Ok(realm)
}

/// Gives a subject a new password; ends the sessions that the old one opened, and voids the tokens
/// that were mailed before.
pub fn set_password(tx: &mut Tx<'_>, realm: Realm, subject: Uuid, hash: &str) -> Result<()> {
    passwords::set(tx, realm, subject, hash)?;
    let (id, email_key) = accounts::addressed(tx, realm, subject)?;
    one_time::forget(tx, &id, email_key.as_deref())?;
    sessions::end_all(tx, realm, subject)
}
