//! Samples of letters that thank.

use super::{LONG, ODD, at};
use crate::messaging::letters::{Letter, Overdue, ThanksCategory};

pub fn all() -> Vec<Letter> {
    let thanks = |name: &str, category| Letter::Thanks { given_name: name.to_owned(), category };
    let personal = |name: &str, message: &str, from: Option<&str>, points| Letter::PersonalThanks {
        given_name: name.to_owned(),
        message: message.to_owned(),
        from: from.map(str::to_owned),
        points,
        expires_at: points.map(|_| at(730 * 24)),
    };
    let overdue = |name: &str, counts: &[(ThanksCategory, i64)]| Letter::ThanksOverdue {
        name: name.to_owned(),
        count: counts.iter().map(|(_, count)| count).sum(),
        by_category: counts
            .iter()
            .map(|(category, count)| Overdue { category: *category, count: *count })
            .collect(),
        oldest_due_at: at(0),
        url: "https://vildar.example/console/thanks?overdue=true".to_owned(),
    };
    let every: Vec<(ThanksCategory, i64)> =
        ThanksCategory::ALL.iter().zip(1..).map(|(category, nth)| (*category, nth)).collect();
    let mut all: Vec<Letter> =
        ThanksCategory::ALL.iter().map(|category| thanks("Þórdís", *category)).collect();
    all.extend([
        thanks(ODD, ThanksCategory::Promoter),
        personal(
            "Þórdís",
            "Takk fyrir að láta okkur vita.\n\nVið erum búin að skipta um kaffivél.",
            Some("Gunnar"),
            None,
        ),
        personal("Anna", "You were right about the stairs.", None, Some(1)),
        personal(ODD, ODD, Some(ODD), Some(500)),
        personal(LONG, LONG, Some(LONG), Some(1_000_000)),
        overdue("Gunnar Ægisson", &[(ThanksCategory::Detractor, 1)]),
        overdue(ODD, &every),
    ]);
    all
}
