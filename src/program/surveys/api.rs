//! `/v1/surveys`, `POST /v1/asks`, `GET /v1/members/{id}/asks/next`.

use actix_web::{get, patch, post};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    NewSurvey, SurveyBody, SurveyChanges, SurveyState,
    body::SurveySending,
    service::{self, AskOfShop},
};
use crate::{
    asks::{AskBody, AskChannel, AskKind, NextAsk, Reason, governor::Verdict},
    members,
};
use platform::{
    http::{Answer, Call, query::Paging},
    kernel::{
        error::Refusal,
        id::{MemberId, SurveyId},
        locale::Locale,
        page::Listing,
        text::Line,
    },
    settings,
};

/// Make a survey, as a draft.
///
/// One question on the scale of its kind: `nps` 0 to 10, `csat` 1 to 5, `ces` 1 to 7. It asks by
/// letter once it is published: after what `trigger` says, of those whom the draw of
/// `sample_percent` takes, when the member may be asked for anything (`GET
/// /v1/members/{id}/asks/next`). `points` are for the answer, whatever it says.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "createSurvey",
    tag = "Surveys",
    request_body(content = NewSurvey, example = json!({
        "kind": "nps",
        "name": "After the first parcel",
        "question": {
            "en": "How likely are you to recommend us to a friend?",
            "is": "Hversu líklegt er að þú mælir með okkur við vin?"
        },
        "trigger": {"on": "order_fulfilled", "after_days": 3},
        "max_per_day": 500,
        "remind_after_days": 5
    })),
    responses((status = 201, body = SurveyBody))
)]
#[post("/v1/surveys")]
pub async fn add(call: Call) -> Answer {
    let new: NewSurvey = call.body()?;
    call.post_created(move |tx| service::add(tx, new.clone()).map(SurveyBody::from)).await
}

/// List surveys, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listSurveys",
    tag = "Surveys",
    params(Paging),
    responses((status = 200, body = Listing<SurveyBody>))
)]
#[get("/v1/surveys")]
pub async fn list(call: Call) -> Answer {
    let page = call.query()?.page()?;
    call.get(move |tx| Ok(service::list(tx, &page)?.map(SurveyBody::from))).await
}

/// Read a survey.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getSurvey",
    tag = "Surveys",
    params(
        ("id" = SurveyId, Path),
        ("locale" = Option<Locale>, Query, description = "Its texts in this language alone")
    ),
    responses((status = 200, body = SurveyBody))
)]
#[get("/v1/surveys/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id("survey")?;
    let locale: Option<Locale> = call.query()?.get("locale")?;
    call.get_versioned(move |tx| {
        let survey = service::get(tx, id)?;
        let version = survey.version;
        let body = SurveyBody::from(survey);
        Ok(match locale {
            None => (body, version),
            Some(locale) => {
                let program = settings::service::get(tx)?.locale;
                (body.in_language(locale, &program), version)
            }
        })
    })
    .await
}

/// Change a survey: the fields named; the others stay.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. Once published, its kind, question and trigger
/// stay, or its answers could not be compared.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`,
/// `precondition_required`, `precondition_failed`.
#[utoipa::path(
    operation_id = "updateSurvey",
    tag = "Surveys",
    params(("id" = SurveyId, Path)),
    request_body(content = SurveyChanges, example = json!({"max_per_day": 200})),
    responses((status = 200, body = SurveyBody))
)]
#[patch("/v1/surveys/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id("survey")?;
    let seen = call.if_match()?;
    let changes: SurveyChanges = call.body()?;
    call.patch_versioned(move |tx| {
        let survey = service::change(tx, id, &changes, &seen)?;
        let version = survey.version;
        Ok((SurveyBody::from(survey), version))
    })
    .await
}

async fn turn(call: Call, to: SurveyState) -> Answer {
    let id: SurveyId = call.id("survey")?;
    call.no_body()?;
    call.post_ok(move |tx| service::turn(tx, id, to).map(SurveyBody::from)).await
}

/// Publish a survey, or go on with one that is paused: it asks from now on.
///
/// What happened before is not asked about. One that is live answers as it is.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "publishSurvey",
    tag = "Surveys",
    params(("id" = SurveyId, Path)),
    responses((status = 200, body = SurveyBody))
)]
#[post("/v1/surveys/{id}/publish")]
pub async fn publish(call: Call) -> Answer {
    turn(call, SurveyState::Live).await
}

