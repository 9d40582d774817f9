//! What pages of other sites may do and read in a browser, by the setting `cors_origins`.

use reqwest::Method;
use serde_json::json;

use crate::support::{
    app::{Client, Reply, TestApp},
    both::both,
};

const SHOP: &str = "https://shop.example";

async fn from(who: &Client, origin: &str, method: Method, path: &str) -> Reply {
    who.send(method, path, &[("origin", origin)], None).await
}

/// What a browser asks before it sends more than a plain GET.
async fn beforehand(who: &Client, origin: &str, path: &str) -> Reply {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type,idempotency-key"),
    ];
    who.send(Method::OPTIONS, path, &headers, None).await
}

/// The headers by which a browser lets a page read.
fn shared(reply: &Reply) -> Vec<String> {
    let all = reply.headers.keys().map(|name| name.as_str().to_owned());
    all.filter(|name| name.starts_with("access-control-")).collect()
}

fn varies(reply: &Reply) -> bool {
    reply.headers.get_all("vary").iter().any(|one| one == "origin")
}

/// Whether a page of this origin may read the answer, and all that it should.
#[track_caller]
fn readable(reply: &Reply, origin: &str) {
    assert_eq!(reply.header("access-control-allow-origin").as_deref(), Some(origin));
    let exposed = reply.header("access-control-expose-headers").expect("headers to read");
    for name in [
        "etag",
        "idempotent-replayed",
        "ratelimit",
        "ratelimit-policy",
        "retry-after",
        "x-request-id",
    ] {
        assert!(exposed.split(", ").any(|one| one == name), "{name}: {exposed}");
    }
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    assert!(varies(reply));
}

both!(a_page_of_the_shop_calls_and_reads);
async fn a_page_of_the_shop_calls_and_reads(app: &TestApp) {
    let local = "http://localhost:5173";
    app.settings(json!({"cors_origins": [SHOP, local]})).await;
    let id = app.enrol("Anna").await;
    let (anna, anyone) = (app.member(&id).await, app.anyone());
    for origin in [SHOP, local] {
        // the path need not be one: the answer to the request itself says so
        for path in ["/v1/redemptions", "/v1/members/me", "/v1/nothing"] {
            let told = beforehand(&anyone, origin, path).await;
            assert_eq!((told.status, told.text.as_str()), (204, ""), "{path}");
            assert_eq!(told.header("access-control-allow-origin").as_deref(), Some(origin));
            let methods = told.header("access-control-allow-methods").expect("methods");
            assert_eq!(methods, "GET, HEAD, POST, PATCH, DELETE");
            let headers = told.header("access-control-allow-headers").expect("headers");
            let ours = "authorization, content-type, idempotency-key, if-match, accept-language";
            assert_eq!(headers, ours);
            assert!(told.header("access-control-max-age").is_some());
            assert_eq!(told.header("access-control-allow-credentials"), None);
            assert!(varies(&told));
        }
        let own = from(&anna, origin, Method::GET, "/v1/members/me").await;
        readable(&own, origin);
        assert_eq!(own.expect(200)["id"], id.as_str());
    }

    // what is refused may be read too: at the door, of the body, and of the path
    let refused = from(&anyone, SHOP, Method::GET, "/v1/members/me").await;
    readable(&refused, SHOP);
    refused.refused(401, "unauthenticated");
    let malformed =
        anna.send(Method::POST, "/v1/redemptions", &[("origin", SHOP)], Some(b"{".to_vec())).await;
    readable(&malformed, SHOP);
    malformed.refused(400, "malformed_json");
    let unknown = from(&anna, SHOP, Method::GET, "/v1/nothing").await;
    readable(&unknown, SHOP);
    unknown.refused(404, "not_found");
    let wrong = from(&anna, SHOP, Method::PUT, "/v1/members/me").await;
    readable(&wrong, SHOP);
    wrong.refused(405, "method_not_allowed");
}

both!(other_sites_get_nothing_of_it);
async fn other_sites_get_nothing_of_it(app: &TestApp) {
    let id = app.enrol("Anna").await;
    let anna = app.member(&id).await;
    let path = "/v1/members/me";
    // nobody, until the settings say so
    assert_eq!(shared(&from(&anna, SHOP, Method::GET, path).await), [""; 0]);
    app.settings(json!({"cors_origins": [SHOP]})).await;
    readable(&from(&anna, SHOP, Method::GET, path).await, SHOP);
    for other in [
        "https://shop.example.evil.example",
        "https://a.shop.example",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example/",
        "https://SHOP.example",
        "null",
        "*",
        "",
    ] {
        let told = beforehand(&anna, other, path).await;
        assert_eq!(shared(&told), [""; 0], "{other}");
        told.refused(405, "method_not_allowed");
        let answer = from(&anna, other, Method::GET, path).await;
        assert_eq!((answer.status, shared(&answer)), (200, vec![]), "{other}");
        assert!(varies(&answer), "{other}");
    }
    let nobody = anna.get(path).await;
    assert_eq!((shared(&nobody), varies(&nobody)), (vec![], true));
    // pages are not the API
    for page in ["/password?token=x", "/openapi.json", "/livez", "/.well-known/jwks.json"] {
        assert_eq!(shared(&from(&anna, SHOP, Method::GET, page).await), [""; 0], "{page}");
    }

    // taken away, it acts with the next request
    app.settings(json!({"cors_origins": []})).await;
    assert_eq!(shared(&from(&anna, SHOP, Method::GET, path).await), [""; 0]);
}

both!(the_setting_takes_origins_and_no_more);
async fn the_setting_takes_origins_and_no_more(app: &TestApp) {
    let admin = app.admin().await;
    let settings = "/v1/settings";
    assert_eq!(admin.get(settings).await.expect(200)["cors_origins"], json!([]));
    let given = json!(["https://Shop.example:443", SHOP, "http://127.0.0.1:3000"]);
    let set = admin.patch(settings, json!({"cors_origins": given})).await.expect(200);
    // as browsers say them, each once
    let kept = json!([SHOP, "http://127.0.0.1:3000"]);
    assert_eq!(set["cors_origins"], kept);
    for bad in [
        "*",
        "null",
        "shop.example",
        "https://shop.example/",
        "https://shop.example/x",
        "https://*.shop.example",
        "http://shop.example",
    ] {
        let reply = admin.patch(settings, json!({"cors_origins": [SHOP, bad]})).await;
        assert_eq!(reply.pointer(), "/cors_origins/1", "{bad}: {}", reply.text);
        let problem = reply.refused(422, "invalid_request");
        let message = problem["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains("https://shop.example"), "{bad}: {message}");
    }
    let many: Vec<String> = (0..21).map(|number| format!("https://s{number}.example")).collect();
    let reply = admin.patch(settings, json!({"cors_origins": many})).await;
    assert_eq!(reply.pointer(), "/cors_origins", "{}", reply.text);
    reply.refused(422, "invalid_request");
    admin.patch(settings, json!({"cors_origins": SHOP})).await.refused(422, "invalid_request");
    assert_eq!(admin.get(settings).await.expect(200)["cors_origins"], kept);
    let twenty = json!({"cors_origins": many[..20]});
    admin.patch(settings, twenty).await.expect(200);
}
