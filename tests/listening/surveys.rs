//! Surveys as their readers meet them: a letter, a page, one button; and who is not asked.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    support::{app::TestApp, both::both},
    world::{
        DAY, answers, asks, codes, id, link, look, mail, mail_after, order, reader, say, survey,
    },
};

both!(an_order_is_asked_about_and_answered_by_one_button);
async fn an_order_is_asked_about_and_answered_by_one_button(app: &TestApp) {
    let member = reader(app, json!({"locale": "is"})).await;
    let survey = survey(app, json!({"points": 50})).await;
    app.travel(DAY * 7);
    let order = order(app, &member).await;
    assert_eq!(mail(app).await.len(), 0);
    let planned = asks(app, &format!("member_id={member}")).await;
    assert_eq!((planned.len(), &planned[0]["state"]), (1, &json!("planned")), "{planned:?}");
    assert_eq!(planned[0]["offer"]["points"], 50);
    assert_eq!(mail_after(app, DAY * 2).await.len(), 0, "three days after");
    // it is late in the evening there; the letter waits for the morning
    let letters = mail_after(app, DAY).await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    let letter = &letters[0];
    assert_eq!(letter.subject, "Kaffi Lóa: ein stutt spurning");
    let (text, html) = (letter.text.as_deref().unwrap(), letter.html.as_deref().unwrap());
    assert!(text.contains("Myndir þú mæla með okkur?"), "{text}");
    assert!(text.contains("50 punkta, hvað sem þú segir"), "{text}");
    for score in 0..=10 {
        assert!(text.contains(&format!("{score} af 10")), "{score}: {text}");
        assert!(html.contains(&format!("?v={score}\"")), "{score}");
        assert!(html.contains(&format!("aria-label=\"{score} af 10\"")), "{score}");
    }
    assert!(letter.header("List-Unsubscribe-Post").is_some());

    let path = link(letter);
    let page = look(app, &format!("{path}?v=9")).await;
    assert_eq!(page.status, 200);
    let checked = "value=\"9\" checked";
    assert!(page.text.contains("Myndir þú mæla með okkur?") && page.text.contains(checked));
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-robots-tag", "noindex"),
    ] {
        assert_eq!(page.header(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(answers(app, "").await.len(), 0, "a look is no answer");

    let done = say(app, &path, 9, "Hlý og góð kaka").await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(done.text.contains("50 punkta fyrir"), "{}", done.text);
    let all = answers(app, &format!("survey_id={survey}")).await;
    assert_eq!(all.len(), 1);
    let answer = &all[0];
    for (field, value) in [
        ("score", json!(9)),
        ("category", json!("promoter")),
        ("comment", json!("Hlý og góð kaka")),
        ("channel", json!("letter")),
        ("order_id", json!(order)),
        ("country", json!("IS")),
        ("locale", json!("is")),
        ("tier", json!("member")),
        ("state", json!("active")),
        ("versions", json!(1)),
    ] {
        assert_eq!(answer[field], value, "{field}");
    }
    assert_eq!(asks(app, &format!("member_id={member}")).await[0]["state"], "answered");
    assert_eq!(app.balance(&member).await["available"], 50);
    let entries = app.member(&member).await.get(&format!("/v1/members/{member}/entries")).await;
    let entry = &entries.expect(200)["data"][0];
    assert_eq!((&entry["kind"], &entry["points"]), (&json!("earn"), &json!(50)));
    let text = entry["explanation"]["text"].as_str().expect("a text");
    assert!(text.starts_with("Takk fyrir svarið: 50 punktar"), "{text}");

    // the same again is the same
    assert_eq!(say(app, &path, 9, "Hlý og góð kaka").await.status, 200);
    assert_eq!(answers(app, "").await[0]["versions"], 1);
    // and something else another version, which brings nothing more
    app.travel(DAY);
    let changed = say(app, &path, 3, "").await;
    assert!(!changed.text.contains("punkta fyrir"), "{}", changed.text);
    let answer = &answers(app, "").await[0];
    assert_eq!((&answer["score"], &answer["versions"]), (&json!(3), &json!(2)));
    // whose empty box leaves the words as they are
    let kept = (&json!("detractor"), &json!("Hlý og góð kaka"));
    assert_eq!((&answer["category"], &answer["comment"]), kept);
    assert_eq!(app.balance(&member).await["available"], 50);
    // for a week
    app.travel(DAY * 6);
    assert_eq!(say(app, &path, 10, "").await.status, 410);
    assert_eq!(look(app, &path).await.status, 410);
    assert_eq!(answers(app, "").await[0]["score"], 3);
}

both!(what_is_no_answer_is_told_so);
async fn what_is_no_answer_is_told_so(app: &TestApp) {
    let member = reader(app, json!({})).await;
    survey(app, json!({"kind": "csat", "trigger": {"on": "order_placed"}})).await;
    app.travel(DAY * 7);
    order(app, &member).await;
    let letters = mail_after(app, DAY).await;
    let path = link(&letters[0]);
    for score in ["0", "6", "-1", "5.5", "", "x", "99999999999999999999"] {
        let form = format!("score={score}&comment=kept");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let said = app.anyone().send(Method::POST, &path, &headers, Some(form.into_bytes())).await;
        assert_eq!(said.status, 422, "{score}: {}", said.text);
        assert!(said.text.contains("choose a number") && said.text.contains(">kept<"), "{score}");
        let seen = look(app, &format!("{path}?v={score}")).await;
        assert_eq!(seen.status, 200, "{score}");
        assert!(!seen.text.contains(" checked"), "{score}");
    }
    let long = say(app, &path, 5, &"ö".repeat(4001)).await;
    assert_eq!(long.status, 422);
    assert!(long.text.contains("4,000 characters") && long.text.contains("value=\"5\" checked"));
    assert_eq!(say(app, "/s/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 5, "").await.status, 404);
    assert_eq!(look(app, "/s/x").await.status, 404);
    assert_eq!(answers(app, "").await.len(), 0);
    assert_eq!(say(app, &path, 5, &"ö".repeat(4000)).await.status, 200);
}

both!(two_scores_at_once_are_suspect_until_a_person_says);
async fn two_scores_at_once_are_suspect_until_a_person_says(app: &TestApp) {
    let member = reader(app, json!({})).await;
    survey(app, json!({"trigger": {"on": "order_placed"}})).await;
    app.travel(DAY * 7);
    order(app, &member).await;
    let path = link(&mail_after(app, DAY).await[0]);
    say(app, &path, 0, "").await;
    app.travel(std::time::Duration::from_micros(2_999_999));
    say(app, &path, 10, "").await;
    let answer = &answers(app, "").await[0];
    assert_eq!((&answer["state"], &answer["versions"]), (&json!("suspect"), &json!(2)));
    // the member answers again
    app.travel(std::time::Duration::from_secs(3));
    say(app, &path, 8, "").await;
    assert_eq!(answers(app, "").await[0]["state"], "active");
    // or staff say so
    say(app, &path, 1, "").await;
    let answer = &answers(app, "state=suspect").await[0];
    let path = format!("/v1/answers/{}", id(answer));
    let confirmed = app.staff().await.post(&format!("{path}/confirm"), json!({})).await.expect(200);
    assert_eq!((&confirmed["state"], &confirmed["score"]), (&json!("active"), &json!(1)));
    // one that never counted stays out
    let void = json!({"reason": "test"});
    app.staff().await.post(&format!("{path}/void"), void.clone()).await.refused(403, "forbidden");
    let voided = app.admin().await.post(&format!("{path}/void"), void).await.expect(200);
    assert_eq!((&voided["state"], &voided["void_reason"]), (&json!("void"), &json!("test")));
    let thanks = format!("/v1/thanks/{}", voided["thanks_id"].as_str().expect("an id"));
    let thanks = app.staff().await.get(&thanks).await.expect(200);
    assert_eq!(
        (&thanks["state"], &thanks["waive_reason"]),
        (&json!("waived"), &json!("answer_void"))
    );
    let again = app.staff().await.post(&format!("{path}/confirm"), json!({})).await;
    again.refused(409, "invalid_transition");
}

both!(what_was_taken_back_is_not_asked_about);
async fn what_was_taken_back_is_not_asked_about(app: &TestApp) {
    let [one, two, three] =
        [reader(app, json!({})).await, reader(app, json!({})).await, reader(app, json!({})).await];
    survey(app, json!({})).await;
    app.travel(DAY * 7);
    let shop = app.storefront().await;
    let (first, second) = (order(app, &one).await, order(app, &two).await);
    let third = order(app, &three).await;
    mail(app).await;
    shop.post(&format!("/v1/orders/{first}/cancel"), json!({})).await.expect(200);
    let refund =
        |amount: i64| json!({"external_id": "r", "amount": {"amount": amount, "currency": "EUR"}});
    shop.post(&format!("/v1/orders/{second}/refunds"), refund(4990)).await.expect(201);
    shop.post(&format!("/v1/orders/{third}/refunds"), refund(4989)).await.expect(201);
    let letters = mail_after(app, DAY * 4).await;
    assert_eq!(letters.len(), 1, "a part is no whole: {letters:?}");
    for (member, state) in [(&one, "dropped"), (&two, "dropped"), (&three, "sent")] {
        let ask = &asks(app, &format!("member_id={member}")).await[0];
        assert_eq!(ask["state"], state);
        if state == "dropped" {
            assert_eq!(codes(ask), ["order_undone"]);
        }
    }
}

both!(who_may_not_be_asked_is_not_and_it_says_why);
async fn who_may_not_be_asked_is_not_and_it_says_why(app: &TestApp) {
    let silent = reader(app, json!({"marketing_consent": false})).await;
    let off = reader(app, json!({})).await;
    let suspended = reader(app, json!({})).await;
    let gone = reader(app, json!({})).await;
    survey(app, json!({"trigger": {"on": "order_placed", "after_days": 3}})).await;
    app.travel(DAY * 7);
    for member in [&silent, &off, &suspended, &gone] {
        order(app, member).await;
    }
    mail(app).await;
    let staff = app.staff().await;
    let preferences = json!({"surveys": false});
    let path = format!("/v1/members/{off}/preferences");
    let body = preferences.to_string().into_bytes();
    let any = [("if-match", "*")];
    app.member(&off).await.send(Method::PATCH, &path, &any, Some(body)).await.expect(200);
    let reason = json!({"reason": "fraud"});
    staff.post(&format!("/v1/members/{suspended}/suspend"), reason).await.expect(200);
    app.admin().await.delete(&format!("/v1/members/{gone}")).await.expect(204);
    assert_eq!(mail_after(app, DAY * 4).await.len(), 0);
    for (member, why) in
        [(&silent, "no_consent"), (&off, "switched_off"), (&suspended, "suspended")]
    {
        let ask = &asks(app, &format!("member_id={member}")).await[0];
        assert_eq!((&ask["state"], codes(ask)), (&json!("dropped"), vec![why]));
        let staff = app.staff().await;
        let next = staff.get(&format!("/v1/members/{member}/asks/next")).await.expect(200);
        let survey = &next["data"][0];
        assert_eq!((&survey["kind"], &survey["allowed"]), (&json!("survey"), &json!(false)));
        assert_eq!((codes(survey), &survey["from"]), (vec![why], &Value::Null));
    }
    assert_eq!(asks(app, &format!("member_id={gone}")).await[0]["state"], "dropped");
    // a till needs no consent to mail
    let path = format!("/v1/members/{silent}/asks/next?channel=till");
    let next = app.staff().await.get(&path).await;
    assert_eq!(next.expect(200)["data"][0]["allowed"], true);
}

both!(an_order_that_arrives_sooner_is_asked_about_sooner);
async fn an_order_that_arrives_sooner_is_asked_about_sooner(app: &TestApp) {
    let [quick, slow] = [reader(app, json!({})).await, reader(app, json!({})).await];
    survey(app, json!({"trigger": {"on": "order_fulfilled", "after_days": 2}})).await;
    app.travel(DAY * 7);
    let (first, _) = (order(app, &quick).await, order(app, &slow).await);
    assert_eq!(mail_after(app, DAY).await.len(), 0);
    let shop = app.storefront().await;
    let path = format!("/v1/orders/{first}/fulfil");
    let early = json!({"at": "2020-01-01T00:00:00Z"});
    assert_eq!(shop.post(&path, early).await.pointer(), "/at");
    let fulfilled = shop.post(&path, json!({})).await.expect(200)["fulfilled_at"].clone();
    assert_eq!(fulfilled, json!(app.now()));
    app.travel(std::time::Duration::from_mins(1));
    let again = shop.post(&path, json!({})).await.expect(200);
    assert_eq!(again["fulfilled_at"], fulfilled, "the first time stands");
    assert_eq!(mail_after(app, DAY).await.len(), 0);
    assert_eq!(mail_after(app, DAY).await.len(), 1, "two days after it arrived");
    assert_eq!(asks(app, &format!("member_id={quick}")).await[0]["state"], "sent");
    // the other counts as arrived a week after it was placed
    assert_eq!(mail_after(app, DAY * 5).await.len(), 0);
    assert_eq!(mail_after(app, DAY).await.len(), 1);
    assert_eq!(asks(app, &format!("member_id={slow}")).await[0]["state"], "sent");
}

both!(who_does_not_answer_is_asked_once_more_and_then_left_alone);
async fn who_does_not_answer_is_asked_once_more_and_then_left_alone(app: &TestApp) {
    let [one, two] = [reader(app, json!({})).await, reader(app, json!({})).await];
    let fields = json!({
        "trigger": {"on": "order_placed"}, "remind_after_days": 5, "answer_within_days": 20,
    });
    survey(app, fields).await;
    app.travel(DAY * 7);
    order(app, &one).await;
    order(app, &two).await;
    let letters = mail_after(app, DAY).await;
    assert_eq!(letters.len(), 2);
    let answered = link(&letters[0]);
    say(app, &answered, 7, "").await;
    let thanks = mail_after(app, DAY * 4).await;
    assert_eq!(thanks.len(), 1, "an answer is thanked for: {thanks:?}");
    assert!(!thanks[0].text.as_deref().unwrap_or_default().contains("/s/"));
    let reminders = mail_after(app, DAY).await;
    assert_eq!(reminders.len(), 1, "only who did not answer");
    assert_eq!(reminders[0].subject, "Would you still tell us how it is?");
    assert_eq!(link(&reminders[0]), link(&letters[1]), "the same page");
    assert_eq!(mail_after(app, DAY * 14).await.len(), 0);
    assert_eq!(look(app, &link(&letters[1])).await.status, 200);
    assert_eq!(mail_after(app, DAY).await.len(), 0);
    assert_eq!(look(app, &link(&letters[1])).await.status, 410);
    assert_eq!(asks(app, "state=expired").await.len(), 1);
}

both!(an_answer_from_the_till_is_recorded_once);
async fn an_answer_from_the_till_is_recorded_once(app: &TestApp) {
    let member = reader(app, json!({})).await;
    let survey =
        survey(app, json!({"kind": "ces", "trigger": {"on": "manual"}, "points": 5})).await;
    let order = order(app, &member).await;
    let shop = app.storefront().await;
    let answer = json!({
        "survey_id": survey, "member_id": member, "score": 6, "comment": "Easy", "channel": "till",
        "order_id": order, "external_id": "till-1",
    });
    let with = |field: &str, value: Value| {
        let mut other = answer.clone();
        other[field] = value;
        other
    };
    assert_eq!(shop.post("/v1/answers", with("score", json!(0))).await.pointer(), "/score");
    assert_eq!(shop.post("/v1/answers", with("score", json!(8))).await.pointer(), "/score");
    assert_eq!(shop.post("/v1/answers", with("score", json!(6.5))).await.pointer(), "/score");
    let strange = reader(app, json!({})).await;
    let others = shop.post("/v1/answers", with("member_id", json!(strange))).await;
    assert_eq!(others.pointer(), "/order_id");
    let first = shop.post("/v1/answers", answer.clone()).await.expect(201);
    assert_eq!((&first["category"], &first["channel"]), (&json!("promoter"), &json!("till")));
    assert_eq!(id(&shop.post("/v1/answers", answer.clone()).await.expect(200)), id(&first));
    shop.post("/v1/answers", with("score", json!(5))).await.refused(409, "external_id_conflict");
    assert_eq!(app.balance(&member).await["available"], 5, "for one answer");
    let own = app.member(&member).await.get(&format!("/v1/members/{member}/answers")).await;
    assert_eq!(own.expect(200)["data"].as_array().map(Vec::len), Some(1));
    let path = format!("/v1/answers/{}", id(&first));
    app.member(&strange).await.get(&path).await.refused(404, "not_found");
    let end = format!("/v1/surveys/{survey}/end");
    app.admin().await.post(&end, json!({})).await.expect(200);
    let late = with("external_id", json!("till-2"));
    shop.post("/v1/answers", late).await.refused(409, "survey_closed");
}
