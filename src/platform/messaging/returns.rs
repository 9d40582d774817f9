//! What mail providers report of letters that were sent: those that came back, and complaints.

use diesel::prelude::*;

use super::{
    message,
    suppressions::{self, SuppressionReason},
};
use crate::{
    db::{Tx, schema::letters},
    kernel::{error::Result, id::LetterId, text::Email},
};

/// What a provider says of a letter. Where it names the letter, that one's address is meant,
/// however the provider writes it.
#[derive(Clone, Debug)]
pub struct Report {
    pub reason: SuppressionReason,
    pub email: Option<Email>,
    pub letter: Option<LetterId>,
    /// What it said, in its own words.
    pub detail: Option<String>,
}

/// The letter that an address of ours names to which mail came back, or a `Message-ID`.
#[must_use]
pub fn letter_named(by: &str) -> Option<LetterId> {
    message::returned(by.trim_matches(['<', '>', ' '])).or_else(|| message::letter_of(by))
}

/// Sends no mail any more to the addresses of these reports; answers how many are new. The same
/// again changes nothing.
pub fn take(tx: &mut Tx<'_>, reports: &[Report]) -> Result<i64> {
    let mut new = 0;
    for report in reports {
        let written: Option<String> = match report.letter {
            Some(id) => {
                letters::table.find(id).select(letters::to_address).first(tx.conn).optional()?
            }
            None => None,
        };
        let written = written.and_then(|to| to.parse::<Email>().ok());
        let Some(email) = written.as_ref().or(report.email.as_ref()) else { continue };
        let detail = report.detail.as_deref();
        new += i64::from(suppressions::add(tx, email, report.reason, detail)?);
        if let Some(id) = report.letter.filter(|_| written.is_some()) {
            let why = report.reason.refuses(false).map(|why| match detail {
                Some(detail) => format!("{why}: {}", detail.chars().take(400).collect::<String>()),
                None => why.to_owned(),
            });
            diesel::update(letters::table.find(id))
                .set(letters::last_error.eq(why))
                .execute(tx.conn)?;
        }
    }
    Ok(new)
}
