//! What speaks against a referral, and what people decide about it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    referrals::{brought, code_of, referral},
    shop::{balance, id, order},
    support::{app::TestApp, both::both},
};

const DAY: Duration = Duration::from_hours(24);

async fn flags(app: &TestApp, friend: &str) -> Vec<String> {
    let referral = referral(app, friend).await;
    let flags = referral["flags"].as_array().expect("flags").iter();
    flags.map(|flag| flag["code"].as_str().expect("a code").to_owned()).collect()
}

both!(one_persons_addresses_wait_as_one_case);
async fn one_persons_addresses_wait_as_one_case(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"referral_joins_per_day": 10_000, "referral_hold_days": 1})).await;
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let farmed = 1000;
    for number in 0..farmed {
        let email = match number % 4 {
            0 => format!("jo.n+{number}@mail.example"),
            1 => format!("j.o.n+{number}@mail.example"),
            2 => format!("jon+a{number}@mail.example"),
            _ => format!("j0n+{number}@mail.example"),
        };
        let friend = brought(&shop, &email, &code).await;
        if number % 50 == 0 {
            order(&shop, &friend, &format!("O-{number}"), 5000).await;
        }
    }
    app.travel(DAY * 2);
    vildar::chores::run_all(app.store()).await.expect("all chores");
    assert_eq!(balance(app, &anna, ["available"]).await, [0], "nobody was paid");
    let staff = app.staff().await;
    let cases = staff.get("/v1/referral-cases").await.expect(200);
    let cases = cases["data"].as_array().expect("cases");
    assert_eq!(cases.len(), 1, "one person, one case");
    assert_eq!((&cases[0]["referrals"], &cases[0]["referrers"]), (&json!(farmed), &json!(1)));
    let case = id(&cases[0]);
    let listed = staff.get(&format!("/v1/referrals?case_id={case}&limit=1")).await.expect(200);
    assert_eq!(listed["data"][0]["flags"][0]["code"], "similar_email");
    let letters = app.deliver_mail().await;
    let checked = letters.iter().filter(|mail| mail.subject.contains("having a look")).count();
    assert_eq!(checked, 1, "told once, not a thousand times");
    // one decision for all
    let why = json!({"reason": "one person's addresses"});
    let done = staff.post(&format!("/v1/referral-cases/{case}/reject"), why.clone()).await;
    assert_eq!(done.expect(200)["decided"], farmed);
    staff.post(&format!("/v1/referral-cases/{case}/reject"), why).await.refused(404, "not_found");
    app.travel(DAY * 5);
    vildar::chores::run_all(app.store()).await.expect("all chores");
    assert_eq!(balance(app, &anna, ["available"]).await, [0]);
}

both!(a_person_approves_and_it_goes_on_but_is_not_paid_by_that);
async fn a_person_approves_and_it_goes_on_but_is_not_paid_by_that(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let kim = |email: &str| json!({"email": email, "given_name": "Kim", "referral_code": code});
    let one = id(&shop.post("/v1/members", kim("kim.olsen@mail.example")).await.expect(201));
    assert_eq!(referral(app, &one).await["state"], "joined");
    let two = id(&shop.post("/v1/members", kim("kimolsen@mail.example")).await.expect(201));
    let doubted = referral(app, &two).await;
    assert_eq!((&doubted["state"], &doubted["came_from"]), (&json!("flagged"), &json!("joined")));
    assert_eq!(referral(app, &one).await["state"], "flagged", "the first as well");
    // the referrer sees that it is looked at, and no more
    let seen = app.member(&anna).await.get(&format!("/v1/members/{anna}/referrals")).await;
    for one in seen.expect(200)["data"].as_array().expect("a list") {
        assert_eq!((&one["state"], &one["flags"]), (&json!("flagged"), &json!([])));
        assert_eq!(one["case_id"], Value::Null);
    }
    let path = |of: &Value, deed: &str| format!("/v1/referrals/{}/{deed}", id(of));
    let as_anna = app.member(&anna).await;
    as_anna.post(&path(&doubted, "approve"), json!({})).await.refused(403, "forbidden");
    let on = staff.post(&path(&doubted, "approve"), json!({})).await.expect(200);
    assert_eq!((&on["state"], &on["rewards"]), (&json!("joined"), &json!([])));
    staff.post(&path(&doubted, "approve"), json!({})).await.expect(200);
    app.travel(DAY * 20);
    assert_eq!(referral(app, &two).await["state"], "joined", "no order, no pay");
    order(&shop, &two, "O-1", 3000).await;
    assert_eq!(referral(app, &two).await["state"], "qualified", "what was cleared stays so");
    app.travel(DAY * 14);
    assert_eq!(balance(app, &anna, ["available"]).await, [500]);
    let staff = app.staff().await;
    let as_anna = app.member(&anna).await;
    // something new makes it wait again: the other one, with its order, from the same device
    order(&shop, &one, "O-2", 3000).await;
    let other = referral(app, &one).await;
    assert_eq!(other["state"], "flagged");
    let why = |text: &str| json!({"reason": text});
    staff.post(&path(&other, "reject"), json!({})).await.refused(422, "invalid_request");
    let no = staff.post(&path(&other, "reject"), why("the same Kim")).await.expect(200);
    assert_eq!(
        (&no["state"], &no["decision_reason"]),
        (&json!("rejected"), &json!("the same Kim"))
    );
    let seen = app.member(&one).await.get(&format!("/v1/members/{one}/referral")).await;
    assert_eq!(seen.expect(200)["decision_reason"], Value::Null, "it is the referrer's to read");
    let stranger = app.member(&two).await;
    stranger.post(&path(&other, "appeal"), why("x")).await.refused(404, "not_found");
    let again = as_anna.post(&path(&other, "appeal"), why("a sister")).await.expect(200);
    assert_eq!((&again["state"], &again["appeal_reason"]), (&json!("flagged"), &json!("a sister")));
    staff.post(&path(&other, "reject"), why("no")).await.expect(200);
    as_anna.post(&path(&other, "appeal"), why("please")).await.refused(409, "limit_reached");
    let told = staff.post(&path(&other, "approve"), json!({})).await;
    assert_eq!(told.refused(409, "invalid_transition")["allowed"], json!(["flagged"]));
}

