//! How often a topic was raised.

use std::collections::HashMap;

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use jiff::Span;
use serde::Serialize;
use utoipa::ToSchema;

use super::with_its_parts;
use platform::{
    db::{
        Tx,
        prepared::{condition, one_of},
        schema::topic_links,
    },
    kernel::{error::Result, id::TopicId},
    settings,
};

/// How many months are told apart, this one among them.
const MONTHS: i64 = 12;

/// How often a topic was raised, its parts counted with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Raised {
    /// Who raised it, each once; confirmed.
    #[schema(example = 31)]
    pub members: i64,
    /// In how many answers and the like; confirmed.
    #[schema(example = 40)]
    pub times: i64,
    /// In how many it is suggested, and nobody looked yet.
    #[schema(example = 4)]
    pub suggested: i64,
    /// The last twelve months of the program's time zone, oldest first; confirmed.
    pub by_month: Vec<Month>,
}

/// A month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Month {
    #[schema(example = "2026-11")]
    pub month: String,
    #[schema(example = 7)]
    pub times: i64,
}

const MEMBERS: &str = "COUNT(DISTINCT member_id)";
const TIMES: &str = "COUNT(DISTINCT subject_id)";

/// How often a topic was raised.
pub fn raised(tx: &mut Tx<'_>, topic: TopicId) -> Result<Raised> {
    let ids = with_its_parts(tx, topic)?;
    let links = || topic_links::table.filter(one_of(topic_links::topic_id, &ids));
    let confirmed = || links().filter(condition("NOT suggested"));
    let zone = settings::service::get(tx)?.time_zone;
    let this_month = zone.date(tx.now).first_of_month();
    let mut by_month = Vec::new();
    for back in (0..MONTHS).rev() {
        let first = this_month.saturating_sub(Span::new().months(back));
        let next = first.saturating_add(Span::new().months(1));
        let times = confirmed()
            .filter(topic_links::raised_at.ge(zone.midnight(first)))
            .filter(topic_links::raised_at.lt(zone.midnight(next)))
            .select(sql::<BigInt>(TIMES))
            .get_result(tx.conn)?;
        by_month.push(Month { month: first.strftime("%Y-%m").to_string(), times });
    }
    Ok(Raised {
        members: confirmed().select(sql::<BigInt>(MEMBERS)).get_result(tx.conn)?,
        times: confirmed().select(sql::<BigInt>(TIMES)).get_result(tx.conn)?,
        suggested: links()
            .filter(condition("suggested"))
            .select(sql::<BigInt>(TIMES))
            .get_result(tx.conn)?,
        by_month,
    })
}

/// How often a topic was raised, without its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub members: i64,
    pub times: i64,
    pub suggested: i64,
}

/// Of all topics at once; those that nobody raised are left out.
pub fn counts(tx: &mut Tx<'_>) -> Result<HashMap<TopicId, Counts>> {
    let confirmed: Vec<(TopicId, i64, i64)> = topic_links::table
        .filter(condition("NOT suggested"))
        .group_by(topic_links::topic_id)
        .select((topic_links::topic_id, sql::<BigInt>(MEMBERS), sql::<BigInt>(TIMES)))
        .load(tx.conn)?;
    let suggested: Vec<(TopicId, i64)> = topic_links::table
        .filter(condition("suggested"))
        .group_by(topic_links::topic_id)
        .select((topic_links::topic_id, sql::<BigInt>(TIMES)))
        .load(tx.conn)?;
    let mut all: HashMap<TopicId, Counts> = HashMap::new();
    for (topic, members, times) in confirmed {
        all.insert(topic, Counts { members, times, suggested: 0 });
    }
    for (topic, suggested) in suggested {
        all.entry(topic).or_default().suggested = suggested;
    }
    Ok(all)
}

/// How much waits for somebody to confirm what it is about.
pub fn waiting(tx: &mut Tx<'_>) -> Result<i64> {
    let open = topic_links::table.filter(condition("suggested"));
    Ok(open.select(sql::<BigInt>(TIMES)).get_result(tx.conn)?)
}
