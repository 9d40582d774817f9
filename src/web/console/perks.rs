//! Perks and budgets: what was given, what waits for another person, and what one may still give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
    member,
};
use crate::{
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
    program::{
        members,
        perks::{
            GrantPerk, Perk, PerkState,
            service::{self, Sought},
        },
    },
    web::visit::{Nothing, see_other},
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

fn line(tx: &mut Tx<'_>, perk: Perk, who: &str) -> Result<Line> {
    let member = members::service::get(tx, perk.member_id)?;
    Ok(Line {
        id: perk.id.to_string(),
        member_id: member.id.to_string(),
        member: member.full_name().unwrap_or_else(|| member.id.to_string()),
        kind: perk.kind.to_string(),
        state: perk.state.to_string(),
        title: perk.title.map(|title| title.to_string()).unwrap_or_default(),
        reason: perk.reason.map(|reason| reason.to_string()).unwrap_or_default(),
        points: perk.points,
        proposed_at: perk.proposed_at,
        may_decide: perk.state == PerkState::Proposed && perk.proposed_by != who,
    })
}

fn lines(tx: &mut Tx<'_>, perks: Vec<Perk>, who: &str) -> Result<Vec<Line>> {
    perks.into_iter().map(|perk| line(tx, perk, who)).collect()
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

/// `POST /console/members/{id}/perk`: as `POST /v1/perks`.
pub async fn give(Sent { desk, form: typed }: Sent<BTreeMap<String, String>>) -> Answer {
    let id = member::id(&desk)?;
    let text = |name: &str| typed.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let number = |name: &str| {
        text(name).map(|typed| typed.parse::<i64>().map_or_else(|_| json!(typed), Value::from))
    };
    let kind = text("kind").unwrap_or_default();
    let body = json!({
        "member_id": id,
        "kind": kind,
        "points": number("points").filter(|_| kind == "points"),
        "reward_id": text("reward_id").filter(|_| kind == "reward"),
        "title": text("title").unwrap_or_default(),
        "reason": text("reason").unwrap_or_default(),
        "message": text("message"),
        "send_letter": text("send_letter").is_some(),
    });
    let ask: Result<GrantPerk, Refusal> = json::parse(body.to_string().as_bytes());
    let given = match ask {
        Ok(ask) => {
            let by = desk.caller();
            refused(desk.store().write(move |tx| service::give(tx, &ask, &by)).await)?
        }
        Err(refusal) => Err(refusal),
    };
    match given {
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
    after(&desk, refused(done)?, "perk_approved").await
}

/// Why a perk is declined or taken back.
#[derive(Deserialize)]
pub struct End {
    reason: String,
}

/// `POST /console/perks/{id}/decline`
pub async fn decline(Sent { desk, form }: Sent<End>) -> Answer {
    let (id, by) = (perk(&desk)?, desk.caller());
    let done = match reason(&form) {
        Ok(reason) => {
            let decline = move |tx: &mut Tx<'_>| service::decline(tx, id, &reason, &by);
            refused(desk.store().write(decline).await)?
        }
        Err(refusal) => Err(refusal),
    };
    after(&desk, done, "perk_declined").await
}

/// `POST /console/perks/{id}/revoke`
pub async fn revoke(Sent { desk, form }: Sent<End>) -> Answer {
    let (id, by) = (perk(&desk)?, desk.caller());
    let done = match reason(&form) {
        Ok(reason) => {
            let revoke = move |tx: &mut Tx<'_>| service::revoke(tx, id, &reason, &by);
            refused(desk.store().write(revoke).await)?
        }
        Err(refusal) => Err(refusal),
    };
    after(&desk, done, "perk_revoked").await
}

fn reason(form: &End) -> Result<Reason, Refusal> {
    form.reason.parse().map_err(|why| Refusal::field("/reason", format!("{why}")))
}

async fn after(desk: &Desk, outcome: Result<Perk, Refusal>, done: &str) -> Answer {
    match outcome {
        Ok(_) => Ok(see_other(&format!("/console/perks?done={done}"))),
        Err(refusal) => page(desk, Some(&refusal)).await,
    }
}
