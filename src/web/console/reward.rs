//! One reward: written by an admin, and what staff see of it beside its fields.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    desk::{Desk, Sent, SentFile, refused},
    frame::Frame,
    reward_form::{self, Typed, plain},
    today::staff_names,
};
use crate::web::{cards, pages::RewardCard, visit::see_other};
use platform::{
    db::Tx,
    http::Answer,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::RewardId,
        json,
        page::Page,
        version::Versions,
    },
};
use program::{
    pictures,
    rewards::{
        NewReward, RewardChanges, RewardKind, RewardState,
        codes::{self, Counts, UploadedCodes},
        history, service,
    },
};

/// How many changes are shown.
const CHANGES: i64 = 20;

#[derive(Serialize)]
struct RewardPage {
    #[serde(flatten)]
    frame: Frame,
    /// None for a new one.
    reward: Option<Known>,
    version: i64,
    /// The tags of the languages that it is described in, the program's first.
    languages: Vec<String>,
    typed: Typed,
    kinds: Vec<&'static str>,
    states: Vec<&'static str>,
    /// What became of a list of codes.
    uploaded: Option<UploadedCodes>,
}

/// What there is of a reward beside its fields.
#[derive(Serialize)]
struct Known {
    id: String,
    has_codes: bool,
    codes: Counts,
    /// As the shop shows it.
    card: RewardCard,
    history: Vec<Past>,
}

/// A change of it, for people.
#[derive(Serialize)]
struct Past {
    version: i64,
    changed_at: Timestamp,
    by: String,
    changes: Vec<Became>,
}

#[derive(Serialize)]
struct Became {
    field: String,
    from: String,
    to: String,
}

/// What a page shows that was not asked for by its address alone.
#[derive(Default)]
struct After<'a> {
    fault: Option<&'a Refusal>,
    /// What was typed into the form that was refused, and of which version.
    typed: Option<(Typed, i64)>,
    uploaded: Option<UploadedCodes>,
}

impl<'a> After<'a> {
    fn refused(fault: &'a Refusal) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }
}

fn id(desk: &Desk) -> Result<RewardId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("reward"))
}

/// `GET /console/rewards/new`
pub async fn new(desk: Desk) -> Answer {
    desk.admin()?;
    let currency = desk.visit.settings.currency.to_string();
    let typed = [("value_currency", currency), ("state", "draft".to_owned())];
    let typed = typed.map(|(name, text)| (name.to_owned(), text)).into();
    page(&desk, None, After { typed: Some((typed, 0)), ..After::default() }).await
}

/// `GET /console/rewards/{id}`
pub async fn show(desk: Desk) -> Answer {
    let id = id(&desk)?;
    page(&desk, Some(id), After::default()).await
}

async fn page(desk: &Desk, id: Option<RewardId>, after: After<'_>) -> Answer {
    let After { fault, typed, uploaded } = after;
    let program = desk.visit.settings.locale.clone();
    let (known, (typed, version)) = match id {
        None => (None, typed.unwrap_or_default()),
        Some(id) => {
            let reader = desk.visit.reader();
            let read = move |tx: &mut Tx<'_>| {
                let reward = service::get(tx, id)?;
                let known = Known {
                    id: id.to_string(),
                    has_codes: reward.has_codes,
                    codes: codes::service::counts(tx, id)?,
                    card: cards::card(&reward, &reader, None),
                    history: past(tx, id)?,
                };
                Ok((known, reward))
            };
            let (known, reward) = desk.store().read(read).await?;
            let typed = match typed {
                Some(typed) => typed,
                None => (reward_form::shown(&reward.fields.named(&program))?, reward.version),
            };
            (Some(known), typed)
        }
    };
    let languages = reward_form::languages(&program, &typed);
    let page = RewardPage {
        frame: desk.frame("rewards", fault),
        reward: known,
        version,
        typed: reward_form::filled(typed, &languages),
        languages,
        kinds: RewardKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        states: RewardState::ALL.iter().map(|state| state.as_str()).collect(),
        uploaded,
    };
    desk.page("reward", fault, &page)
}

