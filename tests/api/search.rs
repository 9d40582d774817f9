//! Staff look for members by words.

use diesel::connection::SimpleConnection;
use platform::{
    auth::Caller,
    db::{DbConnection, Tx},
    kernel::error::Result,
};
use program::{
    enrolment::{Enrolment, Letters, service::enrol_all},
    members::{likeness::Hints, words},
};
use serde_json::{Value, json};

use crate::support::{
    app::{Client, TestApp},
    both::both,
};

/// More than two looks take in.
const OTHERS: usize = 2300;

/// The upgrade that brought words.
const UPGRADE: [&str; 2] = [
    include_str!("../../migrations/sqlite/2026-11-30-000004_search/up.sql"),
    include_str!("../../migrations/postgres/2026-11-30-000004_search/up.sql"),
];

/// Given names, newest first.
async fn found(staff: &Client, sought: &str) -> Vec<String> {
    found_by(staff, &format!("q={}", urlencoded(sought))).await
}

async fn found_by(staff: &Client, query: &str) -> Vec<String> {
    let members = staff.get(&format!("/v1/members?{query}")).await.expect(200);
    let names = members["data"].as_array().expect("a list").iter();
    names.map(|member| member["given_name"].as_str().expect("a name").to_owned()).collect()
}

fn urlencoded(text: &str) -> String {
    let encoded: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    encoded.concat()
}

async fn enrol(app: &TestApp, member: Value) -> String {
    let member = app.storefront().await.post("/v1/members", member).await.expect(201);
    member["id"].as_str().expect("an id").to_owned()
}

/// Others who come later.
async fn others(app: &TestApp) {
    let other = |number: usize| Enrolment {
        email: format!("f{number}@fill.example").parse().expect("an address"),
        given_name: "Filler".parse().expect("a name"),
        family_name: None,
        locale: None,
        time_zone: None,
        country: None,
        birthday: None,
        external_id: None,
        referral_code: None,
        hints: Hints::default(),
        marketing_consent: false,
        enrolled_at: None,
        password_hash: None,
    };
    let all: Vec<Enrolment> = (0..OTHERS).map(other).collect();
    let enrolled = app
        .store()
        .write(move |tx| enrol_all(tx, &all, &Caller::System, Letters::None))
        .await
        .expect("members");
    assert!(enrolled.iter().all(Result::is_ok));
}

/// Four who have something in common, and many who came after them.
async fn four(app: &TestApp) -> [String; 4] {
    let four = [
        enrol(
            app,
            json!({
                "email": "Anna.Maria@Shop.example", "given_name": "Anna-María",
                "family_name": "Þórðardóttir", "external_id": "SHOP-4711",
            }),
        )
        .await,
        enrol(
            app,
            json!({"email": "e@else.example", "given_name": "Élodie", "family_name": "O'Brien"}),
        )
        .await,
        enrol(
            app,
            json!({
                "email": "thor@shop.example", "given_name": "ÞÓR", "family_name": "van der Berg",
            }),
        )
        .await,
        enrol(app, json!({"email": "100%_@else.example", "given_name": "Ann"})).await,
    ];
    others(app).await;
    four
}

async fn finds_them(staff: &Client) {
    for (sought, who) in [
        ("ann", &["Ann", "Anna-María"] as &[&str]),
        ("ANNA", &["Anna-María"]),
        ("anna-m", &["Anna-María"]),
        ("maría", &["Anna-María"]),
        ("þór", &["ÞÓR", "Anna-María"]),
        ("Þórðar", &["Anna-María"]),
        ("éLO", &["Élodie"]),
        ("brien", &["Élodie"]),
        ("o'b", &["Élodie"]),
        ("berg", &["ÞÓR"]),
        ("van  der", &["ÞÓR"]),
        // each word, in any order, of any of it
        ("berg þó shop.", &["ÞÓR"]),
        ("ann else", &["Ann"]),
        ("anna.maria@shop.example", &["Anna-María"]),
        ("maria@", &["Anna-María"]),
        // accents that are written by themselves
        ("þo\u{301}rð", &["Anna-María"]),
        ("Anna.M", &["Anna-María"]),
        ("shop.example", &["ÞÓR", "Anna-María"]),
        ("shop-47", &["Anna-María"]),
        ("4711", &["Anna-María"]),
        // a beginning, not a middle; and nothing stands for anything
        ("nna", &[]),
        ("ann berg", &[]),
        ("filler berg", &[]),
        ("100%", &["Ann"]),
        ("%", &[]),
        ("_", &[]),
        ("\u{10FFFF}", &[]),
    ] {
        assert_eq!(found(staff, sought).await, who, "{sought}");
    }
}

