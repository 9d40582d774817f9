//! Perks and budgets: what was given, what waits for another person, and what one may still give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    desk::{Desk, Sent, field, refused},
    frame::Frame,
    member,
    sheet::{self, cell},
    today::names,
};
use crate::web::{posted::Nothing, visit::see_other};
use platform::{
    auth::Caller,
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, PerkId},
        json,
        page::Page,
        text::Reason,
    },
};
use program::perks::{
    GrantPerk, Perk, PerkState, Title,
    service::{self, Sought},
};

/// How many that wait for somebody Today shows.
const WAITING: i64 = 50;

/// A perk, for a person.
#[derive(Serialize)]
pub struct Line {
    id: String,
    member_id: String,
    member: String,
    kind: String,
    state: String,
    title: String,
    reason: String,
    points: Option<i64>,
    proposed_at: Timestamp,
    /// Whether whoever sits there may decide on it.
    may_decide: bool,
}

fn lines(tx: &mut Tx<'_>, perks: Vec<Perk>, who: &str) -> Result<Vec<Line>> {
    let names = names(tx, perks.iter().map(|perk| perk.member_id))?;
    let line = |perk: Perk| Line {
        id: perk.id.to_string(),
        member_id: perk.member_id.to_string(),
        member: names.get(&perk.member_id).cloned().unwrap_or_default(),
        kind: perk.kind.to_string(),
        state: perk.state.to_string(),
        title: perk.title.map(Title::into_string).unwrap_or_default(),
        reason: perk.reason.map(Reason::into_string).unwrap_or_default(),
        points: perk.points,
        proposed_at: perk.proposed_at,
        may_decide: perk.state == PerkState::Proposed && perk.proposed_by != who,
    };
    Ok(perks.into_iter().map(line).collect())
}

/// Those that wait for another person, as Today shows them.
pub fn waiting(tx: &mut Tx<'_>, who: &str) -> Result<Vec<Line>> {
    let sought = Sought { state: Some(PerkState::Proposed), ..Sought::default() };
    let found = service::list(tx, sought, &Page::first(WAITING))?.data;
    lines(tx, found, who)
}

/// A member's newest, as the member's page shows them.
pub fn of_member(tx: &mut Tx<'_>, member: MemberId, who: &str) -> Result<Vec<Line>> {
    let sought = Sought { member: Some(member), ..Sought::default() };
    let found = service::list(tx, sought, &Page::first(10))?.data;
    lines(tx, found, who)
}

#[derive(Serialize)]
struct PerksPage {
    #[serde(flatten)]
    frame: Frame,
    state: String,
    states: Vec<&'static str>,
    perks: Vec<Line>,
    next_cursor: Option<String>,
    spent: i64,
    /// None for an admin, whom nothing binds.
    budget: Option<i64>,
    limit: Option<i64>,
}

/// `GET /console/perks?state=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    page(&desk, None).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>) -> Answer {
    let query = match fault {
        None => Query::parse(desk.visit.query(), &["state", "cursor", "done"])?,
        Some(_) => Query::default(),
    };
    let state = query.text("state").unwrap_or_default().to_owned();
    let wanted = if state.is_empty() { None } else { query.get::<PerkState>("state")? };
    let page = query.page()?;
    let (by, who) = (desk.caller(), desk.caller().label());
    let read = move |tx: &mut Tx<'_>| {
        let sought = Sought { state: wanted, ..Sought::default() };
        let listing = service::list(tx, sought, &page)?;
        let budget = service::budget(tx, &by)?;
        Ok((lines(tx, listing.data, &who)?, listing.next_cursor, budget))
    };
    let (perks, next_cursor, budget) = desk.store().read(read).await?;
    let page = PerksPage {
        frame: desk.frame("perks", fault),
        state,
        states: PerkState::ALL.iter().map(|state| state.as_str()).collect(),
        perks,
        next_cursor,
        spent: budget.spent,
        limit: budget.bounds.map(|(limit, _)| limit),
        budget: budget.bounds.map(|(_, budget)| budget),
    };
    desk.page("perks", fault, &page)
}

