//! What every operation with a body must refuse, field by field.

use serde_json::json;

use crate::{
    hostile_op::{INSTANTS, NOT_MEMBERS, Op, WORDS},
    support::app::Client,
    world::World,
};

fn sessions(world: &World) -> Vec<Op> {
    let World { anyone, admin, user_id, .. } = world;
    let email = "nobody@example.com";
    let short = ["\"short\"", "1", "[]"];
    vec![
        Op::post(anyone, "/v1/sessions", json!({"email": email, "password": "x"}))
            .required(&["email", "password"])
            .email()
            .bad("password", &["1", "[]"])
            .bad("realm", &WORDS),
        Op::post(anyone, "/v1/sessions/refresh", json!({"refresh_token": "vr_x"}))
            .required(&["refresh_token"])
            .bad("refresh_token", &["1", "{}"]),
        Op::post(anyone, "/v1/password-resets", json!({"email": email}))
            .required(&["email"])
            .email()
            .bad("realm", &WORDS),
        Op::post(
            anyone,
            "/v1/password-resets/confirm",
            json!({"token": "vo_x", "password": "long enough"}),
        )
        .required(&["token", "password"])
        .bad("token", &["1"])
        .bad("password", &short),
        Op::post(
            anyone,
            "/v1/members/confirm",
            json!({"token": "vo_x", "password": "long enough"}),
        )
        .required(&["token", "password"])
        .bad("password", &short),
        Op::post(admin, "/v1/api-keys", json!({"name": "Shop", "scopes": ["members:read"]}))
            .required(&["name", "scopes"])
            .line("name", 100)
            .bad("scopes", &["[]", "\"members:read\"", "1"])
            .bad_at("scopes", &["[\"all\"]", "[1]"], "/scopes/0")
            .bad("expires_at", &INSTANTS)
            .bad("expires_at", &["\"2020-01-01T00:00:00Z\""]),
        Op::post(admin, "/v1/users", json!({"email": email, "name": "Einar", "role": "staff"}))
            .required(&["email", "name", "role"])
            .email()
            .line("name", 100)
            .bad("role", &WORDS),
        Op::patch(admin, format!("/v1/users/{user_id}"), json!({"name": "Einar"}))
            .line("name", 100)
            .bad("role", &WORDS),
    ]
}

fn mail(world: &World) -> Vec<Op> {
    let World { anyone, reporter, .. } = world;
    let report = |kind: &str| json!({"reports": [{"kind": kind, "email": "a@example.com"}]});
    vec![
        Op::post(anyone, "/v1/members/confirm-email", json!({"token": "vo_x"}))
            .required(&["token"])
            .bad("token", &["1"]),
        Op::post(reporter, "/v1/mail-reports", report("bounce"))
            .required(&["reports"])
            .bad("reports", &["{}", "1"])
            .bad_at("reports", &["[{}]"], "/reports/0/kind")
            .bad_at("reports", &["[{\"kind\":\"praise\"}]"], "/reports/0/kind")
            .bad_at("reports", &["[{\"kind\":\"bounce\"}]"], "/reports/0")
            .bad_at("reports", &["[{\"kind\":\"bounce\",\"email\":\"anna\"}]"], "/reports/0/email"),
    ]
}

fn members(world: &World) -> Vec<Op> {
    let World { shop, anyone, staff, member_id, .. } = world;
    let person = |op: Op| {
        op.line("given_name", 100)
            .line("family_name", 100)
            .bad("locale", &["\"not a locale\"", "1"])
            .bad("time_zone", &["\"Mars/Olympus\"", "1"])
            .bad("country", &["\"is\"", "\"ISL\"", "1"])
            .bad("birthday", &["\"02-30\"", "\"1987-02-29\"", "\"1800-01-01\"", "\"2-9\"", "229"])
            .bad("marketing_consent", &["\"yes\"", "1"])
    };
    let anna = json!({"email": "new@example.com", "given_name": "Anna", "password": "long enough"});
    let profile = format!("/v1/members/{member_id}");
    let state = |to: &str| {
        Op::post(staff, format!("/v1/members/{member_id}/{to}"), json!({"reason": "why"}))
            .required(&["reason"])
            .line("reason", 500)
    };
    vec![
        person(Op::post(shop, "/v1/members", anna.clone()))
            .required(&["email", "given_name"])
            .email()
            .line("external_id", 200)
            .line("referral_code", 100)
            .bad("password", &["\"short\"", "1"])
            .bad("referral_code", &["\"NOBODYS0\""]),
        person(Op::post(anyone, "/v1/members", anna))
            .required(&["email", "given_name", "password"])
            .email()
            .bad("external_id", &["\"c-1\""]),
        person(Op::patch(shop, &profile, json!({"given_name": "Anna"})))
            .email()
            .bad("given_name", &["null"]),
        Op::patch(shop, format!("{profile}/preferences"), json!({"surveys": true}))
            .bad("marketing", &["1", "\"on\""])
            .bad("holidays", &["[]", "1"])
            .bad_at("holidays", &["{\"easter\":true}"], "/holidays/easter"),
        state("suspend"),
        state("reinstate"),
    ]
}

