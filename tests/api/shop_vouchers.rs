//! Vouchers at the till.

use diesel::prelude::*;
use platform::{db::schema::vouchers, kernel::id::RedemptionId};
use serde_json::{Value, json};

use crate::{
    shop::{code, id, redeem, rich},
    support::{app::TestApp, both::both},
};

both!(a_voucher_is_used_once);
async fn a_voucher_is_used_once(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let member = rich(app, 100).await;
    let reward = app.reward(json!({})).await;
    let redeemed = redeem(&shop, &member, &reward).await;
    let code = code(&redeemed);
    assert_eq!(redeemed["voucher"]["expires_at"], "2027-11-22T00:00:00Z");

    assert!(code.len() == 20 && code.matches('-').count() == 3, "{code}");
    let typed = code.replace('-', "").replace('0', "o").replace('1', "i").to_lowercase();
    for typed in [code.as_str(), &typed, &code.replace('-', "%20")] {
        let shown = staff.get(&format!("/v1/vouchers/{typed}")).await.expect(200);
        assert_eq!((&shown["code"], &shown["state"]), (&json!(code), &json!("live")));
        assert_eq!(shown["redemption"], redeemed);
    }
    let at = json!({"channel": "till", "location": "Laugavegur 1"});
    let used = shop.post(&format!("/v1/vouchers/{typed}/use"), at.clone()).await.expect(200);
    assert_eq!(
        (&used["state"], &used["used_at"]),
        (&json!("used"), &json!("2026-11-21T12:00:00Z"))
    );
    assert_eq!(used["redemption"]["state"], "used");

    app.travel_to("2026-11-21T12:10:00Z");
    for who in [&shop, &staff] {
        let problem = who.post(&format!("/v1/vouchers/{code}/use"), at.clone()).await;
        let problem = problem.refused(409, "voucher_used");
        assert_eq!(problem["used_at"], "2026-11-21T12:00:00Z");
        assert_eq!((&problem["channel"], &problem["location"]), (&at["channel"], &at["location"]));
    }
    let read = shop.get(&format!("/v1/redemptions/{}", id(&redeemed))).await.expect(200);
    assert_eq!(
        (&read["state"], &read["used_at"]),
        (&json!("used"), &json!("2026-11-21T12:00:00Z"))
    );
    // long after its end it still says that it was used
    app.travel_to("2028-01-01T00:00:00Z");
    shop.post(&format!("/v1/vouchers/{code}/use"), json!({})).await.refused(409, "voucher_used");
}

both!(what_is_void_or_over_is_worth_nothing);
async fn what_is_void_or_over_is_worth_nothing(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 300).await;
    let reward = app.reward(json!({})).await;
    let cancelled = redeem(&shop, &member, &reward).await;
    let kept = redeem(&shop, &member, &reward).await;
    let last = redeem(&shop, &member, &reward).await;
    shop.post(&format!("/v1/redemptions/{}/cancel", id(&cancelled)), json!({})).await.expect(200);
    let void = format!("/v1/vouchers/{}", code(&cancelled));
    assert_eq!(shop.get(&void).await.expect(200)["state"], "void");
    let problem = shop.post(&format!("{void}/use"), json!({})).await;
    let problem = problem.refused(409, "invalid_transition");
    assert_eq!((&problem["from"], &problem["to"]), (&json!("void"), &json!("used")));
    assert_eq!(problem["allowed"], json!([]));

    app.travel_to("2027-11-21T23:59:59Z");
    let used = shop.post(&format!("/v1/vouchers/{}/use", code(&last)), json!({})).await;
    assert_eq!(used.expect(200)["state"], "used", "to the last second");
    app.travel_to("2027-11-22T00:00:00Z");
    let over = format!("/v1/vouchers/{}", code(&kept));
    assert_eq!(shop.get(&over).await.expect(200)["state"], "expired");
    let problem = shop.post(&format!("{over}/use"), json!({})).await;
    let problem = problem.refused(409, "invalid_transition");
    assert_eq!((&problem["from"], &problem["to"]), (&json!("expired"), &json!("used")));
}

both!(an_unknown_code_is_not_found_and_guessing_ends);
async fn an_unknown_code_is_not_found_and_guessing_ends(app: &TestApp) {
    let shop = app.storefront().await;
    for odd in ["K7Q0-1122-ZZ9A", "x", "%F0%9F%8E%81", "K7Q0-1122-ZZ9A-0000-0000-0000"] {
        shop.get(&format!("/v1/vouchers/{odd}")).await.refused(404, "not_found");
        let used = shop.post(&format!("/v1/vouchers/{odd}/use"), json!({})).await;
        used.refused(404, "not_found");
    }
    for _ in 8..30 {
        shop.get("/v1/vouchers/K7Q0-1122-ZZ9A").await.refused(404, "not_found");
    }
    // the one that is too many, or the one after it
    shop.get("/v1/vouchers/K7Q0-1122-ZZ9A").await;
    let reply = shop.get("/v1/vouchers/K7Q0-1122-ZZ9A").await;
    let seconds: u64 = reply.header("retry-after").and_then(|s| s.parse().ok()).expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
    reply.refused(429, "too_many_requests");

    // nobody else waits for it
    let other = app.storefront().await;
    let member = rich(app, 100).await;
    let reward = app.reward(json!({})).await;
    let known = code(&redeem(&other, &member, &reward).await);
    other.get(&format!("/v1/vouchers/{known}")).await.expect(200);
}

