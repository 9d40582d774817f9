//! The catalogue, as staff sees it and an admin writes it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
};
use crate::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Refusal, Result},
        id::RewardId,
        json,
        locale::{Language, Locale, Reader},
        money::Money,
        version::Versions,
    },
    program::rewards::{NewReward, Reward, RewardChanges, RewardKind, RewardState, service},
    web::visit::see_other,
};

#[derive(Serialize)]
struct RewardsPage {
    #[serde(flatten)]
    frame: Frame,
    state: String,
    states: Vec<&'static str>,
    rewards: Vec<Line>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    kind: String,
    state: String,
    cost_points: i64,
    stock: Option<i64>,
}

impl Line {
    fn of(reward: &Reward, reader: &Reader) -> Self {
        Self {
            name: reward.name(reader),
            id: reward.id.to_string(),
            kind: reward.fields.kind.to_string(),
            state: reward.fields.state.to_string(),
            cost_points: reward.fields.cost_points.get(),
            stock: reward.fields.stock.map(crate::kernel::whole::Whole::get),
        }
    }
}

/// `GET /console/rewards?state=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &["state", "cursor", "done"])?;
    let state = query.text("state").unwrap_or_default().to_owned();
    let wanted = if state.is_empty() { None } else { query.get::<RewardState>("state")? };
    let page = query.page()?;
    let states: Vec<RewardState> = match wanted {
        Some(one) => vec![one],
        None => RewardState::ALL.to_vec(),
    };
    let listing = desk.store().read(move |tx| service::list(tx, &states, &page)).await?;
    let reader = desk.visit.reader();
    let page = RewardsPage {
        frame: desk.frame("rewards", None),
        state,
        states: RewardState::ALL.iter().map(|state| state.as_str()).collect(),
        rewards: listing.data.iter().map(|reward| Line::of(reward, &reader)).collect(),
        next_cursor: listing.next_cursor,
    };
    desk.page("rewards", None, &page)
}

/// A form's fields by name, as they were typed.
type Typed = BTreeMap<String, String>;

#[derive(Serialize)]
struct RewardPage {
    #[serde(flatten)]
    frame: Frame,
    /// None for a new one.
    id: Option<String>,
    version: i64,
    /// The tags of the languages that it is described in, the program's first.
    languages: Vec<String>,
    typed: Typed,
    kinds: Vec<&'static str>,
    states: Vec<&'static str>,
}

/// What is there in each language: a form has `name:is` and so on.
const TEXTS: [&str; 3] = ["name", "description", "terms"];

const FIELDS: [&str; 13] = [
    "kind",
    "cost_points",
    "value_amount",
    "value_currency",
    "stock",
    "per_member_limit",
    "per_member_month_limit",
    "per_member_year_limit",
    "tiers",
    "starts_at",
    "ends_at",
    "state",
    "image_url",
];

/// The program's language, those that pages speak, and what there is already.
fn languages(desk: &Desk, typed: &Typed) -> Vec<String> {
    let mut tags = vec![desk.visit.settings.locale.to_string()];
    let program = &desk.visit.settings.locale;
    let spoken = Language::ALL.map(Locale::from).into_iter();
    tags.extend(spoken.filter(|one| !one.is_like(program)).map(|one| one.to_string()));
    let there = typed.keys().filter_map(|name| name.split_once(':')).map(|(_, tag)| tag.to_owned());
    for tag in there {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn page(
    desk: &Desk,
    fault: Option<&Refusal>,
    id: Option<RewardId>,
    version: i64,
    mut typed: Typed,
) -> Answer {
    let languages = languages(desk, &typed);
    let texts = languages.iter().flat_map(|tag| TEXTS.map(|name| format!("{name}:{tag}")));
    for field in FIELDS.map(str::to_owned).into_iter().chain(texts) {
        typed.entry(field).or_default();
    }
    let page = RewardPage {
        frame: desk.frame("rewards", fault),
        id: id.map(|id| id.to_string()),
        version,
        languages,
        typed,
        kinds: RewardKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        states: RewardState::ALL.iter().map(|state| state.as_str()).collect(),
    };
    desk.page("reward", fault, &page)
}

/// `GET /console/rewards/new`
pub async fn new(desk: Desk) -> Answer {
    desk.admin()?;
    let currency = desk.visit.settings.currency.to_string();
    let typed = [("value_currency", currency), ("state", "draft".to_owned())];
    page(&desk, None, None, 0, typed.map(|(name, text)| (name.to_owned(), text)).into())
}

fn id(desk: &Desk) -> Result<RewardId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("reward"))
}

