//! Storefronts' API keys: made by an admin, shown once, stored hashed.

use diesel::prelude::*;

use super::{Caller, Scope, secret};
use crate::{
    db::{Tx, bulk::Bulk, schema::api_keys, types::RawId},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::KeyId,
        text::Name,
    },
};

/// What every secret of a key begins with.
pub const PREFIX: &str = "vk_";

/// A key as admins see it; the secret is not in it.
#[derive(Debug, Clone, Queryable)]
pub struct ApiKey {
    pub id: KeyId,
    pub name: String,
    pub scopes: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// The scopes, in the order they were given.
    #[must_use]
    pub fn scopes(&self) -> Vec<Scope> {
        self.scopes.split(' ').filter_map(Scope::from_word).collect()
    }

    fn is_live(&self, wall: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| wall < end)
    }
}

const COLUMNS: (
    api_keys::id,
    api_keys::name,
    api_keys::scopes,
    api_keys::created_at,
    api_keys::expires_at,
    api_keys::revoked_at,
) = (
    api_keys::id,
    api_keys::name,
    api_keys::scopes,
    api_keys::created_at,
    api_keys::expires_at,
    api_keys::revoked_at,
);

/// Makes a key; answers it with its secret, which nobody can read again.
///
/// # Errors
/// No scopes, or an end that is not in the future.
pub fn create(
    tx: &mut Tx<'_>,
    name: &Name,
    scopes: &[Scope],
    expires_at: Option<Timestamp>,
) -> Result<(ApiKey, String)> {
    if scopes.is_empty() {
        return Err(Refusal::field("/scopes", "must name at least one scope").into());
    }
    if expires_at.is_some_and(|end| end <= tx.wall) {
        return Err(Refusal::field("/expires_at", "must be in the future").into());
    }
    let mut words: Vec<&str> = Vec::new();
    for scope in scopes {
        if !words.contains(&scope.as_str()) {
            words.push(scope.as_str());
        }
    }
    let secret = secret::new(PREFIX, tx.chance());
    let key = ApiKey {
        id: tx.new_id(),
        name: name.as_str().to_owned(),
        scopes: words.join(" "),
        created_at: tx.wall,
        expires_at,
        revoked_at: None,
    };
    Bulk::into("api_keys")
        .column("id", [RawId::from(key.id)])
        .column("name", [key.name.clone()])
        .column("hash", [secret::hash(&secret)])
        .column("scopes", [key.scopes.clone()])
        .column("created_at", [key.created_at])
        .column("expires_at", [key.expires_at])
        .execute(tx.conn)?;
    Ok((key, secret))
}

/// Keys, newest first, those made before `after`.
pub fn list(tx: &mut Tx<'_>, after: Option<KeyId>, rows: i64) -> Result<Vec<ApiKey>> {
    let mut query = api_keys::table.into_boxed();
    if let Some(after) = after {
        query = query.filter(api_keys::id.lt(after));
    }
    Ok(query.order(api_keys::id.desc()).limit(rows).select(COLUMNS).load(tx.conn)?)
}

/// Ends a key at once; one that has ended stays as it is.
///
/// # Errors
/// An unknown key.
pub fn revoke(tx: &mut Tx<'_>, id: KeyId) -> Result<()> {
    let known: i64 = api_keys::table.find(id).count().get_result(tx.conn)?;
    if known == 0 {
        return Err(Refusal::not_found("API key").into());
    }
    tx.standing_changed();
    diesel::update(api_keys::table.find(id).filter(api_keys::revoked_at.is_null()))
        .set(api_keys::revoked_at.eq(tx.wall))
        .execute(tx.conn)?;
    Ok(())
}

/// The caller that a secret stands for, and its end; `None` where it is unknown, revoked or past
/// that end.
pub fn find(tx: &mut Tx<'_>, secret: &str) -> Result<Option<(Caller, Option<Timestamp>)>> {
    let key: Option<ApiKey> = api_keys::table
        .filter(api_keys::hash.eq(secret::hash(secret)))
        .select(COLUMNS)
        .first(tx.conn)
        .optional()?;
    let caller = |key: &ApiKey| Caller::Storefront { key: key.id, scopes: key.scopes() };
    Ok(key.filter(|key| key.is_live(tx.wall)).map(|key| (caller(&key), key.expires_at)))
}
