//! A perk for many: a file or a pasted list, looked through first, then given.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    desk::{Desk, SentFile, field, refused},
    frame::Frame,
    perks::perk_of,
};
use crate::web::visit::see_other;
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Error, Refusal, Result},
        id::PerkListId,
        json,
        locale::Reader,
    },
};
use program::{
    perks::{
        PerkKind,
        lists::{Line, NewPerkList, PerkListBody, service, text},
        service as perks,
    },
    rewards,
};

/// How many of one's own lists the page shows.
const SHOWN: i64 = 10;

#[derive(Serialize)]
struct ListsPage {
    #[serde(flatten)]
    frame: Frame,
    typed: BTreeMap<String, String>,
    kinds: Vec<&'static str>,
    rewards: Vec<(String, String)>,
    /// What would happen, before it does.
    preview: Option<PerkListBody>,
    lists: Vec<PerkListBody>,
    /// What one may still give this month; none for an admin.
    left: Option<i64>,
}

/// `GET /console/perks/many`
pub async fn show(desk: Desk) -> Answer {
    page(&desk, None, BTreeMap::new(), None).await
}

async fn page(
    desk: &Desk,
    fault: Option<&Refusal>,
    mut typed: BTreeMap<String, String>,
    preview: Option<PerkListBody>,
) -> Answer {
    let fields = ["kind", "points", "reward_id", "title", "reason", "message", "send_letter"];
    for name in fields.into_iter().chain(["members"]) {
        typed.entry(name.to_owned()).or_default();
    }
    let (by, user, reader) = (desk.caller(), desk.user.id, desk.visit.reader());
    let read = move |tx: &mut Tx<'_>| {
        let budget = perks::budget(tx, &by)?;
        let left = budget.bounds.map(|(_, all)| (all - budget.spent).max(0));
        Ok((choices(tx, &reader)?, service::newest(tx, user, SHOWN)?, left))
    };
    let (rewards, lists, left) = desk.store().read(read).await?;
    if !typed.contains_key("attempt") {
        let attempt = PerkListId::new(desk.now(), desk.store().chance());
        typed.insert("attempt".to_owned(), attempt.to_string());
    }
    let page = ListsPage {
        frame: desk.frame("perks", fault),
        typed,
        kinds: PerkKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        rewards,
        preview,
        lists,
        left,
    };
    desk.page("perk_lists", fault, &page)
}

fn choices(tx: &mut Tx<'_>, reader: &Reader) -> Result<Vec<(String, String)>> {
    let live = rewards::service::live(tx)?;
    Ok(live.iter().map(|reward| (reward.id.to_string(), reward.name(reader))).collect())
}

/// `POST /console/perks/many`: shows what would happen, and does it at the second press. What was
/// looked through is what is given: the file's members stand in the form from then on.
pub async fn give(SentFile { desk, form: mut typed, file }: SentFile) -> Answer {
    // what is no text is refused, and does not stand in the form
    if let (false, Ok(listed)) = (file.is_empty(), std::str::from_utf8(&file)) {
        typed.insert("members".to_owned(), listed.to_owned());
    }
    // what was chosen now was not looked through
    let now = typed.contains_key("now") && file.is_empty();
    match refused(asked(&desk, &typed, &file, now).await)? {
        Ok(list) if now => {
            service::begin(desk.store());
            Ok(see_other(&format!("/console/perks/lists/{}", list.id)))
        }
        Ok(list) => {
            // what was looked through is another list than any that was given before
            typed.remove("attempt");
            page(&desk, None, typed, Some(list)).await
        }
        Err(refusal) => page(&desk, Some(&refusal), typed, None).await,
    }
}

async fn asked(
    desk: &Desk,
    typed: &BTreeMap<String, String>,
    file: &[u8],
    now: bool,
) -> Result<PerkListBody> {
    let perk: NewPerkList = json::parse(perk_of(typed).to_string().as_bytes())?;
    let members = typed.get("members").map(String::as_bytes).unwrap_or_default();
    let lines: Vec<Line> = text(if file.is_empty() { members } else { file })?;
    let by = desk.caller();
    let attempt: PerkListId = field("/attempt", typed.get("attempt").map_or("", String::as_str))?;
    let submit = move |tx: &mut Tx<'_>| {
        let submit = |tx: &mut Tx<'_>, id| service::submit(tx, id, &perk, &lines, &by);
        let unused = tx.new_id();
        if now { submit(tx, attempt) } else { tx.rehearse(|tx| submit(tx, unused)) }
    };
    desk.store().write(submit).await
}

#[derive(Serialize)]
struct ListPage {
    #[serde(flatten)]
    frame: Frame,
    list: PerkListBody,
}

/// `GET /console/perks/lists/{id}`: how far it is.
pub async fn progress(desk: Desk) -> Answer {
    Query::parse(desk.visit.query(), &["done"])?;
    let id: PerkListId =
        desk.visit.path("id").parse().map_err(|_| Error::from(Refusal::not_found("perk list")))?;
    let list = desk.store().read(move |tx| service::read(tx, id)).await?;
    let page = ListPage { frame: desk.frame("perks", None), list };
    desk.page("perk_list", None, &page)
}
