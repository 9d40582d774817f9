//! A real history: the purchases of CDNOW's customers (see `tests/data/LICENSE-CDNOW.txt`), and
//! what each of them must have by arithmetic of our own.

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::Path,
    time::{Duration, Instant},
};

use diesel::{
    QueryableByName, RunQueryDsl,
    sql_types::{BigInt, Text},
};
use platform::{
    db::{Store, tx::Env},
    kernel::{chance::Chance, clock::Clock},
};
use serde_json::json;
use vildar::{chores, cli};

use crate::{
    database::{Db, on_both},
    import::import,
};

/// A day as year, month and day: they compare as dates do.
type Date = (u32, u32, u32);

struct Purchase {
    customer: u32,
    date: Date,
    cents: u64,
}

fn purchases() -> Vec<Purchase> {
    let parse = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, customer, date, _, dollars] = fields[..] else { panic!("{line}") };
        let number = |text: &str| text.parse::<u32>().expect("a number");
        let (whole, cents) = dollars.split_once('.').expect("dollars and cents");
        assert_eq!(cents.len(), 2, "{line}");
        Purchase {
            customer: number(customer),
            date: (number(&date[..4]), number(&date[4..6]), number(&date[6..])),
            cents: u64::from(number(whole) * 100 + number(cents)),
        }
    };
    include_str!("../data/CDNOW_sample.txt").lines().map(parse).collect()
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_after((mut year, mut month, mut day): Date, days: u32) -> Date {
    for _ in 0..days {
        day += 1;
        if day > days_in(year, month) {
            (month, day) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    (year, month, day)
}

/// The last day on which points earned on `date` stand: 24 months on, in a shorter month its end.
fn last_day((year, month, day): Date) -> Date {
    (year + 2, month, day.min(days_in(year + 2, month)))
}

/// A customer's points: earned, expired, available, pending.
type Points = (i64, i64, i64, i64);

/// What every customer has at the beginning of `today`.
fn expected(purchases: &[Purchase], today: Date) -> BTreeMap<String, Points> {
    let mut all = BTreeMap::new();
    for Purchase { customer, date, cents } in purchases {
        let sums: &mut Points = all.entry(customer.to_string()).or_default();
        let points = i64::try_from(cents / 100).expect("few");
        sums.0 += points;
        if last_day(*date) < today {
            sums.1 += points;
        } else if days_after(*date, 14) <= today {
            sums.2 += points;
        } else {
            sums.3 += points;
        }
    }
    all
}

fn found(db: &Db) -> BTreeMap<String, Points> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        customer: String,
        #[diesel(sql_type = BigInt)]
        earned: i64,
        #[diesel(sql_type = BigInt)]
        expired: i64,
        #[diesel(sql_type = BigInt)]
        available: i64,
        #[diesel(sql_type = BigInt)]
        pending: i64,
    }
    let sql = "SELECT external_id AS customer, lifetime_earned AS earned, \
               lifetime_expired AS expired, available, pending \
               FROM accounts JOIN members ON members.id = accounts.member_id";
    let rows: Vec<Row> = diesel::sql_query(sql).load(&mut db.connect()).expect("the accounts");
    rows.into_iter()
        .map(|row| (row.customer, (row.earned, row.expired, row.available, row.pending)))
        .collect()
}

/// Writes both files; the set has equal rows, so that an order's key is its line.
fn files(db: &Db, purchases: &[Purchase]) -> (String, String) {
    let mut members = "external_id,email,given_name\n".to_owned();
    let mut orders = "external_id,member_external_id,placed_at,amount,currency\n".to_owned();
    let mut last = 0;
    for (line, Purchase { customer, date: (year, month, day), cents }) in
        purchases.iter().enumerate()
    {
        if *customer != last {
            writeln!(members, "{customer},c{customer}@example.com,Customer").expect("a line");
            last = *customer;
        }
        let line = line + 1;
        writeln!(orders, "{line},{customer},{year}-{month:02}-{day:02},{cents},USD")
            .expect("a line");
    }
    (db.file("members.csv", members), db.file("orders.csv", orders))
}

