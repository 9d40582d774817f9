//! `vildar demo`: what it says first, and its movable clock.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    database::{Db, on_both},
    run::{Server, client, read},
    support::mail::Mail,
};

on_both!(empty every_start_is_fresh_and_says_what_is_there);
async fn every_start_is_fresh_and_says_what_is_there(db: Db) {
    let first = Server::demo(&db, &[]);
    let told = first.told();
    let keys = |value: &Value| -> Vec<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(keys(&told), ["url", "admin", "staff", "storefront_key", "members", "mailbox_dir"]);
    assert_eq!(keys(&told["admin"]), ["email", "password"]);
    assert_eq!(keys(&told["staff"]), ["email", "password"]);
    let members = told["members"].as_array().expect("a list");
    assert!(members.len() >= 2);
    for member in members {
        assert_eq!(keys(member), ["id", "email", "password"]);
    }
    assert!(told["url"].as_str().is_some_and(|url| url.starts_with("http://127.0.0.1:")));
    assert!(Path::new(told["mailbox_dir"].as_str().expect("a path")).is_dir());
    // ready means ready
    assert_eq!(first.get("/readyz").await.0, 200);
    for (who, realm) in
        [(&told["admin"], "staff"), (&told["staff"], "staff"), (&members[0], "member")]
    {
        let ask = json!({"email": who["email"], "password": who["password"], "realm": realm});
        let sessions = client().post(format!("{}/v1/sessions", first.url));
        let (status, session) = read(sessions.body(ask.to_string())).await;
        assert_eq!(status, 201, "{session}");
    }
    let demo = Demo { server: first };
    let (status, _) = demo
        .post(
            "/v1/members",
            json!({"email": "new@example.com", "given_name": "New", "external_id": "n-1"}),
        )
        .await;
    assert_eq!(status, 201);
    let before = db.count("members");
    demo.server.stop().await;

    let second = Server::demo(&db, &[]);
    assert_eq!(db.count("members"), before - 1);
    assert_eq!(db.count("members WHERE external_id = 'n-1'"), 0);
    assert_ne!(second.told()["storefront_key"], told["storefront_key"]);
    second.stop().await;
    db.vildar(&["verify"]).expect(0);
}

/// A demo, spoken to as its storefront.
struct Demo {
    server: Server,
}

impl Demo {
    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let told = self.server.told();
        let key = told["storefront_key"].as_str().expect("a key");
        let url = format!("{}{path}", self.server.url);
        read(client().post(url).bearer_auth(key).body(body.to_string())).await
    }

    async fn get(&self, path: &str) -> Value {
        let told = self.server.told();
        let key = told["storefront_key"].as_str().expect("a key");
        let url = format!("{}{path}", self.server.url);
        let (status, value) = read(client().get(url).bearer_auth(key)).await;
        assert_eq!(status, 200, "{value}");
        value
    }

    async fn clock(&self, body: Value) -> (u16, Value) {
        let url = format!("{}/demo/clock", self.server.url);
        read(client().put(url).body(body.to_string())).await
    }

    fn letters(&self) -> Vec<Mail> {
        let told = self.server.told();
        let mut files: Vec<_> = fs::read_dir(told["mailbox_dir"].as_str().expect("a path"))
            .expect("the mailbox")
            .map(|file| file.expect("a file").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .collect();
        files.sort();
        files.iter().map(|path| Mail::parse(&fs::read(path).expect("a letter"))).collect()
    }

    /// A member with points, and what it redeemed of a reward that is handed over.
    async fn placed(&self, email: &str) -> (String, Value) {
        let (status, member) =
            self.post("/v1/members", json!({"email": email, "given_name": "Ari"})).await;
        assert_eq!(status, 201, "{member}");
        let id = member["id"].as_str().expect("an id").to_owned();
        let (status, entry) = self
            .post(
                &format!("/v1/members/{id}/entries"),
                json!({"kind": "earn", "points": 100_000, "reason": "a gift",
                    "available_at": "2026-11-21T12:00:00Z", "occurred_at": "2026-11-21T12:00:00Z"}),
            )
            .await;
        assert_eq!(status, 201, "{entry}");
        let rewards = self.get(&format!("/v1/members/{id}/rewards")).await;
        let rewards = rewards["data"].as_array().or(rewards.as_array()).expect("a list").clone();
        let handed_over = rewards
            .iter()
            .find(|reward| reward["kind"] == "product" && reward["available"] == true)
            .or(rewards.iter().find(|r| r["kind"] != "voucher" && r["available"] == true))
            .expect("a reward that is handed over");
        let ask = json!({"member_id": id, "reward_id": handed_over["id"]});
        let (status, redemption) = self.post("/v1/redemptions", ask).await;
        assert_eq!((status, &redemption["state"]), (201, &json!("placed")), "{redemption}");
        (id, redemption)
    }
}

