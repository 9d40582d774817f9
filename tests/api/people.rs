//! Members: how they come, what they change, how they go.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    sign_in::token_in,
    support::{
        app::{Client, Reply, TestApp},
        both::both,
    },
};

const DAY: u64 = 24 * 3600;

pub async fn patch(who: &Client, path: &str, etag: Option<&str>, body: Value) -> Reply {
    let headers: Vec<(&str, &str)> = etag.iter().map(|etag| ("if-match", *etag)).collect();
    who.send(Method::PATCH, path, &headers, Some(body.to_string().into_bytes())).await
}

both!(an_e_mail_has_one_member_however_it_is_written);
async fn an_e_mail_has_one_member_however_it_is_written(app: &TestApp) {
    let shop = app.storefront().await;
    let enrol = |email: &str| json!({"email": email, "given_name": "Anna"});
    let first = shop.post("/v1/members", enrol(" Anna@BÓKA.is ")).await.expect(201);
    assert_eq!(first["email"], "Anna@BÓKA.is");
    assert_eq!((&first["status"], &first["tier"]), (&json!("active"), &json!("member")));
    let same =
        ["anna@bóka.is", "ANNA@xn--bka-gna.is", "anna@XN--BKA-GNA.IS", "anna@bo\u{301}ka.is"];
    for email in same {
        shop.post("/v1/members", enrol(email)).await.refused(409, "email_taken");
        let query = format!("/v1/members?email={}", email.replace('ó', "%C3%B3"));
        let found = shop.get(&query).await.expect(200);
        assert_eq!(found["data"][0]["id"], first["id"], "{email}");
        assert_eq!(found["next_cursor"], Value::Null);
    }
    for email in ["a.nna@bóka.is", "anna+points@bóka.is", "anna@boka.is"] {
        shop.post("/v1/members", enrol(email)).await.expect(201);
    }
    let taken = json!({"email": "x1@example.com", "given_name": "X", "external_id": "c-1"});
    let with_id = shop.post("/v1/members", taken.clone()).await.expect(201);
    let again = json!({"email": "x2@example.com", "given_name": "X", "external_id": "c-1"});
    shop.post("/v1/members", again).await.refused(409, "external_id_conflict");
    let found = shop.get("/v1/members?external_id=c-1").await.expect(200);
    assert_eq!(found["data"], json!([with_id]));
    // both are taken: the e-mail is told first
    shop.post("/v1/members", taken).await.refused(409, "email_taken");
}

both!(a_referral_code_joins_two_members);
async fn a_referral_code_joins_two_members(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    let code = shop.get(&format!("/v1/members/{anna}/referral-code")).await.expect(200);
    let code = code["code"].as_str().expect("a code").to_owned();
    let typed = format!(" {}-{} ", code[..4].to_lowercase(), &code[4..]);
    let friend = json!({"email": "bo@example.com", "given_name": "Bo", "referral_code": typed});
    let friend = shop.post("/v1/members", friend).await.expect(201);
    let referrals = shop.get(&format!("/v1/members/{anna}/referrals")).await.expect(200);
    let referral = &referrals["data"][0];
    assert_eq!(referral["referee_id"], friend["id"]);
    assert_eq!((&referral["state"], &referral["code"]), (&json!("joined"), &json!(code)));
    let unknown = json!({"email": "c@example.com", "given_name": "C", "referral_code": "NOBODYS0"});
    let reply = shop.post("/v1/members", unknown).await;
    assert_eq!(reply.pointer(), "/referral_code");
    reply.refused(422, "invalid_request");
    let none = shop.get("/v1/members?email=c@example.com").await.expect(200);
    assert_eq!(none["data"], json!([]));
}

