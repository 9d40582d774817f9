//! Limits for one member in a month and in a year of the program's time zone.

use serde_json::{Value, json};

use crate::{
    shop::{code, id, offer, redeem, rich},
    support::{app::TestApp, both::both},
};

/// Whether a member can have one more, as the offer and the redemption say it.
async fn reasons(app: &TestApp, member: &str, reward: &str) -> Value {
    let shop = app.storefront().await;
    let ask = json!({"member_id": member, "reward_id": reward});
    let reply = shop.post("/v1/redemptions?dry_run=true", ask).await;
    let refused = match reply.status {
        200 => json!([]),
        _ => reply.refused(409, "reward_unavailable")["reasons"].clone(),
    };
    let offered = offer(&shop, member, reward).await.expect("live")["reasons"].clone();
    assert_eq!(offered, refused);
    refused
}

fn reached(limits: &[&str]) -> Value {
    limits.iter().map(|limit| json!({"code": "limit_reached", "limit": limit})).collect()
}

both!(a_month_and_a_year_have_limits_of_their_own);
async fn a_month_and_a_year_have_limits_of_their_own(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 5000).await;
    let limits = json!({"per_member_month_limit": 2, "per_member_year_limit": 3});
    let reward = app.reward(limits).await;
    assert_eq!(reasons(app, &member, &reward).await, json!([]));
    let ask =
        |quantity: i64| json!({"member_id": member, "reward_id": reward, "quantity": quantity});
    let too_many = shop.post("/v1/redemptions", ask(4)).await;
    let problem = too_many.refused(409, "reward_unavailable");
    assert_eq!(problem["reasons"], reached(&["year", "month"]));
    let two = shop.post("/v1/redemptions", ask(2)).await.expect(201);
    assert_eq!(reasons(app, &member, &reward).await, reached(&["month"]));
    // what is given back does not count, in whole or in part; what was used does
    let cancel = format!("/v1/redemptions/{}/cancel", id(&two));
    shop.post(&cancel, json!({"quantity": 1})).await.expect(200);
    shop.post(&format!("/v1/vouchers/{}/use", code(&two)), json!({})).await.expect(200);
    redeem(&shop, &member, &reward).await;
    assert_eq!(reasons(app, &member, &reward).await, reached(&["month"]));
    // others have their own
    redeem(&shop, &rich(app, 100).await, &reward).await;

    app.travel_to("2026-11-30T23:59:59Z");
    assert_eq!(reasons(app, &member, &reward).await, reached(&["month"]));
    app.travel_to("2026-12-01T00:00:00Z");
    assert_eq!(reasons(app, &member, &reward).await, json!([]));
    redeem(&shop, &member, &reward).await;
    assert_eq!(reasons(app, &member, &reward).await, reached(&["year"]));
    app.travel_to("2026-12-31T23:59:59Z");
    assert_eq!(reasons(app, &member, &reward).await, reached(&["year"]));
    app.travel_to("2027-01-01T00:00:00Z");
    assert_eq!(reasons(app, &member, &reward).await, json!([]));
}

both!(months_end_at_the_programs_midnight_on_either_side_of_a_clock_change);
async fn months_end_at_the_programs_midnight_on_either_side_of_a_clock_change(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 5000).await;
    let reward = app.reward(json!({"per_member_month_limit": 1})).await;
    // Berlin is an hour ahead in winter and two in summer: March begins in one and ends in the other
    app.settings(json!({"time_zone": "Europe/Berlin", "voucher_reminder_days": 0})).await;
    for (begins, ends) in [
        ("2027-02-28T23:00:00Z", "2027-03-31T21:59:59Z"),
        ("2027-03-31T22:00:00Z", "2027-04-30T21:59:59Z"),
        ("2027-09-30T22:00:00Z", "2027-10-31T22:59:59Z"),
        ("2027-10-31T23:00:00Z", "2027-11-30T22:59:59Z"),
    ] {
        app.travel_to(begins);
        assert_eq!(reasons(app, &member, &reward).await, json!([]), "{begins}");
        redeem(&shop, &member, &reward).await;
        app.travel_to(ends);
        assert_eq!(reasons(app, &member, &reward).await, reached(&["month"]), "{ends}");
    }
}
