//! What referrals came to: how many, what they brought, and who brought most. Each figure is the
//! count of rows that [`super::service::list`] lists, by the moment that it goes by.

mod figures;
mod leaders;

use jiff::{Span as Days, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;

pub use figures::{Figures, Sales};
pub use leaders::{Leader, leaderboard};

use crate::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::MemberId,
        zone::Zone,
    },
    program::settings,
    words,
};

/// The most months, and the most referrers, that are told apart.
const MOST_MONTHS: usize = 120;
const MOST_REFERRERS: usize = 100;

words! {
    /// By what the figures are told apart.
    pub enum By { Month = "month", Referrer = "referrer" }
}

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
    fn months(&self) -> Result<Vec<Self>> {
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

/// The figures of a period, and of its parts where they are told apart.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReferralStats {
    #[schema(value_type = String, example = "2026-01-01")]
    pub from: Date,
    /// Exclusive.
    #[schema(value_type = String, example = "2027-01-01")]
    pub to: Date,
    #[schema(value_type = Zone)]
    pub time_zone: Zone,
    pub as_of: Timestamp,
    #[serde(flatten)]
    pub figures: Figures,
    /// Of those who joined: half of those who bought did so within so many hours.
    #[schema(example = 52)]
    pub median_hours_to_first_order: Option<i64>,
    /// New members by referral for each member there is at the end: above 1, members alone make
    /// the shop grow.
    #[schema(example = 0.18)]
    pub k_factor: Option<f64>,
    /// The same figures by month or by referrer, where that is asked for.
    pub rows: Vec<StatsRow>,
}

/// The figures of a month, or of a referrer: the 100 who brought most.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StatsRow {
    /// The month, of which the first and the last may be cut.
    #[schema(example = "2026-11")]
    pub month: Option<String>,
    /// Its own dates.
    #[schema(value_type = String, example = "2026-11-01")]
    pub from: Date,
    /// Exclusive.
    #[schema(value_type = String, example = "2026-12-01")]
    pub to: Date,
    pub referrer_id: Option<MemberId>,
    #[serde(flatten)]
    pub figures: Figures,
}

/// What referrals came to in a period.
///
/// # Errors
/// More than 120 months told apart.
pub fn stats(tx: &mut Tx<'_>, period: &Period, by: Option<By>) -> Result<ReferralStats> {
    let currency = settings::service::get(tx)?.currency;
    let span = period.instants();
    let figures = figures::of(tx, span, currency)?;
    let members = figures::members(tx, span.1)?;
    let rows = match by {
        None => Vec::new(),
        Some(By::Month) => {
            let row = |month: Period| {
                Ok(StatsRow {
                    month: Some(month.from.strftime("%Y-%m").to_string()),
                    from: month.from,
                    to: month.to,
                    referrer_id: None,
                    figures: figures::of(tx, month.instants(), currency)?,
                })
            };
            period.months()?.into_iter().map(row).collect::<Result<_>>()?
        }
        Some(By::Referrer) => {
            let all = figures::by_referrer(tx, span, currency)?.into_iter();
            let row = |(id, figures)| StatsRow {
                month: None,
                from: period.from,
                to: period.to,
                referrer_id: Some(id),
                figures,
            };
            all.take(MOST_REFERRERS).map(row).collect()
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "a ratio of counts")]
    let k_factor = (members > 0)
        .then(|| (figures.joined as f64 / members as f64 * 10_000.0).round() / 10_000.0);
    Ok(ReferralStats {
        from: period.from,
        to: period.to,
        time_zone: period.zone.clone(),
        as_of: tx.now,
        median_hours_to_first_order: figures::median_hours(tx, span)?,
        k_factor,
        figures,
        rows,
    })
}