both!(members_are_found_by_what_their_words_begin_with);
async fn members_are_found_by_what_their_words_begin_with(app: &TestApp) {
    let staff = app.staff().await;
    let [anna, _, thor, _] = four(app).await;
    finds_them(&staff).await;

    // among those with a tag
    let shop = app.storefront().await;
    for id in [&anna, &thor] {
        let tags = json!({"tags": [if *id == thor { "wholesale" } else { "vip" }]});
        shop.patch(&format!("/v1/members/{id}"), tags).await.expect(200);
    }
    let found_with = async |tag: &str| found_by(&staff, &format!("q=shop.ex&tag={tag}")).await;
    assert_eq!(found_with("vip").await, ["Anna-María"]);
    assert_eq!(found_with("wholesale").await, ["ÞÓR"]);
    assert_eq!(found_with("else").await, Vec::<String>::new());

    // what is changed is found by what it is, and no more by what it was
    let change = json!({"given_name": "Una", "family_name": null, "external_id": null});
    shop.patch(&format!("/v1/members/{anna}"), change).await.expect(200);
    for (sought, who) in [
        ("una", &["Una"] as &[&str]),
        ("maría", &[]),
        ("4711", &[]),
        ("þór", &["ÞÓR"]),
        ("anna.maria", &["Una"]),
    ] {
        assert_eq!(found(&staff, sought).await, who, "{sought}");
    }
    // and who is gone by nothing
    shop.delete(&format!("/v1/members/{thor}")).await.expect(204);
    assert_eq!(found(&staff, "þór").await, Vec::<String>::new());
    assert_eq!(found(&staff, "shop.example").await, ["Una"]);
}

both!(who_was_there_before_the_upgrade_is_found_after_it);
async fn who_was_there_before_the_upgrade_is_found_after_it(app: &TestApp) {
    let staff = app.staff().await;
    let [anna, _, thor, _] = four(app).await;
    let upgrade = |tx: &mut Tx<'_>| -> Result<()> {
        tx.conn.batch_execute("DROP TABLE member_words")?;
        let which = usize::from(matches!(tx.conn, DbConnection::Postgres(_)));
        Ok(tx.conn.batch_execute(UPGRADE[which])?)
    };
    app.store().write(upgrade).await.expect("the upgrade");
    // until that is done, all are looked at
    finds_them(&staff).await;
    words::catch_up(app.store()).await.expect("what it left to be done");
    // and nothing is left to be done again
    words::catch_up(app.store()).await.expect("nothing");
    finds_them(&staff).await;
    let shop = app.storefront().await;
    // nothing of them stays
    for id in [anna, thor] {
        shop.delete(&format!("/v1/members/{id}")).await.expect(204);
    }
    for sought in ["þ", "anna", "maría", "shop"] {
        assert_eq!(found(&staff, sought).await, Vec::<String>::new(), "{sought}");
    }
}

both!(all_who_are_found_are_on_one_page_or_another);
async fn all_who_are_found_are_on_one_page_or_another(app: &TestApp) {
    let staff = app.staff().await;
    enrol(app, json!({"email": "first@fill.example", "given_name": "First"})).await;
    others(app).await;
    enrol(app, json!({"email": "last@fill.example", "given_name": "Last"})).await;
    for (sought, many) in
        [("fill.ex", OTHERS + 2), ("fi", OTHERS + 2), ("first fill", 1), ("f f", OTHERS + 2)]
    {
        let mut ids: Vec<String> = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/v1/members?q={}&limit=100{cursor}", urlencoded(sought));
            let page = staff.get(&path).await.expect(200);
            let members = page["data"].as_array().expect("a list").iter();
            ids.extend(members.map(|member| member["id"].as_str().expect("an id").to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(ids.len(), many, "{sought}");
        assert!(
            ids.is_sorted_by(|newer, older| newer > older),
            "{sought}: newest first, each once"
        );
    }
}
