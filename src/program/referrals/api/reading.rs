//! Looking at referrals. What is due of them is done before they are read.

use actix_web::{get, post};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ReferralBody;
use crate::{
    members,
    period::Span,
    referrals::{
        ReferralState,
        service::{self, Due, Moment, Sought},
    },
};
use platform::{
    http::{Answer, Call, limits::UNKNOWN_CODES, query::Paging},
    kernel::{
        error::Refusal,
        id::{MemberId, ReferralId},
        page::{Listing, Page},
        text::Line,
    },
};

async fn listing(call: &Call, sought: Sought, page: Page) -> Answer {
    let reader = call.caller.clone();
    call.get(move |tx| {
        let Listing { data, next_cursor } = service::list(tx, &sought, &page)?;
        Ok(Listing { data: ReferralBody::all(tx, data, &reader)?, next_cursor })
    })
    .await
}

/// List referrals, newest first.
///
/// With `when`, those whose moment of that name lies in `[from, to)`: local dates, in the program's
/// time zone unless another is named. They are the rows that `/v1/referrals/stats` counts.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listReferrals",
    tag = "Referrals",
    params(
        ("referrer_id" = Option<MemberId>, Query, description = "Those of one referrer"),
        ("state" = Option<ReferralState>, Query, description = "Those in one state"),
        ("case_id" = Option<ReferralId>, Query, description = "Those that are doubted together"),
        ("when" = inline(Option<Moment>), Query, description = "By which moment they are chosen"),
        Span,
        Paging,
    ),
    responses((status = 200, body = Listing<ReferralBody>))
)]
#[get("/v1/referrals")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let page = query.page()?;
    let when = query.get::<Moment>("when")?;
    let span = Span::read(&query)?;
    if when.is_none() && span.is_given() {
        return Err(Refusal::field("?when", "is required with from and to").into());
    }
    let mut sought = Sought {
        referrer: query.get("referrer_id")?,
        state: query.get("state")?,
        case: query.get("case_id")?,
        within: None,
    };
    if let Some(when) = when {
        let period = call.store().read(move |tx| span.period(tx)).await?;
        sought.within = Some((when, period.instants()));
    }
    if let Some(referrer) = sought.referrer {
        service::advance_due(call.store(), Due::Of(referrer)).await?;
    }
    listing(&call, sought, page).await
}

/// Read a referral.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getReferral",
    tag = "Referrals",
    params(("id" = ReferralId, Path)),
    responses((status = 200, body = ReferralBody))
)]
#[get("/v1/referrals/{id}")]
pub async fn read(call: Call) -> Answer {
    let id: ReferralId = call.id("referral")?;
    let reader = call.caller.clone();
    let seen = call.store().read(move |tx| service::get(tx, id)).await?;
    let may = |member| reader.sees(member, "referral");
    may(seen.referrer_id).or_else(|_| may(seen.referee_id))?;
    service::advance_due(call.store(), Due::Of(seen.referee_id)).await?;
    call.get(move |tx| {
        let referral = service::get(tx, id)?;
        ReferralBody::one(tx, referral, &reader)
    })
    .await
}

/// List those whom a member brought, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "listMemberReferrals",
    tag = "Referrals",
    params(("id" = MemberId, Path), Paging),
    responses((status = 200, body = Listing<ReferralBody>))
)]
#[get("/v1/members/{id}/referrals")]
pub async fn list_of_member(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let page = call.query()?.page()?;
    let caller = call.caller.clone();
    call.store().read(move |tx| members::service::read(tx, id, &caller).map(drop)).await?;
    service::advance_due(call.store(), Due::Of(id)).await?;
    listing(&call, Sought { referrer: Some(id), ..Sought::default() }, page).await
}

/// Read by which referral a member came.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getReferralOfMember",
    tag = "Referrals",
    params(("id" = MemberId, Path)),
    responses((status = 200, body = ReferralBody))
)]
#[get("/v1/members/{id}/referral")]
pub async fn own(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    service::advance_due(call.store(), Due::Of(id)).await?;
    let reader = call.caller.clone();
    call.get(move |tx| {
        members::service::read(tx, id, &reader)?;
        let found = service::of_referee(tx, id)?.ok_or(Refusal::not_found("referral"))?;
        ReferralBody::one(tx, found, &reader)
    })
    .await
}

/// By whose code a member came.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Hyphens, spaces and case don't matter.
    referral_code: Line<100>,
}

/// Say who told a member, by that one's code.
///
/// Within `referral_window_days` of joining, once: the first stands, and the same again answers it.
/// Orders that the member placed since joining count. 30 unknown codes a minute for each caller.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `already_referred`,
/// `limit_reached` after that time, `too_many_requests`.
#[utoipa::path(
    operation_id = "claimReferral",
    tag = "Referrals",
    params(("id" = MemberId, Path)),
    request_body(content = Claim, example = json!({"referral_code": "K7Q2-M9XT"})),
    responses((status = 200, body = ReferralBody))
)]
#[post("/v1/members/{id}/referral")]
pub async fn claim(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let Claim { referral_code } = call.body()?;
    let (who, wall) = (call.caller.label(), call.store().clock().wall());
    call.app.throttle.check(UNKNOWN_CODES, &who, wall)?;
    let reader = call.caller.clone();
    let answer = call
        .post_ok(move |tx| {
            members::service::read(tx, id, &reader)?;
            let referral = service::claim(tx, id, referral_code.as_str())?;
            ReferralBody::one(tx, referral, &reader)
        })
        .await;
    let is_unknown = match &answer {
        Ok(answer) => answer.status() == actix_web::http::StatusCode::UNPROCESSABLE_ENTITY,
        Err(problem) => problem.json()["code"] == "invalid_request",
    };
    if is_unknown {
        call.app.throttle.count(UNKNOWN_CODES, &who, wall)?;
    }
    answer
}
