//! Where mail goes and where not, and what people said to it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    shop::{id, rich},
    support::{
        app::{REPORT_SECRET, TestApp},
        both::both,
        mail::Mail,
    },
};

async fn email_of(app: &TestApp, member: &str) -> String {
    let member = app.staff().await.get(&format!("/v1/members/{member}")).await.expect(200);
    member["email"].as_str().expect("an e-mail").to_owned()
}

async fn suppressed(app: &TestApp) -> Vec<Value> {
    let list = app.staff().await.get("/v1/suppressions").await.expect(200);
    list["data"].as_array().expect("a list").clone()
}

both!(mail_that_came_back_is_not_sent_again);
async fn mail_that_came_back_is_not_sent_again(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    app.settings(json!({"return_path": "bounces@shop.example"})).await;
    let anna = app.enrol("Anna").await;
    app.app.deliver_due().await.expect("the courier works");
    let back = app.mail.messages()[0].from.clone();
    app.mail.clear();
    assert!(back.starts_with("bounces+let_") && back.ends_with("@shop.example"), "{back}");
    let reporter = app.anyone().reporting();
    let report = json!({"reports": [
        {"kind": "bounce", "permanent": false, "return_path": back},
    ]});
    let taken = reporter.post("/v1/mail-reports", report).await.expect(200);
    assert_eq!(taken, json!({"reports": 0, "suppressed": 0}), "tomorrow it may go through");
    let report = json!({"reports": [
        {"kind": "bounce", "return_path": back, "detail": "550 5.1.1 no such user"},
    ]});
    for new in [1, 0] {
        let taken = reporter.post("/v1/mail-reports", report.clone()).await.expect(200);
        assert_eq!(taken, json!({"reports": 1, "suppressed": new}));
    }
    let list = suppressed(app).await;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0]["email"], email_of(app, &anna).await.as_str());
    assert_eq!(list[0]["reason"], "bounced");
    assert_eq!(list[0]["detail"], "550 5.1.1 no such user");
    let letters = staff.get(&format!("/v1/letters?member_id={anna}")).await.expect(200);
    let welcome = &letters["data"][0];
    assert_eq!(welcome["state"], "sent");
    assert!(welcome["last_error"].to_string().contains("no such user"), "{welcome}");

    // nothing goes there any more, not even what she asks for
    let path = format!("/v1/members/{anna}");
    app.give(&anna, 100).await;
    let reward = app.reward(json!({})).await;
    let ask = json!({"member_id": anna, "reward_id": reward});
    shop.post("/v1/redemptions", ask).await.expect(201);
    assert!(app.deliver_mail().await.is_empty());
    // until staff say so, or she has another address
    staff.delete(&format!("/v1/suppressions/{}", id(&list[0]))).await.expect(204);
    staff.delete(&format!("/v1/suppressions/{}", id(&list[0]))).await.refused(404, "not_found");
    shop.patch(&path, json!({"given_name": "Anna María"})).await.expect(200);
    let reset = json!({"email": email_of(app, &anna).await});
    app.anyone().post("/v1/password-resets", reset).await.expect(202);
    assert_eq!(app.deliver_mail().await.len(), 1);
}

both!(what_providers_tell_is_understood);
async fn what_providers_tell_is_understood(app: &TestApp) {
    let reporter = app.anyone().reporting();
    let ses = json!({
        "notificationType": "Complaint",
        "complaint": {"complainedRecipients": [{"emailAddress": "Anna <a@example.com>"}]},
        "mail": {"headers": []},
    });
    let sns = json!({"Type": "Notification", "Message": ses.to_string()});
    let taken = reporter.post("/v1/mail-reports/ses", sns).await.expect(200);
    assert_eq!(taken["suppressed"], 1);
    let soft = json!({
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Transient", "bouncedRecipients": [{"emailAddress": "b@example.com"}]},
    });
    let taken = reporter.post("/v1/mail-reports/ses", soft).await.expect(200);
    assert_eq!(taken["suppressed"], 0);
    let subscribe =
        json!({"Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.example/"});
    reporter.post("/v1/mail-reports/ses", subscribe).await.expect(200);
    reporter
        .post("/v1/mail-reports/ses", json!({"Type": "x"}))
        .await
        .refused(422, "invalid_request");
    let postmark = json!({
        "RecordType": "Bounce", "Type": "HardBounce", "Email": "c@example.com", "Details": "gone",
    });
    reporter.post("/v1/mail-reports/postmark", postmark).await.expect(200);
    let opened = json!({"RecordType": "Open", "Recipient": "d@example.com"});
    let taken = reporter.post("/v1/mail-reports/postmark", opened).await.expect(200);
    assert_eq!(taken["reports"], 0);
    let list: Vec<(Value, Value)> = suppressed(app)
        .await
        .into_iter()
        .map(|one| (one["email"].clone(), one["reason"].clone()))
        .collect();
    let expected = [("c@example.com", "bounced"), ("a@example.com", "complained")];
    assert_eq!(list, expected.map(|(email, reason)| (json!(email), json!(reason))));
}

