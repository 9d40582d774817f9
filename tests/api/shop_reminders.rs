//! A letter reminds of an unused voucher before it ends, once.

use serde_json::json;
use vildar::chores;

use crate::{
    shop::{code, id, redeem, rich},
    support::{app::TestApp, both::both, mail::Mail},
};

/// Does what is due, and answers the letters about vouchers that end.
async fn reminders(app: &TestApp) -> Vec<Mail> {
    chores::run_all(app.store()).await.expect("the chores are done");
    let mut letters = app.deliver_mail().await;
    letters.retain(|letter| letter.subject.contains("is waiting for you"));
    letters
}

both!(a_member_is_reminded_once_and_in_time);
async fn a_member_is_reminded_once_and_in_time(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let member = rich(app, 1000).await;
    let reward = app.reward(json!({})).await;
    let kept = redeem(&shop, &member, &reward).await;
    let [used, cancelled] =
        [redeem(&shop, &member, &reward).await, redeem(&shop, &member, &reward).await];
    shop.post(&format!("/v1/vouchers/{}/use", code(&used)), json!({})).await.expect(200);
    shop.post(&format!("/v1/redemptions/{}/cancel", id(&cancelled)), json!({})).await.expect(200);
    // a part of it is
    let ask = json!({"member_id": member, "reward_id": reward, "quantity": 3});
    let three = shop.post("/v1/redemptions", ask).await.expect(201);
    let one = json!({"quantity": 1, "reason": "one was too many"});
    staff.post(&format!("/v1/redemptions/{}/cancel", id(&three)), one).await.expect(200);
    app.deliver_mail().await;

    // fourteen days before, in the morning: the demo's clock stops there
    let (morning, far) =
        ("2027-11-07T09:00:00Z", "2028-01-01T00:00:00Z".parse().expect("an instant"));
    let next = app.store().read(move |tx| program::redemptions::service::next_reminder(tx, far));
    assert_eq!(next.await.expect("it is read"), Some(morning.parse().expect("an instant")));
    app.travel_to("2027-11-07T08:59:59Z");
    assert_eq!(reminders(app).await.len(), 0);
    app.travel_to(morning);
    let mut letters = reminders(app).await;
    assert_eq!(letters.len(), 2);
    let about =
        |letter: &Mail, code: &str| letter.text.as_deref().is_some_and(|text| text.contains(code));
    letters.sort_by_key(|letter| about(letter, &code(&three)));
    assert!(
        about(&letters[0], &code(&kept)) && about(&letters[0], "until the end of 21 November 2027")
    );
    assert!(about(&letters[1], &code(&three)) && about(&letters[1], "Quantity: 2"));
    // it can be switched off like thank-you letters
    assert!(about(&letters[0], "/unsubscribe/"));
    assert_eq!(reminders(app).await.len(), 0, "once");
    app.travel_to("2027-11-20T12:00:00Z");
    assert_eq!(reminders(app).await.len(), 0);
    let list = app.staff().await.get(&format!("/v1/vouchers/{}", code(&kept))).await.expect(200);
    assert_eq!(list["state"], "live");
}

both!(whom_it_does_not_reach);
async fn whom_it_does_not_reach(app: &TestApp) {
    let shop = app.storefront().await;
    let reward = app.reward(json!({})).await;
    // one that says no, one that is gone, one in Icelandic
    let [quiet, gone, icelandic] =
        [rich(app, 100).await, rich(app, 100).await, rich(app, 100).await];
    let mut last = String::new();
    for member in [&quiet, &gone, &icelandic] {
        last = code(&redeem(&shop, member, &reward).await);
    }
    let path = format!("/v1/members/{quiet}/preferences");
    let off = json!({"thank_you": false}).to_string().into_bytes();
    shop.send(reqwest::Method::PATCH, &path, &[], Some(off)).await.expect(200);
    let path = format!("/v1/members/{icelandic}");
    shop.patch(&path, json!({"locale": "is"})).await.expect(200);
    app.deliver_mail().await;
    shop.delete(&format!("/v1/members/{gone}")).await;
    app.travel_to("2027-11-07T09:00:00Z");
    chores::run_all(app.store()).await.expect("the chores are done");
    let letters = app.deliver_mail().await;
    let [letter] = &*letters else { panic!("{letters:?}") };
    let text = letter.text.as_deref().unwrap_or_default();
    assert!(text.contains(&last) && text.contains("gildir til og með 21. nóvember 2027"), "{text}");
}

both!(what_is_short_or_unwanted_is_not_reminded_of);
async fn what_is_short_or_unwanted_is_not_reminded_of(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 300).await;
    let reward = app.reward(json!({})).await;
    app.settings(json!({"voucher_months": 1, "voucher_reminder_days": 60})).await;
    redeem(&shop, &member, &reward).await;
    assert_eq!(reminders(app).await.len(), 0, "it had less than that from the start");
    // looked at once: it is none of those that come after
    app.settings(json!({"voucher_months": 12})).await;
    redeem(&shop, &member, &reward).await;
    app.settings(json!({"voucher_reminder_days": 0})).await;
    app.travel_to("2027-11-10T09:00:00Z");
    assert_eq!(reminders(app).await.len(), 0, "never");
    app.settings(json!({"voucher_reminder_days": 14})).await;
    assert_eq!(reminders(app).await.len(), 1, "late is better than never");
    app.travel_to("2028-11-10T09:00:00Z");
    assert_eq!(reminders(app).await.len(), 0);
}
