//! The shop without scripts.

use reqwest::{StatusCode, header};

use crate::demo::{Demo, Visitor, location};

/// The value of the first field with this name after `from`.
fn field(html: &str, from: &str, name: &str) -> String {
    let (_, rest) = html.split_once(from).unwrap_or_else(|| panic!("{from} is on the page"));
    let (_, rest) = rest.split_once(&format!("name=\"{name}\" value=\"")).expect("the field");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// The form of the first reward that can be redeemed.
async fn first_form(visitor: &Visitor) -> String {
    let home = visitor.read("/").await;
    let field = |name| field(&home, "action=\"/redeem\"", name);
    format!("reward_id={}&attempt={}", field("reward_id"), field("attempt"))
}

#[actix_web::test]
async fn pressing_a_button_twice_redeems_once() {
    let demo = Demo::start();
    let emma = demo.signed_in(1).await;
    let form = first_form(&emma).await;
    let (first, second) = (emma.post("/redeem", &form).await, emma.post("/redeem", &form).await);
    let voucher = location(&first);
    assert_eq!(voucher, location(&second));
    assert!(voucher.ends_with("?fresh"));
    assert!(emma.read(&voucher).await.contains("Enjoy it!"));
    let entries = emma.read("/points").await;
    assert_eq!(entries.matches("<summary>Redeemed “").count(), 1, "once in the ledger");

    let path = voucher.trim_end_matches("?fresh");
    let jon = demo.signed_in(2).await;
    assert_eq!(jon.get(path).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(jon.post(&format!("{path}/cancel"), "").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(demo.visitor().get(path).await.status(), StatusCode::UNAUTHORIZED);
    let late = emma.post(&format!("{path}/cancel"), "").await;
    assert_eq!(late.status(), StatusCode::CONFLICT, "a voucher is the shop's to cancel");
    assert!(late.text().await.expect("a page").contains("Too late for that"));
}

#[actix_web::test]
async fn what_cannot_be_had_is_said_politely() {
    let demo = Demo::start();
    let emma = demo.signed_in(1).await;
    let oliver = demo.signed_in(3).await;
    let dear = loop_until_refused(&emma, &oliver).await;
    assert_eq!(dear.0, StatusCode::CONFLICT);
    assert!(dear.1.contains("Not quite enough points for that one"), "{}", dear.1);
    assert!(dear.1.contains("role=\"alert\"") && dear.1.contains("id=\"rewards\""));

    for (form, status) in [
        ("reward_id=rwd_01m8023v1de00801vppjvc5vbx&attempt=a1", StatusCode::NOT_FOUND),
        ("reward_id=mem_1&attempt=a1", StatusCode::NOT_FOUND),
        (
            "reward_id=rwd_01m8023v1de00801vppjvc5vbx&attempt=a%0d1",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("attempt=a1", StatusCode::UNPROCESSABLE_ENTITY),
        ("%FF", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = emma.post("/redeem", form).await;
        assert_eq!(answer.status(), status, "{form}");
        assert!(answer.text().await.expect("a page").contains("<h1>"), "{form}");
    }
    assert_eq!(emma.get("/points?cursor=zzz").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

/// Oliver, who has the fewest points, asks for what only Emma can have.
async fn loop_until_refused(emma: &Visitor, oliver: &Visitor) -> (StatusCode, String) {
    let home = emma.read("/").await;
    for part in home.split("action=\"/redeem\"").skip(1) {
        let reward = field(part, "", "reward_id");
        for attempt in 0..20 {
            let form = format!("reward_id={reward}&attempt=try-{attempt}");
            let answer = oliver.post("/redeem", &form).await;
            if answer.status() != StatusCode::SEE_OTHER {
                let status = answer.status();
                let page = answer.text().await.expect("a page");
                if page.contains("Not quite enough") {
                    return (status, page);
                }
                break;
            }
        }
    }
    panic!("Oliver could have everything");
}

#[actix_web::test]
async fn another_site_can_not_act_for_a_visitor() {
    let demo = Demo::start();
    let emma = demo.signed_in(1).await;
    let form = first_form(&emma).await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1", "http://", ""] {
        let answer = emma.post_from("/redeem", &form, origin).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{origin}");
    }
    assert!(!emma.read("/points").await.contains("Redeemed “"));
}

#[actix_web::test]
async fn signing_in_takes_the_right_password_and_not_too_many_tries() {
    let demo = Demo::start();
    let mut visitor = demo.visitor();
    let answer = visitor.post("/session", "email=emma%40example.com&password=bok-og-kaffi").await;
    assert_eq!(location(&answer), "/");
    let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    visitor.keep_cookie(&answer);
    assert!(visitor.read("/").await.contains("Hello, Emma!"));
    let touched = Visitor { cookie: format!("{}A", visitor.cookie), ..demo.visitor() };
    assert!(touched.read("/").await.contains("id=\"sign-in\""));

    let out = visitor.post("/session/end", "").await;
    visitor.keep_cookie(&out);
    assert!(visitor.read(&location(&out)).await.contains("You are signed out"));

    let wrong = |email: &str| format!("email={email}&password=wrong");
    let answer = visitor.post("/session", &wrong("nobody%40example.com")).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let page = answer.text().await.expect("a page");
    assert!(page.contains("do not go together") && page.contains("value=\"nobody@example.com\""));
    let mut last = StatusCode::OK;
    for _ in 0..12 {
        last = visitor.post("/session", &wrong("jon%40example.com")).await.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let unknown = visitor.post("/session/as/mem_01m8023v1de008021nr266hz1q", "").await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn pages_and_assets_have_their_headers() {
    let demo = Demo::start();
    let visitor = demo.visitor();
    for (path, status) in
        [("/", 200), ("/points", 401), ("/demo/mailbox", 200), ("/demo/mailbox/a.eml", 404)]
    {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let header = |name: header::HeaderName| answer.headers()[name].to_str().expect("a text");
        assert!(header(header::CONTENT_SECURITY_POLICY).contains("frame-ancestors 'self'"));
        assert_eq!(header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(header(header::REFERRER_POLICY), "same-origin");
        assert_eq!(header(header::CACHE_CONTROL), "no-store");
        assert!(header(header::CONTENT_TYPE).starts_with("text/html"));
    }
    let style = visitor.get("/assets/shop.css").await;
    let etag = style.headers()[header::ETAG].clone();
    assert!(style.headers()[header::CACHE_CONTROL].to_str().expect("a text").contains("immutable"));
    let again = visitor.http.get(format!("{}/assets/shop.css", demo.url));
    let again = again.header(header::IF_NONE_MATCH, etag).send().await.expect("an answer");
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(visitor.get("/assets/../Cargo.toml").await.status(), StatusCode::NOT_FOUND);
}
