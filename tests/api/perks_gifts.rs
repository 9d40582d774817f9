//! What perks bring, how it is taken back, and the letter that tells of it.

use std::time::Duration;

use serde_json::json;

use crate::{
    perks::{give, left, points, reward, step, subjects, why},
    shop::{balance, code, codes, entries, hold, id, journal, lines, offer, redeem, rich, stock},
    support::{app::TestApp, both::both},
};

both!(revoking_takes_what_is_still_there_and_never_owes);
async fn revoking_takes_what_is_still_there_and_never_owes(app: &TestApp) {
    let (staff, shop) = (app.staff().await, app.storefront().await);
    let coffee = app.reward(json!({})).await;
    let member = rich(app, 50).await;
    app.travel(Duration::from_secs(1));
    let perk = give(&staff, points(&member, 200)).await;
    // 50 of before and 50 of the perk
    redeem(&shop, &member, &coffee).await;
    app.give(&member, 30).await;
    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!(
        (&revoked["state"], &revoked["ended_reason"]),
        (&json!("revoked"), &json!("a mistake"))
    );
    assert_eq!((&revoked["taken_back_points"], &revoked["kept_points"]), (&json!(150), &json!(50)));
    assert_eq!(balance(app, &member, ["available", "debt"]).await, [30, 0], "other points stay");
    let told = lines(&[
        ("adjust", 50),
        ("perk", 200),
        ("redeem", -100),
        ("adjust", 30),
        ("reversal", -150),
    ]);
    assert_eq!(journal(app, &member).await, told);
    assert_eq!(
        entries(app, &member).await[0]["explanation"]["text"],
        "Our gift in entry 2 was withdrawn: 150 points were taken back."
    );
    assert_eq!(staff.post(&step(&perk, "revoke"), why()).await.expect(200), revoked);
    assert_eq!(left(&staff).await, 10_000 - 50, "what was spent stays given");
    staff.post(&step(&perk, "approve"), json!({})).await.refused(403, "forbidden");
    let admin = app.admin().await;
    admin.post(&step(&perk, "approve"), json!({})).await.refused(409, "invalid_transition");

    // all spent: nothing moves
    let spent = app.enrol("Ari").await;
    let perk = give(&staff, points(&spent, 100)).await;
    redeem(&shop, &spent, &coffee).await;
    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!((&revoked["taken_back_points"], &revoked["kept_points"]), (&json!(0), &json!(100)));
    assert_eq!(journal(app, &spent).await, lines(&[("perk", 100), ("redeem", -100)]));
    // held points are not there either
    let held = app.enrol("Bo").await;
    let perk = give(&staff, points(&held, 100)).await;
    hold(&shop, &held, "cart", 60).await;
    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!(revoked["taken_back_points"], 40);
    assert_eq!(balance(app, &held, ["available", "held", "debt"]).await, [0, 60, 0]);
}

