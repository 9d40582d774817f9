//! What referrals came to.

use actix_web::get;
use jiff::civil::Date;
use utoipa::IntoParams;

use crate::{
    db::Tx,
    http::{Answer, Call, query::Query},
    kernel::{day::Day, error::Result, page::Listing, zone::Zone},
    program::referrals::stats::{self, By, Leader, Period, ReferralStats},
};

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

/// What referrals came to in a period, whole, by month or by referrer.
///
/// Each count is that of rows that `/v1/referrals?when=…` lists for the same period.
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "getReferralStats",
    tag = "Referrals",
    params(
        Span,
        ("by" = inline(Option<By>), Query, description = "By what the figures are told apart"),
    ),
    responses((status = 200, body = ReferralStats))
)]
#[get("/v1/referrals/stats")]
pub async fn read(call: Call) -> Answer {
    let query = call.query()?;
    let (span, by) = (Span::read(&query)?, query.get::<By>("by")?);
    call.get(move |tx| {
        let period = span.period(tx)?;
        stats::stats(tx, &period, by)
    })
    .await
}

/// Who brought most friends, of the members who want to be named.
///
/// Refusals: `unauthenticated`, `invalid_request`.
#[utoipa::path(
    operation_id = "getLeaderboard",
    tag = "Referrals",
    params(Span),
    responses((status = 200, body = Listing<Leader>))
)]
#[get("/v1/referrals/leaderboard")]
pub async fn leaderboard(call: Call) -> Answer {
    let span = Span::read(&call.query()?)?;
    call.get(move |tx| {
        let period = span.period(tx)?;
        Ok(Listing { data: stats::leaderboard(tx, &period)?, next_cursor: None })
    })
    .await
}