both!(who_has_not_the_secret_reports_nothing);
async fn who_has_not_the_secret_reports_nothing(app: &TestApp) {
    use platform::http::signed::SharedSecret;
    let body = json!({"reports": [{"kind": "bounce", "email": "a@example.com"}]}).to_string();
    let secret = SharedSecret::new(REPORT_SECRET).expect("a secret");
    let now = app.store().clock().wall().as_second().to_string();
    let signature = secret.sign("msg_1", &now, body.as_bytes());
    let send = async |id: &str, at: &str, signature: &str| {
        let headers =
            [("webhook-id", id), ("webhook-timestamp", at), ("webhook-signature", signature)];
        let body = Some(body.clone().into_bytes());
        app.admin().await.send(Method::POST, "/v1/mail-reports", &headers, body).await
    };
    send("msg_2", &now, &signature).await.refused(401, "unauthenticated");
    send("msg_1", "1000000000", &signature).await.refused(401, "unauthenticated");
    send("msg_1", &now, "v1,AAAA").await.refused(401, "unauthenticated");
    assert!(suppressed(app).await.is_empty());
    send("msg_1", &now, &signature).await.expect(200);
    assert_eq!(suppressed(app).await.len(), 1);
}

both!(erasing_a_member_forgets_its_address);
async fn erasing_a_member_forgets_its_address(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    let email = email_of(app, &anna).await;
    let report = json!({"reports": [{"kind": "complaint", "email": email}]});
    app.anyone().reporting().post("/v1/mail-reports", report).await.expect(200);
    assert_eq!(suppressed(app).await.len(), 1);
    app.storefront().await.delete(&format!("/v1/members/{anna}")).await.expect(204);
    assert!(suppressed(app).await.is_empty());
}

both!(erasing_a_member_forgets_what_went_to_its_former_address);
async fn erasing_a_member_forgets_what_went_to_its_former_address(app: &TestApp) {
    use diesel::prelude::*;
    use platform::db::schema::letters;
    let (shop, anyone) = (app.storefront().await, app.anyone());
    let ask = json!({
        "email": "old@example.com", "given_name": "Anna", "password": "correct horse battery",
    });
    anyone.post("/v1/members", ask).await.expect(202);
    let token = token_in(&app.deliver_mail().await.remove(0));
    let confirm = json!({"token": token, "password": "correct horse battery"});
    let confirmed = anyone.post("/v1/members/confirm", confirm).await.expect(201);
    let anna = id(&confirmed);
    app.deliver_mail().await;
    let path = format!("/v1/members/{anna}");
    app.member(&anna).await.patch(&path, json!({"email": "new@example.com"})).await.expect(200);
    let token = token_in(&app.deliver_mail().await.remove(0));
    anyone.post("/v1/members/confirm-email", json!({"token": token})).await.expect(200);
    app.deliver_mail().await;
    let reports = json!({"reports": [
        {"kind": "bounce", "email": "old@example.com"},
        {"kind": "bounce", "email": "other@example.com"},
    ]});
    anyone.reporting().post("/v1/mail-reports", reports).await.expect(200);
    shop.delete(&path).await.expect(204);
    let left = suppressed(app).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0]["email"], "other@example.com", "who is somebody else");
    let named = app.store().read(|tx| {
        let to = letters::table.select(letters::to_address).filter(letters::to_address.ne(""));
        Ok(to.load::<String>(tx.conn)?)
    });
    assert_eq!(named.await.expect("the letters"), Vec::<String>::new());
}

