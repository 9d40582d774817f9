//! `vildar import members|orders FILE`: a history from CSV files. A bad row is reported with its
//! line and column, and stops nothing else; running it again imports nothing twice.

mod members;
mod orders;
mod table;

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use self::table::{Row, Table};
use super::{Failure, Outcome, say};
use crate::{
    db::{Store, Tx},
    kernel::error::{Error, Refusal, Result},
    program::settings::{self, Settings},
};

#[derive(Args)]
pub struct Options {
    /// A CSV file with a header row; columns by name, in any order.
    file: PathBuf,
    /// Check every row and change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// How many rows share a commit.
const CHUNK: usize = 200;

/// What came of one row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Done {
    Imported,
    AlreadyThere,
}

/// Why one row was refused.
#[derive(Clone, Debug, Serialize)]
pub struct RowError {
    /// The header is line 1.
    pub line: u64,
    /// Empty where the whole row is at fault.
    pub column: String,
    pub code: String,
    pub message: String,
}

/// What came of a file.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub imported: u64,
    pub already_there: u64,
    pub refused: u64,
    pub errors: Vec<RowError>,
}

/// Imports a file and prints what came of it.
pub(super) async fn members(store: &Store, options: Options, json: bool) -> Outcome {
    show(&members_of(store, &options.file, options.dry_run).await?, options.dry_run, json)
}

/// The same for orders.
pub(super) async fn orders(store: &Store, options: Options, json: bool) -> Outcome {
    show(&orders_of(store, &options.file, options.dry_run).await?, options.dry_run, json)
}

/// Enrols the members of a file.
///
/// # Errors
/// A file that is no table of members; the database's own. A bad row is none.
pub async fn members_of(store: &Store, file: &Path, dry_run: bool) -> Result<Report, Failure> {
    let table = Table::open(file, &members::COLUMNS, &members::REQUIRED)?;
    run(store, dry_run, table, members::import).await
}

/// Places the orders of a file.
///
/// # Errors
/// A file that is no table of orders; the database's own. A bad row is none.
pub async fn orders_of(store: &Store, file: &Path, dry_run: bool) -> Result<Report, Failure> {
    let table = Table::open(file, &orders::COLUMNS, &orders::REQUIRED)?;
    run(store, dry_run, table, orders::import).await
}

/// A column at fault, and why.
struct Fault {
    /// Empty where the refusal names it, or the whole row is at fault.
    column: &'static str,
    refusal: Refusal,
}

impl Fault {
    fn at(column: &'static str, message: impl std::fmt::Display) -> Self {
        Self { column, refusal: Refusal::field(format!("/{column}"), message.to_string()) }
    }
}

/// Reads one value of a row by `FromStr`.
fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(
    row: &Row,
    column: &'static str,
) -> Result<Option<T>, Fault> {
    let read = |text: &str| text.parse().map_err(|why| Fault::at(column, why));
    row.get(column).map(read).transpose()
}

/// The same for a value that must be there.
fn required<T: std::str::FromStr<Err: std::fmt::Display>>(
    row: &Row,
    column: &'static str,
) -> Result<T, Fault> {
    parse(row, column)?.ok_or_else(|| Fault::at(column, "is required"))
}