fn dollars(db: &Db) {
    db.vildar(&["settings", "set", "currency", "USD"]).expect(0);
}

on_both!(with_the_clock_in_1998);
async fn with_the_clock_in_1998(db: Db) {
    dollars(&db);
    let purchases = purchases();
    assert_eq!(purchases.len(), 6919);
    let (members, orders) = files(&db, &purchases);
    let clock = Clock::fixed("1998-07-01T00:00:00Z".parse().expect("an instant"));
    let env = Env { clock: clock.clone(), chance: Chance::seeded(7) };
    let store = Store::open(db.url.parse().expect("a URL"), env, 4).expect("a store");

    let report = cli::import::members_of(&store, Path::new(&members), false).await.expect("read");
    assert_eq!((report.imported, report.refused), (2357, 0), "{:?}", report.errors.first());
    let report = cli::import::orders_of(&store, Path::new(&orders), false).await.expect("read");
    assert_eq!((report.imported, report.refused), (6919, 0), "{:?}", report.errors.first());

    chores::run_all(&store).await.expect("what is due is done");
    assert_eq!(db.count("letters"), 0);
    for (now, today) in [
        ("1998-07-01T00:00:00Z", (1998, 7, 1)),
        ("1999-01-01T00:00:00Z", (1999, 1, 1)),
        ("1999-01-02T00:00:00Z", (1999, 1, 2)),
        ("1999-03-01T00:00:00Z", (1999, 3, 1)),
        ("2000-02-29T00:00:00Z", (2000, 2, 29)),
        ("2000-06-30T00:00:00Z", (2000, 6, 30)),
        ("2000-07-01T00:00:00Z", (2000, 7, 1)),
    ] {
        assert!(clock.move_to(now.parse().expect("an instant")));
        chores::run_all(&store).await.expect("what is due is done");
        assert!(found(&db) == expected(&purchases, today), "at {now}");
    }
    assert!(found(&db).values().all(|(earned, expired, ..)| earned == expired));
    // what was brought in is told to nobody; that points end is news
    assert_eq!(db.count("letters WHERE template <> 'points_expiring'"), 0);
    db.vildar(&["verify"]).expect(0);
}

on_both!(with_the_clock_of_today);
async fn with_the_clock_of_today(db: Db) {
    dollars(&db);
    let purchases = purchases();
    let (members, orders) = files(&db, &purchases);
    import(&db, &["members", &members], 0);
    let started = Instant::now();
    let report = import(&db, &["orders", &orders], 0);
    let took = started.elapsed();
    assert_eq!(report, json!({"imported": 6919, "already_there": 0, "refused": 0, "errors": []}));
    eprintln!("{:?}: 6,919 orders in {took:?}, {:.0} a second", db.which, rate(took));

    let rows = (db.count("entries"), db.count("lots"), db.count("orders"));
    for (kind, file, count) in [("members", &members, 2357), ("orders", &orders, 6919)] {
        let again = import(&db, &[kind, file], 0);
        assert_eq!((&again["imported"], &again["already_there"]), (&json!(0), &json!(count)));
    }
    assert_eq!((db.count("entries"), db.count("lots"), db.count("orders")), rows);

    let store = Store::open(
        db.url.parse().expect("a URL"),
        Env { clock: Clock::system(), chance: Chance::system() },
        4,
    )
    .expect("a store");
    chores::run_all(&store).await.expect("what is due is done");
    // long after the last has expired
    assert!(found(&db) == expected(&purchases, (2026, 1, 1)));
    assert!(found(&db).values().all(|(earned, expired, ..)| earned == expired));
    assert_eq!(db.count("letters"), 0);
    db.vildar(&["verify"]).expect(0);
}

fn rate(took: Duration) -> f64 {
    6919.0 / took.as_secs_f64()
}