both!(what_a_member_said_is_kept_with_when_and_where);
async fn what_a_member_said_is_kept_with_when_and_where(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"consent_wording": "2026-11"})).await;
    let ask = json!({
        "email": "anna@example.com", "given_name": "Anna", "marketing_consent": true,
    });
    let anna = id(&shop.post("/v1/members", ask).await.expect(201));
    let welcome = app.deliver_mail().await.remove(0);
    let path = format!("/v1/members/{anna}");
    app.travel(Duration::from_hours(1));
    let off = json!({"marketing": false}).to_string().into_bytes();
    let own = app.member(&anna).await;
    let preferences = format!("{path}/preferences");
    for _ in 0..2 {
        own.send(Method::PATCH, &preferences, &[], Some(off.clone())).await.expect(200);
    }
    app.settings(json!({"consent_wording": "2026-12"})).await;
    shop.patch(&path, json!({"marketing_consent": true})).await.expect(200);
    // by the link of a letter all can be switched off, one by one
    let link = welcome.header("List-Unsubscribe").expect("a link").trim_matches(['<', '>']);
    let link = link.strip_prefix(&app.url).expect("our own").to_owned();
    let page = app.anyone().get(&link).await;
    assert!(page.text.contains("value=\"marketing\""), "{}", page.text);
    let click = async |off: &str| {
        let form = Some(format!("off={off}").into_bytes());
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        app.anyone().send(Method::POST, &link, &headers, form).await
    };
    assert_eq!(click("everything").await.status, 422);
    let page = click("marketing").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("value=\"marketing\""));
    let again = app.anyone().get(&link).await;
    assert!(again.text.contains("One click switches off"), "welcomes still come");
    assert_eq!(click("thank_you").await.status, 200);
    let again = app.anyone().get(&link).await;
    assert!(again.text.contains("Off already"), "{}", again.text);
    let on = json!({"thank_you": true}).to_string().into_bytes();
    shop.send(Method::PATCH, &preferences, &[], Some(on)).await.expect(200);
    assert_eq!(click("holiday:bondadagur").await.status, 200);
    let switches = shop.get(&preferences).await.expect(200);
    assert_eq!((&switches["marketing"], &switches["thank_you"]), (&json!(false), &json!(true)));
    assert_eq!(switches["holidays"], json!({"bondadagur": false}));

    let export = own.get(&format!("{path}/export")).await.expect(200);
    let said: Vec<[Value; 3]> = export["consents"]
        .as_array()
        .expect("a history")
        .iter()
        .map(|one| ["given", "wording", "place"].map(|field| one[field].clone()))
        .collect();
    let expected = [
        (true, "2026-11", "storefront"),
        (false, "2026-11", "account"),
        (true, "2026-12", "storefront"),
        (false, "2026-12", "letter"),
    ];
    let expected =
        expected.map(|(given, wording, place)| [json!(given), json!(wording), json!(place)]);
    assert_eq!(said, expected);
}

