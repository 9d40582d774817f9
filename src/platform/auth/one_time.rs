//! One-time tokens that travel by mail: who has one can read that mailbox.

use std::time::Duration;

use diesel::{prelude::*, sql_types::Text};
use serde::{Serialize, de::DeserializeOwned};

use super::secret;
use crate::{
    db::{Tx, bulk::Bulk, schema::one_time_tokens, types::Json},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        limit::Limit,
    },
    words,
};

/// What every one-time token begins with.
pub const PREFIX: &str = "vo_";

/// Asking for tokens and bringing them, for each address.
pub const MAILED_TOKENS: Limit =
    Limit { name: "mailed-tokens", tries: 10, per: Duration::from_mins(1) };
/// Letters with tokens to one person, whoever asks for them.
pub const TOKENS_TO_ONE: Limit =
    Limit { name: "tokens-to-one", tries: 10, per: Duration::from_hours(1) };

words! {
    /// What a token is for.
    pub enum Purpose {
        SignUp = "sign_up",
        PasswordReset = "password_reset",
        StaffInvitation = "staff_invitation",
        EmailChange = "email_change",
    }
}

impl Purpose {
    /// How long such a token is good for, by the wall's time.
    #[must_use]
    pub const fn lasts(self) -> Duration {
        const HOUR: u64 = 3600;
        Duration::from_secs(match self {
            Self::SignUp | Self::EmailChange => 24 * HOUR,
            Self::PasswordReset => HOUR,
            Self::StaffInvitation => 7 * 24 * HOUR,
        })
    }
}

/// A token on its way into a letter.
#[derive(Clone, Debug)]
pub struct OneTime {
    pub token: String,
    pub expires_at: Timestamp,
}

/// Makes a token; `content` is what it will do. Where the content tells of a person, it says so in
/// a field `subject` (a typed id) or `email_key`, by which [`forget`] finds it.
pub fn issue(tx: &mut Tx<'_>, purpose: Purpose, content: &impl Serialize) -> Result<OneTime> {
    let token = secret::new(PREFIX, tx.chance());
    let expires_at = tx.wall.plus(purpose.lasts());
    Bulk::into("one_time_tokens")
        .column("hash", [secret::hash(&token)])
        .column("purpose", [purpose.as_str().to_owned()])
        .column("content", [Json::of(content)?])
        .column("expires_at", [expires_at])
        .execute(tx.conn)?;
    Ok(OneTime { token, expires_at })
}

/// Whether a token of one of these purposes could be used now; changes nothing.
pub fn is_good(tx: &mut Tx<'_>, purposes: &[Purpose], token: &str) -> Result<bool> {
    let found: Option<Purpose> = one_time_tokens::table
        .find(secret::hash(token))
        .filter(one_time_tokens::used_at.is_null())
        .filter(one_time_tokens::expires_at.gt(tx.wall))
        .select(one_time_tokens::purpose)
        .first(tx.conn)
        .optional()?;
    Ok(found.is_some_and(|purpose| purposes.contains(&purpose)))
}

/// Uses a token up; answers its content, which is not kept any longer. `None` where it is unknown,
/// of another purpose, used, or past its end.
pub fn redeem<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    token: &str,
) -> Result<Option<T>> {
    let hash = secret::hash(token);
    let content: Option<Json> = one_time_tokens::table
        .find(&hash)
        .filter(one_time_tokens::purpose.eq(purpose))
        .filter(one_time_tokens::used_at.is_null())
        .filter(one_time_tokens::expires_at.gt(tx.wall))
        .select(one_time_tokens::content)
        .first(tx.conn)
        .optional()?;
    let Some(content) = content else { return Ok(None) };
    let used = diesel::update(
        one_time_tokens::table.find(&hash).filter(one_time_tokens::used_at.is_null()),
    )
    .set((
        one_time_tokens::used_at.eq(tx.wall),
        one_time_tokens::content.eq(Json(serde_json::json!({}))),
    ))
    .execute(tx.conn)?;
    if used == 0 { Ok(None) } else { content.read().map(Some) }
}

/// The refusal of a token that [`redeem`] did not take.
#[must_use]
pub fn not_valid() -> Refusal {
    Refusal::field("/token", "is not valid: it was used before, or its time is over")
}

/// Deletes a person's tokens: those of a subject, and those sent to an address.
pub fn forget(tx: &mut Tx<'_>, subject: &str, email_key: Option<&str>) -> Result<()> {
    diesel::sql_query(
        "DELETE FROM one_time_tokens \
         WHERE content ->> 'subject' = $1 OR content ->> 'email_key' = $2",
    )
    .bind::<Text, _>(subject)
    .bind::<Text, _>(email_key.unwrap_or_default())
    .execute(tx.conn)?;
    Ok(())
}

/// Deletes a person's tokens of one purpose.
pub fn forget_of(tx: &mut Tx<'_>, purpose: Purpose, subject: &str) -> Result<()> {
    diesel::sql_query(
        "DELETE FROM one_time_tokens WHERE purpose = $1 AND content ->> 'subject' = $2",
    )
    .bind::<Text, _>(purpose.as_str())
    .bind::<Text, _>(subject)
    .execute(tx.conn)?;
    Ok(())
}

/// Deletes tokens that are past their end; answers how many.
pub fn forget_expired(tx: &mut Tx<'_>) -> Result<usize> {
    let over = one_time_tokens::table.filter(one_time_tokens::expires_at.le(tx.wall));
    Ok(diesel::delete(over).execute(tx.conn)?)
}