on_both!(empty the_clock_moves_forward_and_all_that_is_due_is_done);
async fn the_clock_moves_forward_and_all_that_is_due_is_done(db: Db) {
    let demo = Demo { server: Server::demo(&db, &["--clock", "2026-11-21T12:00:00Z"]) };
    let (ari, redemption) = demo.placed("ari@example.com").await;
    let path = format!("/v1/redemptions/{}", redemption["id"].as_str().expect("an id"));

    // a letter that its cause left in the outbox is delivered before the clock answers
    let (status, moved) = demo.clock(json!({"now": "2026-11-21T13:00:00Z"})).await;
    assert_eq!(status, 200, "{moved}");
    assert_eq!(db.count("letters WHERE state <> 'sent'"), 0);
    let to_ari: Vec<Mail> =
        demo.letters().into_iter().filter(|mail| mail.to[0].address == "ari@example.com").collect();
    assert_eq!(to_ari.len(), 2, "a welcome, and the redemption");

    // it ticks on from there
    let now = moved["now"].as_str().expect("an instant");
    assert!(now.starts_with("2026-11-21T13:00"), "{now}");
    for (ask, status) in [
        (json!({"now": "2026-11-21T12:59:59Z"}), 422),
        (json!({"now": "2026-11-21"}), 422),
        (json!({"now": "2026-11-22T00:00:00Z", "off": "yes"}), 422),
        (json!({"now": "2026-11-22T00:00:00Z", "fast": true}), 422),
        (json!({}), 422),
        (json!({"now": "99999-11-22T00:00:00Z"}), 422),
    ] {
        let (got, problem) = demo.clock(ask.clone()).await;
        assert_eq!((got, &problem["code"]), (status, &json!("invalid_request")), "{ask}");
    }
    assert_eq!(demo.get(&path).await["state"], "placed");
    demo.clock(json!({"now": "2026-11-24T11:59:00Z"})).await;
    assert_eq!(demo.get(&path).await["state"], "placed");
    // 72 hours after it was placed
    let (status, _) = demo.clock(json!({"now": "2026-11-24T12:05:00Z", "off": false})).await;
    assert_eq!(status, 200);
    assert_eq!(demo.get(&path).await["state"], "expired");
    let entries = demo.get(&format!("/v1/members/{ari}/entries")).await;
    let back = &entries["data"][0];
    assert_eq!((&back["kind"], &back["points"]), (&json!("reversal"), &redemption["points"]));
    let at = back["occurred_at"].as_str().expect("an instant");
    assert!(at.starts_with("2026-11-24T12:00:"), "{at}");

    // two years on, all has expired, and a token still works by the wall's time
    let (status, _) = demo.clock(json!({"now": "2029-01-01T00:00:00Z"})).await;
    assert_eq!(status, 200);
    let balance = demo.get(&format!("/v1/members/{ari}/balance")).await;
    assert_eq!(balance["available"], 0, "{balance}");
    assert_eq!(balance["lifetime_expired"], 100_000, "{balance}");
    demo.server.stop().await;
    db.vildar(&["verify"]).expect(0);
}