fn token_in(letter: &Mail) -> String {
    let text = letter.text.as_deref().expect("text");
    let (_, rest) = text.split_once("token=").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

both!(a_new_address_is_asked_and_the_old_one_told);
async fn a_new_address_is_asked_and_the_old_one_told(app: &TestApp) {
    let shop = app.storefront().await;
    let ask = json!({"email": "old@example.com", "given_name": "Anna"});
    let anna = id(&shop.post("/v1/members", ask).await.expect(201));
    let taken = email_of(app, &app.enrol("Bo").await).await;
    app.deliver_mail().await;
    let (own, path) = (app.member(&anna).await, format!("/v1/members/{anna}"));
    // another's address answers alike, and nobody is written to
    let same = own.patch(&path, json!({"email": taken})).await.expect(200);
    assert_eq!(same["email"], "old@example.com");
    assert!(app.deliver_mail().await.is_empty());
    let same = own.patch(&path, json!({"email": "nwe@example.com"})).await.expect(200);
    assert_eq!(same["email"], "old@example.com", "until it is confirmed");
    let mistyped = token_in(&app.deliver_mail().await.remove(0));
    own.patch(&path, json!({"email": "new@example.com"})).await.expect(200);
    let letter = app.deliver_mail().await.remove(0);
    assert_eq!(letter.to[0].address, "new@example.com");
    let confirm = json!({"token": mistyped});
    let refused = app.anyone().post("/v1/members/confirm-email", confirm).await;
    assert_eq!(refused.pointer(), "/token", "another address was asked for since");
    let mailed = token_in(&letter);
    let page = app.anyone().get(&format!("/email?token={mailed}")).await;
    assert_eq!(page.status, 200);
    assert_eq!(own.get(&path).await.expect(200)["email"], "old@example.com", "looking is no yes");
    let confirmed = app.anyone().post("/v1/members/confirm-email", json!({"token": mailed})).await;
    assert_eq!(confirmed.expect(200), json!({"member_id": anna, "email": "new@example.com"}));
    assert_eq!(own.get(&path).await.expect(200)["email"], "new@example.com");
    let told = app.deliver_mail().await.remove(0);
    assert_eq!(told.to[0].address, "old@example.com");
    assert!(told.text.as_deref().is_some_and(|text| text.contains("n•••@example.com")));
    let again = app.anyone().post("/v1/members/confirm-email", json!({"token": mailed})).await;
    assert_eq!(again.pointer(), "/token");
}

both!(whoever_signs_in_from_a_new_device_is_told);
async fn whoever_signs_in_from_a_new_device_is_told(app: &TestApp) {
    let shop = app.storefront().await;
    let (email, password) = ("anna@example.com", "correct horse battery");
    let ask = json!({"email": email, "given_name": "Anna", "password": password});
    let anna = id(&shop.post("/v1/members", ask).await.expect(201));
    app.deliver_mail().await;
    let body = json!({"email": email, "password": password}).to_string();
    let sign_in = async |agent: &str| {
        let headers = [("user-agent", agent)];
        let body = Some(body.clone().into_bytes());
        app.anyone().send(Method::POST, "/v1/sessions", &headers, body).await.expect(201);
        app.deliver_mail().await
    };
    let firefox = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0";
    assert!(sign_in(firefox).await.is_empty(), "the first one is no news");
    assert!(sign_in(&firefox.replace("128", "129")).await.is_empty(), "nor is an update");
    let told = sign_in("Mozilla/5.0 (iPhone) AppleWebKit Version/18.0 Safari/605").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].subject, "New sign-in to your account");
    assert!(told[0].text.as_deref().is_some_and(|text| text.contains("Safari, iPhone")));
    assert_eq!(told[0].header("List-Unsubscribe"), None, "it is about the account");
    assert!(sign_in(firefox).await.is_empty(), "both are known now");
    app.storefront().await.delete(&format!("/v1/members/{anna}")).await.expect(204);
}

