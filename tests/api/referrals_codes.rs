//! Codes, links, visits, and what is counted of them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    referrals::{brought, code_of, referral},
    shop::order,
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
};

/// Follows a link as a browser would; answers status, where it leads and the cookie.
async fn follow(app: &TestApp, code: &str, headers: &[(&str, &str)]) -> (u16, String, String) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.build().expect("a client");
    let mut ask = client.request(Method::GET, format!("{}/r/{code}", app.url));
    for (name, value) in [("user-agent", "Mozilla/5.0 Firefox/140")].iter().chain(headers) {
        ask = ask.header(*name, *value);
    }
    let answer = ask.send().await.expect("an answer");
    let header = |name: &str| {
        let value = answer.headers().get(name).map(|value| value.to_str().expect("ASCII"));
        value.unwrap_or_default().to_owned()
    };
    (answer.status().as_u16(), header("location"), header("set-cookie"))
}

async fn change(by: &Client, path: &str, body: Value) -> Reply {
    by.send(Method::PATCH, path, &[], Some(body.to_string().into_bytes())).await
}

async fn figures(app: &TestApp) -> Value {
    app.staff().await.get("/v1/referrals/stats").await.expect(200)
}

both!(a_link_is_counted_by_people_and_leads_to_the_shop_alone);
async fn a_link_is_counted_by_people_and_leads_to_the_shop_alone(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let (status, to, cookie) = follow(app, &code.to_lowercase(), &[]).await;
    assert_eq!((status, to), (302, format!("https://shop.example/?ref={code}")));
    assert!(cookie.starts_with(&format!("vildar_ref={code};")) && cookie.contains("HttpOnly"));
    let own = format!("vildar_ref={code}");
    for (headers, why) in [
        ([("cookie", own.as_str())], "the same browser"),
        ([("user-agent", "facebookexternalhit/1.1")], "a machine"),
        ([("sec-purpose", "prefetch")], "a look ahead"),
    ] {
        let headers: Vec<(&str, &str)> = headers.to_vec();
        // the later header of a name counts
        follow_only(app, &code, &headers).await;
        assert_eq!(figures(app).await["visits"], 1, "{why}");
    }
    let head = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let head = head.build().expect("a client").head(format!("{}/r/{code}", app.url));
    let head = head.header("user-agent", "Mozilla/5.0 Firefox/140").send().await;
    assert_eq!(head.expect("an answer").status(), 302);
    assert_eq!(figures(app).await["visits"], 1, "a look at the head");
    let (status, to, cookie) = follow(app, "NOBODYS0", &[]).await;
    assert_eq!((status, to.as_str(), cookie.as_str()), (302, "https://shop.example/", ""));
    let shop = app.storefront().await;
    let share = json!({"channel": "mail"});
    shop.post(&format!("/v1/members/{anna}/shares"), share).await.expect(201);
    let now = figures(app).await;
    assert_eq!((&now["visits"], &now["shares"]), (&json!(1), &json!(1)));
    // without a storefront, a page, in the visitor's language
    app.settings(json!({"storefront_url": null})).await;
    let page = reqwest::Client::new().get(format!("{}/r/{code}", app.url));
    let page = page.header("accept-language", "is").send().await.expect("a page");
    let text = page.text().await.expect("text");
    assert!(text.contains(&code) && text.contains("Vinur býður þér"), "{text}");
}

async fn follow_only(app: &TestApp, code: &str, headers: &[(&str, &str)]) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let mut ask = client.build().expect("a client").get(format!("{}/r/{code}", app.url));
    if !headers.iter().any(|(name, _)| *name == "user-agent") {
        ask = ask.header("user-agent", "Mozilla/5.0 Firefox/140");
    }
    for (name, value) in headers {
        ask = ask.header(*name, *value);
    }
    assert_eq!(ask.send().await.expect("an answer").status(), 302);
}

