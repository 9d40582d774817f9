//! A referral's life through HTTP, and each way off the path.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    shop::{balance, eur, id, order},
    support::{
        app::{Client, TestApp},
        both::both,
    },
};

const DAY: Duration = Duration::from_hours(24);

/// A member's code.
pub async fn code_of(app: &TestApp, member: &str) -> String {
    let path = format!("/v1/members/{member}/referral-code");
    let code = app.storefront().await.get(&path).await.expect(200);
    code["code"].as_str().expect("a code").to_owned()
}

/// Somebody who comes by a code; answers the new member's id.
pub async fn brought(shop: &Client, email: &str, code: &str) -> String {
    let name = email.split(['@', '.', '+']).next().expect("a name").to_owned();
    let friend = json!({"email": email, "given_name": name, "referral_code": code});
    id(&shop.post("/v1/members", friend).await.expect(201))
}

/// The referral by which a member came.
pub async fn referral(app: &TestApp, friend: &str) -> Value {
    let path = format!("/v1/members/{friend}/referral");
    app.admin().await.get(&path).await.expect(200)
}

async fn state(app: &TestApp, friend: &str) -> String {
    referral(app, friend).await["state"].as_str().expect("a state").to_owned()
}

async fn available(app: &TestApp, member: &str) -> i64 {
    let [available] = balance(app, member, ["available"]).await;
    available
}

both!(a_friend_joins_buys_and_both_are_thanked_once);
async fn a_friend_joins_buys_and_both_are_thanked_once(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    app.deliver_mail().await;
    let bo = brought(&shop, "bo@example.com", &code_of(app, &anna).await).await;
    assert_eq!(state(app, &bo).await, "joined");
    let told = app.deliver_mail().await;
    let to_anna = told.iter().find(|mail| mail.subject.contains("joined with your code"));
    assert!(to_anna.is_some_and(|mail| mail.subject.starts_with("bo ")), "{told:?}");

    // too little, then enough
    order(&shop, &bo, "O-1", 1999).await;
    assert_eq!(state(app, &bo).await, "joined");
    order(&shop, &bo, "O-2", 2000).await;
    let qualified = referral(app, &bo).await;
    assert_eq!(qualified["state"], "qualified");
    assert_eq!(qualified["friend"], "bo");
    assert_eq!((available(app, &anna).await, available(app, &bo).await), (0, 0));

    // what the settings say later is too late for it
    app.settings(json!({"referral_referrer_points": 1, "referral_min_order_minor_units": 9999}))
        .await;
    app.travel(DAY * 13 + Duration::from_secs(24 * 3600 - 1));
    assert_eq!(state(app, &bo).await, "qualified");
    app.travel(Duration::from_secs(1));
    let paid = available(app, &anna).await;
    assert_eq!(paid, 500, "the balance is never behind");
    let rewarded = referral(app, &bo).await;
    assert_eq!(rewarded["state"], "rewarded");
    let rewards = rewarded["rewards"].as_array().expect("rewards");
    assert_eq!(rewards.len(), 2);
    assert_eq!((&rewards[0]["points"], &rewards[0]["member_id"]), (&json!(500), &json!(anna)));
    assert_eq!((&rewards[1]["points"], &rewards[1]["member_id"]), (&json!(200), &json!(bo)));
    let entries = shop.get(&format!("/v1/members/{anna}/entries")).await.expect(200);
    let entry = &entries["data"][0];
    assert_eq!((&entry["kind"], &entry["id"]), (&json!("referral"), &rewards[0]["entry_id"]));
    assert_eq!(entry["source"]["type"], "referral");
    let text = entry["explanation"].to_string();
    assert!(text.contains("A friend whom you brought"), "{text}");
    let told = app.deliver_mail().await;
    let subjects: Vec<&str> = told.iter().map(|mail| mail.subject.as_str()).collect();
    assert!(subjects.contains(&"Thank you for bringing bo"), "{subjects:?}");
    assert!(subjects.contains(&"Welcome: what we promised is here"), "{subjects:?}");

    app.travel(DAY * 30);
    vildar::chores::run_all(app.store()).await.expect("all chores");
    assert_eq!(available(app, &anna).await, 500, "once");
    assert!(app.deliver_mail().await.is_empty());
}

