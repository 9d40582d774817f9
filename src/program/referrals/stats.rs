//! What referrals came to: how many, what they brought, and who brought most. Each figure is the
//! count of rows that [`super::service::list`] lists, by the moment that it goes by.

mod figures;
mod leaders;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

pub use figures::{Figures, Sales};
pub use leaders::{Leader, leaderboard};

use crate::period::Period;
use platform::{
    db::Tx,
    kernel::{clock::Timestamp, error::Result, id::MemberId, zone::Zone},
    settings, words,
};

/// The most referrers that are told apart.
const MOST_REFERRERS: usize = 100;

words! {
    /// By what the figures are told apart.
    pub enum By { Month = "month", Referrer = "referrer" }
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