both!(who_signs_up_after_a_link_came_by_it);
async fn who_signs_up_after_a_link_came_by_it(app: &TestApp) {
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    app.deliver_mail().await;
    let new = json!({"email": "bo@example.com", "given_name": "Bo", "password": "bos password"});
    let ask = reqwest::Client::new().post(format!("{}/v1/members", app.url));
    let ask = ask.header("cookie", format!("vildar_ref={code}")).json(&new);
    assert_eq!(ask.send().await.expect("an answer").status(), 202);
    let mail = app.deliver_mail().await;
    let text = mail[0].text.as_deref().expect("a text");
    let token = text.split("token=").nth(1).expect("a token");
    let token: String =
        token.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let confirm = json!({"token": token, "password": "bos password"});
    let bo = app.anyone().post("/v1/members/confirm", confirm).await.expect(201);
    let came = referral(app, bo["id"].as_str().expect("an id")).await;
    assert_eq!(came["referrer_id"], anna.as_str());
}

both!(a_member_chooses_a_code_that_is_nobody_elses);
async fn a_member_chooses_a_code_that_is_nobody_elses(app: &TestApp) {
    let shop = app.storefront().await;
    app.staff().await; // Sigga
    let (anna, bo) = (app.enrol("Anna").await, app.enrol("Bo").await);
    let path = |member: &str| format!("/v1/members/{member}/referral-code");
    let choose = |code: &str| json!({"vanity_code": code});
    let chosen = change(&shop, &path(&anna), choose("thordis")).await.expect(200);
    assert_eq!(chosen["vanity_code"], "THORDIS");
    assert!(chosen["share_url"].as_str().is_some_and(|url| url.ends_with("/r/THORDIS")));
    assert!(chosen["invitation"].as_str().is_some_and(|text| text.contains("200 points")));
    let bos = code_of(app, &bo).await;
    for taken in ["TH0RD1S", "thordis", "sigga", "f u-c k", "fuckyou", "AB", "ÞÓRDÍS", bos.as_str()]
    {
        let member = if taken == bos { &anna } else { &bo };
        let reply = change(&shop, &path(member), choose(taken)).await;
        if taken == bos && reply.status == 409 {
            continue; // Anna chose today
        }
        assert_eq!(reply.pointer(), "/vanity_code", "{taken}");
        reply.refused(422, "invalid_request");
    }
    // however it is typed, it is hers; and the first goes on working when there is another
    let cy = brought(&shop, "cy@cy.example.com", "tho-rd1s").await;
    assert_eq!(referral(app, &cy).await["referrer_id"], anna.as_str());
    let soon = change(&shop, &path(&anna), choose("ANNABEST")).await.refused(409, "limit_reached");
    assert!(soon.to_string().contains("30 days"));
    app.travel(std::time::Duration::from_hours(24 * 30));
    change(&shop, &path(&anna), choose("ANNABEST")).await.expect(200);
    for code in ["THORDIS", "ANNABEST"] {
        let friend = brought(&shop, &format!("{code}@x.example.com"), code).await;
        assert_eq!(referral(app, &friend).await["referrer_id"], anna.as_str());
    }
    change(&shop, &path(&bo), choose("THORDIS")).await.refused(422, "invalid_request");
    change(&shop, &path(&anna), json!({"vanity_code": null})).await.expect(200);
    // both pictures are the link
    for kind in ["svg", "png"] {
        let url = format!("{}{}/qr.{kind}", app.url, path(&anna));
        let key = app.admin().await.token.clone().expect("a token");
        let got = reqwest::Client::new().get(url).bearer_auth(key).send().await.expect("a picture");
        let kind = if kind == "svg" { "image/svg+xml" } else { "image/png" };
        assert_eq!(got.headers()["content-type"], kind);
    }
}

both!(guessing_codes_is_slow_for_who_guesses_and_for_nobody_else);
async fn guessing_codes_is_slow_for_who_guesses_and_for_nobody_else(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    let code = code_of(app, &anna).await;
    let bo = app.enrol("Bo").await;
    let as_bo = app.member(&bo).await;
    let path = format!("/v1/members/{bo}/referral");
    for tried in 0..300 {
        let wrong = json!({"referral_code": format!("WRNG{tried:04}")});
        let reply = as_bo.post(&path, wrong).await;
        if tried < 30 {
            reply.refused(422, "invalid_request");
        } else {
            reply.refused(429, "too_many_requests");
        }
    }
    // the right one too, for now: no guesser learns it
    let right = json!({"referral_code": code});
    as_bo.post(&path, right.clone()).await.refused(429, "too_many_requests");
    let cy = app.enrol("Cy").await;
    let as_cy = app.member(&cy).await;
    as_cy.post(&format!("/v1/members/{cy}/referral"), right).await.expect(200);
    // links: from one place, the same answer for all, known or not
    for tried in 0..40 {
        follow(app, &format!("WRNG{tried:04}"), &[]).await;
    }
    let (status, to, _) = follow(app, &code, &[]).await;
    assert_eq!((status, to.as_str()), (302, "https://shop.example/"));
    brought(&shop, "di@di.example.com", &code).await;
}

