//! `GET /v1/asks`.

use actix_web::get;

use super::{
    AskBody, AskKind, AskState,
    service::{self, Sought},
};
use platform::{
    http::{Answer, Call, query::Paging},
    kernel::{
        error::Result,
        id::{MemberId, SurveyId},
        page::Listing,
    },
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