both!(a_person_signs_up_by_mail);
async fn a_person_signs_up_by_mail(app: &TestApp) {
    let (anyone, shop) = (app.anyone(), app.storefront().await);
    let eva = json!({
        "email": "Eva@example.com", "given_name": "Eva", "family_name": "Ýr",
        "password": "correct horse", "referral_code": "NOBODYS0", "locale": "is",
    });
    let accepted = anyone.post("/v1/members", eva.clone()).await;
    let answer = accepted.text.clone();
    accepted.expect(202);
    let found = shop.get("/v1/members?email=eva@example.com").await.expect(200);
    assert_eq!(found["data"], json!([]), "nothing exists before");
    let sign_in = json!({"email": "eva@example.com", "password": "correct horse"});
    anyone.post("/v1/sessions", sign_in.clone()).await.refused(401, "unauthenticated");
    let mail = app.deliver_mail().await;
    assert_eq!(mail.len(), 1);
    assert_eq!(mail[0].to[0].address, "Eva@example.com");
    let token = token_in(&mail[0]);
    let confirm = json!({"token": token, "password": "correct horse"});
    let as_reset = anyone.post("/v1/password-resets/confirm", confirm.clone()).await;
    as_reset.refused(422, "invalid_request");
    let member = anyone.post("/v1/members/confirm", confirm.clone()).await.expect(201);
    assert_eq!((&member["given_name"], &member["locale"]), (&json!("Eva"), &json!("is")));
    let again = anyone.post("/v1/members/confirm", confirm).await;
    assert_eq!(again.pointer(), "/token");
    again.refused(422, "invalid_request");
    let session = anyone.post("/v1/sessions", sign_in.clone()).await.expect(201);
    app.deliver_mail().await;

    // somebody else signs up with the same e-mail: the answer is the same, the letter is Eva's
    let mallory = json!({
        "email": "EVA@example.com", "given_name": "Mallory", "password": "mallorys own",
    });
    let accepted = anyone.post("/v1/members", mallory).await;
    assert_eq!((accepted.status, &accepted.text), (202, &answer));
    let mail = app.deliver_mail().await;
    assert_eq!(mail.len(), 1);
    assert!(!mail[0].text.as_deref().expect("a text").contains("Mallory"));
    let confirm = json!({"token": token_in(&mail[0]), "password": "battery staple"});
    let member = anyone.post("/v1/members/confirm", confirm).await.expect(200);
    assert_eq!(member["given_name"], "Eva", "the profile stays");
    anyone.post("/v1/sessions", sign_in).await.refused(401, "unauthenticated");
    let new = json!({"email": "eva@example.com", "password": "battery staple"});
    anyone.post("/v1/sessions", new).await.expect(201);
    let refresh = json!({"refresh_token": session["refresh_token"]});
    anyone.post("/v1/sessions/refresh", refresh).await.refused(401, "unauthenticated");

    // a token lasts a day
    let late =
        json!({"email": "late@example.com", "given_name": "Late", "password": "long enough"});
    anyone.post("/v1/members", late).await.expect(202);
    let token = token_in(&app.deliver_mail().await[0]);
    app.travel(Duration::from_secs(DAY));
    let confirm = json!({"token": token, "password": "long enough"});
    let reply = anyone.post("/v1/members/confirm", confirm).await;
    assert_eq!(reply.pointer(), "/token");
    reply.refused(422, "invalid_request");
}

