//! `GET|PATCH /v1/members/{id}/preferences`.

use actix_web::{HttpResponse, get, patch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    db::Tx,
    http::{Answer, Call},
    kernel::{
        error::{Refusal, Result},
        id::MemberId,
        json::Object,
    },
    messaging::{letters::Preference, preferences},
};

/// Which letters a member wants.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "marketing": true, "thank_you": true, "occasions": true, "surveys": false, "holidays": {}
}))]
#[expect(clippy::struct_excessive_bools, reason = "they are switches")]
pub struct Preferences {
    /// The member's `marketing_consent`; occasions and surveys need it as well.
    marketing: bool,
    thank_you: bool,
    occasions: bool,
    surveys: bool,
    /// A switch for each holiday; there are none yet.
    holidays: Holidays,
}

/// The holidays of the program: none yet.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holidays {}

/// Switches to turn; the others stay.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferenceChanges {
    marketing: Option<bool>,
    thank_you: Option<bool>,
    occasions: Option<bool>,
    surveys: Option<bool>,
    #[serde(default, rename = "holidays")]
    #[schema(value_type = Option<Holidays>)]
    _holidays: Option<Object<Holidays>>,
}

fn current(tx: &mut Tx<'_>, id: MemberId) -> Result<Preferences> {
    let switches = preferences::of(tx.conn, id)?.ok_or(Refusal::not_found("member"))?;
    Ok(Preferences {
        marketing: switches.marketing,
        thank_you: switches.thank_you,
        occasions: switches.occasions,
        surveys: switches.surveys,
        holidays: Holidays {},
    })
}

/// Read which letters a member wants.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    tag = "Members",
    params(("id" = MemberId, Path)),
    responses((status = 200, body = Preferences))
)]
#[get("/v1/members/{id}/preferences")]
pub async fn read(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    call.get(move |tx| current(tx, id)).await
}

/// Change which letters a member wants: those named, the others stay.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    tag = "Members",
    params(("id" = MemberId, Path)),
    request_body(content = PreferenceChanges, example = json!({"marketing": true, "surveys": false})),
    responses((status = 200, body = Preferences))
)]
#[patch("/v1/members/{id}/preferences")]
pub async fn change(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let ask: PreferenceChanges = call.body()?;
    let preferences = call
        .store()
        .write(move |tx| {
            for (preference, wanted) in [
                (Preference::Marketing, ask.marketing),
                (Preference::ThankYou, ask.thank_you),
                (Preference::Occasions, ask.occasions),
                (Preference::Surveys, ask.surveys),
            ] {
                if let Some(on) = wanted {
                    preferences::set(tx, id, preference, on)?;
                }
            }
            current(tx, id)
        })
        .await?;
    Ok(HttpResponse::Ok().json(preferences))
}
