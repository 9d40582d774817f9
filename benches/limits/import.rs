//! Rows a second of `vildar import orders`: a real history (CDNOW's, see `tests/data`), repeated,
//! its years moved so that what it earned still stands.

use std::{fmt::Write, fs, process::Stdio, time::Instant};

use super::{
    Options,
    place::{self, Place},
    support::both::Which,
    table::{Figures, Goal, Row},
};

/// 1997 and 1998 had the calendar of 2025 and 2026.
const YEARS: u32 = 28;

fn rows() -> Vec<Row> {
    vec![
        Row::Group("Import, rows a second, the process' start included"),
        Row::Figure("vildar import members", Goal::None),
        Row::Figure("vildar import orders", Goal::None),
    ]
}

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let files = files(if options.full { 15 } else { 3 });
    for _ in 0..options.rounds.min(3) {
        for which in on {
            let place = Place::new(*which).expect("the database is there");
            let names = ["vildar import members", "vildar import orders"];
            for (name, (what, (content, count))) in
                names.into_iter().zip(["members", "orders"].into_iter().zip(&files))
            {
                let file = place.folder.path().join(format!("{what}.csv"));
                fs::write(&file, content).expect("the file is written");
                let started = Instant::now();
                let ended = place::command(&place, &["import", what])
                    .arg(&file)
                    .arg("--json")
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .output()
                    .expect("the import runs");
                let took = started.elapsed().as_secs_f64();
                let said = String::from_utf8_lossy(&ended.stdout);
                let told: serde_json::Value = serde_json::from_str(&said).unwrap_or_default();
                assert!(
                    ended.status.success() && told["imported"] == *count,
                    "{said}{}",
                    String::from_utf8_lossy(&ended.stderr)
                );
                figures.note(*which, name, f64::from(*count) / took);
            }
        }
    }
    rows()
}

/// Both files, and how many rows they have.
fn files(times: u32) -> [(String, u32); 2] {
    let mut members = ("external_id,email,given_name\n".to_owned(), 0);
    let mut orders = ("external_id,member_external_id,placed_at,amount,currency\n".to_owned(), 0);
    for time in 0..times {
        let mut last = "";
        for line in include_str!("../../tests/data/CDNOW_sample.txt").lines() {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [_, customer, date, _, dollars] = fields[..] else { panic!("{line}") };
            if customer != last {
                let name = format!("{time}-{customer}");
                writeln!(members.0, "{name},c{name}@example.com,Customer").expect("a line");
                members.1 += 1;
                last = customer;
            }
            orders.1 += 1;
            let year: u32 = date[..4].parse().expect("a year");
            writeln!(
                orders.0,
                "{},{time}-{customer},{}-{}-{},{},EUR",
                orders.1,
                year + YEARS,
                &date[4..6],
                &date[6..],
                dollars.replace('.', "").trim_start_matches('0').parse::<u32>().unwrap_or(0),
            )
            .expect("a line");
        }
    }
    [members, orders]
}