/// `GET /console/rewards/{id}`
pub async fn show(desk: Desk) -> Answer {
    let id = id(&desk)?;
    let reward = desk.store().read(move |tx| service::get(tx, id)).await?;
    let typed = shown(&reward.fields.settled(&desk.visit.settings.locale)?)?;
    page(&desk, None, Some(id), reward.version, typed)
}

/// A reward's fields as texts of a form.
fn shown(fields: &NewReward) -> Result<Typed> {
    let Value::Object(all) = serde_json::to_value(fields)? else { return Ok(Typed::new()) };
    let mut typed = Typed::new();
    for (name, value) in all {
        if let (true, Value::Object(by_language)) = (TEXTS.contains(&name.as_str()), &value) {
            let texts = by_language.iter();
            typed.extend(texts.filter_map(|(tag, text)| {
                Some((format!("{name}:{tag}"), text.as_str()?.to_owned()))
            }));
            continue;
        }
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Array(words) => {
                words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
            }
            Value::Object(_) => continue,
            other => other.to_string(),
        };
        typed.insert(name, text);
    }
    if let Some(Money { amount, currency }) = fields.value.into() {
        typed.insert("value_amount".to_owned(), amount.to_string());
        typed.insert("value_currency".to_owned(), currency.to_string());
    }
    Ok(typed)
}

/// A form's texts as the API's body: the one reader judges them all.
fn body(typed: &Typed) -> Map<String, Value> {
    let text = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
    let number = |name: &str| match text(name) {
        "" => Value::Null,
        typed => typed.parse::<i64>().map_or_else(|_| json!(typed), |number| json!(number)),
    };
    let words = |name: &str| match text(name) {
        "" => Value::Null,
        typed => json!(typed),
    };
    let by_language = |name: &str| {
        let texts = typed.iter().filter_map(|(field, text)| {
            let (field, tag) = field.split_once(':')?;
            Some((tag.to_owned(), json!(text.trim()))).filter(|_| field == name)
        });
        let texts: Map<String, Value> = texts.filter(|(_, text)| *text != json!("")).collect();
        match (texts.is_empty(), name) {
            (true, "name") => json!(""),
            (true, _) => Value::Null,
            _ => Value::Object(texts),
        }
    };
    let mut body = Map::new();
    for name in ["kind", "state"] {
        body.insert(name.to_owned(), json!(text(name)));
    }
    for name in TEXTS {
        body.insert(name.to_owned(), by_language(name));
    }
    for name in ["starts_at", "ends_at", "image_url"] {
        body.insert(name.to_owned(), words(name));
    }
    let limits = ["per_member_limit", "per_member_month_limit", "per_member_year_limit"];
    for name in ["cost_points", "stock"].into_iter().chain(limits) {
        body.insert(name.to_owned(), number(name));
    }
    let tiers: Vec<&str> = text("tiers").split_whitespace().collect();
    body.insert("tiers".to_owned(), json!(tiers));
    let value = match number("value_amount") {
        Value::Null => Value::Null,
        amount => json!({"amount": amount, "currency": text("value_currency")}),
    };
    body.insert("value".to_owned(), value);
    body
}

/// `POST /console/rewards`
pub async fn add(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let by = desk.caller();
    let added = async {
        let fields: NewReward = json::parse(Value::Object(body(&typed)).to_string().as_bytes())?;
        desk.store().write(move |tx| service::add(tx, fields.clone(), &by)).await
    };
    match refused(added.await)? {
        Ok(reward) => Ok(see_other(&format!("/console/rewards/{}?done=saved", reward.id))),
        Err(refusal) => page(&desk, Some(&refusal), None, 0, typed),
    }
}

/// `POST /console/rewards/{id}`
pub async fn change(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let id = id(&desk)?;
    let version = typed.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let (changes, seen) = (RewardChanges::from(body(&typed)), Versions::These(vec![version]));
    let by = desk.caller();
    let change = move |tx: &mut Tx<'_>| service::change(tx, id, &changes, &seen, &by);
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other(&format!("/console/rewards/{id}?done=saved"))),
        Err(refusal) => page(&desk, Some(&refusal), Some(id), version, typed),
    }
}