on_both!(empty the_clock_stops_at_every_moment_at_which_something_falls_due);
async fn the_clock_stops_at_every_moment_at_which_something_falls_due(db: Db) {
    let demo = Demo { server: Server::demo(&db, &["--clock", "2026-11-21T12:00:00Z"]) };
    let (ari, _) = demo.placed("ari@example.com").await;
    demo.clock(json!({"now": "2026-11-22T08:30:00Z"})).await;
    let (bo, _) = demo.placed("bo@example.com").await;
    let (status, moved) = demo.clock(json!({"now": "2026-12-24T18:00:00Z"})).await;
    assert_eq!(status, 200, "{moved}");
    for (member, moment) in [(ari, "2026-11-24T12:00:"), (bo, "2026-11-25T08:30:")] {
        let entries = demo.get(&format!("/v1/members/{member}/entries")).await;
        let back = &entries["data"][0];
        assert_eq!(back["kind"], "reversal", "{entries}");
        let at = back["recorded_at"].as_str().expect("an instant");
        assert!(at.starts_with(moment), "done at {at}, and due at {moment}");
    }
    demo.server.stop().await;
    db.vildar(&["verify"]).expect(0);
}

on_both!(empty the_clock_moves_as_if_the_server_had_been_down);
async fn the_clock_moves_as_if_the_server_had_been_down(db: Db) {
    let demo = Demo { server: Server::demo(&db, &["--clock", "2026-11-21T12:00:00Z"]) };
    let (_, redemption) = demo.placed("ari@example.com").await;
    let (status, _) = demo.clock(json!({"now": "2027-01-01T00:00:00Z", "off": true})).await;
    assert_eq!(status, 200);
    let path = format!("/v1/redemptions/{}", redemption["id"].as_str().expect("an id"));
    assert_eq!(demo.get(&path).await["state"], "expired");
    assert_eq!(db.count("redemptions WHERE state = 'placed'"), 0);
    assert_eq!(db.count("letters WHERE state <> 'sent'"), 0);
    let (status, _) = demo.clock(json!({"now": "2026-12-31T00:00:00Z", "off": true})).await;
    assert_eq!(status, 422);
    demo.server.stop().await;
    db.vildar(&["verify"]).expect(0);
}

on_both!(empty a_birthday_comes_with_a_letter_and_a_gift);
async fn a_birthday_comes_with_a_letter_and_a_gift(db: Db) {
    let demo = Demo { server: Server::demo(&db, &["--clock", "2026-11-21T12:00:00Z"]) };
    let id = demo.server.told()["members"][0]["id"].as_str().expect("an id").to_owned();
    let points = |balance: &Value| balance["available"].as_i64().expect("points");
    let path = format!("/v1/members/{id}/balance");
    let preview = db.vildar(&["occasions", "preview", "--year", "2026"]).expect(0);
    assert!(preview.out.contains("2026-12-24"), "{preview:?}");
    // and how letters look, with the link that each customer has
    let folder = tempfile::tempdir().expect("a folder");
    let letters = folder.path().to_str().expect("a path");
    db.vildar(&["letters", "preview", letters]).expect(0);
    let files = std::fs::read_dir(folder.path()).expect("a folder").flatten();
    let birthdays: Vec<String> = files
        .filter(|file| file.file_name().to_string_lossy().contains("-birthday-"))
        .map(|file| std::fs::read_to_string(file.path()).expect("a letter"))
        .collect();
    assert!(birthdays.len() >= 4 && birthdays.iter().all(|one| one.contains("/unsubscribe/")));
    // the day before, for what becomes available by then
    demo.clock(json!({"now": "2026-12-23T20:00:00Z"})).await;
    let before = points(&demo.get(&path).await);
    let (status, moved) = demo.clock(json!({"now": "2026-12-24T09:30:00Z"})).await;
    assert_eq!(status, 200, "{moved}");
    let subjects: Vec<String> = demo.letters().into_iter().map(|letter| letter.subject).collect();
    let birthday = subjects.iter().filter(|one| one.contains("Til hamingju með afmælið, Þórdís"));
    assert_eq!(birthday.count(), 1, "{subjects:?}");
    assert!(subjects.iter().any(|one| one.contains("aðfangadagur jóla")), "{subjects:?}");
    assert_eq!(points(&demo.get(&path).await), before + 100);
    demo.server.stop().await;
}
