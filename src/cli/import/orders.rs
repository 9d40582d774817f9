//! Rows of orders.

use super::{Done, Fault, Row, members::instant, parse, required};
use crate::{
    auth::Caller,
    db::Tx,
    kernel::{
        error::{Error, Refusal},
        money::{self, Currency, Money},
        text::{ExternalId, Line},
    },
    program::{
        members::service as members,
        orders::service::{self, Buyer, NewOrder},
        settings::Settings,
    },
};

pub const COLUMNS: [&str; 6] =
    ["external_id", "member_external_id", "placed_at", "amount", "currency", "channel"];

pub const REQUIRED: [&str; 5] =
    ["external_id", "member_external_id", "placed_at", "amount", "currency"];

/// Places the order of one row, unless it was placed before.
pub fn import(tx: &mut Tx<'_>, settings: &Settings, row: &Row) -> Result<Done, Fault> {
    let external_id: ExternalId = required(row, "external_id")?;
    let buyer: ExternalId = required(row, "member_external_id")?;
    let member =
        members::find_by_external_id(tx, &buyer).map_err(Fault::Failed)?.ok_or_else(|| {
            Fault::Row { column: "member_external_id", refusal: Refusal::not_found("member") }
        })?;
    let placed_at = instant(settings, row, "placed_at")?
        .ok_or_else(|| Fault::at("placed_at", "is required"))?;
    let channel: Option<Line<50>> = parse(row, "channel")?;
    let order = NewOrder {
        external_id: external_id.into_string(),
        buyer: Buyer::Id(member.id),
        total: Money { amount: amount(row)?, currency: required::<Currency>(row, "currency")? },
        lines: None,
        placed_at: Some(placed_at),
        channel: channel.map(Line::into_string),
    };
    match service::place_by(tx, settings, order, &Caller::System) {
        Ok((_, false)) => Ok(Done::Imported),
        Ok((_, true)) => Ok(Done::AlreadyThere),
        Err(Error::Refused(refusal)) => Err(Fault::Row { column: column_of(&refusal), refusal }),
        Err(error) => Err(Fault::Failed(error)),
    }
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
