//! `/v1/segments`.

use actix_web::{delete, get, patch, post};

use super::{NewSegment, SegmentBody, SegmentChanges, SegmentCount, service};
use crate::{conditions::Verdict, members::MemberBody};
use platform::{
    http::{Answer, Call, query::Paging},
    kernel::{
        error::Refusal,
        id::{MemberId, SegmentId, kind},
        page::Listing,
    },
};

/// Add a segment: members by conditions, under a name.
///
/// `where` is a condition `{"field", "op", "value", "window"?}`, or `{"all": […]}`, `{"any": […]}`,
/// `{"not": …}` of such; at most 5 deep, with at most 50 conditions, and lists of at most 1,000 values.
/// Days and windows are of the program's calendar; a window counts up to now and not including it.
/// Money is in the program's currency: orders in another count as orders, and not as spend. A member
/// without a value (no country, no birthday, no order yet) fulfils `ne` and `exists: false`, and nothing
/// else; tags are always there, though there may be none. A segment can name others by their ids, at most
/// 5 in each other and never itself.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `not_found`.
#[utoipa::path(
    operation_id = "createSegment",
    tag = "Segments",
    request_body(content = NewSegment, example = json!({
        "name": "Regulars in Iceland",
        "where": {"all": [
            {"field": "country", "op": "eq", "value": "IS"},
            {"field": "orders", "op": "gte", "value": 3, "window": {"months": 12}}
        ]}
    })),
    responses((status = 201, body = SegmentBody))
)]
#[post("/v1/segments")]
pub async fn add(call: Call) -> Answer {
    let new: NewSegment = call.body()?;
    call.post_created(move |tx| service::add(tx, new.clone()).map(SegmentBody::from)).await
}

/// List segments, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listSegments",
    tag = "Segments",
    params(Paging),
    responses((status = 200, body = Listing<SegmentBody>))
)]
#[get("/v1/segments")]
pub async fn list(call: Call) -> Answer {
    let page = call.query()?.page()?;
    call.get(move |tx| Ok(service::list(tx, &page)?.map(SegmentBody::from))).await
}

/// Read a segment.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getSegment",
    tag = "Segments",
    params(("id" = SegmentId, Path)),
    responses((status = 200, body = SegmentBody))
)]
#[get("/v1/segments/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("segment")?;
    call.get_versioned(move |tx| {
        let segment = service::get(tx, id)?;
        let version = segment.version;
        Ok((SegmentBody::from(segment), version))
    })
    .await
}

/// Change a segment: the fields named; the others stay.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. Whatever names it means it as it is now.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`,
/// `precondition_required`, `precondition_failed`.
#[utoipa::path(
    operation_id = "updateSegment",
    tag = "Segments",
    params(("id" = SegmentId, Path)),
    request_body(content = SegmentChanges, example = json!({"name": "Regulars"})),
    responses((status = 200, body = SegmentBody))
)]
#[patch("/v1/segments/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id("segment")?;
    let seen = call.if_match()?;
    let changes: SegmentChanges = call.body()?;
    call.patch_versioned(move |tx| {
        let segment = service::change(tx, id, &changes, &seen)?;
        let version = segment.version;
        Ok((SegmentBody::from(segment), version))
    })
    .await
}

/// Delete a segment.
///
/// One that another segment names, or a survey that is not over, stays: `by` says which.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `in_use`.
#[utoipa::path(
    operation_id = "deleteSegment",
    tag = "Segments",
    params(("id" = SegmentId, Path)),
    responses((status = 204, description = "Deleted"))
)]
#[delete("/v1/segments/{id}")]
pub async fn remove(call: Call) -> Answer {
    let id = call.id::<kind::Segment>("segment")?;
    call.delete(move |tx| service::delete(tx, id)).await
}

/// List the members who are in a segment now, newest first.
///
/// Active members alone. Each page is judged when it is asked for.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "listSegmentMembers",
    tag = "Segments",
    params(("id" = SegmentId, Path), Paging),
    responses((status = 200, body = Listing<MemberBody>))
)]
#[get("/v1/segments/{id}/members")]
pub async fn members(call: Call) -> Answer {
    let id = call.id("segment")?;
    let page = call.query()?.page()?;
    let caller = call.caller.clone();
    call.get(move |tx| {
        let Listing { data, next_cursor } = service::members(tx, id, &page)?;
        Ok(Listing { data: MemberBody::all_told(tx, data, &caller)?, next_cursor })
    })
    .await
}

/// Count the members who are in a segment now.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "countSegment",
    tag = "Segments",
    params(("id" = SegmentId, Path)),
    responses((status = 200, body = SegmentCount))
)]
#[get("/v1/segments/{id}/count")]
pub async fn count(call: Call) -> Answer {
    let id = call.id("segment")?;
    call.get(move |tx| service::count(tx, id)).await
}

/// Say whether a member is in a segment now, and why not.
///
/// `reasons` has each condition that keeps the member out, with what the member has and what would have to
/// be; those of segments that are named, with `segment_id`. Of `any`, all of its conditions.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "explainSegmentMember",
    tag = "Segments",
    params(("id" = SegmentId, Path), ("member_id" = MemberId, Path)),
    responses((status = 200, body = Verdict))
)]
#[get("/v1/segments/{id}/members/{member_id}")]
pub async fn explain(call: Call) -> Answer {
    let id = call.id("segment")?;
    let member: MemberId =
        call.path("member_id").parse().map_err(|_| Refusal::not_found("member"))?;
    call.get(move |tx| service::judge(tx, id, member)).await
}
