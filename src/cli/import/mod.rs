//! `vildar import members|orders|answers FILE`: a history from CSV files. A bad row is reported with its
//! line and column, and stops nothing else; running it again imports nothing twice.

mod answers;
mod dates;
mod fault;
mod members;
mod orders;
mod quotes;
mod table;
mod window;

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;

pub use self::fault::RowError;
use self::{
    fault::Fault,
    table::{Row, Table},
    window::{Flow, Window},
};
use super::{Failure, Outcome, progress, say};
use platform::{
    db::{
        Store, Tx,
        stride::{Stride, Taken},
    },
    kernel::error::{Error, Result},
    settings::{self, Settings},
};

#[derive(Args)]
pub struct Options {
    /// A CSV file with a header row; columns by name, in any order.
    file: PathBuf,
    /// Check every row and change nothing.
    #[arg(long)]
    dry_run: bool,
}

/// What came of one row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Done {
    Imported,
    AlreadyThere,
}

/// What came of a file.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub imported: u64,
    pub already_there: u64,
    /// How many rows; each has an error or more.
    pub refused: u64,
    pub errors: Vec<RowError>,
}

impl Report {
    /// Counts a row that was refused for these reasons.
    fn refuse(&mut self, errors: Vec<RowError>) {
        self.refused += 1;
        self.errors.extend(errors);
    }
}

/// Imports a file and prints what came of it.
pub(super) async fn members(store: &Store, options: Options, json: bool) -> Outcome {
    show(&members_of(store, &options.file, options.dry_run).await?, options.dry_run, json)
}

/// The same for orders.
pub(super) async fn orders(store: &Store, options: Options, json: bool) -> Outcome {
    show(&orders_of(store, &options.file, options.dry_run).await?, options.dry_run, json)
}

/// The same for answers to surveys.
pub(super) async fn answers(store: &Store, options: Options, json: bool) -> Outcome {
    show(&answers_of(store, &options.file, options.dry_run).await?, options.dry_run, json)
}

/// Enrols the members of a file.
///
/// # Errors
/// A file that is no table of members; the database's own. A bad row is none.
pub async fn members_of(store: &Store, file: &Path, dry_run: bool) -> Result<Report, Failure> {
    let table = Table::open(file, &members::COLUMNS, &members::REQUIRED)?;
    run(store, dry_run, table, &MEMBERS).await
}

/// Places the orders of a file.
///
/// # Errors
/// A file that is no table of orders; the database's own. A bad row is none.
pub async fn orders_of(store: &Store, file: &Path, dry_run: bool) -> Result<Report, Failure> {
    let table = Table::open(file, &orders::COLUMNS, &orders::REQUIRED)?;
    run(store, dry_run, table, &ORDERS).await
}

/// Records the answers of a file.
///
/// # Errors
/// A file that is no table of answers; the database's own. A bad row is none.
pub async fn answers_of(store: &Store, file: &Path, dry_run: bool) -> Result<Report, Failure> {
    let table = Table::open(file, &answers::COLUMNS, &answers::REQUIRED)?;
    run(store, dry_run, table, &ANSWERS).await
}

/// Imports rows in order, each decided on its own: a fault changes nothing.
type ImportRows = fn(&mut Tx<'_>, &Settings, &[Row]) -> Result<Vec<Result<Done, Vec<Fault>>>>;

/// How rows of a kind are imported.
struct Kind {
    import: ImportRows,
    /// How many share a transaction at most.
    most: usize,
    flow: Flow,
}

const MEMBERS: Kind = Kind { import: members::import, most: 10_000, flow: Flow::Apart };
const ORDERS: Kind = Kind { import: orders::import, most: 10_000, flow: Flow::ByMember };
// each in a savepoint, of which PostgreSQL keeps no more than 64 in mind
const ANSWERS: Kind = Kind { import: answers::import, most: 50, flow: Flow::InOrder };

async fn run(store: &Store, dry_run: bool, table: Table, kind: &Kind) -> Result<Report, Failure> {
    let bar = progress::bar(table.bytes);
    let mut rows = table.rows();
    let mut run = Import {
        store,
        kind,
        rehearses: dry_run,
        stride: Stride::of_command(store, kind.most),
        rehearsed: Rehearsed::default(),
        report: Report::default(),
    };
    loop {
        let ahead: Vec<_> = rows.by_ref().take(run.flow().ahead()).collect();
        let begun = bar.position();
        let Some(last) = ahead.last() else { break };
        let length = last.as_ref().map_or(0, |row| row.end.saturating_sub(begun));
        let mut window = run.window(ahead).await?;
        let all = window.len().max(1) as u64;
        while let Some(parts) = run.next(&mut window) {
            run.import(parts).await?;
            bar.set_position(begun + length * (all - window.len() as u64) / all);
        }
    }
    bar.finish_and_clear();
    let mut report = run.report;
    report.errors.sort_by_key(|error| error.line);
    Ok(report)
}

/// A file's import while it goes on.
struct Import<'a> {
    store: &'a Store,
    kind: &'a Kind,
    rehearses: bool,
    stride: Stride,
    rehearsed: Rehearsed,
    report: Report,
}

impl Import<'_> {
    /// A rehearsal finds what earlier rows did by their order.
    const fn flow(&self) -> Flow {
        if self.rehearses { Flow::InOrder } else { self.kind.flow }
    }

    /// What is good of these, in the order in which it is imported.
    async fn window(&mut self, ahead: Vec<Result<Row, RowError>>) -> Result<Window> {
        let mut good = Vec::with_capacity(ahead.len());
        for row in ahead {
            match row {
                Ok(row) => good.push(row),
                Err(error) => self.report.refuse(vec![error]),
            }
        }
        Window::new(self.store, self.flow(), good).await
    }

    /// What comes next: in two parts where they can be written side by side, and nobody is there who
    /// would have to wait for both.
    fn next(&self, window: &mut Window) -> Option<[Vec<Row>; 2]> {
        let side_by_side = !self.store.has_one_writer() && !self.stride.has_company();
        window.next(self.stride.next(), side_by_side)
    }

    /// Imports both parts, each in a transaction, and counts what came of it.
    async fn import(&mut self, [one, other]: [Vec<Row>; 2]) -> Result<()> {
        let Self { store, kind: &Kind { import, .. }, rehearses: dry_run, ref stride, .. } = *self;
        let before = if dry_run { self.rehearsed.twins_of(&one) } else { Vec::new() };
        let count = one.len() + other.len();
        let part = async |rows: Vec<Row>| {
            if rows.is_empty() {
                return Ok((Vec::new(), Taken::default()));
            }
            let before = before.clone();
            stride.timed(store, move |tx| import_chunk(tx, &before, &rows, import, dry_run)).await
        };
        let ((outcomes, taken), (others, beside)) = tokio::try_join!(part(one), part(other))?;
        self.stride.goes_by(count, if beside.time > taken.time { &beside } else { &taken });
        for outcome in outcomes.into_iter().chain(others) {
            match outcome {
                Ok(Done::Imported) => self.report.imported += 1,
                Ok(Done::AlreadyThere) => self.report.already_there += 1,
                Err(errors) => self.report.refuse(errors),
            }
        }
        self.stride.pause().await;
        Ok(())
    }
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
) -> Result<Vec<Result<Done, Vec<RowError>>>> {
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
        outcome.map_err(|faults| faults.iter().flat_map(|fault| fault.told(row)).collect())
    });
    Ok(told.collect())
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
