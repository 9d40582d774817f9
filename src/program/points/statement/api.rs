//! `GET /v1/members/{id}/statement`, as JSON and as CSV.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{ACCEPT, CONTENT_DISPOSITION, HeaderMap, VARY},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    csv::Csv,
    lines::Lines,
    service::{Edge, Statement, open},
};
use crate::{
    db::Tx,
    http::{
        Answer, Call,
        outline::Outline,
        streams::{PIECE, Pieces},
    },
    kernel::{clock::Timestamp, error::Result, id::MemberId},
    program::{
        due,
        ledger::{Entry, Explanation, Settled, Stretch, explain},
        points::api::{EntryBody, Expiring},
    },
};

/// What a member had, what happened, and what they have.
#[derive(Serialize, ToSchema)]
#[schema(as = Statement)]
pub struct StatementBody {
    from: Timestamp,
    /// Exclusive.
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

/// The field whose rows come one by one.
const LISTS: [&str; 1] = ["entries"];

impl From<&Statement> for StatementBody {
    /// Without its lines.
    fn from(statement: &Statement) -> Self {
        Self {
            from: statement.stretch.from,
            to: statement.stretch.to,
            opening_balance: statement.opening_balance,
            entries: Vec::new(),
            closing_balance: statement.closing_balance,
            expiring: statement.expiring.iter().copied().map(Expiring::from).collect(),
        }
    }
}

/// A statement told piece by piece, in one of its forms.
struct Told<F> {
    statement: Statement,
    lines: Lines,
    form: F,
    step: Step,
}

enum Step {
    Opening,
    Lines,
    Over,
}

/// How a statement is written.
pub(super) trait Form: Send + Unpin + 'static {
    /// What stands before the lines.
    fn open(&mut self, statement: &Statement, out: &mut Vec<u8>) -> Result<()>;
    /// One line, with why it is what it is.
    fn line(&mut self, entry: Entry, explanation: Explanation, out: &mut Vec<u8>) -> Result<()>;
    /// What stands behind the lines.
    fn close(&mut self, statement: &Statement, out: &mut Vec<u8>) -> Result<()>;
}

impl<F: Form> Told<F> {
    const fn new(statement: Statement, form: F) -> Self {
        let lines = Lines::of(statement.stretch);
        Self { statement, lines, form, step: Step::Opening }
    }
}

impl<F: Form> Pieces for Told<F> {
    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>> {
        let Self { statement, lines, form, step } = self;
        let mut out = Vec::new();
        while out.len() < PIECE {
            match step {
                Step::Opening => {
                    form.open(statement, &mut out)?;
                    *step = Step::Lines;
                }
                Step::Lines => {
                    let entries = lines.next(tx)?;
                    if entries.is_empty() {
                        form.close(statement, &mut out)?;
                        *step = Step::Over;
                    }
                    for entry in entries {
                        let explanation = explain(&entry, statement.language, &statement.zone);
                        form.line(entry, explanation, &mut out)?;
                    }
                }
                Step::Over => break,
            }
        }
        Ok((!out.is_empty()).then_some(out))
    }
}

struct Json(Outline);

impl Form for Json {
    fn open(&mut self, _: &Statement, out: &mut Vec<u8>) -> Result<()> {
        self.0.next_list(out).map(drop)
    }

    fn line(&mut self, entry: Entry, explanation: Explanation, out: &mut Vec<u8>) -> Result<()> {
        self.0.row(&EntryBody::new(entry, explanation), out)
    }

    fn close(&mut self, _: &Statement, out: &mut Vec<u8>) -> Result<()> {
        self.0.next_list(out).map(drop)
    }
}

/// A member's statement over any period: opens, adds up, closes.
///
/// Its lines are the entries whose `occurred_at` is in `[from, to)`, oldest first, however many
/// they are: they are sent as they are read. Consecutive periods chain: each opens with what the one
/// before closed with, and one that ends after the last entry closes with
/// `available + pending + held − debt`. Where entries are dated back, an older statement that is
/// asked for again has them too. It is as of the call's beginning, and an answer that breaks off is
/// not whole: the connection ends without the last chunk.
///
/// With `Accept: text/csv` the same comes as a CSV file (RFC 4180, UTF-8): a header row, a line
/// `opening`, a line `entry` for each, a line `closing`; its `balance` runs through the lines. Texts
/// that a spreadsheet would take for a formula, were it to split at commas, semicolons or line
/// breaks, are led by an apostrophe there.
///
/// A server sends a few dozen such answers at a time, four to one member: more are told to come
/// again.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `overloaded`.
#[utoipa::path(
    operation_id = "getStatement",
    tag = "Points",
    params(
        ("id" = MemberId, Path),
        ("from" = Option<String>, Query, example = "2026-11-01", description = "Where the period begins, inclusive: a date (its beginning in the program's time zone) or an RFC 3339 instant. Unless given: the first day of the calendar month that the period ends in"),
        ("to" = Option<String>, Query, example = "2026-12-01", description = "Where the period ends, exclusive: a date (its beginning in the program's time zone) or an RFC 3339 instant. Unless given: the end of today")
    ),
    responses((status = 200, content((StatementBody = "application/json"), (String = "text/csv"))))
)]
#[get("/v1/members/{id}/statement")]
pub async fn read(call: Call, request: HttpRequest) -> Answer {
    let member: MemberId = call.id("member")?;
    let query = call.query()?;
    let (from, to) = (query.get::<Edge>("from")?, query.get::<Edge>("to")?);
    let place = call.app.streams.enter(&call.caller)?;
    let opened = move |tx: &mut Tx<'_>, of: Settled<'_>| open(tx, of, from, to);
    let statement = due::read_at(&place, call.store(), member, opened).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((VARY, "Accept"));
    if !wants_csv(request.headers()) {
        let json = Json(Outline::of(&StatementBody::from(&statement), &LISTS)?);
        answer.content_type("application/json");
        return Ok(answer.body(place.tell(Told::new(statement, json))));
    }
    let day = |at| statement.zone.date(at);
    let Stretch { from, to, .. } = statement.stretch;
    let name = format!("statement-{member}-{}-{}.csv", day(from), day(to));
    let disposition = format!("attachment; filename=\"{name}\"");
    answer.insert_header((CONTENT_DISPOSITION, disposition));
    answer.content_type("text/csv; charset=utf-8; header=present");
    Ok(answer.body(place.tell(Told::new(statement, Csv::default()))))
}

/// Whether CSV is wanted more than JSON, which is the default (RFC 9110, 12.5.1).
pub fn wants_csv(headers: &HeaderMap) -> bool {
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
