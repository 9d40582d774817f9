//! Letters as they arrive: in the member's language, once, whatever the mail server says.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    shop::{balance, code, id, redeem, rich},
    support::{
        app::{Client, TestApp},
        both::both,
        mail::Mail,
    },
};

/// A member with this name and locale, 100 points, and no letter waiting.
async fn member(app: &TestApp, name: [&str; 2], locale: &str) -> String {
    let shop = app.storefront().await;
    let ask = json!({
        "email": "someone@example.com", "given_name": name[0], "family_name": name[1],
        "locale": locale, "marketing_consent": true,
    });
    let member = id(&shop.post("/v1/members", ask).await.expect(201));
    app.give(&member, 100).await;
    member
}

/// The only letter that was delivered.
async fn letter(app: &TestApp) -> Mail {
    let mut letters = app.deliver_mail().await;
    assert_eq!(letters.len(), 1, "{letters:#?}");
    letters.remove(0)
}

/// How many were sent, retried, failed and suppressed.
async fn delivered(app: &TestApp) -> [u64; 4] {
    let round = app.app.deliver_due().await.expect("the courier works");
    [round.sent, round.retried, round.failed, round.suppressed]
}

#[track_caller]
fn parts(mail: &Mail) -> [&str; 2] {
    [mail.text.as_deref().expect("text"), mail.html.as_deref().expect("html")]
}

/// One click would be no service here: what a person asked for is told in any case.
#[track_caller]
fn service(mail: &Mail) {
    assert_eq!(mail.header("List-Unsubscribe"), None);
    assert_eq!(mail.header("List-Unsubscribe-Post"), None);
    assert!(parts(mail).iter().all(|part| !part.contains("/unsubscribe/")));
}

both!(an_icelander_is_thanked_in_icelandic);
async fn an_icelander_is_thanked_in_icelandic(app: &TestApp) {
    let shop = app.storefront().await;
    let thordis = member(app, ["Þórdís", "Ævarsdóttir"], "is").await;
    let welcome = letter(app).await;
    assert_eq!(welcome.subject, "Kaffi Lóa: gaman að fá þig í hópinn");
    assert!(parts(&welcome)[0].starts_with("Hæ Þórdís,"));

    let reward = app.reward(json!({"name": "Kaffi & <kleina>"})).await;
    let redeemed = redeem(&shop, &thordis, &reward).await;
    let mail = letter(app).await;
    assert_eq!(mail.subject, "Kóðinn þinn er kominn: „Kaffi & <kleina>“");
    assert_eq!(mail.from.name.as_deref(), Some("Kaffi Lóa"));
    assert_eq!(mail.from.address, "shop@example.com");
    assert_eq!(mail.to.len(), 1);
    assert_eq!(mail.to[0].name.as_deref(), Some("Þórdís Ævarsdóttir"));
    assert_eq!(mail.to[0].address, "someone@example.com");
    let (letter_id, host) = mail.message_id.split_once('@').expect("a Message-ID");
    assert!(letter_id.starts_with("let_"), "{letter_id}");
    assert_eq!(host, "127.0.0.1");

    let [text, html] = parts(&mail);
    assert!(html.contains("lang=\"is\""));
    let code = code(&redeemed);
    for said in ["Takk, Þórdís!", &code, "100 punktar", "0 punktar", "21. nóvember 2027"] {
        assert!(text.contains(said), "{said}: {text}");
        assert!(html.contains(said), "{said}: {html}");
    }
    assert!(text.contains("Kaffi & <kleina>"));
    assert!(html.contains("Kaffi &amp; &lt;kleina&gt;") && !html.contains("<kleina>"));
    for part in [text, html] {
        assert!(!part.contains(['\u{2068}', '\u{2069}']), "no marks that print as boxes");
    }
    let page = format!("https://shop.example/?redemption={}", id(&redeemed));
    assert!(text.contains(&page) && html.contains(&page), "{text}");

    assert!(html.contains("cid:voucher-qr"));
    let picture = mail.inline("voucher-qr").expect("the QR code");
    assert_eq!(picture.content_type, "image/png");
    assert!(picture.body.starts_with(b"\x89PNG\r\n\x1a\n"));
    let address = ["src=\"http", "url(", "<script", "<link"];
    assert!(address.iter().all(|loads| !html.contains(loads)), "nothing is loaded from elsewhere");
    service(&mail);
}

