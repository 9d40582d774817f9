//! What referrals came to. Each number leads to the rows that it counts.

use serde::Serialize;

use super::{desk::Desk, frame::Frame, today::names};
use crate::web::pages::segment;
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::id::MemberId,
};
use program::{
    period::Span,
    referrals::stats::{self, By, Figures, ReferralStats},
};

/// The figures of one part.
#[derive(Serialize)]
struct Row {
    label: String,
    referrer_id: Option<String>,
    /// What chooses its rows in the list.
    span: String,
    figures: Figures,
}

#[derive(Serialize)]
struct StatsPage {
    #[serde(flatten)]
    frame: Frame,
    from: String,
    to: String,
    whole: ReferralStats,
    months: Vec<Row>,
    referrers: Vec<Row>,
}

/// `GET /console/referrals/stats?from=&to=`
pub async fn show(desk: Desk) -> Answer {
    let given: Vec<(&str, String)> = ["from", "to"]
        .into_iter()
        .filter_map(|name| Some((name, desk.visit.parameter(name))).filter(|(_, v)| !v.is_empty()))
        .collect();
    Query::parse(desk.visit.query(), &["from", "to"])?;
    let query: Vec<String> =
        given.iter().map(|(name, value)| format!("{name}={}", segment(value))).collect();
    let span = Span::read(&Query::parse(&query.join("&"), &["from", "to"])?)?;
    let read = move |tx: &mut Tx<'_>| {
        let period = span.period(tx)?;
        let whole = stats::stats(tx, &period, None)?;
        let months = stats::stats(tx, &period, Some(By::Month))?.rows;
        let referrers = stats::stats(tx, &period, Some(By::Referrer))?.rows;
        let ids: Vec<MemberId> = referrers.iter().filter_map(|row| row.referrer_id).collect();
        let names = names(tx, ids.into_iter())?;
        let month = |row: stats::StatsRow| Row {
            label: row.month.unwrap_or_default(),
            referrer_id: None,
            span: format!("&from={}&to={}", row.from, row.to),
            figures: row.figures,
        };
        let referrer = |row: stats::StatsRow| Row {
            label: row.referrer_id.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
            span: format!(
                "&from={}&to={}&referrer_id={}",
                row.from,
                row.to,
                row.referrer_id.map(|id| id.to_string()).unwrap_or_default()
            ),
            referrer_id: row.referrer_id.map(|id| id.to_string()),
            figures: row.figures,
        };
        Ok((
            whole,
            months.into_iter().map(month).collect::<Vec<_>>(),
            referrers.into_iter().map(referrer).collect::<Vec<_>>(),
        ))
    };
    let (whole, months, referrers): (_, _, Vec<Row>) = desk.store().read(read).await?;
    let page = StatsPage {
        frame: desk.frame("referrals", None),
        from: whole.from.to_string(),
        to: whole.to.to_string(),
        whole,
        months,
        referrers,
    };
    desk.page("referral_stats", None, &page)
}