both!(an_order_is_thanked_for_where_the_shop_wants_it);
async fn an_order_is_thanked_for_where_the_shop_wants_it(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    app.deliver_mail().await;
    let order = |id: &str| {
        json!({
            "external_id": id, "member_id": anna, "total": {"amount": 1999, "currency": "EUR"},
        })
    };
    shop.post("/v1/orders", order("1")).await.expect(201);
    assert!(app.deliver_mail().await.is_empty(), "off by default");
    app.settings(json!({"order_thanks": true})).await;
    shop.post("/v1/orders", order("2")).await.expect(201);
    shop.post("/v1/orders", order("2")).await.expect(200);
    shop.post("/v1/orders?dry_run=true", order("3")).await.expect(200);
    let letters = app.deliver_mail().await;
    assert_eq!(letters.len(), 1);
    let text = letters[0].text.as_deref().expect("text");
    for said in
        ["Your order “2” brings you 19 points", "€19.99", "Yours to use from: 5 December 2026"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
}

async fn due(app: &TestApp) -> Vec<Mail> {
    vildar::chores::run_all(app.store()).await.expect("the chores are done");
    app.deliver_mail().await
}

both!(points_that_end_are_told_of_once_with_what_they_buy);
async fn points_that_end_are_told_of_once_with_what_they_buy(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    due(app).await;
    let (anna, bo) = (rich(app, 50).await, app.enrol("Bo").await);
    app.reward(json!({"name": "Cake", "cost_points": 300})).await;
    app.reward(json!({"name": "Coffee"})).await;
    app.reward(json!({"name": "Moon", "cost_points": 100_000})).await;
    let earn = |member: &str, points: i64, expires_at: &str| {
        let entries = format!("/v1/members/{member}/entries");
        let ask =
            json!({"kind": "earn", "points": points, "reason": "bought", "expires_at": expires_at});
        let shop = shop.clone();
        async move { shop.post(&entries, ask).await.expect(201) }
    };
    earn(&anna, 200, "2027-06-01T00:00:00Z").await;
    earn(&anna, 150, "2027-06-20T00:00:00Z").await;
    earn(&anna, 21, "2027-08-01T00:00:00Z").await;
    earn(&bo, 500, "2027-06-01T00:00:00Z").await;
    due(app).await;
    // one who uses them is not told
    let coffee = app.reward(json!({"name": "Five", "cost_points": 500})).await;
    let ask = json!({"member_id": bo, "reward_id": coffee});
    shop.post("/v1/redemptions", ask).await.expect(201);
    app.deliver_mail().await;

    let far = "2028-01-01T00:00:00Z".parse().expect("an instant");
    let next = app.store().read(move |tx| program::reminders::next(tx, far)).await;
    let morning = "2027-05-01T09:00:00Z";
    assert_eq!(next.expect("it is read"), Some(morning.parse().expect("an instant")));
    app.travel_to("2027-05-01T08:59:59Z");
    assert!(due(app).await.is_empty());
    app.travel_to(morning);
    let told = due(app).await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].subject, "200 points are yours until 31 May 2027");
    let text = told[0].text.as_deref().expect("text");
    for said in ["* Cake", "* Coffee", "31 May 2027: 200 points", "19 June 2027: 150 points"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("Moon"), "{text}");
    assert!(due(app).await.is_empty(), "once");
    app.travel_to("2027-05-25T12:00:00Z");
    assert!(due(app).await.is_empty(), "the others were told of, too");
    app.travel_to("2027-07-10T12:00:00Z");
    let later = due(app).await;
    assert_eq!(later.len(), 1);
    assert!(later[0].subject.starts_with("21 points are yours"), "{}", later[0].subject);
}

both!(who_stays_away_is_missed_once);
async fn who_stays_away_is_missed_once(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"miss_you_days": 90, "pending_days": 0})).await;
    due(app).await;
    let ask = |name: &str, consent: bool| {
        json!({
            "email": format!("{name}@example.com"), "given_name": name, "marketing_consent": consent,
        })
    };
    let [anna, bo] = [("anna", true), ("bo", false)].map(|(name, consent)| ask(name, consent));
    let anna = id(&shop.post("/v1/members", anna).await.expect(201));
    let bo = id(&shop.post("/v1/members", bo).await.expect(201));
    let buy = async |member: &str, number: &str| {
        let order = json!({
            "external_id": number, "member_id": member,
            "total": {"amount": 2100, "currency": "EUR"},
        });
        shop.post("/v1/orders", order).await.expect(201);
    };
    buy(&anna, "1").await;
    buy(&bo, "2").await;
    app.travel_to("2027-01-10T12:00:00Z");
    buy(&anna, "3").await;
    app.deliver_mail().await;
    app.travel_to("2027-03-30T12:00:00Z");
    assert!(due(app).await.is_empty(), "Anna came back, and Bo never wanted to hear from us");
    app.travel_to("2027-04-10T12:00:00Z");
    let missed = due(app).await;
    assert_eq!(missed.len(), 1, "{missed:#?}");
    assert_eq!(missed[0].subject, "It’s been a while, anna");
    assert!(missed[0].text.as_deref().is_some_and(|text| text.contains("still have 42 points")));
    app.travel_to("2028-01-01T12:00:00Z");
    assert!(due(app).await.iter().all(|letter| !letter.subject.contains("a while")), "once");
}