both!(an_order_that_is_given_back_takes_it_back);
async fn an_order_that_is_given_back_takes_it_back(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let bo = brought(&shop, "bo@example.com", &code).await;
    let first = id(&order(&shop, &bo, "O-1", 5000).await);
    assert_eq!(state(app, &bo).await, "qualified");
    // within the hold: under the least by one cent
    let refund = |external: &str, amount| json!({"external_id": external, "amount": eur(amount)});
    shop.post(&format!("/v1/orders/{first}/refunds"), refund("R-1", 3000)).await.expect(201);
    assert_eq!(state(app, &bo).await, "qualified", "2000 are left");
    shop.post(&format!("/v1/orders/{first}/refunds"), refund("R-2", 1)).await.expect(201);
    let back = referral(app, &bo).await;
    assert_eq!((&back["state"], &back["order_id"]), (&json!("joined"), &Value::Null));
    app.travel(DAY * 20);
    assert_eq!(available(app, &anna).await, 0);
    // the next order counts, from its own day
    let second = id(&order(&shop, &bo, "O-2", 2000).await);
    app.travel(DAY * 14);
    assert_eq!((available(app, &anna).await, state(app, &bo).await.as_str()), (500, "rewarded"));
    let reward = app.reward(json!({"cost_points": 400})).await;
    let ask = json!({"member_id": anna, "reward_id": reward});
    shop.post("/v1/redemptions", ask).await.expect(201);
    // after the hold, both lose it; what is spent is owed
    shop.post(&format!("/v1/orders/{second}/refunds"), refund("R-3", 500)).await.expect(201);
    assert_eq!(balance(app, &anna, ["available", "debt"]).await, [0, 400]);
    let reversed = referral(app, &bo).await;
    assert_eq!(reversed["state"], "reversed");
    let taken = |at: usize| !reversed["rewards"][at]["reversed_at"].is_null();
    assert!(taken(0) && taken(1), "{reversed}");
    let [bos] = balance(app, &bo, ["available"]).await;
    assert!(bos < 200, "{bos}: the welcome is gone");
    // for ever: another order pays nothing
    order(&shop, &bo, "O-3", 9000).await;
    app.travel(DAY * 20);
    assert_eq!(state(app, &bo).await, "reversed");
    assert_eq!(balance(app, &anna, ["available", "debt"]).await, [0, 400]);
}

both!(a_cancelled_order_counts_for_nothing_and_time_runs_out);
async fn a_cancelled_order_counts_for_nothing_and_time_runs_out(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    let bo = brought(&shop, "bo@example.com", &code_of(app, &anna).await).await;
    let first = id(&order(&shop, &bo, "O-1", 5000).await);
    shop.post(&format!("/v1/orders/{first}/cancel"), json!({})).await.expect(200);
    assert_eq!(state(app, &bo).await, "joined", "placed and cancelled before anybody looked");
    app.deliver_mail().await;
    app.travel(DAY * 84);
    vildar::chores::run_all(app.store()).await.expect("all chores");
    let told = app.deliver_mail().await;
    assert!(told.iter().any(|mail| mail.subject.contains("waiting for you")), "{told:?}");
    app.travel(DAY * 6);
    let lapsed = referral(app, &bo).await;
    assert_eq!(lapsed["state"], "lapsed");
    assert!(!lapsed["ended_at"].is_null());
    order(&shop, &bo, "O-2", 5000).await;
    app.travel(DAY * 20);
    assert_eq!((state(app, &bo).await.as_str(), available(app, &anna).await), ("lapsed", 0));
}