/// `GET /console/perks.csv?state=`
pub async fn csv(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &["state"])?;
    let state = match query.text("state") {
        None | Some("") => None,
        Some(_) => query.get::<PerkState>("state")?,
    };
    let columns = [
        "id",
        "member_id",
        "member",
        "kind",
        "state",
        "title",
        "reason",
        "points",
        "proposed_by",
        "proposed_at",
        "granted_by",
        "granted_at",
    ];
    sheet::file(&desk, "perks", columns, move |tx, page| {
        let listing = service::list(tx, Sought { state, ..Sought::default() }, page)?;
        let names = names(tx, listing.data.iter().map(|perk| perk.member_id))?;
        Ok(listing.map(|perk| {
            let member = names.get(&perk.member_id).cloned().unwrap_or_default();
            let [id, member_id] = [perk.id.to_string(), perk.member_id.to_string()];
            let [kind, state] = [perk.kind.to_string(), perk.state.to_string()];
            let [title, reason] = [cell(perk.title), cell(perk.reason)];
            let (proposed_at, granted_by) = (perk.proposed_at.to_string(), cell(perk.granted_by));
            [
                id,
                member_id,
                member,
                kind,
                state,
                title,
                reason,
                cell(perk.points),
                perk.proposed_by,
                proposed_at,
                granted_by,
                cell(perk.granted_at),
            ]
        }))
    })
}

/// A perk's form as the API's body, without whom it is for.
pub fn perk_of(typed: &BTreeMap<String, String>) -> Value {
    let text = |name: &str| typed.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let number = |name: &str| {
        text(name).map(|typed| typed.parse::<i64>().map_or_else(|_| json!(typed), Value::from))
    };
    let kind = text("kind").unwrap_or_default();
    json!({
        "kind": kind,
        "points": number("points").filter(|_| kind == "points"),
        "reward_id": text("reward_id").filter(|_| kind == "reward"),
        "title": text("title").unwrap_or_default(),
        "reason": text("reason").unwrap_or_default(),
        "message": text("message"),
        "send_letter": text("send_letter").is_some(),
    })
}

/// `POST /console/members/{id}/perk`: as `POST /v1/perks`.
pub async fn give(Sent { desk, form: typed }: Sent<BTreeMap<String, String>>) -> Answer {
    let id = member::id(&desk)?;
    let mut body = perk_of(&typed);
    body["member_id"] = json!(id);
    let given = async {
        let (ask, by): (GrantPerk, _) = (json::parse(body.to_string().as_bytes())?, desk.caller());
        desk.store().write(move |tx| service::give(tx, &ask, &by)).await
    };
    match refused(given.await)? {
        Ok(perk) => {
            let done =
                if perk.state == PerkState::Proposed { "perk_proposed" } else { "perk_given" };
            Ok(see_other(&format!("/console/members/{id}?done={done}")))
        }
        Err(refusal) => member::page(&desk, Some(&refusal), member::Typed::of(&typed)).await,
    }
}

fn perk(desk: &Desk) -> Result<PerkId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("perk"))
}

/// `POST /console/perks/{id}/approve`
pub async fn approve(Sent { desk, .. }: Sent<Nothing>) -> Answer {
    let (id, by) = (perk(&desk)?, desk.caller());
    let done = desk.store().write(move |tx| service::approve(tx, id, &by)).await;
    after(&desk, done, "perk_approved").await
}

/// Why a perk is declined or taken back.
#[derive(Deserialize)]
pub struct End {
    reason: String,
}

/// `POST /console/perks/{id}/decline`
pub async fn decline(Sent { desk, form }: Sent<End>) -> Answer {
    after(&desk, ended(&desk, &form, service::decline).await, "perk_declined").await
}

/// `POST /console/perks/{id}/revoke`
pub async fn revoke(Sent { desk, form }: Sent<End>) -> Answer {
    after(&desk, ended(&desk, &form, service::revoke).await, "perk_revoked").await
}

type Ending = fn(&mut Tx<'_>, PerkId, &Reason, &Caller) -> Result<Perk>;

async fn ended(desk: &Desk, form: &End, end: Ending) -> Result<Perk> {
    let (id, by, reason) = (perk(desk)?, desk.caller(), field::<Reason>("/reason", &form.reason)?);
    desk.store().write(move |tx| end(tx, id, &reason, &by)).await
}

async fn after(desk: &Desk, outcome: Result<Perk>, done: &str) -> Answer {
    match refused(outcome)? {
        Ok(_) => Ok(see_other(&format!("/console/perks?done={done}"))),
        Err(refusal) => page(desk, Some(&refusal)).await,
    }
}