fn past(tx: &mut Tx<'_>, id: RewardId) -> Result<Vec<Past>> {
    let changes = history::list(tx, id, &Page::first(CHANGES))?.data;
    let names = staff_names(tx, changes.iter().map(|change| change.actor.as_str()))?;
    let text = |value: Value| match value {
        Value::Object(parts) => {
            let told = parts.into_iter().map(|(name, part)| format!("{name}: {}", plain(part)));
            told.collect::<Vec<_>>().join(" · ")
        }
        other => plain(other),
    };
    let told = |change: history::RewardChange| Past {
        version: change.version,
        changed_at: change.changed_at,
        by: names.get(&change.actor).cloned().unwrap_or(change.actor),
        changes: change
            .changes
            .into_iter()
            .map(|one| Became { field: one.field, from: text(one.from), to: text(one.to) })
            .collect(),
    };
    Ok(changes.into_iter().map(told).collect())
}

/// `POST /console/rewards`
pub async fn add(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let by = desk.caller();
    let added = async {
        let body = Value::Object(reward_form::body(&typed)).to_string();
        let fields: NewReward = json::parse(body.as_bytes())?;
        desk.store().write(move |tx| service::add(tx, fields.clone(), &by)).await
    };
    match refused(added.await)? {
        Ok(reward) => Ok(see_other(&format!("/console/rewards/{}?done=saved", reward.id))),
        Err(refusal) => {
            let typed = Some((typed, 0));
            page(&desk, None, After { typed, ..After::refused(&refusal) }).await
        }
    }
}

/// `POST /console/rewards/{id}`
pub async fn change(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let (id, by, version) = (id(&desk)?, desk.caller(), version(&typed));
    let changes = RewardChanges::from(reward_form::body(&typed));
    let seen = Versions::These(vec![version]);
    let change = move |tx: &mut Tx<'_>| service::change(tx, id, &changes, &seen, &by);
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other(&format!("/console/rewards/{id}?done=saved"))),
        Err(refusal) => {
            let typed = Some((typed, version));
            page(&desk, Some(id), After { typed, ..After::refused(&refusal) }).await
        }
    }
}

fn version(typed: &Typed) -> i64 {
    typed.get("version").and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// `POST /console/rewards/{id}/picture`: as `POST /v1/pictures`, and it is the reward's.
pub async fn picture(SentFile { desk, form, file }: SentFile) -> Answer {
    desk.admin()?;
    let (id, by, seen) = (id(&desk)?, desk.caller(), Versions::These(vec![version(&form)]));
    let kept = async {
        let drawn = pictures::draw(file).await?;
        let keep = move |tx: &mut Tx<'_>| {
            let picture = pictures::service::add(tx, &drawn)?;
            let url = Map::from_iter([("image_url".to_owned(), Value::String(picture.image_url))]);
            service::change(tx, id, &RewardChanges::from(url), &seen, &by)
        };
        desk.store().write(keep).await
    };
    match refused(kept.await)? {
        Ok(_) => Ok(see_other(&format!("/console/rewards/{id}?done=saved"))),
        Err(refusal) => page(&desk, Some(id), After::refused(&refusal)).await,
    }
}

/// `POST /console/rewards/{id}/codes`: as `POST /v1/rewards/{id}/codes`, of a file or of what was
/// typed.
pub async fn upload(SentFile { desk, form, file }: SentFile) -> Answer {
    desk.admin()?;
    let (id, by) = (id(&desk)?, desk.caller());
    let typed = form.get("codes").map(String::as_str).unwrap_or_default().as_bytes();
    let list = if file.is_empty() { typed.to_vec() } else { file };
    let uploaded = async {
        let lines = codes::read(&list)?;
        desk.store().write(move |tx| codes::service::upload(tx, id, &lines, &by)).await
    };
    match refused(uploaded.await)? {
        Ok(told) => page(&desk, Some(id), After { uploaded: Some(told), ..After::default() }).await,
        Err(refusal) => page(&desk, Some(id), After::refused(&refusal)).await,
    }
}
