//! What the main job's answers and letters look like, word for word; the same on both databases.
//! What differs from run to run stands as a word in brackets.

use serde_json::{Value, json};

use crate::{
    shop::{code, eur, id},
    support::{
        app::{Reply, TestApp},
        both::both,
        mail::Mail,
    },
};

/// Ids, tokens and addresses as placeholders.
struct Redacted<'a> {
    app: &'a TestApp,
    /// What else is drawn by chance, and what stands for it.
    drawn: Vec<(String, &'static str)>,
}

impl Redacted<'_> {
    fn text(&self, text: &str) -> String {
        let mut text = text.replace(&self.app.url, "[server]");
        for (drawn, placeholder) in &self.drawn {
            text = text.replace(drawn, placeholder);
        }
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let mut redacted = String::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let run = rest.find(|c| word(c) != word(first)).unwrap_or(rest.len());
            let (run, after) = rest.split_at(run);
            rest = after;
            match run.as_bytes() {
                bytes if bytes.starts_with(b"req_") => redacted.push_str("[req id]"),
                bytes if !word(first) || bytes.len() < 30 => redacted.push_str(run),
                // mem_01m7zr…: a prefix and 26 digits
                bytes if bytes.len() == 30 && bytes[3] == b'_' => {
                    redacted.extend(["[", &run[..3], " id]"]);
                }
                _ => redacted.push_str("[token]"),
            }
        }
        redacted
    }

    #[track_caller]
    fn answer(&self, name: &str, reply: Reply) -> Value {
        let shown = json!({"status": reply.status, "body": reply.json});
        let shown = serde_json::to_string_pretty(&shown).expect("JSON");
        snapshot(name, &self.text(&shown));
        reply.json
    }

    #[track_caller]
    fn letter(&self, name: &str, mail: &Mail) {
        let text = mail.text.as_deref().expect("a text part");
        let shown = format!("Subject: {}\n\n{text}", mail.subject).replace("\r\n", "\n");
        snapshot(name, &self.text(&shown));
    }
}

#[track_caller]
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

both!(the_main_job_word_for_word);
async fn the_main_job_word_for_word(app: &TestApp) {
    let shop = app.storefront().await;
    let mut redacted = Redacted { app, drawn: Vec::new() };
    let ask = json!({
        "email": "thordis@example.com", "given_name": "Þórdís", "family_name": "Ævarsdóttir",
        "locale": "is", "country": "IS", "birthday": "11-21", "external_id": "C-1",
    });
    let reply = shop.post("/v1/members", ask).await;
    let referral_code = reply.json["referral_code"].as_str().expect("a code").to_owned();
    redacted.drawn.push((referral_code, "[referral code]"));
    let member = id(&redacted.answer("enrol", reply));

    let ask = json!({
        "external_id": "A-1001", "member_id": member, "total": eur(19_999), "channel": "web",
        "lines": [{"name": "Wool blanket", "quantity": 1}],
    });
    redacted.answer("order", shop.post("/v1/orders", ask).await);
    app.travel_to("2026-12-05T12:00:00Z");
    redacted.answer("balance", shop.get(&format!("/v1/members/{member}/balance")).await);

    let coffee = app
        .reward(json!({
            "value": eur(450), "stock": 40, "per_member_limit": 2, "terms": "At the counter.",
            "image_url": "https://shop.example/coffee.jpg",
        }))
        .await;
    app.travel_to("2026-12-05T12:00:01Z");
    app.reward(json!({"name": "Weekend", "kind": "experience", "cost_points": 5000})).await;
    redacted.answer("member_rewards", shop.get(&format!("/v1/members/{member}/rewards")).await);

    let ask = json!({"member_id": member, "reward_id": coffee, "order_ref": "cart-1"});
    let reply = shop.post("/v1/redemptions", ask.clone()).await;
    let voucher = code(&reply.json);
    redacted.drawn.push((voucher.clone(), "[voucher code]"));
    redacted.answer("redeem", reply);
    redacted.answer("entries", shop.get(&format!("/v1/members/{member}/entries")).await);

    let at = json!({"channel": "till", "location": "Laugavegur 1"});
    let path = format!("/v1/vouchers/{voucher}/use");
    redacted.answer("voucher_use", shop.post(&path, at.clone()).await);
    redacted.answer("problem_voucher_used", shop.post(&path, at).await);
    let ask = json!({"member_id": member, "reward_id": coffee, "quantity": 2});
    redacted.answer("problem_reward_unavailable", shop.post("/v1/redemptions", ask).await);
    let ask = json!({"member_id": member, "reward": coffee});
    redacted.answer("problem_invalid_request", shop.post("/v1/redemptions", ask).await);
}

