//! The catalogue, as a list.

use serde::Serialize;

use super::{
    desk::Desk,
    frame::Frame,
    sheet::{self, cell},
};
use platform::{
    http::{Answer, query::Query},
    kernel::{
        error::{Refusal, Result},
        locale::Reader,
        whole::Whole,
    },
};
use program::rewards::{Reward, RewardState, service};

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
            stock: reward.fields.stock.map(Whole::get),
        }
    }
}

/// `GET /console/rewards?state=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &["state", "cursor", "done"])?;
    let state = query.text("state").unwrap_or_default().to_owned();
    let (page, states) = (query.page()?, sought(&query)?);
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

/// Those in the state that the query names, or in any.
fn sought(query: &Query) -> Result<Vec<RewardState>, Refusal> {
    Ok(match query.text("state") {
        None | Some("") => RewardState::ALL.to_vec(),
        Some(_) => query.get::<RewardState>("state")?.into_iter().collect(),
    })
}

/// `GET /console/rewards.csv?state=`
pub async fn csv(desk: Desk) -> Answer {
    let states = sought(&Query::parse(desk.visit.query(), &["state"])?)?;
    let reader = desk.visit.reader();
    let columns = ["id", "name", "kind", "state", "cost_points", "stock", "starts_at", "ends_at"];
    sheet::file(&desk, "rewards", columns, move |tx, page| {
        Ok(service::list(tx, &states, page)?.map(|reward| {
            let (starts_at, ends_at) = (reward.fields.starts_at, reward.fields.ends_at);
            let Line { id, name, kind, state, cost_points, stock } = Line::of(&reward, &reader);
            let [points, stock] = [cost_points.to_string(), cell(stock)];
            [id, name, kind, state, points, stock, cell(starts_at), cell(ends_at)]
        }))
    })
}