both!(a_mistyped_letter_is_told_and_counts_as_a_guess);
async fn a_mistyped_letter_is_told_and_counts_as_a_guess(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let reward = app.reward(json!({})).await;
    let code = code(&redeem(&shop, &member, &reward).await);
    let mut letters: Vec<char> = code.chars().collect();
    letters[2] = if letters[2] == '7' { '8' } else { '7' };
    let wrong: String = letters.iter().collect();
    let told = shop.get(&format!("/v1/vouchers/{wrong}")).await.refused(404, "not_found");
    let detail = told["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("a letter of its code is mistyped"), "{told}");
    assert_eq!(told["errors"][0]["code"], "mistyped");
    let using = format!("/v1/vouchers/{wrong}/use");
    let told = shop.post(&using, json!({})).await.refused(404, "not_found");
    assert_eq!(told["errors"][0]["code"], "mistyped");
    // neighbours that changed places
    let place = (0..18).find(|at| {
        let pair = [letters_of(&code)[*at], letters_of(&code)[at + 1]];
        pair[0] != pair[1] && !pair.contains(&'-')
    });
    let mut swapped = letters_of(&code);
    swapped.swap(place.expect("a pair"), place.expect("a pair") + 1);
    let swapped: String = swapped.iter().collect();
    let told = shop.get(&format!("/v1/vouchers/{swapped}")).await.refused(404, "not_found");
    assert_eq!(told["errors"][0]["code"], "mistyped");
    let unknown = shop.get("/v1/vouchers/K7Q0-1122-ZZ9A").await.refused(404, "not_found");
    assert_eq!(unknown.get("errors"), None, "{unknown}");
    for _ in 4..31 {
        shop.post(&using, json!({})).await;
    }
    shop.get(&format!("/v1/vouchers/{wrong}")).await.refused(429, "too_many_requests");
}

fn letters_of(code: &str) -> Vec<char> {
    code.chars().collect()
}

both!(a_code_of_before_stays_good);
async fn a_code_of_before_stays_good(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let reward = app.reward(json!({})).await;
    let redemption = id(&redeem(&shop, &member, &reward).await);
    let of: RedemptionId = redemption.parse().expect("an id");
    let renamed = app.store().write(move |tx| {
        let voucher = vouchers::table.filter(vouchers::redemption_id.eq(of));
        let set = vouchers::code.eq("K7Q01122ZZ9A");
        Ok(diesel::update(voucher).set(set).execute(tx.conn)?)
    });
    assert_eq!(renamed.await.expect("it is written"), 1);
    for typed in ["K7Q0-1122-ZZ9A", "k7qo ii22 zz9a"] {
        let shown = shop.get(&format!("/v1/vouchers/{typed}")).await.expect(200);
        assert_eq!((&shown["code"], &shown["state"]), (&json!("K7Q0-1122-ZZ9A"), &json!("live")));
    }
    shop.post("/v1/vouchers/K7Q0-1122-ZZ9A/use", json!({})).await.expect(200);
}

both!(the_picture_is_a_png_too);
async fn the_picture_is_a_png_too(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let reward = app.reward(json!({})).await;
    let code = code(&redeem(&shop, &member, &reward).await);
    let picture = app.anyone().get(&format!("/v1/vouchers/{}/qr.png", code.to_lowercase())).await;
    assert_eq!(picture.status, 200);
    assert_eq!(picture.header("content-type").as_deref(), Some("image/png"));
    assert_eq!(picture.header("cache-control").as_deref(), Some("private, max-age=3600"));
    assert!(picture.text.contains("PNG") && picture.text.contains("IHDR"));
    app.anyone().get("/v1/vouchers/K7Q0-1122-ZZ9A/qr.png").await.refused(404, "not_found");
}

both!(the_picture_is_an_svg_by_the_codes_own_address);
async fn the_picture_is_an_svg_by_the_codes_own_address(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let reward = app.reward(json!({})).await;
    let redeemed = redeem(&shop, &member, &reward).await;
    let address = redeemed["voucher"]["qr_svg_url"].as_str().expect("an address");
    let path = address.strip_prefix(&app.url).expect("our own address");
    let picture = app.anyone().get(path).await;
    assert_eq!((picture.status, picture.json.clone()), (200, Value::Null));
    assert_eq!(picture.header("content-type").as_deref(), Some("image/svg+xml"));
    assert!(picture.text.contains("<svg"), "{}", picture.text);
    assert!(!picture.text.contains("<script"));
    app.anyone().get("/v1/vouchers/K7Q0-1122-ZZ9A/qr.svg").await.refused(404, "not_found");
}

both!(a_key_that_only_looks_at_members_sees_no_code);
async fn a_key_that_only_looks_at_members_sees_no_code(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 300).await;
    let reward = app.reward(json!({})).await;
    let redeemed = redeem(&shop, &member, &reward).await;
    assert!(redeemed["voucher"]["code"].is_string());
    let looks = app.storefront_with(&[platform::auth::Scope::MembersRead]).await;
    let path = format!("/v1/redemptions/{}", id(&redeemed));
    assert_eq!(looks.get(&path).await.expect(200)["voucher"], json!(null));
    let list = looks.get("/v1/redemptions").await.expect(200);
    assert_eq!(list["data"][0]["voucher"], json!(null));
    for who in [&shop, &app.staff().await, &app.member(&member).await] {
        assert_eq!(who.get(&path).await.expect(200)["voucher"], redeemed["voucher"]);
    }
}
