//! `GET|PATCH /v1/settings`.

use actix_web::{get, patch};

use super::{Settings, SettingsChanges, service};
use crate::http::{Answer, Call};

/// Read the settings.
///
/// Refusals: `unauthenticated`, `forbidden`.
#[utoipa::path(operation_id = "getSettings", tag = "Settings", responses((status = 200, body = Settings)))]
#[get("/v1/settings")]
pub async fn read(call: Call) -> Answer {
    call.get_versioned(service::versioned).await
}

/// Change settings: those named, the others stay.
///
/// Needs `If-Match` with the `ETag` that `GET` gave.
/// Without opening hours within any 31 days, nothing that counts business hours could fall due:
/// such a change is refused with `no_opening_hours`.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `no_opening_hours`, `precondition_required`,
/// `precondition_failed`.
#[utoipa::path(
    operation_id = "updateSettings",
    tag = "Settings",
    request_body(content = SettingsChanges, example = json!({"pending_days": 0, "expiry_months": "none"})),
    responses((status = 200, body = Settings))
)]
#[patch("/v1/settings")]
pub async fn change(call: Call) -> Answer {
    let seen = call.if_match()?;
    let changes = call.body::<SettingsChanges>()?.into_fields();
    call.patch_versioned(move |tx| service::change(tx, changes.clone(), Some(&seen))).await
}
