//! What is wrong with a row, told by column: all of it at once.

use std::{fmt, str::FromStr};

use serde::Serialize;

use super::table::Row;
use platform::kernel::error::Refusal;

/// Why one row was refused; a row may have several.
#[derive(Clone, Debug, Serialize)]
pub struct RowError {
    /// The header is line 1.
    pub line: u64,
    /// Empty where the whole row is at fault.
    pub column: String,
    pub code: String,
    pub message: String,
}

/// A column at fault, and why.
pub struct Fault {
    /// Empty where the refusal names it, or the whole row is at fault.
    pub column: &'static str,
    pub refusal: Refusal,
}

impl Fault {
    pub fn at(column: &'static str, message: impl fmt::Display) -> Self {
        Self { column, refusal: Refusal::field(format!("/{column}"), message.to_string()) }
    }

    /// As it is told of `row`.
    pub fn told(&self, row: &Row) -> Vec<RowError> {
        let problem = platform::http::Problem::new(&self.refusal, "");
        let error = |column: &str, message: &str| RowError {
            line: row.line(),
            column: column.to_owned(),
            code: problem.code().to_owned(),
            message: format!("{message}{}", row.extent()),
        };
        match &self.refusal {
            Refusal::Invalid { errors } => {
                let named = errors.iter().map(|wrong| {
                    let named = wrong.pointer.trim_start_matches('/');
                    let column = if self.column.is_empty() { named } else { self.column };
                    error(column, &wrong.message)
                });
                named.collect()
            }
            refusal => vec![error(self.column, &refusal.to_string())],
        }
    }
}

/// A row that is being read: its values, and what is wrong with them so far.
pub struct Reading<'a> {
    pub row: &'a Row,
    pub faults: Vec<Fault>,
}

impl<'a> Reading<'a> {
    pub const fn of(row: &'a Row) -> Self {
        Self { row, faults: Vec::new() }
    }

    /// Notes a fault, unless the column has one.
    pub fn fault(&mut self, fault: Fault) {
        if self.faults.iter().all(|known| known.column != fault.column) {
            self.faults.push(fault);
        }
    }

    /// One value by `FromStr`; `None` where it is not there, or wrong.
    pub fn parse<T: FromStr<Err: fmt::Display>>(&mut self, column: &'static str) -> Option<T> {
        self.with(column, |text| text.parse::<T>().map_err(|why| why.to_string()))
    }

    /// One value as `read` reads it; `None` where it is not there, or wrong.
    pub fn with<T>(
        &mut self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match read(self.row.get(column)?) {
            Ok(value) => Some(value),
            Err(why) => {
                self.fault(Fault::at(column, why));
                None
            }
        }
    }

    /// Notes a fault where a column has no value.
    pub fn needs(&mut self, column: &'static str) {
        if self.row.get(column).is_none() {
            self.fault(Fault::at(column, "is required"));
        }
    }

    /// One value that must be there.
    pub fn required<T: FromStr<Err: fmt::Display>>(&mut self, column: &'static str) -> Option<T> {
        self.needs(column);
        self.parse(column)
    }
}
