//! `/v1/api-keys`.

use actix_web::{HttpResponse, delete, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::NO_STORE;
use crate::{
    auth::{
        Scope,
        keys::{self, ApiKey},
    },
    http::{Answer, Call},
    kernel::{
        clock::Timestamp,
        id::{KeyId, kind},
        page::Listing,
        text::Name,
    },
};

/// An API key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    #[schema(value_type = String, example = "Shop")]
    name: Name,
    /// At least one; there is no default.
    scopes: Vec<Scope>,
    /// Never where it is left out.
    #[schema(value_type = Option<String>, example = "2027-11-21T18:51:00Z")]
    expires_at: Option<Timestamp>,
}

/// An API key; its secret is not in it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "key_01m7zr0b7ee0tt0vrz3kxj2q8d", "name": "Shop", "scopes": ["members:read", "orders:write"],
    "created_at": "2026-11-21T18:51:00Z", "expires_at": null, "revoked_at": null
}))]
pub struct KeyBody {
    #[schema(value_type = String)]
    id: KeyId,
    name: String,
    scopes: Vec<Scope>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    revoked_at: Option<Timestamp>,
}

impl From<ApiKey> for KeyBody {
    fn from(key: ApiKey) -> Self {
        let scopes = key.scopes();
        let ApiKey { id, name, created_at, expires_at, revoked_at, .. } = key;
        Self { id, name, scopes, created_at, expires_at, revoked_at }
    }
}

/// A new API key with its secret, shown this once.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "key_01m7zr0b7ee0tt0vrz3kxj2q8d", "name": "Shop", "scopes": ["members:read", "orders:write"],
    "created_at": "2026-11-21T18:51:00Z", "expires_at": null, "revoked_at": null,
    "secret": "vk_mS3v…"
}))]
pub struct CreatedKey {
    #[serde(flatten)]
    key: KeyBody,
    /// Send it as `Authorization: Bearer vk_…`. Nobody can read it again.
    secret: String,
}

/// Make an API key for a storefront.
///
/// Ignores `Idempotency-Key`, so that the secret is stored nowhere.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    tag = "API keys",
    request_body(
        content = NewKey,
        example = json!({"name": "Shop", "scopes": ["members:read", "members:write", "orders:write"]})
    ),
    responses((status = 201, body = CreatedKey))
)]
#[post("/v1/api-keys")]
pub async fn create(call: Call) -> Answer {
    let NewKey { name, scopes, expires_at } = call.body()?;
    let (key, secret) =
        call.store().write(move |tx| keys::create(tx, &name, &scopes, expires_at)).await?;
    let body = CreatedKey { key: key.into(), secret };
    Ok(HttpResponse::Created().insert_header(NO_STORE).json(body))
}

/// List the API keys, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    tag = "API keys",
    params(
        ("limit" = Option<i64>, Query, description = "1 to 100, default 20"),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before"),
    ),
    responses((status = 200, body = Listing<KeyBody>))
)]
#[get("/v1/api-keys")]
pub async fn list(call: Call) -> Answer {
    let page = call.query(&["limit", "cursor"])?.page()?;
    let after: Option<KeyId> = page.after()?;
    call.get(move |tx| {
        let rows = keys::list(tx, after, page.rows())?;
        Ok(page.cut(rows, |key| key.id.to_string(), KeyBody::from))
    })
    .await
}

/// Revoke an API key.
///
/// At once on the server that is asked, within seconds on others. A revoked one stays listed.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    tag = "API keys",
    params(("id" = String, Path, description = "The key", example = "key_01m7zr0b7ee0tt0vrz3kxj2q8d")),
    responses((status = 204, description = "Revoked"))
)]
#[delete("/v1/api-keys/{id}")]
pub async fn revoke(call: Call) -> Answer {
    let id = call.id::<kind::Key>("API key")?;
    call.delete(move |tx| keys::revoke(tx, id)).await
}
