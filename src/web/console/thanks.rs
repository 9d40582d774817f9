//! Thanks: whom to thank, what they said, and what to say.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::json;

use super::{
    desk::{Desk, Sent, field, refused},
    frame::Frame,
    sheet::{self, cell},
    thanks_person::{Person, Said, said},
    today::{names, staff_names},
};
use crate::{
    auth::users,
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{ThanksId, UserId},
        json,
        page::{Listing, Page},
    },
    program::{
        due,
        ledger::Settled,
        members,
        thanks::{
            AssignThanks, GiveThanks, Thanks, ThanksState, WaiveThanks,
            service::{self, Sought},
        },
    },
    web::{cards, visit::see_other},
};

/// What the queue may be asked for by.
const PARAMETERS: [&str; 5] = ["state", "owner_id", "overdue", "cursor", "done"];

/// Thanks, for a person.
#[derive(Serialize)]
struct Line {
    id: String,
    member_id: String,
    member: String,
    category: String,
    deed: String,
    state: String,
    way: String,
    /// Who is to thank; none where that is nobody in particular.
    owner: Option<String>,
    owed_at: Timestamp,
    due_at: Timestamp,
    given_at: Option<Timestamp>,
    overdue: bool,
    late: bool,
}

#[derive(Serialize)]
struct QueuePage {
    #[serde(flatten)]
    frame: Frame,
    /// Which of the filters is on.
    shown: &'static str,
    filters: Vec<(&'static str, String)>,
    thanks: Vec<Line>,
    csv: String,
    next: Option<String>,
}

fn lines(tx: &mut Tx<'_>, rows: &[Thanks]) -> Result<Vec<Line>> {
    let members = names(tx, rows.iter().map(|row| row.member_id))?;
    let owners: Vec<String> =
        rows.iter().filter_map(|row| Some(row.owner_id?.to_string())).collect();
    let owners = staff_names(tx, owners.iter().map(String::as_str))?;
    Ok(rows.iter().map(|row| line(row, members.get(&row.member_id), &owners, tx.now)).collect())
}

fn line(
    row: &Thanks,
    member: Option<&String>,
    owners: &HashMap<String, String>,
    now: Timestamp,
) -> Line {
    Line {
        id: row.id.to_string(),
        member_id: row.member_id.to_string(),
        member: member.cloned().unwrap_or_default(),
        category: row.category.to_string(),
        deed: row.for_type.to_string(),
        state: row.state.to_string(),
        way: row.way.to_string(),
        owner: row.owner_id.and_then(|owner| owners.get(&owner.to_string()).cloned()),
        owed_at: row.owed_at,
        due_at: row.due_at,
        given_at: row.given_at,
        overdue: row.is_overdue(now),
        late: row.is_late(),
    }
}

/// What of the query is asked for: what is owed, unless something else is.
fn sought(query: &Query) -> Result<Sought, Refusal> {
    let set = |name: &str| query.text(name).is_some_and(|text| !text.is_empty());
    let state = if set("state") { query.get("state")? } else { None };
    let state = state.unwrap_or(ThanksState::Owed);
    Ok(Sought {
        state: Some(state),
        owner: if set("owner_id") { query.get("owner_id")? } else { None },
        overdue: Some(true).filter(|_| query.flag("overdue").is_ok_and(|on| on)),
        newest_first: state != ThanksState::Owed,
        ..Sought::default()
    })
}

/// `GET /console/thanks?state=&owner_id=&overdue=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &PARAMETERS)?;
    query.flag("overdue")?;
    let sought = sought(&query)?;
    let page = query.page()?;
    let read = move |tx: &mut Tx<'_>| {
        let Listing { data, next_cursor } = service::list(tx, sought, &page)?;
        Ok((lines(tx, &data)?, next_cursor))
    };
    let (thanks, next_cursor) = desk.store().read(read).await?;
    let me = desk.user.id;
    let filters = vec![
        ("owed", String::new()),
        ("overdue", "overdue=true".to_owned()),
        ("mine", format!("owner_id={me}")),
        ("given", "state=given".to_owned()),
        ("waived", "state=waived".to_owned()),
    ];
    let shown = match sought {
        Sought { state: Some(ThanksState::Given), .. } => "given",
        Sought { state: Some(ThanksState::Waived), .. } => "waived",
        Sought { owner: Some(owner), .. } if owner == me => "mine",
        Sought { overdue: Some(true), owner: None, .. } => "overdue",
        Sought { owner: None, .. } => "owed",
        Sought { .. } => "",
    };
    let kept = ["state", "owner_id", "overdue"].into_iter().filter_map(|name| {
        let value = query.text(name).filter(|value| !value.is_empty())?;
        Some(format!("&{name}={}", crate::web::pages::segment(value)))
    });
    let kept: String = kept.collect();
    let kept = kept.trim_start_matches('&');
    let next = next_cursor.map(|cursor| {
        format!("/console/thanks?cursor={}&{kept}", crate::web::pages::segment(&cursor))
    });
    let page = QueuePage {
        frame: desk.frame("thanks", None),
        shown,
        filters,
        thanks,
        csv: format!("/console/thanks.csv?{kept}"),
        next,
    };
    desk.page("thanks", None, &page)
}

/// `GET /console/thanks.csv?…`
pub async fn csv(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &PARAMETERS)?;
    let sought = sought(&query)?;
    let columns = [
        "id",
        "member_id",
        "member",
        "for",
        "category",
        "state",
        "way",
        "owner",
        "owed_at",
        "due_at",
        "given_at",
        "late",
    ];
    sheet::file(&desk, "thanks", columns, move |tx, page| {
        let Listing { data, next_cursor } = service::list(tx, sought, page)?;
        let data = lines(tx, &data)?;
        Ok(Listing { data, next_cursor }.map(|line| {
            [
                line.id,
                line.member_id,
                line.member,
                line.deed,
                line.category,
                line.state,
                line.way,
                cell(line.owner),
                line.owed_at.to_string(),
                line.due_at.to_string(),
                cell(line.given_at),
                (line.late || line.overdue).to_string(),
            ]
        }))
    })
}

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