both!(a_profile_changes_by_the_version_that_was_seen);
async fn a_profile_changes_by_the_version_that_was_seen(app: &TestApp) {
    let id = app.enrol("Anna").await;
    let path = format!("/v1/members/{id}");
    let (member, shop) = (app.member(&id).await, app.storefront().await);
    let etag = member.get(&path).await.header("etag").expect("an ETag");
    assert_eq!(member.get("/v1/members/me").await.header("etag"), Some(etag.clone()));
    let change =
        json!({"family_name": "Jónsdóttir", "country": "IS", "time_zone": "Atlantic/Reykjavik"});
    patch(&member, &path, None, change.clone()).await.refused(428, "precondition_required");
    for stale in ["\"999\"", "1", "W/\"1\"", "\"\"", "x"] {
        let reply = patch(&member, &path, Some(stale), change.clone()).await;
        reply.refused(412, "precondition_failed");
    }
    let changed = patch(&member, &path, Some(&etag), change.clone()).await;
    let new = changed.header("etag").expect("an ETag");
    assert_ne!(new, etag);
    let body = changed.expect(200);
    assert_eq!(body["family_name"], "Jónsdóttir");
    assert_eq!(member.get(&path).await.expect(200), body);
    patch(&shop, &path, Some(&etag), change).await.refused(412, "precondition_failed");
    let cleared = patch(&shop, &path, Some(&new), json!({"family_name": null})).await.expect(200);
    assert_eq!((&cleared["family_name"], &cleared["country"]), (&Value::Null, &json!("IS")));
    // what is not the member's own to change
    let reply = member.patch(&path, json!({"external_id": "mine"})).await;
    assert_eq!(reply.pointer(), "/external_id");
    reply.refused(422, "invalid_request");
    let other = app.enrol("Bo").await;
    let email = shop.get(&format!("/v1/members/{other}")).await.expect(200)["email"].clone();
    shop.patch(&path, json!({"email": email})).await.refused(409, "email_taken");
    let switches = format!("{path}/preferences");
    patch(&member, &switches, None, json!({"marketing": true})).await.expect(200);
    assert_eq!(member.get(&path).await.expect(200)["marketing_consent"], true);
}

both!(a_birthday_changes_once_in_365_days);
async fn a_birthday_changes_once_in_365_days(app: &TestApp) {
    let id = app.enrol("Anna").await;
    let path = format!("/v1/members/{id}");
    let member = app.member(&id).await;
    member.patch(&path, json!({"birthday": "02-29"})).await.expect(200);
    member.patch(&path, json!({"birthday": "02-29"})).await.expect(200);
    member.patch(&path, json!({"birthday": "03-01"})).await.refused(409, "limit_reached");
    member.patch(&path, json!({"birthday": null})).await.expect(200);
    member.patch(&path, json!({"birthday": "03-01"})).await.refused(409, "limit_reached");
    app.travel(Duration::from_secs(365 * DAY - 1));
    let member = app.member(&id).await;
    member.patch(&path, json!({"birthday": "03-01"})).await.refused(409, "limit_reached");
    app.travel(Duration::from_secs(1));
    member.patch(&path, json!({"birthday": "1988-03-01"})).await.expect(200);
    let by_staff = app.staff().await.patch(&path, json!({"birthday": "03-02"})).await.expect(200);
    assert_eq!(by_staff["birthday"], "03-02");
}

both!(a_suspended_member_is_signed_out_and_redeems_nothing);
async fn a_suspended_member_is_signed_out_and_redeems_nothing(app: &TestApp) {
    let (staff, id) = (app.staff().await, app.enrol("Anna").await);
    app.give(&id, 500).await;
    let reward = app.reward(json!({})).await;
    let member = app.member(&id).await;
    member.get(&format!("/v1/members/{id}/balance")).await.expect(200);
    let why = json!({"reason": "Three referrals from one address"});
    let suspend = format!("/v1/members/{id}/suspend");
    for _ in 0..2 {
        let body = staff.post(&suspend, why.clone()).await.expect(200);
        assert_eq!(body["status"], "suspended");
    }
    member.get(&format!("/v1/members/{id}/balance")).await.refused(401, "unauthenticated");
    let redeem = json!({"member_id": id, "reward_id": reward});
    member.post("/v1/redemptions", redeem.clone()).await.refused(401, "unauthenticated");
    let shop = app.storefront().await;
    let sign_in = format!("/v1/members/{id}/sessions");
    let refused = shop.post(&sign_in, json!({})).await.refused(403, "forbidden");
    assert!(refused["detail"].to_string().contains("suspended"), "{refused}");
    // the shop sees everything, and says why
    shop.get(&format!("/v1/members/{id}/balance")).await.expect(200);
    let offers = shop.get(&format!("/v1/members/{id}/rewards")).await.expect(200);
    assert_eq!(offers["data"][0]["reasons"], json!([{"code": "member_suspended"}]));
    let refused = shop.post("/v1/redemptions", redeem.clone()).await;
    let problem = refused.refused(409, "reward_unavailable");
    assert_eq!(problem["reasons"], json!([{"code": "member_suspended"}]));
    let reinstate = format!("/v1/members/{id}/reinstate");
    for _ in 0..2 {
        assert_eq!(staff.post(&reinstate, why.clone()).await.expect(200)["status"], "active");
    }
    // the old sessions stay ended
    member.post("/v1/redemptions", redeem.clone()).await.refused(401, "unauthenticated");
    app.member(&id).await.post("/v1/redemptions", redeem).await.expect(201);
}

