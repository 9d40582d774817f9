//! What comes due by itself, where one of it can't be done.

use std::time::Duration;

use diesel::prelude::*;
use platform::{db::schema::accounts, kernel::id::MemberId};
use serde_json::json;
use vildar::chores;

use crate::{
    shop::{balance, entries, eur, id, journal, order, redeem, rich, stock},
    support::{app::TestApp, both::both},
};

const DAY: Duration = Duration::from_hours(24);

async fn add_lifetime(app: &TestApp, member: &str, points: i64) {
    let member: MemberId = member.parse().expect("an id");
    let row = move || accounts::table.filter(accounts::member_id.eq(member));
    app.store()
        .write(move |tx| {
            let set = accounts::lifetime_earned.eq(accounts::lifetime_earned + points);
            Ok(diesel::update(row()).set(set).execute(tx.conn)?)
        })
        .await
        .expect("an account");
}

both!(one_that_can_t_expire_keeps_no_other_from_it);
async fn one_that_can_t_expire_keeps_no_other_from_it(app: &TestApp) {
    const FULL: i64 = 1_000_000_000_000_000_000;
    let shop = app.storefront().await;
    let reward = app.reward(json!({"kind": "product", "stock": 5})).await;
    let (full, other) = (rich(app, 100).await, rich(app, 100).await);
    let stuck = redeem(&shop, &full, &reward).await;
    redeem(&shop, &other, &reward).await;
    add_lifetime(app, &full, FULL).await;
    app.travel(Duration::from_hours(24 * 3));
    let everybodys = async |state: &str| {
        let path = format!("/v1/redemptions?state={state}");
        let listed = shop.get(&path).await.expect(200);
        listed["data"].as_array().expect("redemptions").len()
    };
    assert_eq!((everybodys("placed").await, everybodys("expired").await), (0, 2), "as of now");
    assert_eq!(stock(app, &reward).await, 3, "a list of everybody's changes nothing");

    chores::run_all(app.store()).await.expect("goes on");
    assert_eq!(stock(app, &reward).await, 4);
    assert_eq!(balance(app, &other, ["available"]).await, [100]);
    assert_eq!(balance(app, &full, ["available"]).await, [0]);
    let read = shop.get(&format!("/v1/redemptions/{}", id(&stuck))).await.expect(200);
    assert_eq!(read["state"], "expired");

    add_lifetime(app, &full, -FULL).await;
    chores::run_all(app.store()).await.expect("goes on");
    assert_eq!(balance(app, &full, ["available"]).await, [100]);
    assert_eq!(stock(app, &reward).await, 5);
}

both!(points_that_are_due_back_are_there_for_whatever_takes_points);
async fn points_that_are_due_back_are_there_for_whatever_takes_points(app: &TestApp) {
    app.settings(json!({"transfers_enabled": true})).await;
    let shop = app.storefront().await;
    let reward = app.reward(json!({"kind": "product", "stock": 50})).await;
    let other = app.enrol("Bo").await;
    let buyer = app.enrol("Ari").await;
    let bought = id(&order(&shop, &buyer, "refunded", 10_000).await);
    app.travel(DAY * 20); // what an order earns is pending for a while
    let down = json!({"kind": "adjust", "points": -100, "reason": "a mistake"});
    for what in
        ["hold", "transfer", "adjust", "batch", "redeem", "reverse", "refund", "export", "revoke"]
    {
        let member = match what {
            "refund" => buyer.clone(),
            "revoke" => app.enrol("Perla").await,
            _ => rich(app, 100).await,
        };
        let perk = crate::perks::points(&member, 100);
        let perk = if what == "revoke" {
            app.admin().await.post("/v1/perks", perk).await.expect(201)
        } else {
            json!(null)
        };
        let given = id(&entries(app, &member).await[0]);
        redeem(&shop, &member, &reward).await;
        assert_eq!(balance(app, &member, ["available"]).await, [0], "{what}");
        app.travel(DAY * 3);
        let admin = app.admin().await;
        let of_member = format!("/v1/members/{member}");
        let reply = match what {
            "hold" => {
                let ask = json!({"points": 100, "order_ref": "cart", "ttl_seconds": 60});
                shop.post(&format!("{of_member}/holds"), ask).await
            }
            "transfer" => {
                let ask = json!({"to_member_id": other, "points": 100, "reason": "a gift"});
                let path = format!("{of_member}/transfers");
                admin.post(&format!("{path}?dry_run=true"), ask.clone()).await.expect(200);
                admin.post(&path, ask).await
            }
            "adjust" => admin.post(&format!("{of_member}/entries"), down.clone()).await,
            "batch" => {
                let mut row = down.clone();
                row["member_id"] = json!(member);
                admin.post("/v1/entries:batch", json!({"entries": [row]})).await
            }
            "redeem" => {
                let ask = json!({"member_id": member, "reward_id": reward});
                shop.post("/v1/redemptions", ask).await
            }
            "reverse" => {
                let path = format!("/v1/entries/{given}/reverse");
                admin.post(&path, json!({"reason": "a mistake"})).await
            }
            "revoke" => {
                let path = format!("/v1/perks/{}/revoke", id(&perk));
                let revoked = admin.post(&path, json!({"reason": "a mistake"})).await;
                assert_eq!(revoked.json["taken_back_points"], 100, "{}", revoked.text);
                revoked
            }
            "refund" => {
                let ask = json!({"external_id": "R-1", "amount": eur(10_000)});
                shop.post(&format!("/v1/orders/{bought}/refunds"), ask).await
            }
            _ => admin.get(&format!("{of_member}/export")).await,
        };
        assert!((200..=201).contains(&reply.status), "{what}: {}", reply.text);
        assert!(!reply.text.contains("\"error\""), "{what}: {}", reply.text);
        let left =
            if what == "export" { reply.json["balance"]["available"].as_i64() } else { None };
        assert_eq!(left, (what == "export").then_some(100), "{what}: {}", reply.text);
        let owed = [left.unwrap_or_default(), 0];
        assert_eq!(balance(app, &member, ["available", "debt"]).await, owed, "{what}");
        let kinds: Vec<_> = journal(app, &member).await.into_iter().map(|(kind, _)| kind).collect();
        assert!(!kinds.contains(&"clawback".to_owned()) || what == "refund", "{what}: {kinds:?}");
    }
}