both!(figures_are_the_counts_of_the_rows_that_they_name);
async fn figures_are_the_counts_of_the_rows_that_they_name(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"referral_hold_days": 3, "referral_joins_per_day": 100})).await;
    app.travel_to("2027-01-31T20:00:00Z");
    let (anna, eva) = (app.enrol("Anna").await, app.enrol("Eva").await);
    let codes = [code_of(app, &anna).await, code_of(app, &eva).await];
    for number in 0..12_usize {
        let email = format!("f{number}@x{number}.example.com");
        let friend = brought(&shop, &email, &codes[number % 2]).await;
        if number % 3 != 0 {
            order(
                &shop,
                &friend,
                &format!("O-{number}"),
                2000 + i64::try_from(number).expect("few"),
            )
            .await;
        }
        app.travel(std::time::Duration::from_mins(50));
        vildar::chores::run_all(app.store()).await.expect("all chores");
    }
    order(&shop, &anna, "own", 1000).await;
    app.travel(std::time::Duration::from_hours(24 * 5));
    vildar::chores::run_all(app.store()).await.expect("all chores");
    let staff = app.staff().await;
    for zone in ["UTC", "Pacific/Auckland", "America/Los_Angeles"] {
        for span in ["from=2027-01-01&to=2027-02-01", "from=2027-02-01&to=2027-03-01"] {
            let query = format!("{span}&time_zone={zone}");
            let stats = staff.get(&format!("/v1/referrals/stats?{query}")).await.expect(200);
            for moment in ["joined", "qualified", "rewarded"] {
                let path = format!("/v1/referrals?limit=100&when={moment}&{query}");
                let rows = staff.get(&path).await.expect(200);
                let rows = rows["data"].as_array().expect("rows").len();
                assert_eq!(stats[moment], rows, "{moment}, {query}");
            }
        }
        let whole = format!("/v1/referrals/stats?from=2027-01-01&to=2027-03-01&time_zone={zone}");
        let whole = staff.get(&whole).await.expect(200);
        assert_eq!((&whole["joined"], &whole["rewarded"]), (&json!(12), &json!(8)));
        assert_eq!(whole["referred"]["orders"], 8);
        assert_eq!(whole["others"]["orders"], 1);
        assert_eq!(whole["others"]["average"]["amount"], 1000);
        assert_eq!(whole["points_paid"], 8 * 700);
        for by in ["month", "referrer"] {
            let path = format!(
                "/v1/referrals/stats?by={by}&from=2027-01-01&to=2027-03-01&time_zone={zone}"
            );
            let parts = staff.get(&path).await.expect(200);
            let rows = parts["rows"].as_array().expect("rows");
            assert_eq!(rows.len(), 2);
            for count in ["joined", "qualified", "rewarded", "points_paid"] {
                let sum: i64 = rows.iter().map(|row| row[count].as_i64().expect("a count")).sum();
                assert_eq!(whole[count], sum, "{by}, {count}");
            }
        }
    }
    // the leaderboard, by choice alone
    let board = shop.get("/v1/referrals/leaderboard").await.expect(200);
    assert_eq!(board["data"], json!([]));
    let path = format!("/v1/members/{eva}/referral-code");
    change(&shop, &path, json!({"on_leaderboard": true})).await.expect(200);
    let board = shop.get("/v1/referrals/leaderboard").await.expect(200);
    assert_eq!(board["data"], json!([{"place": 1, "name": "Eva", "friends": 4}]));
    staff.get("/v1/referrals?from=2027-01-01").await.refused(422, "invalid_request");
    staff
        .get("/v1/referrals/stats?from=2027-01-02&to=2027-01-01")
        .await
        .refused(422, "invalid_request");
}
