//! How fast Vildar is, beside the limits of its databases, measured side by side in one run:
//!
//! ```sh
//! cargo bench --bench limits                   # five rounds of three seconds each
//! cargo bench --bench limits -- --rounds 3 --seconds 5
//! ```
//!
//! Each row is the median of its rounds; the rounds go in turn, so that a noisy machine disturbs
//! all rows alike. PostgreSQL's rows need its programs, `pgbench` too; without them they are left
//! out, loudly. Everything shares the machine's cores: server, database and load.

#[path = "../../tests/support/mod.rs"]
mod support;

mod bare;
mod load;
mod pgbench;

use std::time::Duration;

use serde_json::json;

use self::{
    load::Load,
    support::{app::TestApp, both::Which},
};

/// Clients at once, over HTTP.
const CONNECTIONS: usize = 64;
/// Members that the load is spread over.
const MEMBERS: usize = 1000;

struct Options {
    rounds: u32,
    seconds: u32,
}

fn options() -> Options {
    let mut options = Options { rounds: 5, seconds: 3 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> Option<u32> { words.next()?.parse().ok() };
        match word.as_str() {
            "--rounds" => options.rounds = number().expect("--rounds takes a number"),
            "--seconds" => options.seconds = number().expect("--seconds takes a number"),
            "--bench" => {} // cargo's own
            other => panic!("{other}? There are --rounds N and --seconds N"),
        }
    }
    options
}

/// One row of the table: what it is, and its rounds' operations a second.
struct Row {
    name: &'static str,
    rounds: Vec<f64>,
}

impl Row {
    const fn new(name: &'static str) -> Self {
        Self { name, rounds: Vec::new() }
    }

    fn median(&self) -> f64 {
        let mut rounds = self.rounds.clone();
        rounds.sort_by(f64::total_cmp);
        rounds.get(rounds.len() / 2).copied().unwrap_or_default()
    }
}

#[actix_web::main]
async fn main() {
    let options = options();
    let time = Duration::from_secs(options.seconds.into());
    for which in [Which::Sqlite, Which::Postgres] {
        if which == Which::Postgres {
            let Some(cluster) = support::postgres::cluster() else { return };
            cluster.make_durable();
        }
        let Some(app) = TestApp::on(which).await else { return };
        let setting = Setting::new(&app).await;
        let mut rows = [
            Row::new("limit: earn's statements, a transaction each"),
            Row::new("earn over HTTP"),
            Row::new("limit: the balance's statement"),
            Row::new("balance over HTTP"),
        ];
        for _ in 0..options.rounds {
            match which {
                Which::Sqlite => {
                    rows[0].rounds.push(bare::earn(time));
                    rows[2].rounds.push(bare::balance(time));
                }
                Which::Postgres => {
                    let url = app.store().url();
                    rows[0].rounds.push(pgbench::earn(url, time));
                    rows[2].rounds.push(pgbench::balance(url, time));
                }
            }
            rows[1].rounds.push(setting.earn.run(CONNECTIONS, time).await);
            rows[3].rounds.push(setting.balance.run(CONNECTIONS, time).await);
        }
        print(which, &rows);
        app.finish().await;
    }
}

fn print(which: Which, rows: &[Row]) {
    println!("\n{which:?}: operations a second, median of the rounds (lowest – highest)");
    for pair in rows.chunks(2) {
        for row in pair {
            let lowest = row.rounds.iter().copied().fold(f64::INFINITY, f64::min);
            let highest = row.rounds.iter().copied().fold(0.0, f64::max);
            println!("{:<48} {:>8.0}   ({lowest:.0} – {highest:.0})", row.name, row.median());
        }
        println!("{:<48} {:>8.2}", "  ratio", pair[1].median() / pair[0].median());
    }
}

/// The requests that make up the load.
struct Setting {
    earn: Load,
    balance: Load,
}

impl Setting {
    async fn new(app: &TestApp) -> Self {
        let shop = app.storefront().await;
        let mut members = Vec::with_capacity(MEMBERS);
        for number in 0..MEMBERS {
            let ask = json!({"email": format!("m{number}@example.com"), "given_name": "Member"});
            let member = shop.post("/v1/members", ask).await.expect(201);
            members.push(member["id"].as_str().expect("an id").to_owned());
        }
        let token = shop.token.expect("a key");
        let body = json!({"kind": "earn", "points": 10, "reason": "a purchase"}).to_string();
        let earn = members
            .iter()
            .map(|id| load::request("POST", &format!("/v1/members/{id}/entries"), &token, &body));
        let balance = members
            .iter()
            .map(|id| load::request("GET", &format!("/v1/members/{id}/balance"), &token, ""));
        Self {
            earn: Load::new(&app.url, earn.collect()),
            balance: Load::new(&app.url, balance.collect()),
        }
    }
}
