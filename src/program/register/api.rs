//! Erasing a member, and telling all that is known of it.

use actix_web::{HttpResponse, delete, get};

use super::{erasure, export};
use crate::{due, ledger::Settled};
use platform::{
    db::Tx,
    http::{Answer, Call},
    kernel::id::MemberId,
};

/// Erase a member: the person goes, the numbers stay.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "eraseMember",
    tag = "Members",
    params(("id" = MemberId, Path)),
    responses((status = 204, description = "Erased"))
)]
#[delete("/v1/members/{id}")]
pub async fn erase(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let caller = call.caller.clone();
    call.delete(move |tx| erasure::erase(tx, id, &caller)).await
}

/// Export everything that is known about a member.
///
/// It is sent as it is read, however much it is. Points are as of `exported_at`, and nothing that
/// was recorded later is in it; what can still change, such as an order that is being refunded, is
/// told as it is when it is read. An answer that breaks off is not whole: the connection ends
/// without the last chunk. A letter's subject is as it would be now, without codes and tokens.
///
/// A server sends a few dozen such answers at a time, four to one member: more are told to come
/// again.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `overloaded`.
#[utoipa::path(
    operation_id = "exportMember",
    tag = "Members",
    params(("id" = MemberId, Path)),
    responses((status = 200, body = export::Export))
)]
#[get("/v1/members/{id}/export")]
pub async fn export_all(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let caller = call.caller.clone();
    let place = call.app.streams.enter(&call.caller)?;
    let open = move |tx: &mut Tx<'_>, of: Settled<'_>| export::open(tx, of, &caller);
    let told = due::read_at(&place, call.store(), id, open).await?;
    let mut answer = HttpResponse::Ok();
    answer.content_type("application/json");
    Ok(answer.body(place.tell(told)))
}
