//! What comes due by itself, where one of it can't be done.

use std::time::Duration;

use diesel::prelude::*;
use serde_json::json;
use vildar::{chores, db::schema::accounts, kernel::id::MemberId};

use crate::{
    shop::{balance, id, redeem, rich, stock},
    support::{app::TestApp, both::both},
};

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
