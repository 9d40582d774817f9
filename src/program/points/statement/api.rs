//! `GET /v1/members/{id}/statement`, as JSON and as CSV.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CONTENT_DISPOSITION, VARY},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    csv::Csv,
    lines::Lines,
    service::{Edge, Statement, open},
};
use crate::{
    due,
    ledger::{Entry, Explanation, Settled, Stretch, explain},
    points::api::{EntryBody, Expiring},
};
use platform::{
    db::Tx,
    http::{
        Answer, Call,
        accept::wants_csv,
        outline::Outline,
        streams::{PIECE, Pieces},
    },
    kernel::{clock::Timestamp, error::Result, id::MemberId},
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
