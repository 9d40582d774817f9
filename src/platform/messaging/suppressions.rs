//! Addresses that mail does not go to any more: a mail server said that there is no such mailbox,
//! mail came back, or its reader complained.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    db::{DbConnection, Tx, bulk::Bulk, prepared::one_of, schema::suppressions, types::RawId},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::SuppressionId,
        page::{Listing, Page},
        text::Email,
    },
};

crate::words! {
    /// Why mail does not go to an address.
    pub enum SuppressionReason {
        /// The mail server took no letter for it.
        Refused = "refused",
        /// A letter came back.
        Bounced = "bounced",
        /// Its reader told a mail provider that our mail is not wanted.
        Complained = "complained",
    }
}

impl SuppressionReason {
    /// What a letter says that does not go out for it. Who complained still gets letters about what
    /// it asked for itself: a new password, or a code.
    #[must_use]
    pub const fn refuses(self, is_service_letter: bool) -> Option<&'static str> {
        match (self, is_service_letter) {
            (Self::Refused, _) => Some("mail servers take nothing for this address"),
            (Self::Bounced, _) => Some("mail to this address comes back"),
            (Self::Complained, false) => Some("the reader complained of our mail"),
            (Self::Complained, true) => None,
        }
    }
}

/// An address that mail does not go to.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = suppressions)]
pub struct Suppression {
    pub id: SuppressionId,
    /// In lower case, its domain in ASCII.
    #[schema(example = "anna@example.com")]
    #[serde(rename = "email")]
    pub email_key: String,
    pub reason: SuppressionReason,
    /// What the mail server or the provider said.
    #[schema(example = "550 5.1.1 no such user")]
    pub detail: Option<String>,
    pub created_at: Timestamp,
}

/// The longest detail that is kept, in characters.
const LONGEST_DETAIL: usize = 500;

/// Sends no mail to this address from now on; `true` where it is new. A complaint is no milder for
/// coming after a bounce: the first reason stays, but for one that refuses more.
pub fn add(
    tx: &mut Tx<'_>,
    email: &Email,
    reason: SuppressionReason,
    detail: Option<&str>,
) -> Result<bool> {
    let detail: Option<String> = detail.map(|text| text.chars().take(LONGEST_DETAIL).collect());
    let id: SuppressionId = tx.new_id();
    let written = Bulk::into("suppressions")
        .column("id", [RawId::from(id)])
        .column("email_key", [email.key().to_owned()])
        .column("reason", [reason.as_str().to_owned()])
        .column("detail", [detail.clone()])
        .column("created_at", [tx.now])
        .tail("ON CONFLICT (email_key) DO NOTHING")
        .execute(tx.conn)?;
    if written == 0 && reason != SuppressionReason::Complained {
        let milder = suppressions::table
            .filter(suppressions::email_key.eq(email.key()))
            .filter(suppressions::reason.eq(SuppressionReason::Complained));
        diesel::update(milder)
            .set((suppressions::reason.eq(reason), suppressions::detail.eq(detail)))
            .execute(tx.conn)?;
    }
    Ok(written > 0)
}

/// Those of these addresses, by their keys, that mail does not go to.
pub fn among(
    conn: &mut DbConnection,
    keys: &[String],
) -> Result<HashMap<String, SuppressionReason>> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, SuppressionReason)> = suppressions::table
        .filter(one_of(suppressions::email_key, keys))
        .select((suppressions::email_key, suppressions::reason))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// The suppression of an address.
pub fn of(tx: &mut Tx<'_>, email: &Email) -> Result<Option<Suppression>> {
    Ok(suppressions::table
        .filter(suppressions::email_key.eq(email.key()))
        .select(Suppression::as_select())
        .first(tx.conn)
        .optional()?)
}

/// A page of them, newest first; with `email`, the one of that address.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, email: Option<&Email>, page: &Page) -> Result<Listing<Suppression>> {
    let mut query = suppressions::table.into_boxed();
    if let Some(email) = email {
        query = query.filter(suppressions::email_key.eq(email.key().to_owned()));
    }
    if let Some(before) = page.after::<SuppressionId>()? {
        query = query.filter(suppressions::id.lt(before));
    }
    let rows = query.order(suppressions::id.desc()).limit(page.rows());
    let rows: Vec<Suppression> = rows.select(Suppression::as_select()).load(tx.conn)?;
    Ok(page.cut(rows, |row| row.id.to_string(), |row| row))
}

/// Lets mail go to an address again.
///
/// # Errors
/// No such suppression.
pub fn lift(tx: &mut Tx<'_>, id: SuppressionId) -> Result<()> {
    match diesel::delete(suppressions::table.find(id)).execute(tx.conn)? {
        0 => Err(Refusal::not_found("suppression").into()),
        _ => Ok(()),
    }
}

/// Forgets an address: its person was erased.
pub fn forget(tx: &mut Tx<'_>, email: &Email) -> Result<()> {
    let theirs = suppressions::table.filter(suppressions::email_key.eq(email.key()));
    diesel::delete(theirs).execute(tx.conn)?;
    Ok(())
}
