//! `GET|PATCH /v1/members/{id}/preferences`.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, patch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::members::consents::{self, ConsentPlace};
use platform::{
    db::Tx,
    http::{Answer, Call},
    kernel::{
        error::{Refusal, Result},
        holidays,
        id::MemberId,
    },
    messaging::{letters::Preference, preferences},
};

/// Which letters a member wants.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "marketing": true, "thank_you": true, "occasions": true, "surveys": false, "statements": false,
    "holidays": {}
}))]
#[expect(clippy::struct_excessive_bools, reason = "they are switches")]
pub struct Preferences {
    /// The member's `marketing_consent`; occasions and surveys need it as well.
    marketing: bool,
    thank_you: bool,
    occasions: bool,
    surveys: bool,
    /// A monthly statement of points; off until it is asked for.
    statements: bool,
    /// Holidays of which the member wants no greeting: `false` each. The others are on.
    holidays: BTreeMap<String, bool>,
}

/// Switches to turn; the others stay.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferenceChanges {
    marketing: Option<bool>,
    thank_you: Option<bool>,
    occasions: Option<bool>,
    surveys: Option<bool>,
    statements: Option<bool>,
    /// By the key of the holiday, as `GET /v1/holidays` lists them.
    holidays: Option<BTreeMap<String, bool>>,
}

impl PreferenceChanges {
    fn check(&self) -> Result<(), Refusal> {
        let unknown = |key: &&String| !holidays::is_known(key);
        match self.holidays.iter().flat_map(BTreeMap::keys).find(unknown) {
            Some(key) => {
                let key: String = key.chars().take(40).collect();
                Err(Refusal::field(format!("/holidays/{key}"), "is no holiday"))
            }
            None => Ok(()),
        }
    }
}

fn current(tx: &mut Tx<'_>, id: MemberId) -> Result<Preferences> {
    let switches = preferences::of(tx.conn, id)?.ok_or(Refusal::not_found("member"))?;
    Ok(Preferences {
        marketing: switches.marketing,
        thank_you: switches.thank_you,
        occasions: switches.occasions,
        surveys: switches.surveys,
        statements: switches.statements,
        holidays: switches.holidays_off.into_iter().map(|holiday| (holiday, false)).collect(),
    })
}

/// Read which letters a member wants.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getPreferences",
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
    operation_id = "updatePreferences",
    tag = "Members",
    params(("id" = MemberId, Path)),
    request_body(content = PreferenceChanges, example = json!({"marketing": true, "surveys": false})),
    responses((status = 200, body = Preferences))
)]
#[patch("/v1/members/{id}/preferences")]
pub async fn change(call: Call) -> Answer {
    let id: MemberId = call.id("member")?;
    let ask: PreferenceChanges = call.body()?;
    ask.check()?;
    let by = call.caller.clone();
    let preferences = call
        .store()
        .write(move |tx| {
            for (preference, wanted) in [
                (Preference::Marketing, ask.marketing),
                (Preference::ThankYou, ask.thank_you),
                (Preference::Occasions, ask.occasions),
                (Preference::Surveys, ask.surveys),
                (Preference::Statements, ask.statements),
            ] {
                if let Some(on) = wanted {
                    consents::turn(tx, id, preference, on, ConsentPlace::of(&by), &by.label())?;
                }
            }
            for (holiday, on) in ask.holidays.iter().flatten() {
                preferences::set_holiday(tx, id, holiday, *on)?;
            }
            current(tx, id)
        })
        .await?;
    Ok(HttpResponse::Ok().json(preferences))
}