both!(who_asks_for_it_has_a_statement_of_each_month);
async fn who_asks_for_it_has_a_statement_of_each_month(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"pending_days": 0})).await;
    due(app).await;
    let (anna, bo) = (rich(app, 100).await, app.enrol("Bo").await);
    let on = json!({"statements": true}).to_string().into_bytes();
    let preferences = format!("/v1/members/{anna}/preferences");
    shop.send(Method::PATCH, &preferences, &[], Some(on)).await.expect(200);
    app.give(&bo, 5).await;
    app.travel_to("2026-12-01T08:59:00Z");
    due(app).await;
    app.travel_to("2026-12-01T09:00:00Z");
    let letters = due(app).await;
    assert_eq!(letters.len(), 1, "{letters:#?}");
    assert_eq!(letters[0].subject, "Your points in November 2026");
    let reward = app.reward(json!({"cost_points": 30})).await;
    shop.post("/v1/redemptions", json!({"member_id": anna, "reward_id": reward})).await.expect(201);
    app.deliver_mail().await;
    app.travel_to("2027-01-02T00:00:00Z");
    let letters = due(app).await;
    assert_eq!(letters.len(), 1);
    let text = letters[0].text.as_deref().expect("text");
    for said in [
        "At the beginning: 100 points",
        "Received: 0 points",
        "Points used: 30 points",
        "At the end: 70 points",
        "/unsubscribe/",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(due(app).await.is_empty(), "once");
}

both!(a_stranger_puts_no_words_into_our_mouth);
/// Whoever types somebody else's address, with a name of their own making, has us write to it:
/// nothing that they typed stands in that letter.
async fn a_stranger_puts_no_words_into_our_mouth(app: &TestApp) {
    const LURE: &str = "YOU WON! claim at https://evil.example/x";
    let shop = app.storefront().await;
    let anna = json!({"email": "anna@example.com", "given_name": "Anna", "family_name": "Ness"});
    let anna = shop.post("/v1/members", anna).await.expect(201);
    app.deliver_mail().await;
    let stranger = app.anyone();
    for email in ["anna@example.com", "bo@example.com"] {
        for locale in ["en", "is"] {
            let ask = json!({
                "email": email, "given_name": LURE, "family_name": LURE, "locale": locale,
                "password": "correct horse",
            });
            stranger.post("/v1/members", ask).await.expect(202);
        }
    }
    // a member may name any address as the new one, too
    let (anna, path) = (id(&anna), format!("/v1/members/{}", id(&anna)));
    let member = app.member(&anna).await;
    let change = json!({"given_name": LURE, "email": "carl@example.com"});
    member.patch(&path, change).await.expect(200);

    app.app.deliver_due().await.expect("the courier works");
    let raw = app.mail.messages();
    assert_eq!(raw.len(), 5, "four sign-ups and a new address");
    for raw in raw {
        let mail = Mail::parse(&raw.raw);
        assert_eq!(mail.to[0].name, None, "{mail:?}");
        let parts = [mail.text.clone().unwrap_or_default(), mail.html.clone().unwrap_or_default()];
        let all = format!("{mail:?}{}{}", parts.concat(), String::from_utf8_lossy(&raw.raw));
        for word in ["YOU WON", "evil", "claim at"] {
            assert!(!all.contains(word), "{word} in {all}");
        }
        assert!(!parts[0].contains("Ness") && !parts[1].contains("Ness"), "nor her name: {all}");
    }
}

both!(everybody_is_addressed_by_the_whole_name);
async fn everybody_is_addressed_by_the_whole_name(app: &TestApp) {
    let anna = json!({
        "email": "anna@example.com", "given_name": "Anna", "family_name": "Ness",
        "password": "correct horse",
    });
    app.storefront().await.post("/v1/members", anna).await.expect(201);
    let reset = json!({"email": "anna@example.com"});
    app.anyone().post("/v1/password-resets", reset).await.expect(202);
    for mail in app.deliver_mail().await {
        assert_eq!(mail.to[0].name.as_deref(), Some("Anna Ness"), "{}", mail.subject);
        let text = mail.text.unwrap_or_default();
        assert!(text.contains("Anna") && !text.contains("Ness"), "greeted by the first: {text}");
    }
}