both!(whoever_speaks_neither_is_written_to_in_english);
async fn whoever_speaks_neither_is_written_to_in_english(app: &TestApp) {
    let shop = app.storefront().await;
    let hans = member(app, ["Hans", "Müller"], "de").await;
    let read = shop.get(&format!("/v1/members/{hans}")).await.expect(200);
    assert_eq!(read["locale"], "de", "it stays the member's");
    assert_eq!(letter(app).await.subject, "Welcome to Kaffi Lóa");
    let reward = app.reward(json!({"kind": "product", "name": "Mug"})).await;
    redeem(&shop, &hans, &reward).await;
    let mail = letter(app).await;
    assert_eq!(mail.subject, "Thank you! You chose “Mug”");
    assert_eq!(mail.to[0].name.as_deref(), Some("Hans Müller"));
    let [text, html] = parts(&mail);
    assert!(text.starts_with("Thank you, Hans!") && html.contains("lang=\"en\""), "{text}");
    assert!(mail.inline.is_empty(), "no code, no picture");
    service(&mail);
}

both!(a_cancelled_redemption_is_told);
async fn a_cancelled_redemption_is_told(app: &TestApp) {
    let (shop, staff) = (app.storefront().await, app.staff().await);
    let thordis = member(app, ["Þórdís", "Ævarsdóttir"], "is-IS").await;
    let reward = app.reward(json!({"name": "Kaffi"})).await;
    let redeemed = redeem(&shop, &thordis, &reward).await;
    app.deliver_mail().await;
    let path = format!("/v1/redemptions/{}/cancel", id(&redeemed));
    let because = json!({"reason": "Kaffivélin er biluð"});
    staff.post(&path, because.clone()).await.expect(200);
    staff.post(&path, because).await.expect(200);
    let mail = letter(app).await;
    assert_eq!(mail.subject, "Hætt var við „Kaffi“ og punktarnir eru komnir aftur");
    for part in parts(&mail) {
        for said in ["Hæ Þórdís,", "100 punkta til baka", "100 punktar", "Kaffivélin er biluð"]
        {
            assert!(part.contains(said), "{said}: {part}");
        }
        assert!(!part.contains(&code(&redeemed)), "the code is void");
    }
    service(&mail);
}

both!(a_mail_server_that_is_busy_gets_it_again);
async fn a_mail_server_that_is_busy_gets_it_again(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 100).await;
    let reward = app.reward(json!({})).await;
    app.deliver_mail().await;
    let redeemed = redeem(&shop, &member, &reward).await;

    app.mail.answer_next_data("451 4.3.0 later");
    assert_eq!(delivered(app).await, [0, 1, 0, 0]);
    assert_eq!(delivered(app).await, [0; 4], "not before its time");
    app.travel(Duration::from_secs(10));
    app.mail.lose_next_answer();
    assert_eq!(delivered(app).await, [0, 1, 0, 0]);
    app.travel(Duration::from_secs(40));
    assert_eq!(delivered(app).await, [1, 0, 0, 0]);
    app.travel(Duration::from_hours(24));
    assert_eq!(delivered(app).await, [0; 4], "never again");

    let letters: Vec<Mail> = app.mail.messages().iter().map(|got| Mail::parse(&got.raw)).collect();
    assert_eq!(letters.len(), 2, "the one whose answer was lost, and the next");
    assert_eq!(letters[0].message_id, letters[1].message_id);
    assert!(letters[0].message_id.starts_with("let_"));
    assert_eq!(parts(&letters[0]), parts(&letters[1]));
    assert!(parts(&letters[1])[0].contains(&code(&redeemed)), "the code was still there to tell");
}