/// Pause a survey: no letter goes out. What went out is answered as before.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "pauseSurvey",
    tag = "Surveys",
    params(("id" = SurveyId, Path)),
    responses((status = 200, body = SurveyBody))
)]
#[post("/v1/surveys/{id}/pause")]
pub async fn pause(call: Call) -> Answer {
    turn(call, SurveyState::Paused).await
}

/// End a survey for good: what waits is dropped. Letters that are out can be answered in their time.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `invalid_transition`.
#[utoipa::path(
    operation_id = "endSurvey",
    tag = "Surveys",
    params(("id" = SurveyId, Path)),
    responses((status = 200, body = SurveyBody))
)]
#[post("/v1/surveys/{id}/end")]
pub async fn end(call: Call) -> Answer {
    turn(call, SurveyState::Ended).await
}

/// Whom to ask now: either some members, or the survey's audience.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendSurvey {
    #[serde(default)]
    #[schema(max_items = 1000)]
    member_ids: Vec<MemberId>,
    /// Everybody whom it is for.
    #[serde(default)]
    audience: bool,
}

/// Ask by hand: once a local day, however often it is sent.
///
/// The governor and the draw decide as for all asks. An audience is worked off by the server.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `survey_closed`.
#[utoipa::path(
    operation_id = "sendSurvey",
    tag = "Surveys",
    params(
        ("id" = SurveyId, Path),
        ("dry_run" = Option<bool>, Query, description = "Only say what would happen")
    ),
    request_body(content = SendSurvey, example = json!({"audience": true})),
    responses((status = 200, body = SurveySending))
)]
#[post("/v1/surveys/{id}/send")]
pub async fn send(call: Call) -> Answer {
    let id: SurveyId = call.id("survey")?;
    let SendSurvey { member_ids, audience } = call.body()?;
    match (member_ids.len(), audience) {
        (0, false) => {
            return Err(
                Refusal::field("/member_ids", "must name somebody, or audience be true").into()
            );
        }
        (1001.., _) => return Err(Refusal::field("/member_ids", "must be at most 1000").into()),
        (1.., true) => {
            return Err(
                Refusal::field("/member_ids", "must be empty where audience is true").into()
            );
        }
        _ => {}
    }
    let call = call.about(member_ids.clone());
    call.post_ok(move |tx| {
        let sent = if audience {
            service::send_to_audience(tx, id)?
        } else {
            service::send(tx, id, &member_ids)?
        };
        Ok(SurveySending::from(sent))
    })
    .await
}

/// What the shop itself is about to ask for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAsk {
    member_id: MemberId,
    kind: AskKind,
    /// A survey's id for kind `survey`; else what the shop calls it.
    #[serde(rename = "ref")]
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    reference: Line<200>,
    /// `page` or `till`.
    channel: AskChannel,
}

/// Ask a member on a page of the shop, or at the till: first ask whether that may be.
///
/// The same governor decides as over letters, and counts it. Show the prompt only on 201; a survey is
/// answered at `page_url`, or by `POST /v1/answers`.
/// What stands against it comes with the refusal, all at once.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `ask_refused`,
/// `survey_closed`.
#[utoipa::path(
    operation_id = "createAsk",
    tag = "Surveys",
    request_body(content = NewAsk, example = json!({
        "member_id": "mem_01m7zr4g2tfw1b4ww8pvq0tkz1",
        "kind": "review",
        "ref": "PC-1042",
        "channel": "page"
    })),
    responses((status = 201, body = AskBody))
)]
#[post("/v1/asks")]
pub async fn ask(call: Call) -> Answer {
    let NewAsk { member_id, kind, reference, channel } = call.body()?;
    if channel == AskChannel::Letter {
        return Err(Refusal::field(
            "/channel",
            "must be page or till: letters go out by themselves",
        )
        .into());
    }
    let call = call.about([member_id]);
    call.post_created(move |tx| {
        let shop = AskOfShop { member: member_id, kind, reference: reference.clone(), channel };
        let (ask, page_url) = service::ask(tx, shop)?;
        Ok(AskBody::of(ask)?.at_page(page_url))
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
        let (all, now) = (service::why_not(tx, member, channel)?, tx.now);
        let next = |(kind, reasons): (AskKind, Vec<Reason>)| {
            let (allowed, from) = match Verdict::of(&reasons) {
                Verdict::Allowed => (true, Some(now)),
                Verdict::Later(at) => (false, Some(at)),
                Verdict::Never => (false, None),
            };
            NextAsk { kind, allowed, from, reasons }
        };
        Ok(Listing { data: all.into_iter().map(next).collect(), next_cursor: None })
    })
    .await
}