both!(the_month_has_a_limit_and_steps_bring_more);
async fn the_month_has_a_limit_and_steps_bring_more(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({
        "referral_limit_per_month": 2, "referral_steps": "2:300", "referral_hold_days": 0,
    }))
    .await;
    app.travel_to("2027-01-10T12:00:00Z");
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let mut friends = Vec::new();
    for name in ["bo", "cy", "di"] {
        let friend = brought(&shop, &format!("{name}@{name}.example.com"), &code).await;
        friends.push((friend.clone(), id(&order(&shop, &friend, name, 3000).await)));
        assert_eq!(state(app, &friend).await, if name == "di" { "qualified" } else { "rewarded" });
    }
    assert_eq!(available(app, &anna).await, 500 + 500 + 300);
    let waits = referral(app, &friends[2].0).await;
    assert_eq!(waits["waits_for"], "limit");
    // one of two is given back: so is what the second friend brought on top
    let refund = json!({"external_id": "R", "amount": eur(2000)});
    shop.post(&format!("/v1/orders/{}/refunds", friends[0].1), refund).await.expect(201);
    assert_eq!(available(app, &anna).await, 500);
    // with two of three there is no room, and then there is: it is looked at every day
    app.travel_to("2027-01-11T12:00:00Z");
    assert_eq!(state(app, &friends[2].0).await, "rewarded");
    assert_eq!(available(app, &anna).await, 500 + 500 + 300, "the second again");
    let steps = referral(app, &friends[2].0).await;
    assert_eq!(steps["rewards"][2]["part"], "step-2", "{steps}");
    // with three, the step stays where the one that it came with is given back
    let eva = brought(&shop, "eva@eva.example.com", &code).await;
    order(&shop, &eva, "eva", 3000).await;
    assert_eq!(referral(app, &eva).await["waits_for"], "limit");
    app.travel_to("2027-01-31T23:59:59Z");
    assert_eq!(state(app, &eva).await, "qualified");
    app.travel_to("2027-02-01T00:00:00Z");
    assert_eq!(state(app, &eva).await, "rewarded");
    let refund = json!({"external_id": "R2", "amount": eur(2000)});
    shop.post(&format!("/v1/orders/{}/refunds", friends[2].1), refund).await.expect(201);
    assert_eq!(available(app, &anna).await, 500 + 500 + 300, "two are left");
}

both!(a_reward_can_be_promised_and_is_taken_back_unused);
async fn a_reward_can_be_promised_and_is_taken_back_unused(app: &TestApp) {
    let shop = app.storefront().await;
    let reward = app.reward(json!({"stock": 1})).await;
    app.settings(json!({
        "referral_referee_reward_id": reward, "referral_referee_points": 0,
        "referral_hold_days": 0,
    }))
    .await;
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let bo = brought(&shop, "bo@example.com", &code).await;
    let bought = id(&order(&shop, &bo, "O-1", 3000).await);
    let rewarded = referral(app, &bo).await;
    assert_eq!(rewarded["state"], "rewarded");
    assert!(rewarded["rewards"][1]["perk_id"].is_string(), "{rewarded}");
    let told = app.deliver_mail().await;
    let welcome = told.iter().find(|mail| mail.subject.starts_with("Welcome: what"));
    assert!(welcome.and_then(|mail| mail.text.as_deref()).is_some_and(|t| t.contains("Coffee")));
    // none is left for the next: it waits, and nobody gets half
    let cy = brought(&shop, "cy@cy.example.com", &code).await;
    order(&shop, &cy, "O-2", 3000).await;
    let waits = referral(app, &cy).await;
    assert_eq!((&waits["state"], &waits["waits_for"]), (&json!("qualified"), &json!("reward")));
    assert_eq!(available(app, &anna).await, 500);
    // the first is given back, and its voucher with it
    let refund = json!({"external_id": "R", "amount": eur(3000)});
    shop.post(&format!("/v1/orders/{bought}/refunds"), refund).await.expect(201);
    assert_eq!(state(app, &bo).await, "reversed");
    let had = shop.get(&format!("/v1/redemptions?member_id={bo}")).await.expect(200);
    assert_eq!(had["data"][0]["state"], "cancelled");
    app.travel(DAY);
    assert_eq!(state(app, &cy).await, "rewarded", "tomorrow it is there");
}