both!(each_kind_of_doubt_is_seen);
async fn each_kind_of_doubt_is_seen(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"referral_joins_per_day": 3, "referral_throwaway_hosts": "trash.example"}))
        .await;
    let enrol = |email: &str, code: Option<&str>, hints: Value| json!({"email": email, "given_name": "X", "referral_code": code, "hints": hints});
    // the same device and the same parcel as the referrer's own
    let anna = enrol("anna@anna.example.com", None, json!({"device": "d-1", "address": "Lauga 1"}));
    let anna = id(&shop.post("/v1/members", anna).await.expect(201));
    let annas = code_of(app, &anna).await;
    let device = enrol("dev@dev.example.com", Some(&annas), json!({"device": "d-1"}));
    let device = id(&shop.post("/v1/members", device).await.expect(201));
    assert_eq!(flags(app, &device).await, ["same_device"]);
    assert_eq!(referral(app, &device).await["flags"][0]["other_member_id"], anna.as_str());
    let parcel = brought(&shop, "pak@pak.example.com", &annas).await;
    assert_eq!(flags(app, &parcel).await, Vec::<String>::new());
    let bought = json!({
        "external_id": "P-1", "member_id": parcel, "total": {"amount": 3000, "currency": "EUR"},
        "hints": {"address": "Lauga 1"},
    });
    shop.post("/v1/orders", bought).await.expect(201);
    assert_eq!(flags(app, &parcel).await, ["same_address"]);
    assert_eq!(referral(app, &parcel).await["came_from"], "qualified");
    // throw-away mailboxes: those that everybody knows, and the shop's own
    for host in ["mailinator.com", "mx.trash.example"] {
        let eva = app.enrol("Eva").await;
        let friend = brought(&shop, &format!("a@{host}"), &code_of(app, &eva).await).await;
        assert_eq!(flags(app, &friend).await, ["throwaway"], "{host}");
    }
    // many within a day, the first of them too
    let una = app.enrol("Una").await;
    let unas = code_of(app, &una).await;
    let mut many = Vec::new();
    for number in 0..4 {
        many.push(brought(&shop, &format!("m{number}@m{number}.example.com"), &unas).await);
    }
    assert_eq!(flags(app, &many[3]).await, ["velocity"]);
    order(&shop, &many[0], "M-0", 3000).await;
    assert_eq!(flags(app, &many[0]).await, ["velocity"]);
    // a chain of which nobody buys but to be paid for
    let mut above = app.enrol("Root").await;
    let mut chain = Vec::new();
    for number in 0..3 {
        let code = code_of(app, &above).await;
        above = brought(&shop, &format!("c{number}@c{number}.example.com"), &code).await;
        order(&shop, &above, &format!("C-{number}"), 2000).await;
        chain.push(above.clone());
    }
    assert_eq!(flags(app, &chain[1]).await, Vec::<String>::new());
    assert_eq!(flags(app, &chain[2]).await, ["chain"]);
    app.travel(DAY * 15);
    assert_eq!(referral(app, &chain[2]).await["state"], "flagged");
    assert_eq!(referral(app, &chain[1]).await["state"], "rewarded");
    // who signs up by themselves can't give hints
    let own = json!({
        "email": "z@z.example.com", "given_name": "Z", "password": "a password",
        "hints": {"device": "d"},
    });
    let reply = app.anyone().post("/v1/members", own).await;
    assert_eq!(reply.pointer(), "/hints");
    reply.refused(422, "invalid_request");
}

both!(who_goes_and_comes_back_is_known);
async fn who_goes_and_comes_back_is_known(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"referral_hold_days": 0})).await;
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let friend = brought(&shop, "kim@kim.example.com", &code).await;
    order(&shop, &friend, "O-1", 3000).await;
    assert_eq!(balance(app, &anna, ["available"]).await, [500]);
    assert_eq!(flags(app, &friend).await, Vec::<String>::new(), "what is kept is no flag");
    app.member(&friend).await.delete(&format!("/v1/members/{friend}")).await.expect(204);
    let again = brought(&shop, "k.im+2@kim.example.com", &code).await;
    order(&shop, &again, "O-2", 3000).await;
    assert_eq!(flags(app, &again).await, ["similar_email"]);
    assert_eq!(balance(app, &anna, ["available"]).await, [500]);
}

both!(all_of_a_rush_wait);
async fn all_of_a_rush_wait(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"referral_hold_days": 1, "referral_joins_per_day": 5})).await;
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    // two in the morning before are others
    let mut friends = Vec::new();
    for (number, hours) in [(0, 30), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1)] {
        let friend = brought(&shop, &format!("m{number}@m{number}.example.com"), &code).await;
        order(&shop, &friend, &format!("M-{number}"), 3000).await;
        friends.push(friend);
        app.travel(Duration::from_hours(hours));
        vildar::chores::run_all(app.store()).await.expect("all chores");
    }
    app.travel(DAY * 2);
    for (number, friend) in friends.iter().enumerate() {
        let expected = if number == 0 { "rewarded" } else { "flagged" };
        assert_eq!(referral(app, friend).await["state"], expected, "friend {number}");
    }
}
