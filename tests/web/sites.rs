//! Other sites in our visitors' browsers: they can't act for them, nor lead their own name to us.

use reqwest::{StatusCode, header};

use serde_json::json;

use crate::{
    demo::{Demo, Visitor},
    support::{app::TestApp, both::Which},
};

/// Signing out, as a form of some site sends it.
async fn sent(visitor: &Visitor, headers: &[(&str, &str)]) -> StatusCode {
    let mut ask = visitor.http.post(format!("{}/session/end", visitor.url));
    for (name, value) in headers {
        ask = ask.header(*name, *value);
    }
    let answer = ask.header(header::COOKIE, &visitor.cookie).send().await.expect("an answer");
    answer.status()
}

#[actix_web::test]
async fn a_form_comes_from_our_own_pages() {
    let demo = Demo::start();
    let emma = demo.signed_in(1).await;
    let host = demo.url.trim_start_matches("http://");
    let (tls, evil) = (format!("https://{host}"), format!("evil://{host}"));
    let other_port = "http://127.0.0.1:1";
    for (name, value) in [
        ("origin", tls.as_str()),
        ("origin", &evil),
        ("origin", other_port),
        ("origin", host),
        ("origin", "null"),
        ("origin", ""),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "whatever"),
    ] {
        assert_eq!(sent(&emma, &[(name, value)]).await, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    for headers in [
        [("origin", demo.url.as_str()), ("sec-fetch-site", "same-origin")].as_slice(),
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[],
    ] {
        assert_eq!(sent(&emma, headers).await, StatusCode::SEE_OTHER, "{headers:?}");
    }
}

#[actix_web::test]
async fn a_letter_leads_to_a_form_that_is_taken() {
    let app = TestApp::on(Which::Sqlite).await.expect("SQLite is always there");
    app.settings(json!({"public_url": "https://Points.example:443/loyalty"})).await;
    for (origin, host, status) in [
        // a proxy asks by our own address, or passes the host on
        ("https://points.example", "127.0.0.1", 410),
        ("https://points.example", "points.example", 410),
        ("http://points.example", "points.example", 403),
        ("https://points.example:8443", "points.example:8443", 403),
        ("https://evil.example", "points.example", 403),
    ] {
        let ask = reqwest::Client::new().post(format!("{}/password", app.url));
        let ask = ask.header(header::ORIGIN, origin).header(header::HOST, host);
        let answer = ask.body("token=none&password=battery+staple").send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{origin} at {host}");
    }
    app.finish().await;
}

#[actix_web::test]
async fn another_name_for_this_machine_is_refused() {
    let demo = Demo::start();
    let emma = demo.signed_in(1).await;
    let port = demo.url.rsplit(':').next().expect("a port");
    let bearer = format!("Bearer {}", demo.storefront_key);
    let ask = async |path: &str, host: &str| {
        let ask = emma.http.get(format!("{}{path}", demo.url)).header(header::HOST, host);
        let ask = ask.header(header::COOKIE, &emma.cookie);
        ask.header(header::AUTHORIZATION, &bearer).send().await.expect("an answer")
    };
    let api = format!("/v1/members/{}/balance", demo.members[1]);
    for path in ["/", "/demo/mailbox", "/docs/", &api, "/assets/shop.css", "/nowhere"] {
        for host in [format!("evil.example:{port}"), "evil.example".to_owned()] {
            let answer = ask(path, &host).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} {host}");
            assert!(answer.headers().contains_key("x-request-id"), "{path} {host}");
        }
        for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), "[::1]".to_owned()] {
            assert_ne!(ask(path, &host).await.status(), StatusCode::FORBIDDEN, "{path} {host}");
        }
    }
    let clock =
        emma.http.put(format!("{}/demo/clock", demo.url)).header(header::HOST, "evil.example");
    let clock = clock.body(r#"{"now":"2100-01-01T00:00:00Z"}"#).send().await.expect("an answer");
    assert_eq!(clock.status(), StatusCode::FORBIDDEN);
    let wrong = emma.http.post(format!("{}/demo/clock", demo.url)).send().await.expect("an answer");
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong.headers()[header::ALLOW], "PUT");
}
