//! The catalogue's part of the audit. Nothing but a list of codes knows how many units there should
//! be: an admin sets the stock as they like.

use diesel::prelude::*;

use super::{RewardKind, RewardState};
use crate::ledger::audit::Room;
use platform::{
    db::{
        Tx,
        schema::{reward_codes, rewards, vouchers},
    },
    kernel::{
        clock::RawInstant,
        difference::{Findings, Seen},
        error::Result,
        id::RewardId,
        money::Currency,
    },
};

pub const ROOM: Room = Room { strays, ..Room::EMPTY };

/// How many rewards are read at once.
const REWARDS_A_PAGE: i64 = 1000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = rewards)]
struct Row {
    id: RewardId,
    kind: Seen<RewardKind>,
    cost_points: i64,
    value_amount: Option<i64>,
    value_currency: Option<String>,
    stock: Option<i64>,
    per_member_limit: Option<i64>,
    per_member_month_limit: Option<i64>,
    per_member_year_limit: Option<i64>,
    state: Seen<RewardState>,
    has_codes: bool,
    created_at: RawInstant,
}

fn strays(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<()> {
    let mut after: Option<RewardId> = None;
    loop {
        let page = rewards::table.order(rewards::id).limit(REWARDS_A_PAGE).select(Row::as_select());
        let rows: Vec<Row> = match after {
            Some(after) => page.filter(rewards::id.gt(after)).load(tx.conn)?,
            None => page.load(tx.conn)?,
        };
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.id);
        findings.count("rewards", rows.len());
        for row in rows {
            if row.has_codes {
                codes(tx, &row, findings)?;
            }
            whole(row, findings);
        }
    }
}

/// What is left of a list is the stock, and each code that was handed out is its voucher's. A code
/// is told by its redemption: it is worth money.
fn codes(tx: &mut Tx<'_>, row: &Row, findings: &mut Findings) -> Result<()> {
    let all = reward_codes::table.filter(reward_codes::reward_id.eq(row.id));
    let left: i64 =
        all.filter(reward_codes::redemption_id.is_null()).count().get_result(tx.conn)?;
    let mut told = findings.of(&row.id);
    told.same(format_args!("stock, by the codes that are left"), Some(left), row.stock);
    let handed_out: i64 =
        all.filter(reward_codes::redemption_id.is_not_null()).count().get_result(tx.conn)?;
    let with_voucher: i64 = all
        .inner_join(
            vouchers::table.on(vouchers::code
                .eq(reward_codes::key)
                .and(vouchers::redemption_id.nullable().eq(reward_codes::redemption_id))),
        )
        .count()
        .get_result(tx.conn)?;
    told.same(format_args!("codes handed out that are vouchers"), handed_out, with_voucher);
    Ok(())
}

fn whole(row: Row, findings: &mut Findings) {
    let mut told = findings.of(&row.id);
    told.read(format_args!("kind"), row.kind);
    told.read(format_args!("state"), row.state);
    told.holds(row.cost_points > 0, format_args!("cost_points"), "more than 0", row.cost_points);
    let stock = row.stock;
    told.holds(stock.is_none_or(|units| units >= 0), format_args!("stock"), "0 or more", stock);
    for (name, limit) in [
        ("per_member_limit", row.per_member_limit),
        ("per_member_month_limit", row.per_member_month_limit),
        ("per_member_year_limit", row.per_member_year_limit),
    ] {
        let what = format_args!("{name}");
        told.holds(limit.is_none_or(|units| units > 0), what, "more than 0", limit);
    }
    let value = (row.value_amount, row.value_currency.as_deref());
    let is_whole = match value {
        (None, None) => true,
        (Some(amount), Some(code)) => amount > 0 && code.parse::<Currency>().is_ok(),
        _ => false,
    };
    told.holds(is_whole, format_args!("value"), "an amount with its currency", value);
    told.made(format_args!("created_at"), row.id, row.created_at);
}
