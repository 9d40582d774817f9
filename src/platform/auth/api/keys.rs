//! `/v1/api-keys`.

use actix_web::{HttpResponse, delete, get, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::NO_STORE;
use crate::{
    auth::keys::{self, ApiKey, NewKey},
    http::{Answer, Call, query::Paging},
    kernel::{
        id::{KeyId, kind},
        page::Listing,
    },
};

/// A new API key with its secret, shown this once.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "key_01m7zr0b7ee0tt0vrz3kxj2q8d", "name": "Shop", "scopes": ["members:read", "orders:write"],
    "created_at": "2026-11-21T18:51:00Z", "expires_at": null, "revoked_at": null,
    "secret": "vk_mS3v…"
}))]
pub struct CreatedKey {
    #[serde(flatten)]
    key: ApiKey,
    /// Send it as `Authorization: Bearer vk_…`. Nobody can read it again.
    secret: String,
}

/// Make an API key for a storefront.
///
/// Ignores `Idempotency-Key`, so that the secret is stored nowhere.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "createApiKey",
    tag = "API keys",
    request_body(
        content = NewKey,
        example = json!({"name": "Shop", "scopes": ["members:read", "members:write", "orders:write"]})
    ),
    responses((status = 201, body = CreatedKey))
)]
#[post("/v1/api-keys")]
pub async fn create(call: Call) -> Answer {
    let new: NewKey = call.body()?;
    let (key, secret) = call.store().write(move |tx| keys::create(tx, new.clone())).await?;
    let body = CreatedKey { key, secret };
    Ok(HttpResponse::Created().insert_header(NO_STORE).json(body))
}

/// List the API keys, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listApiKeys",
    tag = "API keys",
    params(Paging),
    responses((status = 200, body = Listing<ApiKey>))
)]
#[get("/v1/api-keys")]
pub async fn list(call: Call) -> Answer {
    let page = call.query()?.page()?;
    call.get(move |tx| keys::list(tx, &page, |all| all)).await
}

/// Revoke an API key.
///
/// At once on the server that is asked, within seconds on others. A revoked one stays listed.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "revokeApiKey",
    tag = "API keys",
    params(("id" = KeyId, Path)),
    responses((status = 204, description = "Revoked"))
)]
#[delete("/v1/api-keys/{id}")]
pub async fn revoke(call: Call) -> Answer {
    let id = call.id::<kind::Key>("API key")?;
    call.delete(move |tx| keys::revoke(tx, id)).await
}
