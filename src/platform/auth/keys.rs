//! Storefronts' API keys: made by an admin, shown once, stored hashed.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Caller, Scope, Scopes, secret};
use crate::{
    db::{Tx, schema::api_keys},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::KeyId,
        text::Name,
    },
    rows,
};

/// What every secret of a key begins with.
pub const PREFIX: &str = "vk_";

/// An API key; its secret is not in it.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
#[schema(example = json!({
    "id": "key_01m7zr0b7ee0tt0vrz3kxj2q8d", "name": "Shop", "scopes": ["members:read", "orders:write"],
    "created_at": "2026-11-21T18:51:00Z", "expires_at": null, "revoked_at": null
}))]
pub struct ApiKey {
    pub id: KeyId,
    pub name: Name,
    pub scopes: Scopes,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// An API key to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    pub name: Name,
    /// At least one; there is no default.
    pub scopes: Scopes,
    /// Never where it is left out.
    pub expires_at: Option<Timestamp>,
}

impl NewKey {
    /// One that has no end.
    #[must_use]
    pub fn lasting(name: Name, scopes: &[Scope]) -> Self {
        Self { name, scopes: scopes.to_vec().into(), expires_at: None }
    }
}

rows! { api_keys, ApiKey, KeyId, "API key" }

impl ApiKey {
    fn is_live(&self, wall: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| wall < end)
    }
}

/// Makes a key; answers it with its secret, which nobody can read again.
///
/// # Errors
/// No scopes, or an end that is not in the future.
pub fn create(tx: &mut Tx<'_>, new: NewKey) -> Result<(ApiKey, String)> {
    let NewKey { name, scopes, expires_at } = new;
    if scopes.is_empty() {
        return Err(Refusal::field("/scopes", "must name at least one scope").into());
    }
    if expires_at.is_some_and(|end| end <= tx.wall) {
        return Err(Refusal::field("/expires_at", "must be in the future").into());
    }
    let secret = secret::new(PREFIX, tx.chance());
    let (id, created_at) = (tx.new_id(), tx.wall);
    let key = ApiKey { id, name, scopes, created_at, expires_at, revoked_at: None };
    diesel::insert_into(api_keys::table)
        .values((&key, api_keys::hash.eq(secret::hash(&secret))))
        .execute(tx.conn)?;
    Ok((key, secret))
}

/// Ends a key at once; one that has ended stays as it is.
///
/// # Errors
/// An unknown key.
pub fn revoke(tx: &mut Tx<'_>, id: KeyId) -> Result<()> {
    get(tx, id)?;
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
        .select(ApiKey::as_select())
        .first(tx.conn)
        .optional()?;
    let caller = |key: &ApiKey| Caller::Storefront { key: key.id, scopes: key.scopes.to_vec() };
    Ok(key.filter(|key| key.is_live(tx.wall)).map(|key| (caller(&key), key.expires_at)))
}