fn friends(world: &World) -> Vec<Op> {
    let World { shop, staff, member_id, .. } = world;
    let none = "ref_01m7zr0b7ee0tt0vrz3kxj2q8d";
    let with_reason = |path: String| {
        Op::post(staff, path, json!({"reason": "why"})).required(&["reason"]).line("reason", 500)
    };
    vec![
        Op::post(shop, format!("/v1/members/{member_id}/referral"), json!({"referral_code": "X"}))
            .required(&["referral_code"])
            .line("referral_code", 100)
            .bad("referral_code", &["\"NOBODYS0\""]),
        Op::post(shop, format!("/v1/members/{member_id}/shares"), json!({"channel": "mail"}))
            .optional_body()
            .line("channel", 50),
        Op::patch(shop, format!("/v1/members/{member_id}/referral-code"), json!({}))
            .bad("vanity_code", &["\"AB\"", "\"ÞÓRDÍS\"", "\"1234\"", "1", "\"FUCKYOU\""])
            .bad("on_leaderboard", &["1", "\"yes\""]),
        with_reason(format!("/v1/referrals/{none}/reject")),
        with_reason(format!("/v1/referrals/{none}/appeal")),
        with_reason(format!("/v1/referral-cases/{none}/reject")),
    ]
}

fn points(world: &World) -> Vec<Op> {
    let World { shop, admin, member_id, order, .. } = world;
    let entries = format!("/v1/members/{member_id}/entries");
    let entry = |op: Op| {
        op.required(&["kind", "points", "reason"])
            .bad("kind", &["\"perk\"", "\"\"", "1"])
            .line("reason", 500)
            .line("channel", 50)
            .bad("source", &["\"x\"", "1"])
            .bad_at("source", &["{\"type\":\"a\\nb\",\"id\":\"1\"}"], "/source/type")
            .bad_at("source", &["{\"type\":\"order\",\"id\":\"1\"}"], "/source/type")
            .bad_at("source", &["{\"type\":\"c\"}"], "/source/id")
            .bad("available_at", &INSTANTS)
            .bad("available_at", &["\"2020-01-01T00:00:00Z\""])
            .bad("expires_at", &INSTANTS)
            .bad("expires_at", &["\"2020-01-01T00:00:00Z\""])
            .bad("occurred_at", &INSTANTS)
            .bad("occurred_at", &["\"2027-01-01T00:00:00Z\""])
    };
    let adjust = json!({"kind": "adjust", "points": 5, "reason": "why"});
    let earn = json!({"kind": "earn", "points": 5, "reason": "why"});
    let buy = json!({
        "external_id": "H-1", "member_id": member_id, "total": {"amount": 1, "currency": "EUR"},
    });
    let refund = json!({"external_id": "R-1", "amount": {"amount": 1, "currency": "EUR"}});
    vec![
        entry(Op::post(admin, &entries, adjust))
            .numbers("points", &["-1"])
            .bad("points", &["1000000001", "-1000000001"]),
        entry(Op::post(shop, entries, earn)).numbers("points", &[]).bad("points", &["1000000001"]),
        Op::post(shop, "/v1/orders", buy)
            .required(&["external_id", "member_id", "total"])
            .line("external_id", 200)
            .bad("member_id", &NOT_MEMBERS)
            .money("total")
            .line("channel", 50)
            .bad("placed_at", &INSTANTS)
            .bad("placed_at", &["\"2027-01-01T00:00:00Z\""])
            .bad("lines", &["1", "{}", "\"x\""])
            .bad_at(
                "lines",
                &["[1]", "[{\"name\":\"a\\u0000\"}]", "[{\"a\\u0000\":{}}]"],
                "/lines/0",
            )
            .bad_at("lines", &["[{},{\"a\":[{\"b\":\"\\u0000\"}]}]"], "/lines/1")
            .bad("email", &["\"anna@example.com\""]),
        Op::post(shop, format!("/v1/orders/{order}/refunds"), refund)
            .required(&["external_id", "amount"])
            .line("external_id", 200)
            .money("amount")
            .bad_at("amount", &[r#"{"amount":0,"currency":"EUR"}"#], "/amount/amount")
            .bad_at("amount", &[r#"{"amount":1,"currency":"ISK"}"#], "/amount/currency"),
        Op::post(shop, format!("/v1/orders/{order}/cancel"), json!({})).optional_body(),
    ]
}

fn movements(world: &World) -> Vec<Op> {
    let World { shop, admin, staff, member, member_id, other_id, hold, entry, .. } = world;
    let place = json!({"points": 5, "order_ref": "H-1", "ttl_seconds": 60});
    let send = json!({"to_member_id": other_id, "points": 5, "reason": "why"});
    let transfer = |who: &Client| {
        Op::post(who, format!("/v1/members/{member_id}/transfers"), send.clone())
            .required(&["to_member_id", "points", "reason"])
            .bad("to_member_id", &NOT_MEMBERS)
            .bad("to_member_id", &[&format!("\"{member_id}\"")])
            .numbers("points", &[])
            .bad("points", &["1000000001"])
            .line("reason", 500)
    };
    let capture = format!("/v1/holds/{hold}/capture");
    vec![
        Op::post(shop, format!("/v1/members/{member_id}/holds"), place)
            .required(&["points", "order_ref", "ttl_seconds"])
            .numbers("points", &[])
            .bad("points", &["1000000001"])
            .line("order_ref", 200)
            .numbers("ttl_seconds", &[])
            .bad("ttl_seconds", &["2592001", "60.0"]),
        Op::post(shop, capture, json!({"points": 5}))
            .optional_body()
            .numbers("points", &[])
            .bad("points", &["51", "1000000000", "1000000001"]),
        Op::post(shop, format!("/v1/holds/{hold}/release"), json!({})).optional_body(),
        Op::post(staff, format!("/v1/entries/{entry}/reverse"), json!({"reason": "why"}))
            .required(&["reason"])
            .line("reason", 500),
        transfer(admin),
        transfer(member),
    ]
}

fn batches(world: &World) -> Vec<Op> {
    let World { shop, admin, .. } = world;
    let too_many = format!("[{}]", vec!["{}"; 1001].join(","));
    let batch = |who: &Client| {
        Op::post(who, "/v1/entries:batch", json!({"entries": [{}]}))
            .required(&["entries"])
            .bad("entries", &["[]", "{}", "\"x\"", "1", &too_many])
    };
    vec![batch(shop), batch(admin)]
}

/// A picture of one pixel, as a PNG in Base64.
pub const DOT: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

fn rewards(world: &World) -> Vec<Op> {
    let World { shop, admin, staff, member_id, reward, redemption, voucher, .. } = world;
    let fields = |op: Op| {
        op.line("name", 100)
            .bad("description", &["\"a\\u0000\"", "\"a\\u202eb\"", "1"])
            .bad("kind", &WORDS)
            .numbers("cost_points", &[])
            .money("value")
            .bad_at("value", &[r#"{"amount":0,"currency":"EUR"}"#], "/value/amount")
            .numbers("stock", &["0"])
            .numbers("per_member_limit", &[])
            .numbers("per_member_month_limit", &[])
            .numbers("per_member_year_limit", &[])
            .bad("tiers", &["\"gold\"", "1"])
            .bad_at("tiers", &["[\"Gold\"]", "[\"a\\u0000\"]", "[1]"], "/tiers/0")
            .bad("starts_at", &INSTANTS)
            .bad("ends_at", &INSTANTS)
            .bad("state", &WORDS)
            .bad("terms", &["\"\\u0000\"", "1"])
            .bad("image_url", &["\"http://example.com/a.jpg\"", "\"javascript:alert(1)\"", "1"])
    };
    let one = json!({"name": "Tea", "kind": "voucher", "cost_points": 10});
    let redeem = json!({"member_id": member_id, "reward_id": reward});
    let at = |what: &str| format!("/v1/redemptions/{redemption}/{what}");
    vec![
        fields(Op::post(admin, "/v1/rewards", one)).required(&["name", "kind", "cost_points"]),
        fields(Op::patch(admin, format!("/v1/rewards/{reward}"), json!({"name": "Tea"})))
            .bad("name", &["null"])
            .bad("cost_points", &["null"]),
        Op::post(admin, format!("/v1/rewards/{reward}/codes"), json!({"codes": ["GIFT-0001"]}))
            .required(&["codes"])
            .bad("codes", &["{}", "\"x\"", "1"])
            .bad_at("codes", &["[1]", "[null]"], "/codes/0"),
        Op::post(admin, "/v1/pictures", json!({"data": DOT}))
            .required(&["data"])
            .bad("data", &["\"\"", "\"!\"", "\"aGVsbG8=\"", "1", "[]"]),
        Op::post(shop, "/v1/redemptions", redeem)
            .required(&["member_id", "reward_id"])
            .bad("member_id", &NOT_MEMBERS)
            .bad("reward_id", &[r#""""#, "1", r#""mem_01m7zr0b7ee0tt0vrz3kxj2q8d""#])
            .numbers("quantity", &[])
            .bad("quantity", &["101"])
            .numbers("max_points", &[])
            .line("order_ref", 200)
            .line("channel", 50),
        Op::post(staff, at("cancel"), json!({"reason": "why"}))
            .optional_body()
            .line("reason", 500)
            .numbers("quantity", &[])
            .bad("quantity", &["101"]),
        Op::post(staff, at("fulfil"), json!({})).optional_body(),
        Op::post(shop, format!("/v1/vouchers/{voucher}/use"), json!({"channel": "till"}))
            .optional_body()
            .line("channel", 50),
        Op::patch(admin, "/v1/settings", json!({"program_name": "Kaffi"}))
            .line("program_name", 100)
            .bad("public_url", &["\"http://example.com\"", "\"x\"", "1"])
            .bad("currency", &["\"eur\"", "1"])
            .bad("time_zone", &["\"Mars/Olympus\""])
            .bad("pending_days", &["-1", "1.5", "\"1\"", "1e999", "99999999999999999999"])
            .bad("expiry_months", &["\"never\"", "-1", "1.5", "1e999"])
            .bad("negative_policy", &WORDS)
            .bad("care_hours", &["[]", "1", "null"])
            .bad_at("care_hours", &[r#"{"monday":[]}"#], "/care_hours/monday")
            .bad_at("care_hours", &[r#"{"mon":[["9:00","17:00"]]}"#], "/care_hours/mon/0")
            .bad("care_holidays", &["\"XX\"", "1", "\"is\""])
            .bad("thanks_policy", &["[]", "1", "null"])
            .bad("thanks_rota", &["\"x\"", "1", "null"])
            .bad("transfers_enabled", &["1", "\"true\""])
            .bad("transfer_limit_points_per_day", &["-1", "1.5", "\"1\"", "1000000001"]),
    ]
}

fn perks(world: &World) -> Vec<Op> {
    let World { admin, staff, member_id, reward, perk, .. } = world;
    let common = |op: Op| {
        op.bad("member_id", &NOT_MEMBERS)
            .bad("kind", &WORDS)
            .line("title", 120)
            .line("reason", 500)
            .bad("message", &["\"\"", "\"a\\u0000\"", "\"a\\u202eb\"", "1", "[]"])
            .bad("send_letter", &["1", "\"yes\""])
    };
    let points = json!({
        "member_id": member_id, "kind": "points", "points": 5, "title": "Thanks", "reason": "why",
        "send_letter": false,
    });
    let gift = json!({
        "member_id": member_id, "kind": "reward", "reward_id": reward, "title": "Thanks",
        "reason": "why", "send_letter": false,
    });
    let list = json!({
        "kind": "points", "points": 5, "title": "Thanks", "reason": "why", "send_letter": false,
        "members": [member_id],
    });
    let end = |what: &str| {
        Op::post(admin, format!("/v1/perks/{perk}/{what}"), json!({"reason": "why"}))
            .required(&["reason"])
            .line("reason", 500)
    };
    vec![
        common(Op::post(staff, "/v1/perks", points))
            .required(&["member_id", "kind", "points", "title", "reason", "send_letter"])
            .numbers("points", &[])
            .bad("points", &["1000000001"])
            .bad("reward_id", &[&format!("\"{reward}\"")]),
        common(Op::post(staff, "/v1/perks", gift))
            .required(&["member_id", "kind", "reward_id", "title", "reason", "send_letter"])
            .bad("reward_id", &["\"\"", "1", "\"mem_01m7zr0b7ee0tt0vrz3kxj2q8d\""])
            .bad("points", &["5"]),
        Op::post(staff, "/v1/perk-lists", list)
            .required(&["kind", "title", "reason", "send_letter"])
            .line("title", 120)
            .line("reason", 500)
            .bad("kind", &WORDS)
            .bad("members", &["[]", "{}", "\"x\"", "1", "null"]),
        Op::post(admin, format!("/v1/perks/{perk}/approve"), json!({})).optional_body(),
        end("decline"),
        end("revoke"),
    ]
}

fn gratitude(world: &World) -> Vec<Op> {
    let World { admin, staff, thanks, user_id, .. } = world;
    let path = |what: &str| format!("/v1/thanks/{thanks}/{what}");
    vec![
        Op::post(staff, path("give"), json!({"message": "Thank you", "send_letter": false}))
            .required(&["message", "send_letter"])
            .bad("message", &["\"\"", "\"a\\u0000\"", "\"a\\u202eb\"", "1", "[]", "null"])
            .bad("send_letter", &["1", "\"yes\"", "null"])
            .bad("perk", &["1", "\"5\"", "[]"])
            .bad_at("perk", &[r#"{"points":0}"#, r#"{"points":1.5}"#, "{}"], "/perk/points"),
        Op::post(staff, path("assign"), json!({"owner_id": user_id}))
            .required(&["owner_id"])
            .bad("owner_id", &["\"\"", "1", "null", "\"mem_01m7zr0b7ee0tt0vrz3kxj2q8d\""]),
        Op::post(admin, path("waive"), json!({"reason": "why"}))
            .required(&["reason"])
            .line("reason", 500),
    ]
}

fn occasions(world: &World) -> Vec<Op> {
    let World { admin, staff, occasion, letter, reward, .. } = world;
    let common = |op: Op| {
        op.bad("name", &["1", "{}"])
            .bad("template", &WORDS)
            .bad("message", &["1", "\"\"", "{}"])
            .bad("send_at_local", &["\"9:00\"", "\"24:00\"", "\"22:30\"", "9", "null"])
            .bad("active", &["1", "\"true\"", "null"])
            .bad("audience", &["1", "\"IS\""])
            .bad_at("audience", &[r#"{"countries":["is"]}"#], "/audience/countries/0")
            .bad_at("audience", &[r#"{"tags":[""]}"#], "/audience/tags/0")
            .bad("gift", &["{}", "1"])
            .bad("gift", &[&format!(r#"{{"points":1,"reward_id":"{reward}"}}"#)])
            .bad_at("gift", &[r#"{"points":0}"#], "/gift/points")
            .bad_at("rule", &[r#"{"date":"2027-01-01"}"#], "/rule/date")
            .bad("rule", &["1", "\"x\""])
    };
    vec![
        common(Op::post(admin, "/v1/occasions", json!({"kind": "birthday"})))
            .required(&["kind"])
            .bad("kind", &WORDS),
        common(Op::patch(admin, format!("/v1/occasions/{occasion}"), json!({"active": false}))),
        Op::post(staff, format!("/v1/letters/{letter}/retry"), json!({})).optional_body(),
    ]
}

fn segments(world: &World) -> Vec<Op> {
    let World { admin, segment, .. } = world;
    let leaf =
        |op: &str, value: &str| format!(r#"{{"field":"orders","op":"{op}","value":{value}}}"#);
    let wanted = json!({"field": "country", "op": "eq", "value": "DE"});
    let common = |op: Op| {
        let deep = format!("{}{}{}", r#"{"not":"#.repeat(5), leaf("gte", "1"), "}".repeat(5));
        op.line("name", 100)
            .bad("where", &["null", "1", "[]", "\"IS\"", r#"{"all":[],"any":[]}"#])
            .bad_at("where", &["{}"], "/where/field")
            .bad_at("where", &[r#"{"all":[]}"#], "/where/all")
            .bad_at("where", &[r#"{"all":[1]}"#], "/where/all/0")
            .bad_at(
                "where",
                &[r#"{"not":{"field":"stars","op":"eq","value":5}}"#],
                "/where/not/field",
            )
            .bad_at("where", &[&leaf("exists", "true")], "/where/op")
            .bad_at("where", &[&leaf("gte", "1.5"), &leaf("in", "[]")], "/where/value")
            .bad_at("where", &[&deep], "/where/not/not/not/not/not")
    };
    vec![
        common(Op::post(admin, "/v1/segments", json!({"name": "Germans", "where": wanted})))
            .required(&["name", "where"]),
        common(Op::patch(admin, format!("/v1/segments/{segment}"), json!({"name": "Some"}))),
    ]
}

fn topics(world: &World) -> Vec<Op> {
    let World { staff, admin, topic, other_topic, announcement, .. } = world;
    let common = |op: Op| {
        op.line("name", 80)
            .bad("parent_id", &["1", "\"x\""])
            .bad("owner_id", &["1", "\"x\"", "{}"])
            .bad("state", &WORDS)
            .bad("state", &["null"])
            .bad("words", &["1", "[]", "\"x\"", "null", r#"{"klingon!":[]}"#])
            .bad_at("words", &[r#"{"en":"x"}"#, r#"{"en":null}"#], "/words/en")
            .bad_at("words", &[r#"{"en":["x","*"]}"#, r#"{"en":["x",1]}"#], "/words/en/1")
    };
    let told = |op: Op| {
        op.bad("topic_ids", &["[]", "1", "\"x\"", "{}"])
            .bad_at("topic_ids", &["[1]", "[\"x\"]"], "/topic_ids/0")
            .bad("from", &["1", "\"May\"", "\"2026-13-01\"", "\"2026-05-01T08:00\""])
            .bad("to", &["1", "\"\"", "\"2026-05-01\"", "\"2020-01-01T00:00:00Z\""])
            .bad("title", &["1", "\"\"", "{}", "\"a\\nb\"", r#"{"is":"x"}"#])
            .bad("body", &["1", "\"\"", "{}", r#"{"is":"x"}"#])
            .bad("quote", &["1", "\"yes\"", "null"])
    };
    let draft = json!({
        "topic_ids": [topic], "from": "2026-05-01", "to": "2026-06-01", "title": "x", "body": "y",
    });
    let none = "ans_01m7zr0b7ee0tt0vrz3kxj2q8d";
    vec![
        common(Op::post(staff, "/v1/topics", json!({"name": "Taste"}))).required(&["name"]),
        common(Op::patch(staff, format!("/v1/topics/{topic}"), json!({"state": "planned"}))),
        Op::post(staff, format!("/v1/topics/{topic}/merge"), json!({"into": other_topic}))
            .required(&["into"])
            .bad("into", &["1", "\"x\"", &format!("\"{topic}\"")]),
        told(Op::post(staff, "/v1/announcements", draft)).required(&[
            "topic_ids",
            "from",
            "to",
            "title",
            "body",
        ]),
        told(Op::patch(admin, format!("/v1/announcements/{announcement}"), json!({"quote": true}))),
        Op::post(staff, format!("/v1/announcements/{announcement}/send"), json!({}))
            .optional_body(),
        Op::post(staff, format!("/v1/announcements/{announcement}/cancel"), json!({}))
            .optional_body(),
        Op::put(staff, format!("/v1/answers/{none}/topics"), json!({"topic_ids": []}))
            .required(&["topic_ids"])
            .bad("topic_ids", &["1", "\"x\"", "{}"])
            .bad_at("topic_ids", &["[1]", "[\"x\"]"], "/topic_ids/0"),
    ]
}

fn listening(world: &World) -> Vec<Op> {
    let World { admin, staff, shop, survey, draft_survey, answer, member_id, order, .. } = world;
    let days: [&str; 5] = ["-1", "1.5", "\"1\"", "1e999", "[]"];
    let common = |op: Op| {
        op.line("name", 100)
            .bad("question", &["1", "\"\"", "{}", "\"a\\nb\"", r#"{"is":"x"}"#, "null"])
            .bad("follow_ups", &["1", "\"x\""])
            .bad_at("follow_ups", &[r#"{"fan":"x"}"#], "/follow_ups/fan")
            .bad_at("follow_ups", &[r#"{"promoter":1}"#], "/follow_ups/promoter")
            .bad("trigger", &["1", "\"manual\"", "null"])
            .bad_at("trigger", &[r#"{"on":"praise"}"#, "{}"], "/trigger/on")
            .bad_at("trigger", &[r#"{"on":"relational"}"#], "/trigger/every_months")
            .bad_at(
                "trigger",
                &[r#"{"on":"manual","after_days":1}"#, r#"{"on":"enrolment","after_days":366}"#],
                "/trigger/after_days",
            )
            .bad("sample_percent", &["-1", "101", "1.5", "null"])
            .bad("max_per_day", &["0", "-1", "1.5", "\"x\""])
            .bad("remind_after_days", &["0", "91", "30", "1.5"])
            .bad("answer_within_days", &["0", "366", "null"])
            .bad("edit_days", &days)
            .bad("points", &days)
            .bad("starts_at", &INSTANTS)
            .bad("ends_at", &INSTANTS)
            .bad("audience", &["1", "\"all\"", "[]"])
            .bad_at(
                "audience",
                &[r#"{"all":[{"field":"mood","op":"eq","value":1}]}"#],
                "/audience/all/0/field",
            )
    };
    let new = json!({
        "kind": "nps", "name": "S", "question": "How?", "trigger": {"on": "order_placed"},
    });
    let said = json!({"survey_id": survey, "member_id": member_id, "score": 5, "channel": "till"});
    let ask = json!({"member_id": member_id, "kind": "review", "ref": "PC-1", "channel": "page"});
    let at = |what: &str| format!("/v1/surveys/{survey}/{what}");
    vec![
        common(Op::post(admin, "/v1/surveys", new))
            .required(&["kind", "name", "question", "trigger"])
            .bad("kind", &WORDS),
        common(Op::patch(admin, format!("/v1/surveys/{draft_survey}"), json!({"max_per_day": 5}))),
        Op::post(admin, at("publish"), json!({})).optional_body(),
        Op::post(admin, at("pause"), json!({})).optional_body(),
        Op::post(admin, at("end"), json!({})).optional_body(),
        Op::post(staff, at("send"), json!({"member_ids": [member_id]}))
            .bad("member_ids", &["[]", "1", "\"x\""])
            .bad_at("member_ids", &["[1]", "[\"mem_\"]"], "/member_ids/0")
            .bad("audience", &["1", "\"true\""])
            .bad_at("audience", &["true"], "/member_ids"),
        Op::post(shop, "/v1/asks", ask)
            .required(&["member_id", "kind", "ref", "channel"])
            .bad("member_id", &NOT_MEMBERS)
            .bad("kind", &WORDS)
            .line("ref", 200)
            .bad("channel", &WORDS)
            .bad("channel", &["\"letter\""]),
        Op::post(shop, "/v1/answers", said)
            .required(&["survey_id", "member_id", "score", "channel"])
            .bad("survey_id", &["\"\"", "1", "\"srv_\""])
            .bad("member_id", &NOT_MEMBERS)
            .bad("score", &["-1", "11", "1.5", "\"9\"", "1e999", "99999999999999999999"])
            .bad("channel", &WORDS)
            .bad("comment", &["1", "\"\"", "\"a\\u0000\"", "[]"])
            .bad("order_id", &["1", "\"x\""])
            .line("external_id", 200),
        Op::post(admin, format!("/v1/answers/{answer}/void"), json!({"reason": "test"}))
            .required(&["reason"])
            .bad("reason", &WORDS),
        Op::post(staff, format!("/v1/answers/{answer}/confirm"), json!({})).optional_body(),
        Op::post(shop, format!("/v1/orders/{order}/fulfil"), json!({}))
            .optional_body()
            .bad("at", &INSTANTS)
            .bad("at", &["\"2020-01-01T00:00:00Z\"", "\"2100-01-01T00:00:00Z\""]),
    ]
}

pub fn operations(world: &World) -> Vec<Op> {
    let all = [
        sessions, mail, members, friends, points, movements, batches, rewards, perks, gratitude,
        occasions, segments, topics, listening,
    ];
    all.into_iter().flat_map(|some| some(world)).collect()
}