both!(who_told_a_member_may_be_said_later_once_and_truly);
async fn who_told_a_member_may_be_said_later_once_and_truly(app: &TestApp) {
    let shop = app.storefront().await;
    let (anna, eva) = (app.enrol("Anna").await, app.enrol("Eva").await);
    let (annas, evas) = (code_of(app, &anna).await, code_of(app, &eva).await);
    let bo = app.enrol("Bo").await;
    order(&shop, &bo, "O-1", 3000).await;
    let path = |member: &str| format!("/v1/members/{member}/referral");
    let say = |code: &str| json!({"referral_code": code});
    let as_bo = app.member(&bo).await;
    as_bo.get(&path(&bo)).await.refused(404, "not_found");
    for (wrong, why) in [(code_of(app, &bo).await.as_str(), "own"), ("NOBODYS0", "nobody")] {
        let reply = as_bo.post(&path(&bo), say(wrong)).await;
        assert_eq!(reply.pointer(), "/referral_code");
        let text = reply.refused(422, "invalid_request").to_string();
        assert!(text.contains(why), "{text}");
    }
    let came = as_bo.post(&path(&bo), say(&annas.to_lowercase())).await.expect(200);
    assert_eq!((&came["attribution"], &came["referrer_id"]), (&json!("claim"), &json!(anna)));
    assert_eq!(came["flags"], json!([]), "a member sees none");
    let again = as_bo.post(&path(&bo), say(&annas)).await.expect(200);
    assert_eq!(again["id"], came["id"]);
    as_bo.post(&path(&bo), say(&evas)).await.refused(409, "already_referred");
    // what was bought before counts, and the hold is from now
    assert_eq!(state(app, &bo).await, "qualified");
    app.travel(DAY * 14);
    assert_eq!(available(app, &anna).await, 500);
    // no circles: Anna can't have come by Bo, nor by whom Bo brought
    let cy = brought(&shop, "cy@cy.example.com", &code_of(app, &bo).await).await;
    for theirs in [&bo, &cy] {
        let reply = shop.post(&path(&anna), say(&code_of(app, theirs).await)).await;
        assert!(reply.refused(422, "invalid_request").to_string().contains("brought"));
    }
    // somebody suspended brings nobody, and looks like nobody
    let why = json!({"reason": "a look"});
    app.staff().await.post(&format!("/v1/members/{eva}/suspend"), why).await.expect(200);
    let late = app.enrol("Late").await;
    let reply = shop.post(&path(&late), say(&evas)).await;
    assert!(reply.refused(422, "invalid_request").to_string().contains("is nobody's code"));
    app.travel(DAY * 90);
    let told = shop.post(&path(&late), say(&annas)).await.refused(409, "limit_reached");
    assert!(told.to_string().contains("90 days"), "{told}");
}

both!(a_suspended_pair_waits_and_an_erased_one_ends);
async fn a_suspended_pair_waits_and_an_erased_one_ends(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let bo = brought(&shop, "bo@example.com", &code).await;
    let cy = brought(&shop, "cy@cy.example.com", &code).await;
    let di = brought(&shop, "di@di.example.com", &code).await;
    for (friend, name) in [(&bo, "B"), (&cy, "C"), (&di, "D")] {
        order(&shop, friend, name, 3000).await;
    }
    let why = json!({"reason": "a look"});
    app.staff().await.post(&format!("/v1/members/{bo}/suspend"), why.clone()).await.expect(200);
    app.travel(DAY * 14);
    let waits = referral(app, &bo).await;
    assert_eq!(waits["waits_for"], "suspension");
    assert_eq!(available(app, &anna).await, 1000);
    app.staff().await.post(&format!("/v1/members/{bo}/reinstate"), why).await.expect(200);
    app.travel(DAY);
    assert_eq!(available(app, &anna).await, 1500);
    // a friend is erased: the numbers stay, the name goes
    let eve = brought(&shop, "eve@eve.example.com", &code).await;
    order(&shop, &eve, "E", 3000).await;
    let stats = "/v1/referrals/stats?from=2000-01-01&to=2100-01-01";
    let before = app.staff().await.get(stats).await.expect(200);
    for gone in [&eve, &cy] {
        shop.delete(&format!("/v1/members/{gone}")).await.expect(204);
    }
    vildar::chores::run_all(app.store()).await.expect("all chores");
    let after = app.staff().await.get(stats).await.expect(200);
    for count in ["joined", "rewarded", "points_paid", "referred"] {
        assert_eq!(before[count], after[count], "{count}");
    }
    let list = shop.get(&format!("/v1/members/{anna}/referrals")).await.expect(200);
    let of = |id: &str| {
        let all = list["data"].as_array().expect("a list");
        all.iter().find(|one| one["referee_id"] == id).expect("theirs").clone()
    };
    assert_eq!((&of(&eve)["state"], &of(&eve)["friend"]), (&json!("lapsed"), &Value::Null));
    assert_eq!((&of(&cy)["state"], &of(&cy)["friend"]), (&json!("rewarded"), &Value::Null));
    // the referrer is erased: the friend keeps what it has, and what is on its way ends
    let fay = brought(&shop, "fay@fay.example.com", &code).await;
    shop.delete(&format!("/v1/members/{anna}")).await.expect(204);
    assert_eq!(state(app, &fay).await, "lapsed");
    let [bos] = balance(app, &bo, ["available"]).await;
    assert!(bos >= 200);
}