/// Imports rows in order, each decided on its own: a fault changes nothing.
type ImportRows = fn(&mut Tx<'_>, &Settings, &[Row]) -> Result<Vec<Result<Done, Fault>>>;

async fn run(
    store: &Store,
    dry_run: bool,
    table: Table,
    import: ImportRows,
) -> Result<Report, Failure> {
    let bar = progress(table.bytes);
    let mut report = Report::default();
    let mut rows = table.rows();
    let mut rehearsed = Rehearsed::default();
    loop {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
        let Some(last) = chunk.last() else { break };
        let position = match last {
            Ok(row) => row.end,
            Err(_) => bar.position(),
        };
        let good: Vec<Row> = chunk.iter().filter_map(|row| row.as_ref().ok().cloned()).collect();
        report.errors.extend(chunk.into_iter().filter_map(std::result::Result::err));
        let before = if dry_run { rehearsed.twins_of(&good) } else { Vec::new() };
        let outcomes =
            store.write(move |tx| import_chunk(tx, &before, &good, import, dry_run)).await?;
        for outcome in outcomes {
            match outcome {
                Ok(Done::Imported) => report.imported += 1,
                Ok(Done::AlreadyThere) => report.already_there += 1,
                Err(error) => report.errors.push(error),
            }
        }
        bar.set_position(position);
    }
    bar.finish_and_clear();
    report.errors.sort_by_key(|error| error.line);
    report.refused = report.errors.len() as u64;
    Ok(report)
}

/// The rows of a dry run so far: each chunk of it is undone, and what a later row repeats or
/// contradicts must be there again.
#[derive(Default)]
struct Rehearsed {
    rows: Vec<Row>,
    /// Which rows have a key, by their places.
    by_key: HashMap<(&'static str, String), Vec<usize>>,
}

impl Rehearsed {
    /// The earlier rows that share a key with one of these, which are added.
    fn twins_of(&mut self, rows: &[Row]) -> Vec<Row> {
        let mut twins = BTreeSet::new();
        for key in rows.iter().flat_map(Row::keys) {
            twins.extend(self.by_key.get(&key).into_iter().flatten().copied());
        }
        let twins = twins.into_iter().filter_map(|place| self.rows.get(place).cloned()).collect();
        for row in rows {
            for key in row.keys() {
                self.by_key.entry(key).or_default().push(self.rows.len());
            }
            self.rows.push(row.clone());
        }
        twins
    }
}

/// All of it undone in a dry run, which thus sees earlier rows of its chunk, and those `before` it
/// that matter.
fn import_chunk(
    tx: &mut Tx<'_>,
    before: &[Row],
    rows: &[Row],
    import: ImportRows,
    dry_run: bool,
) -> Result<Vec<Result<Done, RowError>>> {
    let settings = settings::service::get(tx)?;
    let outcomes = if dry_run {
        tx.rehearse(|tx| {
            // told of already
            drop(import(tx, &settings, before)?);
            import(tx, &settings, rows)
        })?
    } else {
        import(tx, &settings, rows)?
    };
    let told = rows.iter().zip(outcomes).map(|(row, outcome)| {
        outcome.map_err(|Fault { column, refusal }| row_error(row.line, column, &refusal))
    });
    Ok(told.collect())
}

fn row_error(line: u64, column: &str, refusal: &Refusal) -> RowError {
    let problem = crate::http::Problem::new(refusal, "");
    let (column, message) = match refusal {
        Refusal::Invalid(errors) => errors.first().map_or_else(
            || (column.to_owned(), refusal.to_string()),
            |error| {
                let named = error.pointer.trim_start_matches('/').to_owned();
                let column = if column.is_empty() { named } else { column.to_owned() };
                (column, error.message.clone())
            },
        ),
        refusal => (column.to_owned(), refusal.to_string()),
    };
    RowError { line, column, code: problem.code().to_owned(), message }
}

fn show(report: &Report, dry_run: bool, json: bool) -> Outcome {
    if json {
        say(serde_json::to_string(report).map_err(Error::from)?)?;
    } else {
        for error in &report.errors {
            let RowError { line, column, message, .. } = error;
            let place = if column.is_empty() { "the row" } else { column };
            say(format_args!("line {line}, {place}: {message}"))?;
        }
        say(format_args!(
            "{}{} imported, {} already there, {} refused",
            if dry_run { "dry run: " } else { "" },
            report.imported,
            report.already_there,
            report.refused
        ))?;
    }
    if report.refused == 0 { Ok(()) } else { Err(Failure::Reported) }
}

fn progress(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent}% {elapsed} (eta {eta})") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
