//! Rows of orders.

use super::{Done, Fault, Row, members::instant, parse, required};
use crate::{
    auth::Caller,
    db::Tx,
    kernel::{
        error::{Error, Refusal, Result},
        money::{self, Currency, Money},
        text::{ExternalId, Line},
    },
    program::{
        orders::service::{self, Buyer, NewOrder},
        settings::Settings,
    },
};

pub const COLUMNS: [&str; 6] =
    ["external_id", "member_external_id", "placed_at", "amount", "currency", "channel"];

pub const REQUIRED: [&str; 5] =
    ["external_id", "member_external_id", "placed_at", "amount", "currency"];

/// Places the orders of these rows, unless they were placed before.
pub fn import(
    tx: &mut Tx<'_>,
    settings: &Settings,
    rows: &[Row],
) -> Result<Vec<Result<Done, Fault>>> {
    let mut asks = Vec::with_capacity(rows.len());
    let mut read: Vec<Option<Fault>> = Vec::with_capacity(rows.len());
    for row in rows {
        match order(settings, row) {
            Ok(order) => {
                asks.push((order, Caller::System));
                read.push(None);
            }
            Err(fault) => read.push(Some(fault)),
        }
    }
    let mut placed = service::place_all(tx, &asks)?.into_iter();
    let outcome = |fault: Option<Fault>| match fault {
        Some(fault) => Ok(Err(fault)),
        None => match placed.next() {
            Some(Ok(placed)) if placed.already_there => Ok(Ok(Done::AlreadyThere)),
            Some(Ok(_)) => Ok(Ok(Done::Imported)),
            Some(Err(refusal)) => Ok(Err(Fault { column: column_of(&refusal), refusal })),
            None => Err(Error::internal("a row without an answer")),
        },
    };
    read.into_iter().map(outcome).collect()
}

fn order(settings: &Settings, row: &Row) -> Result<NewOrder, Fault> {
    let external_id: ExternalId = required(row, "external_id")?;
    let buyer: ExternalId = required(row, "member_external_id")?;
    let placed_at = instant(settings, row, "placed_at")?
        .ok_or_else(|| Fault::at("placed_at", "is required"))?;
    let channel: Option<Line<50>> = parse(row, "channel")?;
    Ok(NewOrder {
        external_id: external_id.into_string(),
        buyer: Buyer::ExternalId(buyer),
        total: Money { amount: amount(row)?, currency: required::<Currency>(row, "currency")? },
        lines: None,
        placed_at: Some(placed_at),
        channel: channel.map(Line::into_string),
    })
}

fn amount(row: &Row) -> Result<i64, Fault> {
    let bad =
        || Fault::at("amount", "must be a whole number of minor units, such as 1999 for 19.99");
    let text = row.get("amount").ok_or_else(|| Fault::at("amount", "is required"))?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad());
    }
    text.parse().ok().filter(|amount| *amount <= money::MOST).ok_or_else(bad)
}

/// The column that a refusal of the order is about.
fn column_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Invalid(errors) => match errors.first().map(|error| error.pointer.as_str()) {
            Some("/total/currency") => "currency",
            Some("/placed_at") => "placed_at",
            _ => "amount",
        },
        Refusal::NotFound { .. } => "member_external_id",
        _ => "external_id",
    }
}