both!(a_reward_is_a_redemption_that_costs_nothing);
async fn a_reward_is_a_redemption_that_costs_nothing(app: &TestApp) {
    let (staff, shop) = (app.staff().await, app.storefront().await);
    let member = app.enrol("Jón").await;
    app.deliver_mail().await;
    let more = json!({"stock": 2, "per_member_limit": 1, "tiers": ["gold"], "name": "Kaffi"});
    let coffee = app.reward(more).await;
    let perk = give(&staff, reward(&member, &coffee)).await;
    assert_eq!((&perk["state"], &perk["cost_points"]), (&json!("granted"), &json!(100)));
    let path = format!("/v1/redemptions/{}", perk["redemption_id"].as_str().expect("an id"));
    let gift = staff.get(&path).await.expect(200);
    assert_eq!((&gift["points"], &gift["state"]), (&json!(0), &json!("fulfilled")));
    assert_eq!(stock(app, &coffee).await, 1);
    assert_eq!(journal(app, &member).await, lines(&[]));
    let mail = app.deliver_mail().await;
    assert_eq!(mail.len(), 1, "{mail:#?}");
    let text = mail[0].text.as_deref().expect("text");
    assert!(text.contains(&code(&gift)) && text.contains("“Kaffi”"), "{text}");
    assert_eq!(mail[0].inline.len(), 1, "its QR code");
    // a gift takes nobody's own turn
    let offer = offer(&shop, &member, &coffee).await.expect("an offer");
    assert!(!codes(&offer["reasons"]).contains(&"limit_reached"));

    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!((&revoked["taken_back_points"], &revoked["kept_points"]), (&json!(100), &json!(0)));
    assert_eq!(staff.get(&path).await.expect(200)["state"], "cancelled");
    assert_eq!(stock(app, &coffee).await, 2);
    assert_eq!(subjects(app).await, ["“Kaffi” was cancelled"]);
    assert_eq!(left(&staff).await, 10_000);

    // used: it stays, and stays given
    let perk = give(&staff, reward(&member, &coffee)).await;
    let path = format!("/v1/redemptions/{}", perk["redemption_id"].as_str().expect("an id"));
    let used = code(&shop.get(&path).await.expect(200));
    shop.post(&format!("/v1/vouchers/{used}/use"), json!({})).await.expect(200);
    let revoked = staff.post(&step(&perk, "revoke"), why()).await.expect(200);
    assert_eq!((&revoked["taken_back_points"], &revoked["kept_points"]), (&json!(0), &json!(100)));
    assert_eq!(stock(app, &coffee).await, 1);

    // what is handed over: placed, in the member's hands to cancel, for nothing
    let bag = app.reward(json!({"kind": "product", "name": "Bag", "stock": 1})).await;
    let perk = give(&staff, reward(&member, &bag)).await;
    let path = format!("/v1/redemptions/{}", perk["redemption_id"].as_str().expect("an id"));
    staff.post("/v1/perks", reward(&member, &bag)).await.refused(409, "out_of_stock");
    app.travel(Duration::from_hours(72));
    let (staff, admin) = (app.staff().await, app.admin().await);
    assert_eq!(admin.get(&path).await.expect(200)["state"], "expired");
    assert_eq!(stock(app, &bag).await, 1);
    let second = give(&staff, reward(&member, &bag)).await;
    let path = format!("/v1/redemptions/{}", second["redemption_id"].as_str().expect("an id"));
    let who = app.member(&member).await;
    assert_eq!(who.post(&format!("{path}/cancel"), json!({})).await.expect(200)["points"], 0);
    assert_eq!(balance(app, &member, ["available", "lifetime_redeemed"]).await, [0, 0]);
    for gone in [&perk, &second] {
        let revoked = staff.post(&step(gone, "revoke"), why()).await.expect(200);
        assert_eq!(revoked["taken_back_points"], 0);
    }
    // what nobody can have is no gift either
    admin.patch(&format!("/v1/rewards/{bag}"), json!({"state": "retired"})).await.expect(200);
    let reply = staff.post("/v1/perks", reward(&member, &bag)).await;
    assert_eq!(reply.json["reasons"], json!([{"code": "ended"}]));
    reply.refused(409, "reward_unavailable");
}

both!(a_message_arrives_as_it_was_written);
async fn a_message_arrives_as_it_was_written(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let thordis = json!({"email": "th@example.com", "given_name": "Þórdís", "locale": "is"});
    let member = id(&shop.post("/v1/members", thordis).await.expect(201));
    app.deliver_mail().await;
    let mut ask = points(&member, 2);
    ask["title"] = json!("Kæra <Þórdís>");
    ask["message"] =
        json!("Þú ert <b>best</b> & {{ 7 * 7 }}\n{% raw %} { $n } {$program}\n\nBaldur");
    give(&staff, ask).await;
    let mail = app.deliver_mail().await.remove(0);
    assert_eq!(mail.subject, "Svolítið handa þér: „Kæra <Þórdís>“");
    let [text, html] = [mail.text.as_deref().expect("text"), mail.html.as_deref().expect("html")];
    let text = text.replace("\r\n", "\n");
    assert!(
        text.contains("Þú ert <b>best</b> & {{ 7 * 7 }}\n{% raw %} { $n } {$program}\n\nBaldur"),
        "{text}"
    );
    assert!(text.contains("við gefum þér 2 punkta með kærum þökkum"), "{text}");
    assert!(text.contains("Gildir til og með: 21. nóvember 2028"), "{text}");
    assert!(html.contains("Þú ert &lt;b&gt;best&lt;/b&gt; &amp; {{ 7 * 7 }}<br"), "{html}");
    assert!(html.contains("{% raw %} { $n } {$program}<br") && !html.contains("<b>"), "{html}");
    assert!(mail.header("List-Unsubscribe").is_some(), "a thank-you letter can be stopped");

    // who wants none gets none, and the points all the same
    let path = format!("/v1/members/{member}/preferences");
    shop.send(
        reqwest::Method::PATCH,
        &path,
        &[],
        Some(json!({"thank_you": false}).to_string().into_bytes()),
    )
    .await
    .expect(200);
    give(&staff, points(&member, 3)).await;
    assert!(subjects(app).await.is_empty());
    assert_eq!(balance(app, &member, ["available"]).await, [5]);
}
