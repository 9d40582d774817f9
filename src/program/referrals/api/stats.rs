//! What referrals came to.

use actix_web::get;

use crate::{
    period::Span,
    referrals::stats::{self, By, Leader, ReferralStats},
};
use platform::{
    http::{Answer, Call},
    kernel::page::Listing,
};

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
