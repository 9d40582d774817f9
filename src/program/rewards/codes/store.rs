//! Rows of uploaded codes.

use std::collections::HashMap;

use diesel::{dsl::max, prelude::*};

use platform::{
    db::{
        Tx,
        bulk::Bulk,
        prepared::{Condition, condition, one_of},
        schema::{reward_codes, rewards, vouchers},
        types::RawId,
    },
    kernel::{
        error::Result,
        id::{RedemptionId, RewardId},
    },
};

/// In the words of the partial index.
const LEFT: Condition = condition("reward_codes.redemption_id IS NULL");
/// How many codes one query names: SQLite binds no more than 32,766 values.
const MOST: usize = 4096;

/// Whose these are of those that are there: a reward's, or (`None`) a voucher's that was drawn.
pub fn known(tx: &mut Tx<'_>, keys: &[&str]) -> Result<HashMap<String, Option<RewardId>>> {
    let mut known = HashMap::new();
    for some in keys.chunks(MOST) {
        let drawn: Vec<String> = vouchers::table
            .filter(one_of(vouchers::code, some))
            .select(vouchers::code)
            .load(tx.conn)?;
        known.extend(drawn.into_iter().map(|key| (key, None)));
        let uploaded: Vec<(String, RewardId)> = reward_codes::table
            .filter(one_of(reward_codes::key, some))
            .select((reward_codes::key, reward_codes::reward_id))
            .load(tx.conn)?;
        known.extend(uploaded.into_iter().map(|(key, reward)| (key, Some(reward))));
    }
    Ok(known)
}

/// Adds codes behind those that a reward has.
pub fn insert(tx: &mut Tx<'_>, reward: RewardId, codes: &[&(String, String)]) -> Result<()> {
    let last: Option<i64> = reward_codes::table
        .filter(reward_codes::reward_id.eq(reward))
        .select(max(reward_codes::seq))
        .first(tx.conn)?;
    Bulk::into("reward_codes")
        .column("key", codes.iter().map(|(key, _)| key.clone()))
        .column("reward_id", codes.iter().map(|_| RawId::from(reward)))
        .column("seq", (last.unwrap_or(0) + 1..).take(codes.len()))
        .column("code", codes.iter().map(|(_, code)| code.clone()))
        .column("uploaded_at", codes.iter().map(|_| tx.now))
        .execute(tx.conn)?;
    Ok(())
}

/// How many codes a reward has, and how many of them are left.
pub fn count(tx: &mut Tx<'_>, reward: RewardId) -> Result<(i64, i64)> {
    let all = reward_codes::table.filter(reward_codes::reward_id.eq(reward));
    Ok((all.count().get_result(tx.conn)?, all.filter(LEFT).count().get_result(tx.conn)?))
}

/// Says that a reward hands out codes, and how many of them are left.
pub fn set_stock(tx: &mut Tx<'_>, reward: RewardId, left: i64, version: i64) -> Result<()> {
    diesel::update(rewards::table.find(reward))
        .set((
            rewards::has_codes.eq(true),
            rewards::stock.eq(Some(left)),
            rewards::version.eq(version),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The next codes of a reward, whose row is locked.
pub fn next(tx: &mut Tx<'_>, reward: RewardId, rows: i64) -> Result<Vec<(String, String)>> {
    Ok(reward_codes::table
        .filter(reward_codes::reward_id.eq(reward))
        .filter(LEFT)
        .order(reward_codes::seq)
        .limit(rows)
        .select((reward_codes::key, reward_codes::code))
        .load(tx.conn)?)
}

/// Hands a code out; `false` where it was handed out before.
pub fn hand_out(tx: &mut Tx<'_>, key: &str, to: RedemptionId) -> Result<bool> {
    let left = reward_codes::table.filter(reward_codes::key.eq(key)).filter(LEFT);
    let handed_out = diesel::update(left)
        .set((
            reward_codes::redemption_id.eq(Some(to)),
            reward_codes::handed_out_at.eq(Some(tx.now)),
        ))
        .execute(tx.conn)?;
    Ok(handed_out == 1)
}
