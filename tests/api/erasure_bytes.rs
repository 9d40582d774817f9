//! What is erased leaves the file of SQLite too: the pages, what is free of them, and the journal.

use std::time::Duration;

use platform::db::DatabaseUrl;
use serde_json::json;
use vildar::chores;

use crate::support::{app::TestApp, both::Which};

/// What is to be found nowhere: a word of each thing that is known of the person.
const SECRETS: [&str; 9] = [
    "Zebulonqx",
    "Quarrelsomeqx",
    "zebulonqx",
    "quarrelsomeqx",
    "extidqx",
    "reasonqx",
    "ringqx",
    "wordqx",
    "blameqx",
];

/// How often each stands in the database's files.
fn found(app: &TestApp) -> Vec<(String, &'static str, usize)> {
    let DatabaseUrl::Sqlite(path) = app.store().url() else { panic!("not SQLite") };
    let mut found = Vec::new();
    for end in ["", "-wal", "-shm"] {
        let file = format!("{}{end}", path.display());
        let bytes = std::fs::read(&file).unwrap_or_default();
        for secret in SECRETS {
            let count = bytes.windows(secret.len()).filter(|part| *part == secret.as_bytes());
            match count.count() {
                0 => {}
                count => found.push((format!("v{end}"), secret, count)),
            }
        }
    }
    found
}

#[actix_web::test]
async fn nothing_of_an_erased_one_is_left_in_the_file() {
    let Some(app) = TestApp::on(Which::Sqlite).await else { return };
    let (shop, anyone) = (app.storefront().await, app.anyone());
    let mut gone = Vec::new();
    // among many others, so that pages fill, split and empty again
    for number in 0..400 {
        let theirs = number % 8 == 3;
        let word = if theirs { "qx" } else { "" };
        let email = format!("m{number}-zebulon{word}@example.com");
        let person = json!({
            "email": email, "given_name": format!("Zebulon{word}{number}"),
            "family_name": format!("Quarrelsome{word}"), "external_id": format!("extid{word}-{number}"),
            "country": "IS", "birthday": "02-29",
        });
        let id = shop.post_keyed("/v1/members", &format!("m{number}"), person).await.expect(201);
        let id = id["id"].as_str().expect("an id").to_owned();
        let earn = json!({"kind": "earn", "points": 5, "reason": format!("reason{word}")});
        shop.post_keyed(&format!("/v1/members/{id}/entries"), "e", earn).await.expect(201);
        if number % 4 == 3 {
            let order = json!({
                "external_id": format!("o-{number}"), "member_id": id,
                "total": {"amount": 500, "currency": "EUR"},
                "lines": [{"sku": format!("ring{word}"), "quantity": 1, "total_minor_units": 500}],
            });
            shop.post_keyed("/v1/orders", &format!("o{number}"), order).await.expect(201);
        }
        if number % 16 == 3 {
            app.travel(Duration::from_mins(2)); // for the throttles
            anyone.post("/v1/password-resets", json!({"email": email})).await.expect(202);
            let sign_up = json!({
                "email": email, "given_name": format!("word{word}"), "password": "long enough",
            });
            anyone.post("/v1/members", sign_up).await.expect(202);
        }
        if theirs {
            gone.push(id);
        }
    }
    app.deliver_mail().await;
    let staff = app.staff().await;
    for id in &gone {
        let because = json!({"reason": "blameqx"});
        staff.post(&format!("/v1/members/{id}/suspend"), because).await.expect(200);
    }
    let told: Vec<&str> = found(&app).into_iter().map(|(_, secret, _)| secret).collect();
    assert!(SECRETS.iter().all(|secret| told.contains(secret)), "{told:?}");
    for id in &gone {
        staff.delete(&format!("/v1/members/{id}")).await.expect(204);
    }
    chores::run_all(app.store()).await.expect("tidied");
    assert_eq!(found(&app), []);
    // and it stays so while others come
    app.enrol("Ari").await;
    chores::run_all(app.store()).await.expect("tidied");
    assert_eq!(found(&app), []);
    app.finish().await;
}
