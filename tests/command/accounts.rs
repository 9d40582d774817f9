//! Keys and passwords that end.

use serde_json::{Value, json};

use crate::{
    database::{Db, on_both},
    run::{Server, client, read},
};

fn create(db: &Db, name: &str, scope: &str) -> (String, String) {
    let args = ["keys", "create", "--name", name, "--scope", scope, "--json"];
    let key = db.vildar(&args).expect(0).json();
    let text = |name: &str| key[name].as_str().expect("a text").to_owned();
    (text("id"), text("secret"))
}

async fn members(server: &Server, secret: &str) -> u16 {
    read(client().get(format!("{}/v1/members?email=a@example.com", server.url)).bearer_auth(secret))
        .await
        .0
}

on_both!(keys_are_listed_and_revoked);
async fn keys_are_listed_and_revoked(db: Db) {
    assert_eq!(db.vildar(&["keys", "list", "--json"]).expect(0).json(), json!([]));
    let (first, first_secret) = create(&db, "Till", "members:read");
    let (second, second_secret) = create(&db, "Web shop", "members:read");
    let listed = db.vildar(&["keys", "list", "--json"]).expect(0);
    let keys = listed.json();
    assert_eq!((&keys[0]["id"], &keys[1]["id"]), (&json!(second), &json!(first)), "{keys}");
    assert_eq!(keys[1]["scopes"], json!(["members:read"]));
    assert_eq!(keys[1]["revoked_at"], Value::Null);

    let revoked = db.vildar(&["keys", "revoke", &first, "--json"]).expect(0).json();
    assert!(revoked["revoked_at"].is_string(), "{revoked}");
    // again: it stays as it was
    assert_eq!(db.vildar(&["keys", "revoke", &first, "--json"]).expect(0).json(), revoked);
    let plain = db.vildar(&["keys", "list"]).expect(0);
    let lines: Vec<&str> = plain.out.lines().collect();
    assert!(lines[0].starts_with(&second) && !lines[0].contains("revoked"), "{plain:?}");
    assert!(lines[1].starts_with(&first) && lines[1].contains(", revoked 2"), "{plain:?}");
    assert!(lines[1].contains("Till") && lines[1].contains("members:read"), "{plain:?}");
    for secret in [&first_secret, &second_secret] {
        assert!(!listed.out.contains(secret) && !plain.out.contains(secret), "{plain:?}");
    }
    let server = Server::serve(&db, &[]);
    assert_eq!(members(&server, &first_secret).await, 401);
    assert_eq!(members(&server, &second_secret).await, 200);
    server.stop().await;
    let unknown = format!("key_{}", "0".repeat(first.len() - 4));
    let refused = db.vildar(&["keys", "revoke", &unknown]).expect(1);
    assert!(refused.err.contains("no such API key"), "{refused:?}");
    db.vildar(&["keys", "revoke", "Till"]).expect(2);
}

on_both!(more_keys_than_a_page_are_all_listed);
async fn more_keys_than_a_page_are_all_listed(db: Db) {
    let (first, _) = create(&db, "Till", "members:read");
    let copies = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 250)";
    let (id, hash) = match db.which {
        crate::support::both::Which::Sqlite => ("randomblob(16)", "randomblob(32)"),
        crate::support::both::Which::Postgres => {
            ("gen_random_uuid()", "decode(md5(n::text) || md5('x' || n), 'hex')")
        }
    };
    db.sql(&format!(
        "INSERT INTO api_keys (id, name, hash, scopes, created_at) {copies} \
         SELECT {id}, 'copy', {hash}, scopes, created_at FROM api_keys, n"
    ));
    let listed = db.vildar(&["keys", "list", "--json"]).expect(0).json();
    let ids: Vec<&str> =
        listed.as_array().expect("a list").iter().filter_map(|key| key["id"].as_str()).collect();
    assert_eq!(ids.len(), 251);
    assert!(ids.contains(&first.as_str()));
}

async fn sign_in(server: &Server, email: &str, password: &Value) -> (u16, Value) {
    let ask = json!({"email": email, "password": password, "realm": "staff"});
    read(client().post(format!("{}/v1/sessions", server.url)).body(ask.to_string())).await
}

on_both!(a_lost_password_is_replaced_and_ends_what_it_opened);
async fn a_lost_password_is_replaced_and_ends_what_it_opened(db: Db) {
    let email = "sigga@example.com";
    let made = db.vildar(&["admin", "create", "--email", email, "--json"]).expect(0).json();
    let server = Server::serve(&db, &[]);
    let (status, session) = sign_in(&server, email, &made["password"]).await;
    assert_eq!(status, 201, "{session}");

    let args = ["admin", "reset-password", "--email", "SIGGA@example.com", "--json"];
    let reset = db.vildar(&args).expect(0).json();
    let keys: Vec<&String> = reset.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["id", "email", "password"]);
    assert_eq!(reset["id"], made["id"]);
    assert_ne!(reset["password"], made["password"]);
    assert_eq!(sign_in(&server, email, &made["password"]).await.0, 401);
    assert_eq!(sign_in(&server, email, &reset["password"]).await.0, 201);
    let ask = json!({"refresh_token": session["refresh_token"]});
    let refresh = client().post(format!("{}/v1/sessions/refresh", server.url));
    let (status, answer) = read(refresh.body(ask.to_string())).await;
    assert_eq!(status, 401, "{answer}");
    server.stop().await;

    let plain = db.vildar(&["admin", "reset-password", "--email", email]).expect(0);
    assert!(plain.out.contains(email) && plain.out.contains("shown this once"), "{plain:?}");
    let refused = db.vildar(&["admin", "reset-password", "--email", "jon@example.com"]).expect(1);
    assert!(refused.err.contains("no staff user jon@example.com"), "{refused:?}");
    assert!(refused.out.is_empty(), "{refused:?}");
}
