//! The lists of an export: each a page of rows behind a cursor, oldest first, with where it ends.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::{
    db::{
        Tx,
        schema::{holds, letters, order_lines, orders, redemptions, referrals},
        types::{Json, RawId},
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{HoldId, LetterId, MemberId, OrderId, RedemptionId, ReferralId, RewardId},
        locale::{Language, Locale},
    },
    messaging::letters::{Letter, Sender, subject},
    program::{
        ledger::{self, Entry},
        members::standing,
    },
};

/// Whom an export tells of, and as of when.
pub struct Subject {
    pub id: MemberId,
    /// The last entry that is told.
    pub last_seq: i64,
    /// What was recorded later is not told.
    pub as_of: Timestamp,
    /// Who writes letters.
    pub sender: Sender,
}

/// The last row of a page.
#[derive(Clone, Copy, Debug)]
pub enum Cursor {
    Seq(i64),
    Id(RawId),
}

type Rows = Vec<(Cursor, Value)>;
/// Reads the rows behind a cursor; none: the list is over.
pub type List = fn(&mut Tx<'_>, &Subject, Option<Cursor>) -> Result<Rows>;

/// What the lists are called; each is read by the one of [`LISTS`] in the same place.
pub const NAMES: [&str; 7] =
    ["status_changes", "entries", "holds", "orders", "redemptions", "referrals", "letters"];
pub const LISTS: [List; 7] =
    [status_changes, entries, holds, orders, redemptions, referrals, letters];

/// How many rows are read at once.
const PAGE: i64 = 100;
/// The same for orders, whose lines may be up to a MiB each.
const ORDERS: i64 = 16;

fn seq(after: Option<Cursor>) -> i64 {
    match after {
        Some(Cursor::Seq(seq)) => seq,
        _ => 0,
    }
}

fn id(after: Option<Cursor>) -> RawId {
    match after {
        Some(Cursor::Id(id)) => id,
        _ => RawId(uuid::Uuid::nil()),
    }
}

fn status_changes(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let changes = standing::history(tx, of.id, seq(after), PAGE)?;
    let show = |change: standing::Change| {
        let row = json!({
            "from": change.from, "to": change.to, "actor": change.actor,
            "changed_at": change.changed_at, "reason": change.reason,
        });
        (Cursor::Seq(change.version), row)
    };
    Ok(changes.into_iter().map(show).collect())
}

fn entries(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let entries = ledger::entries_after(tx, of.id, seq(after), of.last_seq, PAGE)?;
    Ok(entries.iter().map(|shown| (Cursor::Seq(shown.seq), entry(shown))).collect())
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

fn holds(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    type Row =
        (i64, HoldId, String, i64, i64, String, String, Timestamp, Timestamp, Option<Timestamp>);
    let rows: Vec<Row> = holds::table
        .filter(holds::member_id.eq(of.id))
        .filter(holds::seq.gt(seq(after)))
        .filter(holds::placed_at.le(of.as_of))
        .order(holds::seq)
        .limit(PAGE)
        .select((
            holds::seq,
            holds::id,
            holds::order_ref,
            holds::points,
            holds::captured_points,
            holds::state,
            holds::placed_by,
            holds::placed_at,
            holds::expires_at,
            holds::ended_at,
        ))
        .load(tx.conn)?;
    let show =
        |(seq, id, order_ref, points, captured, state, by, at, expires_at, ended_at): Row| {
            let row = json!({
                "id": id, "order_ref": order_ref, "points": points, "captured_points": captured,
                "state": state, "actor": by, "placed_at": at, "expires_at": expires_at,
                "ended_at": ended_at,
            });
            (Cursor::Seq(seq), row)
        };
    Ok(rows.into_iter().map(show).collect())
}

fn orders(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    type Row = (OrderId, String, i64, String, Option<String>, i64, i64, Timestamp);
    let rows: Vec<Row> = orders::table
        .filter(orders::member_id.eq(of.id))
        .filter(orders::id.gt(id(after)))
        .filter(orders::recorded_at.le(of.as_of))
        .order(orders::id)
        .limit(ORDERS)
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
    let ids: Vec<OrderId> = rows.iter().map(|row| row.0).collect();
    let lines: Vec<(OrderId, Json)> =
        order_lines::table.filter(order_lines::order_id.eq_any(ids)).load(tx.conn)?;
    let mut lines: HashMap<OrderId, Json> = lines.into_iter().collect();
    let show = |(id, external_id, amount, currency, channel, points, refunded, placed_at): Row| {
        let row = json!({
            "id": id, "external_id": external_id, "channel": channel, "earned_points": points,
            "total": {"amount": amount, "currency": currency},
            "refunded": {"amount": refunded, "currency": currency}, "placed_at": placed_at,
            "lines": lines.remove(&id).map(|lines| lines.0),
        });
        (Cursor::Id(id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}

fn redemptions(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    type Row = (RedemptionId, RewardId, i64, i64, String, Option<String>, Timestamp);
    let rows: Vec<Row> = redemptions::table
        .filter(redemptions::member_id.eq(of.id))
        .filter(redemptions::id.gt(id(after)))
        .filter(redemptions::placed_at.le(of.as_of))
        .order(redemptions::id)
        .limit(PAGE)
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
        let row = json!({
            "id": id, "reward_id": reward, "quantity": quantity, "points": points,
            "state": state, "order_ref": order_ref, "placed_at": placed_at,
        });
        (Cursor::Id(id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}

fn referrals(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    type Row = (ReferralId, MemberId, MemberId, String, String, Timestamp);
    let rows: Vec<Row> = referrals::table
        .filter(referrals::referrer_id.eq(of.id).or(referrals::referee_id.eq(of.id)))
        .filter(referrals::id.gt(id(after)))
        .filter(referrals::joined_at.le(of.as_of))
        .order(referrals::id)
        .limit(PAGE)
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
        let row = json!({
            "id": id, "referrer_id": referrer, "referee_id": referee, "code": code,
            "state": state, "joined_at": joined_at,
        });
        (Cursor::Id(id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}

fn letters(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    type Row = (LetterId, String, String, String, Json, String, Timestamp, Option<Timestamp>);
    let rows: Vec<Row> = letters::table
        .filter(letters::member_id.eq(of.id))
        .filter(letters::id.gt(id(after)))
        .filter(letters::queued_at.le(of.as_of))
        .order(letters::id)
        .limit(PAGE)
        .select((
            letters::id,
            letters::to_address,
            letters::template,
            letters::locale,
            letters::context,
            letters::state,
            letters::queued_at,
            letters::sent_at,
        ))
        .load(tx.conn)?;
    let show = |(id, to, template, locale, context, state, queued_at, sent_at): Row| {
        let row = json!({
            "id": id, "to": to, "template": template, "locale": locale, "state": state,
            "subject": subject_of(context, &locale, &of.sender),
            "queued_at": queued_at, "sent_at": sent_at,
        });
        (Cursor::Id(id.into()), row)
    };
    Ok(rows.into_iter().map(show).collect())
}

/// A letter's subject as it would be now: it is kept nowhere. Null where the letter was emptied.
fn subject_of(context: Json, locale: &str, sender: &Sender) -> Option<String> {
    let letter: Letter = context.read().ok()?;
    let language = locale.parse::<Locale>().map_or(Language::En, |locale| locale.language());
    subject(&letter.masked(), language, sender).ok()
}