both!(a_mail_server_that_says_no_is_believed);
async fn a_mail_server_that_says_no_is_believed(app: &TestApp) {
    let shop = app.storefront().await;
    let member = rich(app, 300).await;
    let reward = app.reward(json!({})).await;
    app.deliver_mail().await;
    redeem(&shop, &member, &reward).await;
    app.mail.answer_next_data("554 5.6.0 no");
    assert_eq!(delivered(app).await, [0, 0, 1, 0]);
    redeem(&shop, &member, &reward).await;
    app.mail.answer_next_rcpt("550 5.1.1 nobody by that name");
    assert_eq!(delivered(app).await, [0, 0, 1, 0]);
    app.travel(Duration::from_hours(24));
    assert_eq!(delivered(app).await, [0; 4]);
    // staff see why, and have it tried again
    let staff = app.staff().await;
    let path = format!("/v1/letters?member_id={member}&state=failed");
    let failed = staff.get(&path).await.expect(200);
    let failed = failed["data"].as_array().expect("letters").clone();
    assert_eq!(failed.len(), 2, "{failed:?}");
    assert!(failed[1]["last_error"].to_string().contains("554"), "{}", failed[1]);
    let preview = format!("/v1/letters/{}/preview", id(&failed[0]));
    let preview = staff.get(&preview).await.expect(200);
    assert!(preview["text"].to_string().contains("••••"), "its code is blotted out: {preview}");
    for letter in &failed {
        let again = format!("/v1/letters/{}/retry", id(letter));
        let queued = staff.post(&again, json!({})).await.expect(200);
        assert_eq!((&queued["state"], &queued["attempts"]), (&json!("queued"), &json!(0)));
        staff.post(&again, json!({})).await.expect(200);
    }
    assert_eq!(delivered(app).await, [2, 0, 0, 0]);
    let again = format!("/v1/letters/{}/retry", id(&failed[0]));
    staff.post(&again, json!({})).await.refused(409, "invalid_transition");
    app.mail.clear();

    // and one that never says yes is given up at last
    redeem(&shop, &member, &reward).await;
    for attempt in 1..=8 {
        app.mail.answer_next_data("451 4.3.0 later");
        let given_up = u64::from(attempt == 8);
        assert_eq!(delivered(app).await, [0, 1 - given_up, given_up, 0], "{attempt}");
        app.travel(Duration::from_hours(7));
    }
    assert_eq!(delivered(app).await, [0; 4]);
    assert!(app.mail.messages().is_empty());
    assert_eq!(balance(app, &member, ["available"]).await, [0], "what was done stays done");
}

both!(mut no_letter_is_lost_while_the_server_is_down);
async fn no_letter_is_lost_while_the_server_is_down(app: &mut TestApp) {
    app.mail.down();
    app.enrol("Jón").await;
    assert_eq!(delivered(app).await, [0, 1, 0, 0]);
    app.mail.up();
    app.travel(Duration::from_secs(10));
    assert_eq!(delivered(app).await, [1, 0, 0, 0]);
    app.mail.clear();
    app.mail.down();
    app.enrol("Ari").await;
    app.travel(Duration::from_secs(10));
    app.expects_unsent = true; // the last one waits
}

async fn preferences(shop: &Client, member: &str) -> Value {
    shop.get(&format!("/v1/members/{member}/preferences")).await.expect(200)
}

async fn click(app: &TestApp, path: &str) -> u16 {
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://mail.example")];
    let body = Some(b"List-Unsubscribe=One-Click".to_vec());
    let reply = app.anyone().send(Method::POST, path, &headers, body).await;
    assert_eq!((reply.header("location"), reply.header("set-cookie")), (None, None));
    reply.status
}

