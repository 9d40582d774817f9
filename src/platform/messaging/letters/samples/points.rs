//! Of the letters about points.

use std::time::Duration;

use super::{LONG, ODD, at};
use crate::{
    kernel::{
        clock::Timestamp,
        money::{Currency, Money},
    },
    messaging::letters::{Ending, Letter},
};

const SHOP: &str = "https://shop.example/";

pub fn thanks() -> Vec<Letter> {
    let letter = |name: &str, order: &str, amount, points, days: Option<u64>| Letter::OrderThanks {
        given_name: name.to_owned(),
        order: order.to_owned(),
        total: Money { amount, currency: Currency::EUR },
        points,
        available_at: days.map(|days| at(days * 24)),
        page_url: Some(SHOP.to_owned()),
    };
    vec![
        letter("Þórdís", "1042", 1999, 19, Some(14)),
        letter("Anna", "1043", 100, 1, None),
        letter(LONG, "A-7", 99, 0, None),
        letter(ODD, ODD, 123_456_789, 111, Some(14)),
    ]
}

fn ending(points: i64, days: u64) -> Ending {
    Ending { points, expires_at: at(days * 24) }
}

pub fn reminders() -> Vec<Letter> {
    let expiring =
        |name: &str, ending: &[Ending], available, rewards: &[&str]| Letter::PointsExpiring {
            given_name: name.to_owned(),
            ending: ending.to_vec(),
            available,
            rewards: rewards.iter().map(ToString::to_string).collect(),
            page_url: Some(SHOP.to_owned()),
        };
    let miss_you = |name: &str, available, rewards: &[&str]| Letter::MissYou {
        given_name: name.to_owned(),
        available,
        rewards: rewards.iter().map(ToString::to_string).collect(),
        page_url: Some(SHOP.to_owned()),
    };
    let coffee = ["Ullarpeysa", "Kaffi og kleina"];
    vec![
        expiring("Þórdís", &[ending(300, 30)], 1234, &coffee),
        expiring("Anna", &[ending(1, 30), ending(21, 44)], 22, &[]),
        expiring(ODD, &[ending(111, 30)], 111, &[ODD, LONG]),
        miss_you("Þórdís", 21, &coffee),
        miss_you(ODD, 0, &[]),
        miss_you("Anna", 1, &[ODD]),
    ]
}

/// So many days after 2026-11-01T00:00:00Z.
fn month(days: u64) -> Timestamp {
    const FIRST: Duration = Duration::from_hours(20_758 * 24);
    Timestamp::UNIX_EPOCH.plus(FIRST).plus(Duration::from_hours(days * 24))
}

pub fn statements() -> Vec<Letter> {
    let letter = |name: &str, days, sums: [i64; 5], ending| Letter::PointsStatement {
        given_name: name.to_owned(),
        // midnight in UTC: from 1 November 2026 on
        from: month(0),
        to: month(days),
        opening: sums[0],
        received: sums[1],
        used: sums[2],
        expired: sums[3],
        closing: sums[4],
        ending,
        page_url: Some(SHOP.to_owned()),
    };
    vec![
        letter("Þórdís", 30, [1021, 300, 111, 0, 1210], Some(ending(21, 80))),
        letter(ODD, 21, [0, 2, 1, 1, 0], None),
        letter("Anna", 30, [0, 1, 0, 0, 1], Some(ending(1, 80))),
    ]
}
