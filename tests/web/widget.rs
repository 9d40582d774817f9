//! `<vildar-points>`, as a shop embeds it: in the demo, and on a page of another site.

use std::{
    io::{BufRead, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::atomic::{AtomicUsize, Ordering},
};

use flate2::{Compression, write::GzEncoder};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use vildar::web::widget::SCRIPT;

use crate::{
    axe,
    demo::Demo,
    support::browser::{Browser, Page},
};

/// What one sees of the widget.
const INSIDE: &str = "document.querySelector('vildar-points').shadowRoot";

/// The text of the first match within the widget, once it is there and says something.
fn text(page: &mut Page, css: &str) -> String {
    let js = format!("{INSIDE}?.querySelector('{css}')?.innerText");
    page.wait_until(&format!("read {css} of the widget"), &js)
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Waits until its first match says this.
fn says(page: &mut Page, css: &str, part: &str) {
    let js = format!("{INSIDE}?.querySelector('{css}')?.innerText.includes('{part}')");
    page.wait_until(&format!("read {part:?}"), &js);
}

fn click(page: &mut Page, css: &str) {
    page.wait_until(&format!("see {css}"), &format!("!!{INSIDE}?.querySelector('{css}')"));
    page.eval(&format!("{INSIDE}.querySelector('{css}').click()"));
}

async fn api(demo: &Demo, bearer: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
    let ask = reqwest::Client::new().request(method, format!("{}{path}", demo.url));
    let ask = if bearer.is_empty() { ask } else { ask.bearer_auth(bearer) };
    let ask = ask.header("if-match", "*");
    let ask = if body.is_null() { ask } else { ask.body(body.to_string()) };
    let answer = ask.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

/// By the storefront's key.
async fn shop(demo: &Demo, method: Method, path: &str, body: Value) -> Value {
    let (status, said) = api(demo, &demo.storefront_key, method, path, body).await;
    assert!(status < 300, "{path}: {said}");
    said
}

async fn available(demo: &Demo, member: &str) -> i64 {
    let path = format!("/v1/members/{member}/balance");
    let balance = shop(demo, Method::GET, &path, Value::Null).await;
    balance["available"].as_i64().expect("points")
}

async fn redemptions(demo: &Demo, member: &str) -> Vec<Value> {
    let path = format!("/v1/redemptions?member_id={member}");
    let listed = shop(demo, Method::GET, &path, Value::Null).await;
    listed["data"].as_array().expect("a list").clone()
}

fn digits(text: &str) -> i64 {
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().expect("a number")
}

/// The widget in one language: its title, its question, what it wishes, and what it says where the
/// points are gone.
const LANGUAGES: [(usize, [&str; 5]); 2] = [
    (
        0,
        [
            "Punktarnir þínir",
            "Innleysa „",
            "vantar",
            "Njóttu vel!",
            "ekki lengur nógu marga punkta",
        ],
    ),
    (1, ["Your points", "Redeem ", "to go", "Enjoy it!", "do not have enough points"]),
];

#[actix_web::test]
async fn a_customer_redeems_by_the_keyboard() {
    let Some(mut browser) = Browser::launch() else { return };
    let axe = axe::script();
    let demo = Demo::start();
    let look = |page: &mut Page, what: &str| {
        for dark in [false, true] {
            page.dark(dark);
            std::thread::sleep(std::time::Duration::from_millis(300)); // colours fade
            let found = axe.as_ref().map(|axe| axe::violations(page, axe)).unwrap_or_default();
            assert_eq!(found, "", "{what}, dark: {dark}");
        }
        page.dark(false);
    };
    for (number, [title, question, missing, thanks, _]) in LANGUAGES {
        let member = &demo.members[number];
        let before = (available(&demo, member).await, redemptions(&demo, member).await.len());
        let mut page = browser.page();
        page.goto(&demo.url);
        page.click(&format!("form[action='/session/as/{member}'] button"));
        assert_eq!(digits(&text(&mut page, ".big")), before.0);
        assert_eq!(text(&mut page, "h2"), title);
        assert!(text(&mut page, ".next .soft").contains(missing));
        assert!(!text(&mut page, ".next strong").is_empty());
        look(&mut page, title);

        // not now: nothing happens
        page.eval(&format!("{INSIDE}.querySelector('li button').focus()"));
        page.press("Enter");
        assert!(text(&mut page, "dialog h2").starts_with(question));
        look(&mut page, question);
        page.press("Escape");
        let focus = format!("{INSIDE}.activeElement?.matches('li button')");
        page.wait_until("be back where it was", &focus);
        assert_eq!(available(&demo, member).await, before.0);

        page.press("Enter");
        page.wait_until("be asked", &format!("{INSIDE}.querySelector('dialog').open"));
        page.eval("addEventListener('vildar-redeemed', told => { window.told = told.detail })");
        // pressed twice, it is one
        page.eval(&format!(
            "(yes => {{ yes.click(); yes.click() }})({INSIDE}.querySelector('dialog button'))"
        ));
        let code = text(&mut page, "code");
        assert_eq!(text(&mut page, "h3"), thanks);
        page.wait_until("see the QR code", &format!("{INSIDE}.querySelector('img').naturalWidth"));
        assert_eq!(page.eval("window.told.voucher.code"), code.as_str());
        look(&mut page, thanks);
        let had = redemptions(&demo, member).await;
        assert_eq!((had.len(), &had[0]["voucher"]["code"]), (before.1 + 1, &json!(code)));
        let now = available(&demo, member).await;
        assert!(now < before.0);
        // the shop around it has heard of it
        let heard = format!(
            "document.querySelector('#my-points').innerText.replace(/\\D/g, '') === '{now}' \
             && document.querySelectorAll('.mine li').length === {}",
            had.len()
        );
        page.wait_until("see it in the shop", &heard);
        click(&mut page, ".row button");
        assert_eq!(digits(&text(&mut page, ".big")), now);
        assert_eq!(page.console_errors(), Vec::<String>::new());
    }
}

#[actix_web::test]
async fn what_is_refused_is_told_kindly() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    for (number, [.., refused]) in LANGUAGES {
        let member = &demo.members[number];
        let mut page = browser.page();
        page.goto(&demo.url);
        page.click(&format!("form[action='/session/as/{member}'] button"));
        click(&mut page, "li button");
        // meanwhile, at the till
        let points = available(&demo, member).await;
        let hold = json!({"points": points, "order_ref": "cart", "ttl_seconds": 600});
        shop(&demo, Method::POST, &format!("/v1/members/{member}/holds"), hold).await;
        let before = redemptions(&demo, member).await.len();
        click(&mut page, "dialog button");
        says(&mut page, "[role=status]", refused);
        assert_eq!(page.eval(&format!("{INSIDE}.querySelector('dialog').open")), false);
        assert_eq!(text(&mut page, ".big"), "0");
        assert_eq!(redemptions(&demo, member).await.len(), before);
    }
}

/// A shop of another site; ends with the test process. Its first token has ended already.
fn other_site(demo: &Demo, token: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Shop</title><main><h1>Shop</h1>\
         <script src='{server}/widget/points.js' defer></script>\
         <vildar-points server='{server}' token-url=/token></vildar-points></main>",
        server = demo.url
    );
    let token = token.to_owned();
    std::thread::spawn(move || {
        let asked = AtomicUsize::new(0);
        for stream in listener.incoming().flatten() {
            drop(answer(&stream, |path| match path {
                "/" => ("text/html", page.clone()),
                "/asked" => ("application/json", asked.load(Ordering::Relaxed).to_string()),
                "/token" => {
                    let ended = asked.fetch_add(1, Ordering::Relaxed) == 0;
                    let token = if ended { "ended" } else { &token };
                    ("application/json", json!({"access_token": token}).to_string())
                }
                // a browser asks for an icon, too
                _ => ("text/plain", String::new()),
            }));
        }
    });
    url
}

fn answer(
    mut stream: &TcpStream,
    with: impl Fn(&str) -> (&'static str, String),
) -> std::io::Result<()> {
    let lines = BufReader::new(stream).lines();
    let head: Vec<String> =
        lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or("/");
    let (kind, body) = with(path);
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

#[actix_web::test]
async fn a_page_of_another_site_shows_it_and_renews_its_token() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let emma = &demo.members[1];
    let path = format!("/v1/members/{emma}/sessions");
    let session = shop(&demo, Method::POST, &path, Value::Null).await;
    let site = other_site(&demo, session["access_token"].as_str().expect("a token"));
    let mut page = browser.page();
    // until the settings name a site, a browser lets none of its pages read
    let unnamed = other_site(&demo, "never read");
    page.goto(&unnamed);
    says(&mut page, "[role=status]", "cannot be reached");
    let admin = json!({"realm": "staff", "email": "admin@example.com", "password": "bok-og-kaffi"});
    let (_, admin) = api(&demo, "", Method::POST, "/v1/sessions", admin).await;
    let admin = admin["access_token"].as_str().expect("a token");
    let setting = json!({"cors_origins": [site]});
    let (status, said) = api(&demo, admin, Method::PATCH, "/v1/settings", setting).await;
    assert_eq!(status, 200, "{said}");
    page.goto(&unnamed);
    says(&mut page, "[role=status]", "cannot be reached");

    page.goto(&site);
    assert_eq!(digits(&text(&mut page, ".big")), available(&demo, emma).await);
    // the first had ended: once for all calls that found it so, another was fetched
    assert_eq!(page.eval("fetch('/asked').then(asked => asked.json())"), 2);
    click(&mut page, "li button");
    click(&mut page, "dialog button");
    let code = text(&mut page, "code");
    assert_eq!(redemptions(&demo, emma).await[0]["voucher"]["code"], json!(code));
    // in its own language, whatever the page's
    page.eval("document.querySelector('vildar-points').lang = 'is'");
    says(&mut page, "h2", "Punktarnir þínir");
}

#[actix_web::test]
async fn it_is_small_and_for_every_site() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(SCRIPT.as_bytes()).expect("packed");
    let bytes = packed.finish().expect("packed").len();
    assert!(bytes <= 10 * 1024, "{bytes} bytes");
    for word in ["cookie =", "localStorage", "sessionStorage", "innerHTML", "https://"] {
        assert!(!SCRIPT.contains(word), "{word}");
    }
    let demo = Demo::start();
    let url = format!("{}/widget/points.js", demo.url);
    let script = reqwest::get(&url).await.expect("the script");
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("access-control-allow-origin", "*"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "public, max-age=3600"),
    ] {
        assert_eq!(script.headers()[name], value, "{name}");
    }
    assert!(!script.headers().contains_key(header::SET_COOKIE));
    let etag = script.headers()[header::ETAG].clone();
    assert_eq!(script.text().await.expect("a text"), SCRIPT);
    let again = reqwest::Client::new().get(&url).header(header::IF_NONE_MATCH, etag);
    assert_eq!(again.send().await.expect("an answer").status(), StatusCode::NOT_MODIFIED);
}

