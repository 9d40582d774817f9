//! Rewards' rows.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{Reward, RewardKind, RewardState};
use crate::{
    db::{Tx, bulk::Bulk, lock::for_update, schema::rewards, types::RawId},
    kernel::{clock::Timestamp, error::Result, id::RewardId, money::Money},
};

/// A reward's row, column by column.
#[derive(Queryable)]
struct RewardRow {
    id: RewardId,
    name: String,
    description: String,
    kind: RewardKind,
    cost_points: i64,
    value_amount: Option<i64>,
    value_currency: Option<String>,
    stock: Option<i64>,
    per_member_limit: Option<i64>,
    tiers: String,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    state: RewardState,
    terms: Option<String>,
    image_url: Option<String>,
    _created_at: Timestamp,
    version: i64,
}

impl From<RewardRow> for Reward {
    fn from(row: RewardRow) -> Self {
        let currency = row.value_currency.and_then(|code| code.parse().ok());
        Self {
            id: row.id,
            name: row.name,
            description: row.description,
            kind: row.kind,
            cost_points: row.cost_points,
            value: row
                .value_amount
                .zip(currency)
                .map(|(amount, currency)| Money { amount, currency }),
            stock: row.stock,
            per_member_limit: row.per_member_limit,
            tiers: row.tiers.split_whitespace().filter_map(|tier| tier.parse().ok()).collect(),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            state: row.state,
            terms: row.terms,
            image_url: row.image_url,
            version: row.version,
        }
    }
}

/// The tiers as one text; their names have no spaces.
fn tiers(reward: &Reward) -> String {
    reward.tiers.iter().map(super::Tier::as_str).collect::<Vec<_>>().join(" ")
}

pub fn insert(tx: &mut Tx<'_>, reward: &Reward) -> Result<()> {
    Bulk::into("rewards")
        .column("id", [RawId::from(reward.id)])
        .column("name", [reward.name.clone()])
        .column("description", [reward.description.clone()])
        .column("kind", [reward.kind.to_string()])
        .column("cost_points", [reward.cost_points])
        .column("value_amount", [reward.value.map(|value| value.amount)])
        .column("value_currency", [reward.value.map(|value| value.currency.to_string())])
        .column("stock", [reward.stock])
        .column("per_member_limit", [reward.per_member_limit])
        .column("tiers", [tiers(reward)])
        .column("starts_at", [reward.starts_at])
        .column("ends_at", [reward.ends_at])
        .column("state", [reward.state.to_string()])
        .column("terms", [reward.terms.clone()])
        .column("image_url", [reward.image_url.clone()])
        .column("created_at", [tx.now])
        .column("version", [reward.version])
        .execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, reward: &Reward) -> Result<()> {
    diesel::update(rewards::table.find(reward.id))
        .set((
            rewards::name.eq(&reward.name),
            rewards::description.eq(&reward.description),
            rewards::kind.eq(reward.kind),
            rewards::cost_points.eq(reward.cost_points),
            rewards::value_amount.eq(reward.value.map(|value| value.amount)),
            rewards::value_currency.eq(reward.value.map(|value| value.currency.to_string())),
            rewards::stock.eq(reward.stock),
            rewards::per_member_limit.eq(reward.per_member_limit),
            rewards::tiers.eq(tiers(reward)),
            rewards::starts_at.eq(reward.starts_at),
            rewards::ends_at.eq(reward.ends_at),
            rewards::state.eq(reward.state),
            rewards::terms.eq(&reward.terms),
            rewards::image_url.eq(&reward.image_url),
            rewards::version.eq(reward.version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, id: RewardId) -> Result<Option<Reward>> {
    let row: Option<RewardRow> = rewards::table.find(id).first(tx.conn).optional()?;
    Ok(row.map(Reward::from))
}

/// The rewards with these ids.
pub fn find_all(tx: &mut Tx<'_>, ids: &BTreeSet<RewardId>) -> Result<BTreeMap<RewardId, Reward>> {
    let rows: Vec<RewardRow> = rewards::table.filter(rewards::id.eq_any(ids)).load(tx.conn)?;
    Ok(rows.into_iter().map(Reward::from).map(|reward| (reward.id, reward)).collect())
}

/// Those of these rewards that count their stock, their rows locked in the order of their ids.
pub fn lock_counted(
    tx: &mut Tx<'_>,
    ids: &BTreeSet<RewardId>,
) -> Result<BTreeMap<RewardId, Reward>> {
    let counted =
        rewards::table.filter(rewards::id.eq_any(ids)).filter(rewards::stock.is_not_null());
    let rows: Vec<RewardRow> =
        for_update(counted.order(rewards::id).select(rewards::all_columns)).load(tx.conn)?;
    Ok(rows.into_iter().map(Reward::from).map(|reward| (reward.id, reward)).collect())
}

/// The reward, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: RewardId) -> Result<Option<Reward>> {
    let rows: Vec<RewardRow> =
        for_update(rewards::table.filter(rewards::id.eq(id)).select(rewards::all_columns))
            .load(tx.conn)?;
    Ok(rows.into_iter().next().map(Reward::from))
}

/// Newest first, `rows` of them, older than `before`.
pub fn list(
    tx: &mut Tx<'_>,
    states: &[RewardState],
    before: Option<RewardId>,
    rows: i64,
) -> Result<Vec<Reward>> {
    let states = states.iter().map(|state| state.as_str());
    let mut query = rewards::table
        .filter(rewards::state.eq_any(states))
        .order(rewards::id.desc())
        .limit(rows)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(rewards::id.lt(before));
    }
    let rows: Vec<RewardRow> = query.load(tx.conn)?;
    Ok(rows.into_iter().map(Reward::from).collect())
}

/// Takes units where there are enough of them; `false` where there aren't.
pub fn take(tx: &mut Tx<'_>, id: RewardId, quantity: i64) -> Result<bool> {
    let enough = rewards::stock.is_null().or(rewards::stock.ge(quantity));
    let taken = diesel::update(rewards::table.filter(rewards::id.eq(id)).filter(enough))
        .set(rewards::stock.eq(rewards::stock - quantity))
        .execute(tx.conn)?;
    Ok(taken == 1)
}

pub fn put_back(tx: &mut Tx<'_>, id: RewardId, quantity: i64) -> Result<()> {
    let counted = rewards::table.filter(rewards::id.eq(id)).filter(rewards::stock.is_not_null());
    diesel::update(counted).set(rewards::stock.eq(rewards::stock + quantity)).execute(tx.conn)?;
    Ok(())
}
