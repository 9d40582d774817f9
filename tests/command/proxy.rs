//! A server behind a proxy, which says in its own way who calls, or does not.

use serde_json::json;

use crate::{
    database::Db,
    run::{Server, client, read},
    support::both::Which,
};

/// The statuses of so many wrong tries to sign in, each with another account.
async fn tries(server: &Server, hops: Option<&str>, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for number in 0..count {
        let name: String =
            format!("{hops:?}{number}").chars().filter(char::is_ascii_alphanumeric).collect();
        let email = format!("{name}@example.com");
        let body = json!({"email": email, "password": "correct horse battery"}).to_string();
        let mut ask = client().post(format!("{}/v1/sessions", server.url)).body(body);
        if let Some(hops) = hops {
            ask = ask.header("x-forwarded-for", hops);
        }
        statuses.push(read(ask).await.0);
    }
    statuses
}

#[actix_web::test]
async fn nobody_shuts_out_the_customers_of_a_proxy() {
    let db = Db::migrated(Which::Sqlite).expect("a database");
    let server = Server::serve(&db, &["--behind-proxy"]);
    // with ports, in brackets and quoted, one is one
    for same in [
        ["7.7.7.7:1234", "7.7.7.7", "1.1.1.1, 7.7.7.7:9"],
        ["[2001:db8::1]:80", "\"[2001:db8::2]\"", "2001:db8::3"],
    ] {
        assert_eq!(tries(&server, Some(same[0]), 10).await, [401; 10], "{same:?}");
        for again in same {
            assert_eq!(tries(&server, Some(again), 1).await, [429], "{again}");
        }
    }
    assert_eq!(tries(&server, Some("7.7.7.8:1234"), 1).await, [401], "another customer");
    for untold in [Some("unknown"), Some("7.7.7.7, _hidden"), None] {
        assert_eq!(tries(&server, untold, 12).await, [401; 12], "{untold:?}");
    }
    let log = server.log();
    assert_eq!(log.matches("X-Forwarded-For").count(), 1, "said once: {log}");
    server.stop().await;
}