#[actix_web::test]
async fn the_shop_gives_a_token_to_its_own_pages_alone() {
    let demo = Demo::start();
    let emma = demo.signed_in(1).await;
    let answer = emma.get("/widget-token").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    let token: Value = answer.json().await.expect("JSON");
    let token = token["access_token"].as_str().expect("a token");
    let (_, me) = api(&demo, token, Method::GET, "/v1/members/me", Value::Null).await;
    assert_eq!(me["id"], demo.members[1].as_str());
    let stranger = demo.visitor().get("/widget-token").await;
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
    let elsewhere = emma.http.get(format!("{}/widget-token", demo.url));
    let elsewhere = elsewhere.header(header::COOKIE, &emma.cookie);
    let elsewhere = elsewhere.header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(elsewhere.expect("an answer").status(), StatusCode::FORBIDDEN);
    // who signs out takes the token along
    emma.post("/session/end", "").await;
    let (status, _) = api(&demo, token, Method::GET, "/v1/members/me", Value::Null).await;
    assert_eq!(status, 401);
}

#[test]
fn without_scripts_nothing_of_it_is_seen() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut page = browser.page();
    page.scripts(false);
    page.goto(&demo.url);
    page.click(&format!("form[action='/session/as/{}'] button", demo.members[1]));
    assert_eq!(page.text("#greeting"), "Hello, Emma!");
    assert_eq!(page.eval("document.querySelector('vildar-points').getClientRects().length"), 0);
}
