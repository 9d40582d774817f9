//! The catalogue, as a list.

use serde::Serialize;

use super::{desk::Desk, frame::Frame};
use crate::{
    http::{Answer, query::Query},
    kernel::{locale::Reader, whole::Whole},
    program::rewards::{Reward, RewardState, service},
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
            stock: reward.fields.stock.map(Whole::get),
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
