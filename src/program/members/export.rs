//! Everything that is known about a member, as one JSON: what a person may ask for.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{MemberBody, service};
use crate::{
    auth::Caller,
    db::{
        Tx,
        schema::{letters, orders, redemptions, referrals},
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{LetterId, MemberId, OrderId, RedemptionId, ReferralId, RewardId},
    },
    messaging::preferences,
    program::ledger::{self, Entry, Settled},
};

/// Everything about a member. Lists are oldest first.
#[derive(Serialize, ToSchema)]
pub struct Export {
    #[schema(value_type = String)]
    exported_at: Timestamp,
    member: MemberBody,
    #[schema(value_type = Object)]
    preferences: Value,
    #[schema(value_type = Object)]
    balance: Value,
    #[schema(value_type = Vec<Object>)]
    entries: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    orders: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    redemptions: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    referrals: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    letters: Vec<Value>,
}

/// Reads it all; to be called on one snapshot.
///
/// # Errors
/// An unknown member.
pub fn collect(tx: &mut Tx<'_>, of: Settled<'_>, caller: &Caller) -> Result<Export> {
    let id = of.member();
    let member = service::get(tx, id, caller)?;
    Ok(Export {
        exported_at: tx.now,
        member: member.into(),
        preferences: json!(preferences::of(tx.conn, id)?),
        balance: json!(ledger::balance(tx, of)?),
        entries: entries(tx, of)?,
        orders: orders(tx, id)?,
        redemptions: redemptions(tx, id)?,
        referrals: referrals(tx, id)?,
        letters: letters(tx, id)?,
    })
}

fn entries(tx: &mut Tx<'_>, of: Settled<'_>) -> Result<Vec<Value>> {
    let mut entries = ledger::entries(tx, of, None, i64::MAX)?;
    entries.reverse();
    Ok(entries.iter().map(entry).collect())
}

fn entry(entry: &Entry) -> Value {
    let source = entry.source.as_ref();
    json!({
        "id": entry.id, "seq": entry.seq, "kind": entry.kind, "points": entry.points,
        "balance_after": entry.balance_after, "available_at": entry.available_at,
        "expires_at": entry.expires_at, "reason": entry.reason,
        "source": source.map(|source| json!({"type": source.kind, "id": source.id})),
        "actor": entry.actor, "channel": entry.channel, "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at, "rule": entry.rule,
    })
}

fn orders(tx: &mut Tx<'_>, id: MemberId) -> Result<Vec<Value>> {
    type Row = (OrderId, String, i64, String, Option<String>, i64, i64, Timestamp);
    let rows: Vec<Row> = orders::table
        .filter(orders::member_id.eq(id))
        .order(orders::id)
        .select((
            orders::id,
            orders::external_id,
            orders::amount,
            orders::currency,
            orders::channel,
            orders::earned_points,
            orders::refunded_amount,
            orders::placed_at,
        ))
        .load(tx.conn)?;
    let show = |(id, external_id, amount, currency, channel, points, refunded, placed_at): Row| {
        json!({
            "id": id, "external_id": external_id, "channel": channel, "earned_points": points,
            "total": {"amount": amount, "currency": currency},
            "refunded": {"amount": refunded, "currency": currency}, "placed_at": placed_at,
        })
    };
    Ok(rows.into_iter().map(show).collect())
}

fn redemptions(tx: &mut Tx<'_>, id: MemberId) -> Result<Vec<Value>> {
    type Row = (RedemptionId, RewardId, i64, i64, String, Option<String>, Timestamp);
    let rows: Vec<Row> = redemptions::table
        .filter(redemptions::member_id.eq(id))
        .order(redemptions::id)
        .select((
            redemptions::id,
            redemptions::reward_id,
            redemptions::quantity,
            redemptions::points,
            redemptions::state,
            redemptions::order_ref,
            redemptions::placed_at,
        ))
        .load(tx.conn)?;
    let show = |(id, reward, quantity, points, state, order_ref, placed_at): Row| {
        json!({
            "id": id, "reward_id": reward, "quantity": quantity, "points": points,
            "state": state, "order_ref": order_ref, "placed_at": placed_at,
        })
    };
    Ok(rows.into_iter().map(show).collect())
}

fn referrals(tx: &mut Tx<'_>, id: MemberId) -> Result<Vec<Value>> {
    type Row = (ReferralId, MemberId, MemberId, String, String, Timestamp);
    let rows: Vec<Row> = referrals::table
        .filter(referrals::referrer_id.eq(id).or(referrals::referee_id.eq(id)))
        .order(referrals::id)
        .select((
            referrals::id,
            referrals::referrer_id,
            referrals::referee_id,
            referrals::code,
            referrals::state,
            referrals::joined_at,
        ))
        .load(tx.conn)?;
    let show = |(id, referrer, referee, code, state, joined_at): Row| {
        json!({
            "id": id, "referrer_id": referrer, "referee_id": referee, "code": code,
            "state": state, "joined_at": joined_at,
        })
    };
    Ok(rows.into_iter().map(show).collect())
}

fn letters(tx: &mut Tx<'_>, id: MemberId) -> Result<Vec<Value>> {
    type Row = (LetterId, String, String, String, String, Timestamp, Option<Timestamp>);
    let rows: Vec<Row> = letters::table
        .filter(letters::member_id.eq(id))
        .order(letters::id)
        .select((
            letters::id,
            letters::to_address,
            letters::template,
            letters::locale,
            letters::state,
            letters::queued_at,
            letters::sent_at,
        ))
        .load(tx.conn)?;
    let show = |(id, to, template, locale, state, queued_at, sent_at): Row| {
        json!({
            "id": id, "to": to, "template": template, "locale": locale, "state": state,
            "queued_at": queued_at, "sent_at": sent_at,
        })
    };
    Ok(rows.into_iter().map(show).collect())
}