both!(one_click_switches_one_thing_off);
async fn one_click_switches_one_thing_off(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = member(app, ["Anna", "Jónsdóttir"], "en").await;
    let mail = letter(app).await;
    assert_eq!(mail.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    let link = mail.header("List-Unsubscribe").expect("a link");
    let link = link.strip_prefix('<').and_then(|link| link.strip_suffix('>')).expect("<…>");
    let path = link.strip_prefix(&app.url).expect("our own address");
    assert!(path.starts_with("/unsubscribe/") && !path.contains(&anna[4..]), "{path}");
    assert!(parts(&mail).iter().all(|part| part.contains(link)));

    let before = preferences(&shop, &anna).await;
    assert_eq!((&before["thank_you"], &before["marketing"]), (&json!(true), &json!(true)));
    for _ in 0..2 {
        let page = app.anyone().get(path).await;
        assert_eq!(page.status, 200);
        assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
        assert_eq!(preferences(&shop, &anna).await, before, "looking changes nothing");
    }
    // a token that was tampered with opens nothing
    let (cut, last) = path.split_at(path.len() - 1);
    let wrong = format!("{cut}{}", if last == "A" { "B" } else { "A" });
    assert_eq!(click(app, &wrong).await, 404);
    assert_eq!(app.anyone().get(cut).await.status, 404);
    assert_eq!(preferences(&shop, &anna).await, before);

    let mut after = before.clone();
    after["thank_you"] = json!(false);
    for _ in 0..2 {
        assert_eq!(click(app, path).await, 200);
        assert_eq!(preferences(&shop, &anna).await, after);
    }
    // letters about what she did herself still come
    let reward = app.reward(json!({})).await;
    redeem(&shop, &anna, &reward).await;
    service(&letter(app).await);
    // a year later the link is still good
    let on = json!({"thank_you": true}).to_string().into_bytes();
    let switches = format!("/v1/members/{anna}/preferences");
    shop.send(Method::PATCH, &switches, &[], Some(on)).await.expect(200);
    app.travel_to("2027-12-01T00:00:00Z");
    assert_eq!(click(app, path).await, 200);
    assert_eq!(preferences(&shop, &anna).await, after);
}

both!(what_was_switched_off_meanwhile_is_not_sent);
async fn what_was_switched_off_meanwhile_is_not_sent(app: &TestApp) {
    let shop = app.storefront().await;
    let anna = app.enrol("Anna").await;
    let off = json!({"thank_you": false}).to_string().into_bytes();
    let switches = format!("/v1/members/{anna}/preferences");
    shop.send(Method::PATCH, &switches, &[], Some(off)).await.expect(200);
    assert_eq!(delivered(app).await, [0, 0, 0, 1]);
    assert!(app.mail.messages().is_empty());
}

both!(whoever_is_erased_is_not_written_to);
async fn whoever_is_erased_is_not_written_to(app: &TestApp) {
    let (shop, admin) = (app.storefront().await, app.admin().await);
    let anna = member(app, ["Anna", "Jónsdóttir"], "en").await;
    let welcome = letter(app).await;
    let reward = app.reward(json!({"kind": "product"})).await;
    let redeemed = redeem(&shop, &anna, &reward).await;
    assert_eq!(admin.delete(&format!("/v1/members/{anna}")).await.status, 204);
    assert_eq!(delivered(app).await[0], 0);
    let cancel = format!("/v1/redemptions/{}/cancel", id(&redeemed));
    admin.post(&cancel, json!({"reason": "erased"})).await.expect(200);
    app.travel(Duration::from_hours(24));
    assert_eq!(delivered(app).await[0], 0);
    assert!(app.mail.messages().is_empty());
    // the old link does no harm
    let link = welcome.header("List-Unsubscribe").expect("a link").trim_matches(['<', '>']);
    let path = link.strip_prefix(&app.url).expect("our own address");
    assert_eq!(click(app, path).await, 200);
}
