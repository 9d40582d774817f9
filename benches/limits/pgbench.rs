//! PostgreSQL's own limit: `pgbench` on the statements of one command, a transaction each, prepared.

use std::{io::Write, path::PathBuf, process, time::Duration};

use platform::kernel::id::RewardId;

use super::{
    place::Place,
    statements::{Command, FIXED},
    support,
    support::both::Which,
};

/// Clients at once.
const CLIENTS: &str = "16";

/// As Vildar has it on its own connections: rows are found by their indexes.
const OPTIONS: &str =
    "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

/// Transactions a second of a command's script.
pub fn run(place: &Place, command: Command, time: Duration) -> f64 {
    let reward: RewardId = place.reward.parse().expect("an id");
    let mut values = vec![("reward", reward.uuid().to_string())];
    values.extend(FIXED.iter().map(|(name, value)| (*name, (*value).to_owned())));
    script(place, command.script(Which::Postgres), &values, time)
}

/// Transactions a second of a script, for which names stand for values.
pub fn script(place: &Place, script: &str, values: &[(&str, String)], time: Duration) -> f64 {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(script.as_bytes()).expect("the script");
    let answer = process::Command::new(program())
        .env("PGOPTIONS", OPTIONS)
        .args(["-n", "-M", "prepared", "-c", CLIENTS, "-j", "2", "-T"])
        .arg(time.as_secs().max(1).to_string())
        .args(values.iter().flat_map(|(name, value)| ["-D".to_owned(), format!("{name}={value}")]))
        .arg("-f")
        .arg(file.path())
        .arg(&place.url)
        .output()
        .expect("pgbench runs");
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    let errors = String::from_utf8_lossy(&answer.stderr);
    let failed = text.lines().find_map(|line| line.strip_prefix("number of failed transactions: "));
    assert!(
        answer.status.success() && failed.is_none_or(|count| count.starts_with("0 ")),
        "{script}: {text}{errors}"
    );
    text.lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("{text}{errors}"))
}

fn program() -> PathBuf {
    let beside = |folder: PathBuf| Some(folder.join("pgbench")).filter(|file| file.is_file());
    support::postgres::find_programs()
        .and_then(beside)
        .or_else(|| support::programs::on_path(&["pgbench"]))
        .expect("pgbench is installed with PostgreSQL")
}
