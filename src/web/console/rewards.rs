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

impl From<Reward> for Line {
    fn from(reward: Reward) -> Self {
        Self {
            id: reward.id.to_string(),
            kind: reward.fields.kind.to_string(),
            state: reward.fields.state.to_string(),
            cost_points: reward.fields.cost_points.get(),
            stock: reward.fields.stock.map(crate::kernel::whole::Whole::get),
            name: reward.fields.name.into_string(),
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
    let page = RewardsPage {
        frame: desk.frame("rewards", None),
        state,
        states: RewardState::ALL.iter().map(|state| state.as_str()).collect(),
        rewards: listing.data.into_iter().map(Line::from).collect(),
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
    typed: Typed,
    kinds: Vec<&'static str>,
    states: Vec<&'static str>,
}

const FIELDS: [&str; 15] = [
    "name",
    "description",
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
    "terms",
];

fn page(
    desk: &Desk,
    fault: Option<&Refusal>,
    id: Option<RewardId>,
    version: i64,
    mut typed: Typed,
) -> Answer {
    for field in FIELDS.into_iter().chain(["image_url"]) {
        typed.entry(field.to_owned()).or_default();
    }
    let page = RewardPage {
        frame: desk.frame("rewards", fault),
        id: id.map(|id| id.to_string()),
        version,
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
    let typed = shown(&reward.fields)?;
    page(&desk, None, Some(id), reward.version, typed)
}

/// A reward's fields as texts of a form.
fn shown(fields: &NewReward) -> Result<Typed> {
    let Value::Object(all) = serde_json::to_value(fields)? else { return Ok(Typed::new()) };
    let mut typed = Typed::new();
    for (name, value) in all {
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Array(words) => {
                words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
            }
            other => other.to_string(),
        };
        typed.insert(name, text);
    }
    typed.remove("value");
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
    let mut body = Map::new();
    for name in ["name", "kind", "state"] {
        body.insert(name.to_owned(), json!(text(name)));
    }
    body.insert("description".to_owned(), json!(text("description")));
    for name in ["starts_at", "ends_at", "terms", "image_url"] {
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
    let added = async {
        let fields: NewReward = json::parse(Value::Object(body(&typed)).to_string().as_bytes())?;
        desk.store().write(move |tx| service::add(tx, fields.clone())).await
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
    let change = move |tx: &mut Tx<'_>| service::change(tx, id, &changes, &seen);
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other(&format!("/console/rewards/{id}?done=saved"))),
        Err(refusal) => page(&desk, Some(&refusal), Some(id), version, typed),
    }
}
