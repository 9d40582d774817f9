//! `GET /v1/asks`, `GET /v1/members/{id}/asks/next`.

use std::collections::HashMap;

use actix_web::get;

use super::{
    AskBody, AskChannel, AskKind, AskState, NextAsk,
    governor::Verdict,
    service::{self, Governor, Sought},
};
use crate::{
    http::{Answer, Call, query::Paging},
    kernel::{
        error::Result,
        id::{MemberId, SurveyId},
        page::Listing,
    },
    program::members,
};

/// List what members are, were, or will not be asked for, newest first.
///
/// `reasons` says why one waits or was dropped.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listAsks",
    tag = "Surveys",
    params(
        ("member_id" = Option<MemberId>, Query, description = "Those of one member"),
        ("kind" = Option<AskKind>, Query, description = "Those of one kind"),
        ("state" = Option<AskState>, Query, description = "Those in one state"),
        ("survey_id" = Option<SurveyId>, Query, description = "Those of one survey"),
        Paging,
    ),
    responses((status = 200, body = Listing<AskBody>))
)]
#[get("/v1/asks")]
pub async fn list(call: Call) -> Answer {
    let query = call.query()?;
    let page = query.page()?;
    let sought = Sought {
        member: query.get("member_id")?,
        kind: query.get("kind")?,
        state: query.get("state")?,
        survey: query.get("survey_id")?,
    };
    call.get(move |tx| {
        let Listing { data, next_cursor } = service::list(tx, &sought, &page)?;
        let data = data.into_iter().map(AskBody::of).collect::<Result<Vec<_>>>()?;
        Ok(Listing { data, next_cursor })
    })
    .await
}

/// Read what a member may be asked for now, or from when on, kind by kind, and why not.
///
/// For letters unless another `channel` is named: those need the member's consent to marketing and
/// the day, which a page or a till does not.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    operation_id = "listNextAsks",
    tag = "Surveys",
    params(
        ("id" = MemberId, Path),
        ("channel" = inline(Option<AskChannel>), Query, description = "How the member would be asked")
    ),
    responses((status = 200, body = Listing<NextAsk>))
)]
#[get("/v1/members/{id}/asks/next")]
pub async fn next(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let channel = call.query()?.get::<AskChannel>("channel")?.unwrap_or(AskChannel::Letter);
    let caller = call.caller.clone();
    call.get(move |tx| {
        let member = members::service::read(tx, id, &caller)?;
        let governor = Governor::of(tx, &HashMap::from([(id, member)]))?;
        let next = |kind: &AskKind| {
            let reasons = governor.judge(id, *kind, channel, tx.now);
            let (allowed, from) = match Verdict::of(&reasons) {
                Verdict::Allowed => (true, Some(tx.now)),
                Verdict::Later(at) => (false, Some(at)),
                Verdict::Never => (false, None),
            };
            NextAsk { kind: *kind, allowed, from, reasons }
        };
        Ok(Listing { data: AskKind::ALL.iter().map(next).collect(), next_cursor: None })
    })
    .await
}
