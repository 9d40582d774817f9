//! Rows of orders.

use super::{
    Done, Row,
    dates::moment,
    fault::{Fault, Reading},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        money::{self, Currency, Money},
        text::{ExternalId, Line},
    },
    settings::Settings,
};
use program::{
    members::{likeness::Hints, service::many},
    orders::service::{self, Buyer, NewOrder},
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
) -> Result<Vec<Result<Done, Vec<Fault>>>> {
    let mut readings: Vec<Asked<'_>> = rows.iter().map(|row| Asked::of(settings, row)).collect();
    let orders = readings.iter_mut().filter_map(|asked| asked.order.take());
    let asks: Vec<_> = orders.map(|order| (order, Caller::System)).collect();
    let mut placed = service::place_all(tx, &asks)?.into_iter();
    tell_unknown_buyers(tx, &mut readings)?;
    let now = tx.now;
    let outcome = |asked: Asked<'_>| {
        if asked.is_wrong {
            return Ok(Err(asked.all_faults(settings, now)));
        }
        match placed.next() {
            Some(Ok(placed)) if placed.already_there => Ok(Ok(Done::AlreadyThere)),
            Some(Ok(_)) => Ok(Ok(Done::Imported)),
            Some(Err(refusal)) => Ok(Err(asked.and(refusal).all_faults(settings, now))),
            None => Err(Error::internal("a row without an answer")),
        }
    };
    readings.into_iter().map(outcome).collect()
}

/// A row as an order that it asks for, or what is wrong with it.
struct Asked<'a> {
    reading: Reading<'a>,
    buyer: Option<ExternalId>,
    currency: Option<Currency>,
    placed_at: Option<Timestamp>,
    /// `None` once it was taken.
    order: Option<NewOrder>,
    is_wrong: bool,
}

impl<'a> Asked<'a> {
    fn of(settings: &Settings, row: &'a Row) -> Self {
        let mut reading = Reading::of(row);
        let external_id: Option<ExternalId> = reading.required("external_id");
        let buyer: Option<ExternalId> = reading.required("member_external_id");
        reading.needs("placed_at");
        let placed_at = reading.with("placed_at", |text| moment(text, &settings.time_zone));
        reading.needs("amount");
        let amount = reading.with("amount", amount);
        let currency: Option<Currency> = reading.required("currency");
        let channel: Option<Line<50>> = reading.parse("channel");
        let is_wrong = !reading.faults.is_empty();
        let order = match (external_id, &buyer, amount, currency) {
            (Some(external_id), Some(buyer), Some(amount), Some(currency)) if !is_wrong => {
                Some(NewOrder {
                    external_id: external_id.into_string(),
                    buyer: Buyer::ExternalId(buyer.clone()),
                    total: Money { amount, currency },
                    lines: None,
                    placed_at,
                    channel: channel.map(Line::into_string),
                    hints: Hints::default(),
                })
            }
            _ => None,
        };
        Self { reading, buyer, currency, placed_at, order, is_wrong }
    }

    fn and(mut self, refusal: Refusal) -> Self {
        self.reading.fault(Fault { column: column_of(&refusal), refusal });
        self
    }

    /// With what placing would have refused after the first: it ends with that.
    fn all_faults(mut self, settings: &Settings, now: Timestamp) -> Vec<Fault> {
        if self.currency.is_some_and(|currency| currency != settings.currency) {
            let message = format!("must be {}, the program's currency", settings.currency);
            self.reading.fault(Fault::at("currency", message));
        }
        if self.placed_at.is_some_and(|at| at > now) {
            self.reading.fault(Fault::at("placed_at", "must not be in the future"));
        }
        self.reading.faults
    }
}

/// Says of rows that are wrong anyway whose buyers are nobody.
fn tell_unknown_buyers(tx: &mut Tx<'_>, readings: &mut [Asked<'_>]) -> Result<()> {
    let wrong = readings.iter().filter(|asked| asked.is_wrong);
    let names = wrong.filter_map(|asked| asked.buyer.as_ref().map(ExternalId::as_str)).collect();
    let known = many::ids_by_external_id(tx, &names)?;
    for asked in readings.iter_mut().filter(|asked| asked.is_wrong) {
        if asked.buyer.as_ref().is_some_and(|buyer| !known.contains_key(buyer.as_str())) {
            let refusal = Refusal::not_found_at("member", "/member_external_id");
            asked.reading.fault(Fault { column: "member_external_id", refusal });
        }
    }
    Ok(())
}

fn amount(text: &str) -> Result<i64, String> {
    let amount = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let amount = amount.and_then(|text| text.parse().ok()).filter(|amount| *amount <= money::MOST);
    amount.ok_or_else(|| "must be a whole number of minor units, such as 1999 for 19.99".to_owned())
}

/// The column that a refusal of the order is about.
fn column_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Invalid { errors } => match errors.first().map(|error| error.pointer.as_str()) {
            Some("/total/currency") => "currency",
            Some("/placed_at") => "placed_at",
            _ => "amount",
        },
        Refusal::NotFound { .. } => "member_external_id",
        _ => "external_id",
    }
}
