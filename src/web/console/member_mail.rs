//! Whether mail reaches a member, and what they said to marketing.

use serde::Serialize;

use super::{desk::Sent, member::id};
use crate::web::{posted::Nothing, visit::see_other};
use platform::{
    db::Tx,
    http::Answer,
    kernel::{clock::Timestamp, error::Result, text::Email},
    messaging::suppressions::{self, Suppression},
};
use program::members::{
    self, Member,
    consents::{self, Consent},
};

/// What staff are told of it.
#[derive(Serialize)]
pub struct Reach {
    /// Why no mail goes to the member's address.
    reason: Option<String>,
    detail: Option<String>,
    since: Option<Timestamp>,
    consents: Vec<Consent>,
}

impl Reach {
    pub fn of(tx: &mut Tx<'_>, member: &Member) -> Result<Self> {
        let known = suppression_of(tx, member)?;
        Ok(Self {
            reason: known.as_ref().map(|known| known.reason.to_string()),
            since: known.as_ref().map(|known| known.created_at),
            detail: known.and_then(|known| known.detail),
            consents: consents::of(tx, member.id)?,
        })
    }
}

fn suppression_of(tx: &mut Tx<'_>, member: &Member) -> Result<Option<Suppression>> {
    let email = member.email.as_deref().and_then(|email| email.parse::<Email>().ok());
    email.map_or(Ok(None), |email| suppressions::of(tx, &email))
}

/// `POST /console/members/{id}/mail-again`: as `DELETE /v1/suppressions/{id}`.
pub async fn mail_again(Sent { desk, .. }: Sent<Nothing>) -> Answer {
    let member = id(&desk)?;
    let lift = move |tx: &mut Tx<'_>| {
        let member = members::service::get(tx, member)?;
        match suppression_of(tx, &member)? {
            Some(known) => suppressions::lift(tx, known.id),
            None => Ok(()),
        }
    };
    desk.store().write(lift).await?;
    Ok(see_other(&format!("/console/members/{member}?done=mail_again")))
}
