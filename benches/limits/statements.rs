//! The statements that Vildar runs for one command that comes alone, as scripts for `pgbench` and
//! for the bare loop: `statements/<command>.<database>.sql`. They run on the house's own tables.
//!
//! A line is a statement. `:name` is a value: of `\set`, of the runner ([`super::bare`] lists its
//! own), or of a row that was read before, by `\gset PREFIX`.
//!
//! `cargo bench --bench limits -- --statements` holds the scripts against what Vildar really runs:
//! where they differ, correct the scripts (the check prints Vildar's text, with `$1` or `?` where
//! the script puts its values).

use super::{http, place::Place, seen, support::both::Which};

/// A command that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Earn,
    Redeem,
    Order,
    Balance,
}

impl Command {
    /// In the order of [`http::loads`].
    pub const ALL: [Self; 4] = [Self::Earn, Self::Redeem, Self::Order, Self::Balance];

    /// The script as it stands in its file.
    pub const fn script(self, which: Which) -> &'static str {
        match (self, which) {
            (Self::Earn, Which::Sqlite) => include_str!("statements/earn.sqlite.sql"),
            (Self::Earn, Which::Postgres) => include_str!("statements/earn.postgres.sql"),
            (Self::Redeem, Which::Sqlite) => include_str!("statements/redeem.sqlite.sql"),
            (Self::Redeem, Which::Postgres) => include_str!("statements/redeem.postgres.sql"),
            (Self::Order, Which::Sqlite) => include_str!("statements/order.sqlite.sql"),
            (Self::Order, Which::Postgres) => include_str!("statements/order.postgres.sql"),
            (Self::Balance, Which::Sqlite) => include_str!("statements/balance.sqlite.sql"),
            (Self::Balance, Which::Postgres) => include_str!("statements/balance.postgres.sql"),
        }
    }
}

/// Values that are the same each time. What Vildar binds in a WHERE or a LIMIT is bound here too: a
/// planner that sees it written out may know better.
pub const FIXED: [(&str, &str); 4] =
    [("zero", "0"), ("one", "1"), ("hundred", "100"), ("placed", "placed")];

/// A statement of a script, and the prefix under which its row's values are kept.
pub struct Statement {
    pub sql: &'static str,
    pub kept_as: Option<&'static str>,
}

/// The statements of a script.
pub fn parse(script: &'static str) -> impl Iterator<Item = Statement> {
    let lines = script.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with("--") && !line.starts_with('\\')).map(
        |line| match line.split_once(" \\gset ") {
            Some((sql, prefix)) => Statement { sql, kept_as: Some(prefix.trim()) },
            None => Statement { sql: line.trim_end_matches(';'), kept_as: None },
        },
    )
}

/// Prints what differs between the scripts and what Vildar really runs; answers whether anything
/// does.
pub fn differ() -> bool {
    seen::listen_in();
    let mut differ = false;
    for place in Place::on_each() {
        http::enrol(&place);
        let found = seen::statements(&place, &http::loads(&place));
        for (command, ran) in Command::ALL.into_iter().zip(found) {
            differ |= compare(command, place.which, &ran);
        }
    }
    differ
}

fn compare(command: Command, which: Which, ran: &[String]) -> bool {
    let script: Vec<Statement> = parse(command.script(which)).collect();
    let mut differ = false;
    println!("\n{which:?}, {command:?}: {} statements", ran.len());
    for position in 0..script.len().max(ran.len()) {
        let ours = script.get(position).map_or("(nothing)", |statement| statement.sql);
        let theirs = ran.get(position).map_or("(nothing)", |sql| sql.trim());
        if is_filled_in(theirs, ours) {
            println!("  same    {theirs}");
        } else {
            differ = true;
            println!("  DIFFERS Vildar runs  {theirs}\n          the script   {ours}");
        }
    }
    differ
}

/// Whether `script` is `sql` with something in the place of each parameter.
fn is_filled_in(sql: &str, script: &str) -> bool {
    let parts = fixed_parts(sql);
    let [first, between @ .., last] = parts.as_slice() else { return sql == script };
    let Some(mut rest) = script.strip_prefix(first) else { return false };
    for part in between {
        // a value is never empty
        let found = rest.char_indices().skip(1).find(|(at, _)| rest[*at..].starts_with(part));
        let Some((at, _)) = found else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.len() > last.len() && rest.ends_with(last)
}

/// What stands between the parameters: `$1`, `$2`, … or `?`.
fn fixed_parts(sql: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let bytes = sql.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let length = match bytes[at] {
            b'?' => 1,
            b'$' if digits > 0 => 1 + digits,
            _ => 0,
        };
        if length > 0 {
            parts.push(&sql[start..at]);
            start = at + length;
        }
        at += length.max(1);
    }
    parts.push(&sql[start..]);
    parts
}
