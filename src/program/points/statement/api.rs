//! `GET /v1/members/{id}/statement`, as JSON and as CSV.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{ACCEPT, CONTENT_DISPOSITION, HeaderMap, VARY},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Edge, Statement, csv::csv, statement};
use crate::{
    http::{Answer, Call},
    kernel::{clock::Timestamp, id::MemberId},
    program::{
        ledger::explain,
        points::api::{EntryBody, Expiring},
    },
};

/// What a member had, what happened, and what they have.
#[derive(Serialize, ToSchema)]
#[schema(as = Statement)]
pub struct StatementBody {
    #[schema(value_type = String, example = "2026-11-01T00:00:00Z")]
    from: Timestamp,
    /// Exclusive.
    #[schema(value_type = String, example = "2026-12-01T00:00:00Z")]
    to: Timestamp,
    /// The sum of all that happened before `from`.
    #[schema(example = 240)]
    opening_balance: i64,
    /// In the order in which they happened. The `balance_after` of each is the running sum in the
    /// order of `seq`, in which they were recorded: where one was dated back, it does not follow
    /// the lines.
    entries: Vec<EntryBody>,
    /// `opening_balance` and the points of all lines.
    #[schema(example = 340)]
    closing_balance: i64,
    /// What expires next, as of now and soonest first: the next twelve dates at most.
    expiring: Vec<Expiring>,
}

impl From<Statement> for StatementBody {
    fn from(statement: Statement) -> Self {
        let (language, zone) = (statement.language, statement.zone);
        let entries = statement.entries.into_iter().map(|entry| {
            let explanation = explain(&entry, language, &zone);
            EntryBody::new(entry, explanation)
        });
        Self {
            from: statement.from,
            to: statement.to,
            opening_balance: statement.opening_balance,
            entries: entries.collect(),
            closing_balance: statement.closing_balance,
            expiring: statement.expiring.into_iter().map(Expiring::from).collect(),
        }
    }
}

/// A member's statement over any period: opens, adds up, closes.
///
/// Its lines are the entries whose `occurred_at` is in `[from, to)`, oldest first, at most 10,000
/// of them. Consecutive periods chain: each opens with what the one before closed with, and one
/// that ends after the last entry closes with `available + pending + held − debt`. Where entries
/// are dated back, an older statement that is asked for again has them too.
///
/// With `Accept: text/csv` the same comes as a CSV file (RFC 4180, UTF-8): a header row, a line
/// `opening`, a line `entry` for each, a line `closing`; its `balance` runs through the lines. Texts
/// that a spreadsheet would take for a formula are led by an apostrophe.
/// Callers: the member, staff.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`.
#[utoipa::path(
    tag = "Points",
    params(
        ("id" = String, Path),
        ("from" = Option<String>, Query, example = "2026-11-01", description = "Where the period begins, inclusive: a date (its beginning in the program's time zone) or an RFC 3339 instant. Unless given: the first day of the calendar month that the period ends in"),
        ("to" = Option<String>, Query, example = "2026-12-01", description = "Where the period ends, exclusive: a date (its beginning in the program's time zone) or an RFC 3339 instant. Unless given: the end of today")
    ),
    responses((status = 200, content((StatementBody = "application/json"), (String = "text/csv"))))
)]
#[get("/v1/members/{id}/statement")]
pub async fn read(call: Call, request: HttpRequest) -> Answer {
    let member: MemberId = call.id("member")?;
    call.caller.member_or_staff(member)?;
    let query = call.query(&["from", "to"])?;
    let (from, to) = (query.get::<Edge>("from")?, query.get::<Edge>("to")?);
    let statement = statement(call.store(), member, from, to).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((VARY, "Accept"));
    if !wants_csv(request.headers()) {
        return Ok(answer.json(StatementBody::from(statement)));
    }
    let day = |at| statement.zone.date(at);
    let name = format!("statement-{member}-{}-{}.csv", day(statement.from), day(statement.to));
    let disposition = format!("attachment; filename=\"{name}\"");
    answer.insert_header((CONTENT_DISPOSITION, disposition));
    answer.content_type("text/csv; charset=utf-8; header=present");
    Ok(answer.body(csv(&statement)?))
}

/// Whether CSV is wanted more than JSON, which is the default (RFC 9110, 12.5.1).
fn wants_csv(headers: &HeaderMap) -> bool {
    let accepted: Vec<&str> =
        headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    let accepted = accepted.join(",");
    quality(&accepted, "text", "csv") > quality(&accepted, "application", "json")
}

/// How much a media type is wanted, in thousandths; the range that names it most closely counts.
fn quality(accepted: &str, kind: &str, subtype: &str) -> u16 {
    let mut best = (0, 0);
    for range in accepted.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let Some((a, b)) = parts.next().and_then(|range| range.split_once('/')) else { continue };
        let closeness = match (a, b) {
            ("*", "*") => 1,
            (a, "*") if a.eq_ignore_ascii_case(kind) => 2,
            (a, b) if a.eq_ignore_ascii_case(kind) && b.eq_ignore_ascii_case(subtype) => 3,
            _ => continue,
        };
        let weight = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
        });
        best = best.max((closeness, weight.unwrap_or(1000)));
    }
    best.1
}

/// `0`, `1`, or up to three decimals between; anything else counts as not wanted.
fn thousandths(text: &str) -> u16 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    let part = format!("{decimals:0<3}").parse().unwrap_or(0);
    match whole {
        "0" => part,
        "1" if part == 0 => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_comes_where_it_is_wanted_more() {
        let wants = |accepted: &str| {
            quality(accepted, "text", "csv") > quality(accepted, "application", "json")
        };
        for accepted in [
            "text/csv",
            "TEXT/CSV",
            "text/csv, */*;q=0.1",
            "text/csv;q=0.5, application/json;q=0.4",
            "application/json;q=0.9,text/csv",
            "text/csv;header=present;q=0.9, application/json;q=0",
            "text/*",
            "application/json;q=0.1, */*",
        ] {
            assert!(wants(accepted), "{accepted}");
        }
        for accepted in [
            "",
            "*/*",
            "application/json",
            "application/json, text/csv",
            "text/csv;q=0",
            "text/csv;q=0.4, application/json;q=0.5",
            "text/csv;q=0.001, */*",
            "text/csv;q=2",
            "text/csv;q=x",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "image/png",
            "csv",
        ] {
            assert!(!wants(accepted), "{accepted}");
        }
    }
}
