//! Rewards' rows.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Nullable, Text},
};

use super::{Reward, RewardState};
use platform::{
    db::{Tx, lock::for_update, schema::rewards},
    kernel::{error::Result, id::RewardId},
    rows,
};

rows! { rewards, Reward, RewardId, "reward" }

pub fn insert(tx: &mut Tx<'_>, reward: &Reward) -> Result<()> {
    let made = (
        rewards::id.eq(reward.id),
        rewards::created_at.eq(tx.now),
        rewards::version.eq(reward.version),
    );
    diesel::insert_into(rewards::table).values((made, &reward.fields)).execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, reward: &Reward) -> Result<()> {
    diesel::update(rewards::table.find(reward.id))
        .set((&reward.fields, rewards::version.eq(reward.version)))
        .execute(tx.conn)?;
    Ok(())
}

/// The rewards with these ids.
pub fn find_all(tx: &mut Tx<'_>, ids: &BTreeSet<RewardId>) -> Result<BTreeMap<RewardId, Reward>> {
    let named = rewards::table.filter(rewards::id.eq_any(ids)).select(Reward::as_select());
    let rows: Vec<Reward> = named.load(tx.conn)?;
    Ok(rows.into_iter().map(|reward| (reward.id, reward)).collect())
}

/// Live rewards, newest first, without what people read of them.
pub fn live_without_texts(tx: &mut Tx<'_>, rows: i64) -> Result<Vec<Reward>> {
    let (none, null) = (|| sql::<Text>("'{}'"), || sql::<Nullable<Text>>("NULL"));
    Ok(rewards::table
        .filter(rewards::state.eq(RewardState::Live))
        .order(rewards::id.desc())
        .limit(rows)
        .select((
            rewards::id,
            (
                none(),
                none(),
                rewards::kind,
                rewards::cost_points,
                (rewards::value_amount, rewards::value_currency),
                rewards::stock,
                rewards::per_member_limit,
                rewards::per_member_month_limit,
                rewards::per_member_year_limit,
                rewards::tiers,
                rewards::starts_at,
                rewards::ends_at,
                rewards::state,
                null(),
                null(),
            ),
            rewards::has_codes,
            rewards::version,
        ))
        .load(tx.conn)?)
}

/// Those of these rewards that count their stock, their rows locked in the order of their ids.
pub fn lock_counted(
    tx: &mut Tx<'_>,
    ids: &BTreeSet<RewardId>,
) -> Result<BTreeMap<RewardId, Reward>> {
    let counted =
        rewards::table.filter(rewards::id.eq_any(ids)).filter(rewards::stock.is_not_null());
    let rows: Vec<Reward> =
        for_update(counted.order(rewards::id).select(Reward::as_select())).load(tx.conn)?;
    Ok(rows.into_iter().map(|reward| (reward.id, reward)).collect())
}

/// Takes units where there are enough of them; `false` where there aren't.
pub fn take(tx: &mut Tx<'_>, id: RewardId, quantity: i64) -> Result<bool> {
    let enough = rewards::stock.is_null().or(rewards::stock.ge(quantity));
    let taken = diesel::update(rewards::table.filter(rewards::id.eq(id)).filter(enough))
        .set(rewards::stock.eq(rewards::stock - quantity))
        .execute(tx.conn)?;
    Ok(taken == 1)
}

/// Gives units back to a stock that is counted. The code of a list is never handed out again, so it
/// is no unit that comes back.
pub fn put_back(tx: &mut Tx<'_>, id: RewardId, quantity: i64) -> Result<()> {
    let counted = rewards::table
        .filter(rewards::id.eq(id))
        .filter(rewards::stock.is_not_null())
        .filter(rewards::has_codes.eq(false));
    diesel::update(counted).set(rewards::stock.eq(rewards::stock + quantity)).execute(tx.conn)?;
    Ok(())
}
