//! `/v1/suppressions`: addresses that mail does not go to.

use actix_web::{delete, get};

use crate::{
    http::{Answer, Call, query::Paging},
    kernel::{id::SuppressionId, page::Listing, text::Email},
    messaging::suppressions::{self, Suppression},
};

/// List the addresses that mail does not go to any more, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listSuppressions",
    tag = "Letters",
    params(("email" = Option<Email>, Query, description = "Only this address"), Paging),
    responses((status = 200, body = Listing<Suppression>))
)]
#[get("/v1/suppressions")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let email: Option<Email> = query.get("email")?;
    let page = query.page()?;
    call.get(move |tx| suppressions::list(tx, email.as_ref(), &page)).await
}

/// Let mail go to an address again. What was not sent meanwhile is not sent now.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "liftSuppression",
    tag = "Letters",
    params(("id" = SuppressionId, Path)),
    responses((status = 204))
)]
#[delete("/v1/suppressions/{id}")]
pub async fn lift(call: Call) -> Answer {
    let id: SuppressionId = call.id("suppression")?;
    call.delete(move |tx| suppressions::lift(tx, id)).await
}
