//! `vildar verify` on a good ledger, and on ones that were tampered with.

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use vildar::db::DatabaseUrl;

use crate::{
    database::connect,
    run::{Ended, vildar},
    support::{
        app::TestApp,
        both::{Which, both},
    },
};

/// What is done to a good ledger, and what must be named among other things.
const TAMPERED: &[(&str, &str)] = &[
    ("UPDATE accounts SET available = available + 1", ", available: expected"),
    ("UPDATE accounts SET pending = pending + 1", ", pending: expected"),
    ("UPDATE accounts SET held = held + 1", "available + pending + held - debt"),
    ("UPDATE accounts SET debt = debt + 1", ", debt: expected"),
    ("UPDATE accounts SET seq = seq + 1", "seq of the account"),
    ("UPDATE accounts SET lifetime_earned = lifetime_earned - 1", "lifetime_earned"),
    ("UPDATE accounts SET lifetime_redeemed = 0", "lifetime_redeemed"),
    ("UPDATE accounts SET lifetime_expired = 7", "lifetime_expired"),
    ("UPDATE accounts SET next_change_at = NULL", "next_change_at"),
    ("UPDATE entries SET points = points + 1 WHERE seq = 2", "balance_after of entry 2"),
    ("UPDATE entries SET balance_after = balance_after + 1", "balance_after of entry 1"),
    ("UPDATE entries SET kind = 'earn' WHERE kind = 'redeem'", "the sign of earn"),
    ("DELETE FROM entries WHERE seq = 1", "the entry after 0"),
    ("DELETE FROM entries WHERE seq = 2", "the entry after 1"),
    ("UPDATE lots SET remaining = remaining - 1 WHERE remaining > 0", "remaining of lot"),
    ("UPDATE lots SET points = points + 1", "points of lot 1"),
    ("DELETE FROM lots", "has its lot"),
    ("UPDATE lots SET seq = seq + 50", "lot 51"),
    ("UPDATE lots SET matured = NOT matured", ", available: expected"),
    ("UPDATE lots SET expires_at = NULL", "expires_at of lot"),
    ("DELETE FROM allocations", "taken by entry"),
    ("UPDATE allocations SET points = points + 1", "taken by entry"),
    ("UPDATE allocations SET cause_seq = 77", "has its rows"),
    ("UPDATE debts SET remaining = remaining - 1", "remaining of debt"),
    ("DELETE FROM debts", "debt: expected"),
    ("DELETE FROM accounts", "the account of members"),
    ("DELETE FROM members", "the member of accounts"),
    ("UPDATE orders SET earned_points = earned_points + 1", "the earn of ord_"),
    ("UPDATE holds SET state = 'released'", ", held: expected"),
    ("UPDATE holds SET ended_at = placed_at", "the end of hld_"),
    ("DELETE FROM holds", "parts of hld_"),
    ("DELETE FROM hold_parts", "points of hld_"),
    ("UPDATE expiries SET points = points - 1", "what expires at"),
    ("DELETE FROM expiries", "what expires at"),
    ("UPDATE debts SET cancelled = 7", "remaining of debt"),
    ("UPDATE redemptions SET points = points + 1", "the redeem of red_"),
];

const TABLES: &[&str] = &[
    "members",
    "accounts",
    "entries",
    "lots",
    "debts",
    "allocations",
    "holds",
    "hold_parts",
    "expiries",
    "orders",
    "redemptions",
];

/// The database's URL in full, which is shown nowhere else.
fn url(app: &TestApp) -> String {
    match app.store().url() {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

fn verify(url: &str, more: &[&str]) -> Ended {
    vildar(&[&["verify", "--database-url", url], more].concat())
}

both!(tells_a_good_ledger_from_a_tampered_one);
async fn tells_a_good_ledger_from_a_tampered_one(app: &TestApp) {
    let url = url(app);
    let empty = verify(&url, &["--json"]).expect(0).json();
    assert_eq!((&empty["members"], &empty["differences"]), (&json!(0), &json!(0)));

    let shop = app.storefront().await;
    let reward = app.reward(json!({})).await;
    for name in ["Anna", "Bo"] {
        let member = app.enrol(name).await;
        let total = json!({"amount": 50_000, "currency": "EUR"});
        let order = json!({"external_id": name, "member_id": member, "total": total});
        let order = shop.post("/v1/orders", order).await.expect(201);
        app.give(&member, 300).await;
        let ask = json!({"member_id": member, "reward_id": reward});
        shop.post("/v1/redemptions", ask).await.expect(201);
        if name == "Bo" {
            // he spends all, then returns what he bought: a debt
            app.travel(std::time::Duration::from_hours(20 * 24));
            let all = json!({"member_id": member, "reward_id": reward, "quantity": 7});
            shop.post("/v1/redemptions", all).await.expect(201);
            let id = order["id"].as_str().expect("an id");
            let refund =
                json!({"external_id": "r", "amount": {"amount": 50_000, "currency": "EUR"}});
            shop.post(&format!("/v1/orders/{id}/refunds"), refund).await.expect(201);
            assert_eq!(app.balance(&member).await["debt"], 500);
        } else {
            let hold = json!({"points": 30, "order_ref": "cart", "ttl_seconds": 86_400 * 30});
            shop.post(&format!("/v1/members/{member}/holds"), hold).await.expect(201);
            app.enrol("Carl").await;
        }
    }
    let last = app.enrol("Dora").await;
    let total = json!({"amount": 10_000, "currency": "EUR"});
    let order = json!({"external_id": "Dora", "member_id": last, "total": total});
    shop.post("/v1/orders", order).await.expect(201);
    let good = verify(&url, &["--json"]).expect(0).json();
    let keys: Vec<&String> = good.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["members", "entries", "lots", "differences", "shown"]);
    assert_eq!((&good["members"], &good["entries"]), (&json!(4), &json!(9)));
    assert!(verify(&url, &[]).expect(0).out.contains("all agree"));

    let mut conn = connect(&url);
    let mut run = |sql: &str| {
        conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    let unguarded = match app.which {
        Which::Sqlite => {
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; \
             DROP TRIGGER entries_stand_updates; DROP TRIGGER entries_stand_deletes; \
             DROP TRIGGER allocations_stand_updates; DROP TRIGGER allocations_stand_deletes"
        }
        Which::Postgres => "SET session_replication_role = replica",
    };
    run(unguarded);
    for table in TABLES {
        run(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"));
    }
    for (tamper, named) in TAMPERED {
        run(tamper);
        let found = verify(&url, &[]).expect(1);
        assert!(found.out.contains(named), "{tamper}: {found:#?}");
        let found = verify(&url, &["--json"]).expect(1).json();
        assert!(found["differences"].as_u64().is_some_and(|count| count > 0), "{tamper}");
        let shown: &Vec<Value> = found["shown"].as_array().expect("a list");
        assert!(shown.iter().any(|line| line.as_str().is_some_and(|l| l.contains(named))));
        for table in TABLES {
            run(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table}"));
        }
    }
    assert_eq!(verify(&url, &["--json"]).expect(0).json(), good);
}