both!(a_letter_with_a_token_goes_to_the_members_own_address);
async fn a_letter_with_a_token_goes_to_the_members_own_address(app: &TestApp) {
    let (shop, anyone) = (app.storefront().await, app.anyone());
    let ask = json!({"email": "kim@example.com", "given_name": "Kim", "family_name": "Larsen"});
    shop.post("/v1/members", ask).await.expect(201);
    app.deliver_mail().await;
    // other mailboxes, where the host minds the case
    for typed in ["KIM@example.com", "Kim@example.com", "\u{212a}im@EXAMPLE.com"] {
        let ask = json!({"email": typed, "given_name": "Eve", "password": "eves password"});
        anyone.post("/v1/members", ask).await.expect(202);
        let reset = json!({"email": typed, "realm": "member"});
        anyone.post("/v1/password-resets", reset).await.expect(202);
        let mail = app.deliver_mail().await;
        let to: Vec<&str> = mail.iter().map(|mail| mail.to[0].address.as_str()).collect();
        assert_eq!(to, ["kim@example.com"; 2], "{typed:?}");
    }
    // an address that had no member yet when it was asked for, and has one when the token comes
    let ask =
        json!({"email": "ANNA@example.com", "given_name": "Eve", "password": "eves password"});
    anyone.post("/v1/members", ask).await.expect(202);
    let mail = app.deliver_mail().await.remove(0);
    assert_eq!(mail.to[0].address, "ANNA@example.com");
    let ask =
        json!({"email": "anna@example.com", "given_name": "Anna", "password": "annas own one"});
    shop.post("/v1/members", ask).await.expect(201);
    let confirm = json!({"token": token_in(&mail), "password": "eves password"});
    let reply = anyone.post("/v1/members/confirm", confirm).await;
    assert_eq!(reply.pointer(), "/token");
    reply.refused(422, "invalid_request");
    let sign_in = |password: &str| json!({"email": "anna@example.com", "password": password});
    anyone.post("/v1/sessions", sign_in("eves password")).await.refused(401, "unauthenticated");
    anyone.post("/v1/sessions", sign_in("annas own one")).await.expect(201);
}

both!(what_can_not_be_mailed_is_refused_at_the_door);
async fn what_can_not_be_mailed_is_refused_at_the_door(app: &TestApp) {
    let (shop, anyone) = (app.storefront().await, app.anyone());
    for email in [
        "😀@example.com",
        "an\u{ad}na@example.com",
        "a@１２７.0.0.1",
        "a@127.0.0.1",
        "a@example.123",
        "a..b@example.com",
    ] {
        let ask = json!({"email": email, "given_name": "Anna", "password": "correct horse"});
        for who in [&shop, &anyone] {
            let reply = who.post("/v1/members", ask.clone()).await;
            assert_eq!(reply.pointer(), "/email", "{email:?}");
            reply.refused(422, "invalid_request");
        }
    }
    for (field, value) in [
        ("country", "XX"),
        ("country", "ZZ"),
        ("time_zone", "posixrules"),
        ("time_zone", "Factory"),
    ] {
        let ask = json!({"email": "a@example.com", "given_name": "Anna", field: value});
        let reply = shop.post("/v1/members", ask).await;
        assert_eq!(reply.pointer(), format!("/{field}"), "{value}");
        reply.refused(422, "invalid_request");
    }
}