both!(the_movements_word_for_word);
async fn the_movements_word_for_word(app: &TestApp) {
    let shop = app.storefront().await;
    app.settings(json!({"transfers_enabled": true})).await;
    let redacted = Redacted { app, drawn: Vec::new() };
    let mut members = Vec::new();
    for (locale, given_name) in [("is", "Þórdís"), ("en", "Anna")] {
        let email = format!("{locale}@example.com");
        let ask = json!({"email": email, "given_name": given_name, "locale": locale});
        members.push(id(&shop.post("/v1/members", ask).await.expect(201)));
    }
    let [thordis, anna] = [&members[0], &members[1]];
    let gift = json!({"kind": "adjust", "points": 500, "reason": "Sorry for the wait"});
    let path = format!("/v1/members/{thordis}/entries");
    let gift = id(&app.admin().await.post(&path, gift).await.expect(201));

    let ask = json!({"points": 300, "order_ref": "cart-1", "ttl_seconds": 1800});
    let holds = format!("/v1/members/{thordis}/holds");
    let hold = id(&redacted.answer("hold", shop.post(&holds, ask).await));
    let mut ask = json!({"points": 200, "order_ref": "cart-1", "ttl_seconds": 60});
    redacted.answer("problem_source_conflict", shop.post(&holds, ask.clone()).await);
    ask["order_ref"] = json!("cart-2");
    ask["points"] = json!(201);
    redacted.answer("problem_insufficient_points", shop.post(&holds, ask).await);
    app.travel_to("2026-11-21T12:10:00Z");
    let capture = format!("/v1/holds/{hold}/capture");
    redacted.answer("capture", shop.post(&capture, json!({"points": 250})).await);
    let release = shop.post(&format!("/v1/holds/{hold}/release"), json!({})).await;
    redacted.answer("problem_invalid_transition", release);

    let own = app.member(thordis).await;
    let ask = json!({"to_member_id": anna, "points": 21, "reason": "Til hamingju"});
    redacted.answer("transfer", own.post(&format!("/v1/members/{thordis}/transfers"), ask).await);
    let staff = app.admin().await;
    let why = json!({"reason": "Posted to the wrong member"});
    let reverse = format!("/v1/entries/{gift}/reverse");
    redacted.answer("reverse", staff.post(&reverse, why.clone()).await);
    let listed = shop.get(&format!("/v1/members/{thordis}/entries")).await;
    let captured = id(&listed.json["data"][3]);
    redacted.answer("movements_sent", listed);
    redacted.answer("movements_got", shop.get(&format!("/v1/members/{anna}/entries")).await);
    let at_source = staff.post(&format!("/v1/entries/{captured}/reverse"), why).await;
    redacted.answer("problem_reverse_at_source", at_source);
}

both!(the_letters_word_for_word);
async fn the_letters_word_for_word(app: &TestApp) {
    let (shop, anyone) = (app.storefront().await, app.anyone());
    let mut redacted = Redacted { app, drawn: Vec::new() };
    let coffee = app.reward(json!({"name": "Kaffi"})).await;
    let mug = app.reward(json!({"name": "Krús", "kind": "product"})).await;
    for (locale, email, given_name) in
        [("en", "anna@example.com", "Anna"), ("is", "thordis@example.com", "Þórdís")]
    {
        let ask = json!({"email": email, "given_name": given_name, "locale": locale});
        let member = shop.post("/v1/members", ask).await.expect(201);
        let referral_code = member["referral_code"].as_str().expect("a code").to_owned();
        redacted.drawn.push((referral_code, "[referral code]"));
        let member = id(&member);
        app.give(&member, 1234).await;
        let mut mails = app.deliver_mail().await;

        let ask = json!({"member_id": member, "reward_id": coffee});
        let redeemed = shop.post("/v1/redemptions", ask).await.expect(201);
        redacted.drawn.push((code(&redeemed), "[voucher code]"));
        mails.extend(app.deliver_mail().await);
        let ask = json!({"member_id": member, "reward_id": mug, "quantity": 2});
        let placed = shop.post("/v1/redemptions", ask).await.expect(201);
        mails.extend(app.deliver_mail().await);
        let cancel = format!("/v1/redemptions/{}/cancel", id(&placed));
        shop.post(&cancel, json!({"reason": "Sold out"})).await.expect(200);
        mails.extend(app.deliver_mail().await);
        anyone.post("/v1/password-resets", json!({"email": email})).await.expect(202);
        mails.extend(app.deliver_mail().await);

        let names = ["welcome", "voucher", "placed", "cancelled", "password_reset"];
        let subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
        assert_eq!(mails.len(), names.len(), "{subjects:?}");
        for (name, mail) in names.iter().zip(&mails) {
            redacted.letter(&format!("letter_{name}_{locale}"), mail);
        }
    }
}
