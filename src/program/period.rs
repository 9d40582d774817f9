//! Periods of local dates, as figures and lists are asked for by.

use jiff::{Span as Days, civil::Date};
use utoipa::IntoParams;

use platform::{
    db::Tx,
    http::query::Query,
    kernel::{
        clock::Timestamp,
        day::Day,
        error::{Error, Refusal, Result},
        zone::Zone,
    },
    settings,
};

/// The most months that are told apart.
const MOST_MONTHS: usize = 120;

/// Local dates, the second of them exclusive, in a zone.
#[derive(Clone, Debug)]
pub struct Period {
    pub from: Date,
    pub to: Date,
    pub zone: Zone,
}

impl Period {
    /// The year that ends today, in the program's zone, unless something else is asked for.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] where they are in the wrong order.
    pub fn of(
        tx: &mut Tx<'_>,
        from: Option<Date>,
        to: Option<Date>,
        zone: Option<Zone>,
    ) -> Result<Self> {
        let zone = match zone {
            Some(zone) => zone,
            None => settings::service::get(tx)?.time_zone,
        };
        let tomorrow = zone.date(tx.now).saturating_add(Days::new().days(1));
        let to = to.unwrap_or(tomorrow);
        let year_before = to.saturating_sub(Days::new().years(1));
        let from = from.unwrap_or(year_before);
        if from >= to {
            return Err(Refusal::field("?to", "must be after from").into());
        }
        Ok(Self { from, to, zone })
    }

    #[must_use]
    pub fn instants(&self) -> (Timestamp, Timestamp) {
        (self.zone.midnight(self.from), self.zone.midnight(self.to))
    }

    /// Its months, cut where it begins and ends.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] where there are too many.
    pub fn months(&self) -> Result<Vec<Self>> {
        let mut months = Vec::new();
        let mut from = self.from;
        while from < self.to {
            let next = from.first_of_month().saturating_add(Days::new().months(1));
            let to = next.min(self.to);
            months.push(Self { from, to, zone: self.zone.clone() });
            if months.len() > MOST_MONTHS {
                let why = format!("must be within {MOST_MONTHS} months of from");
                return Err(Error::from(Refusal::field("?to", why)));
            }
            from = to;
        }
        Ok(months)
    }
}

/// A period, as it is asked for.
#[derive(Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Span {
    /// The first date; a year before `to` unless it is given
    #[param(value_type = Option<Day>)]
    from: Option<Date>,
    /// The date behind the last; tomorrow unless it is given
    #[param(value_type = Option<Day>)]
    to: Option<Date>,
    /// In which time zone the dates are; the program's unless it is given
    time_zone: Option<Zone>,
}

impl Span {
    /// # Errors
    /// What is no date or no time zone.
    pub fn read(query: &Query) -> Result<Self> {
        let day = |name| query.get::<Day>(name).map(|day| day.map(|day| day.0));
        Ok(Self { from: day("from")?, to: day("to")?, time_zone: query.get("time_zone")? })
    }

    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.from.is_some() || self.to.is_some() || self.time_zone.is_some()
    }

    /// # Errors
    /// Dates in the wrong order.
    pub fn period(&self, tx: &mut Tx<'_>) -> Result<Period> {
        Period::of(tx, self.from, self.to, self.time_zone.clone())
    }
}
