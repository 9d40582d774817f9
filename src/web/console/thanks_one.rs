//! Thanks for one thing that somebody did: who they are, what they said, and what to say to them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::{
    desk::{Desk, Sent, field, refused},
    frame::Frame,
    thanks::{Line, lines},
    thanks_person::{Person, Said, said},
    today::staff_names,
};
use crate::web::{cards, visit::see_other};
use platform::{
    auth::users,
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Refusal, Result},
        id::{ThanksId, UserId},
        json,
        page::Page,
    },
};
use program::{
    due,
    ledger::Settled,
    members,
    thanks::{AssignThanks, GiveThanks, Thanks, WaiveThanks, service},
};

#[derive(Serialize)]
struct ThanksPage {
    #[serde(flatten)]
    frame: Frame,
    thanks: Line,
    message: Option<String>,
    given_by: Option<String>,
    waive_reason: Option<String>,
    person: Person,
    said: Option<Said>,
    /// Whether a letter reaches them.
    reached: bool,
    staff: Vec<(String, String)>,
    owner_id: Option<String>,
    typed: BTreeMap<String, String>,
}

/// `GET /console/thanks/{id}`
pub async fn show(desk: Desk) -> Answer {
    Query::parse(desk.visit.query(), &["done"])?;
    page(&desk, None, BTreeMap::new()).await
}

fn id(desk: &Desk) -> Result<ThanksId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("thanks"))
}

async fn page(desk: &Desk, fault: Option<&Refusal>, mut typed: BTreeMap<String, String>) -> Answer {
    let id = id(desk)?;
    let reader = desk.visit.reader();
    let member = desk.store().read(move |tx| Ok(service::get(tx, id)?.member_id)).await?;
    let read = move |tx: &mut Tx<'_>, of: Settled<'_>| {
        let thanks = service::get(tx, id)?;
        let member = members::service::get(tx, thanks.member_id)?;
        let actors: Vec<String> =
            [thanks.given_by.clone(), thanks.waived_by.clone()].into_iter().flatten().collect();
        let actors = staff_names(tx, actors.iter().map(String::as_str))?;
        let by = thanks.given_by.as_ref().or(thanks.waived_by.as_ref());
        let by = by.and_then(|label| actors.get(label).cloned());
        let said = said(tx, &thanks, &reader)?;
        let points = cards::balance(tx, of)?.available;
        let person = Person::of(tx, &member, &thanks, points)?;
        let opening = service::opening(&member, thanks.category)?;
        let reached = service::reach(tx, &member)?;
        let staff = users::list(tx, &Page::first(100), |all| all)?.data;
        let line = lines(tx, std::slice::from_ref(&thanks))?.pop();
        Ok((thanks, line, by, said, person, opening, reached, staff))
    };
    let (thanks, line, by, said, person, opening, reached, staff) =
        due::read(desk.store(), member, read).await?;
    typed.entry("message".to_owned()).or_insert(opening);
    for name in ["points", "reason"] {
        typed.entry(name.to_owned()).or_default();
    }
    typed.entry("how".to_owned()).or_insert(if reached { "letter" } else { "other" }.to_owned());
    let page = ThanksPage {
        frame: desk.frame("thanks", fault),
        thanks: line.ok_or_else(|| Refusal::not_found("thanks"))?,
        message: thanks.message.map(|message| message.to_string()),
        given_by: by,
        waive_reason: thanks.waive_reason.map(|reason| reason.to_string()),
        person,
        said,
        reached,
        staff: staff.into_iter().map(|user| (user.id.to_string(), user.name.to_string())).collect(),
        owner_id: thanks.owner_id.map(|owner| owner.to_string()),
        typed,
    };
    desk.page("thanks_one", fault, &page)
}

/// `POST /console/thanks/{id}/give`: as `POST /v1/thanks/{id}/give`.
pub async fn give(Sent { desk, form: typed }: Sent<BTreeMap<String, String>>) -> Answer {
    let given = async {
        let id = id(&desk)?;
        let text = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
        let mut ask = json!({
            "message": text("message"), "send_letter": text("how") == "letter",
        });
        match (text("points"), text("points").parse::<i64>()) {
            ("", _) => {}
            (_, Ok(points)) => ask["perk"] = json!({"points": points}),
            (points, Err(_)) => ask["perk"] = json!({"points": points}),
        }
        let ask: GiveThanks = json::parse(ask.to_string().as_bytes())?;
        let by = desk.caller();
        desk.store().write(move |tx| service::give(tx, id, &ask, &by)).await
    };
    after(&desk, given.await, typed, "thanks_given").await
}

/// `POST /console/thanks/{id}/assign`
pub async fn assign(Sent { desk, form: typed }: Sent<BTreeMap<String, String>>) -> Answer {
    let assigned = async {
        let id = id(&desk)?;
        let text = typed.get("owner_id").map(String::as_str).unwrap_or_default();
        let owner_id: UserId = field("/owner_id", text)?;
        desk.store().write(move |tx| service::assign(tx, id, AssignThanks { owner_id })).await
    };
    after(&desk, assigned.await, typed, "saved").await
}

/// `POST /console/thanks/{id}/waive`
pub async fn waive(Sent { desk, form: typed }: Sent<BTreeMap<String, String>>) -> Answer {
    desk.admin()?;
    let waived = async {
        let id = id(&desk)?;
        let text = typed.get("reason").map(String::as_str).unwrap_or_default();
        let ask = WaiveThanks { reason: field("/reason", text)? };
        let by = desk.caller();
        desk.store().write(move |tx| service::waive(tx, id, &ask, &by)).await
    };
    after(&desk, waived.await, typed, "thanks_waived").await
}

async fn after(
    desk: &Desk,
    done: Result<Thanks>,
    typed: BTreeMap<String, String>,
    word: &str,
) -> Answer {
    match refused(done)? {
        Ok(thanks) => Ok(see_other(&format!("/console/thanks/{}?done={word}", thanks.id))),
        Err(refusal) => page(desk, Some(&refusal), typed).await,
    }
}
