//! The pages behind letters' links, as every server has them.

use reqwest::{StatusCode, header};
use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    both::{Which, both},
    mail::Mail,
};

/// The path and query of the first link in a letter that contains `part`.
fn link(mail: &Mail, app: &TestApp, part: &str) -> String {
    let mut words = mail
        .text
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .map(|word| word.trim_matches(['<', '>', '(', ')']));
    let link = words.find(|word| word.contains(part)).expect("the link is in the letter");
    link.strip_prefix(&app.url).expect("a link of ours").to_owned()
}

async fn post(app: &TestApp, path: &str, form: &str) -> (StatusCode, String) {
    let ask = reqwest::Client::new().post(format!("{}{path}", app.url)).body(form.to_owned());
    let answer = ask
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .send()
        .await
        .expect("an answer");
    (answer.status(), answer.text().await.expect("a page"))
}

async fn get(app: &TestApp, path: &str) -> (StatusCode, String) {
    let answer = reqwest::get(format!("{}{path}", app.url)).await.expect("an answer");
    (answer.status(), answer.text().await.expect("a page"))
}

#[actix_web::test]
async fn a_person_signs_up_by_the_page_behind_the_letter() {
    let Some(app) = TestApp::on(Which::Sqlite).await else { return };
    let ask =
        json!({"email": "anna@example.com", "given_name": "Anna", "password": "correct horse"});
    app.anyone().post("/v1/members", ask).await.expect(202);
    let mails = app.deliver_mail().await;
    let path = link(&mails[0], &app, "/confirm?token=");
    let token = path.split_once("token=").expect("a token").1.to_owned();
    let (status, page) = get(&app, &path).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains(&token) && page.contains("new-password"));
    assert!(!page.contains("/demo/mailbox") && !page.contains("href=\"/points\""));

    let form = |password: &str| format!("token={token}&password={password}");
    assert_eq!(post(&app, "/confirm", &form("short")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, page) = post(&app, "/confirm", &form("correct+horse")).await;
    assert_eq!((status, page.contains("Welcome!")), (StatusCode::OK, true));
    let sign_in = json!({"email": "anna@example.com", "password": "correct horse"});
    app.anyone().post("/v1/sessions", sign_in).await.expect(201);
    let (status, page) = post(&app, "/confirm", &form("another+horse")).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(page.contains("This link no longer works"));
    let welcome = app.deliver_mail().await;
    assert_eq!(welcome.len(), 1, "the letter of welcome");

    let reset = json!({"email": "anna@example.com"});
    app.anyone().post("/v1/password-resets", reset).await.expect(202);
    let path = link(&app.deliver_mail().await[0], &app, "/password?token=");
    assert!(get(&app, &path).await.1.contains("A new password"));
    let token = path.split_once("token=").expect("a token").1;
    let form = format!("token={token}&password=battery+staple");
    assert!(post(&app, "/password", &form).await.1.contains("Saved"));

    let path = link(&welcome[0], &app, "/unsubscribe/");
    let (status, page) = get(&app, &path).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Thank-you notes") && page.contains("One-Click"));
    let evil = reqwest::Client::new().post(format!("{}{path}", app.url));
    let one_click = evil.header(header::ORIGIN, "https://mail.example");
    let answer = one_click.body("List-Unsubscribe=One-Click").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK, "one click, whoever makes it, and no redirect");
    assert!(answer.text().await.expect("a page").contains("Switched off"));
    assert_eq!(get(&app, &format!("{path}x")).await.0, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_staff_user_chooses_a_password() {
    let Some(app) = TestApp::on(Which::Sqlite).await else { return };
    let user = json!({"email": "gunnar@example.com", "name": "Gunnar", "role": "staff"});
    app.admin().await.post("/v1/users", user).await.expect(201);
    let path = link(&app.deliver_mail().await[0], &app, "/invitation?token=");
    assert!(get(&app, &path).await.1.contains("Your staff account"));
    let token = path.split_once("token=").expect("a token").1;
    let form = format!("token={token}&password=battery+staple");
    assert!(post(&app, "/invitation", &form).await.1.contains("You are all set"));
    let sign_in =
        json!({"email": "gunnar@example.com", "password": "battery staple", "realm": "staff"});
    app.anyone().post("/v1/sessions", sign_in).await.expect(201);
}

/// What answers a browser, or whoever sends this `Accept`.
async fn ask(
    app: &TestApp,
    method: &str,
    path: &str,
    accept: &str,
    language: &str,
) -> reqwest::Response {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.build().expect("a client");
    let ask = http.request(method.parse().expect("a method"), format!("{}{path}", app.url));
    let ask = ask.header(header::ACCEPT, accept).header(header::ACCEPT_LANGUAGE, language);
    ask.send().await.expect("an answer")
}

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

both!(a_dead_link_says_so_before_anybody_thinks_of_a_password);
async fn a_dead_link_says_so_before_anybody_thinks_of_a_password(app: &TestApp) {
    let user = json!({"email": "gunnar@example.com", "name": "Gunnar", "role": "staff"});
    app.admin().await.post("/v1/users", user).await.expect(201);
    let invited = link(&app.deliver_mail().await[0], app, "/invitation?token=");
    for _ in 0..2 {
        let (status, page) = get(app, &invited).await;
        assert!(status.is_success() && page.contains("new-password"), "looking uses nothing up");
    }
    app.travel(std::time::Duration::from_hours(8 * 24));
    for (path, offered) in [
        (invited.as_str(), "href=\"/console/sign-in\""),
        ("/invitation?token=vo_x", "whoever invited you"),
        ("/confirm?token=vo_x", "sign up once more"),
        ("/confirm", "sign up once more"),
        ("/email?token=vo_x", "change it once more in your account"),
        ("/password?token=vo_x", "action=\"/password/again\""),
    ] {
        let (status, page) = get(app, path).await;
        assert_eq!(status, StatusCode::GONE, "{path}");
        assert!(page.contains("This link no longer works") && page.contains(offered), "{page}");
        assert!(!page.contains("new-password") && !page.contains("type=\"password\""), "{page}");
    }
    // the page itself sends another
    let (_, page) = get(app, "/password?realm=staff&token=vo_x").await;
    assert!(page.contains("name=\"realm\" value=\"staff\""), "{page}");
    let again = |email: &str| format!("realm=staff&email={email}");
    let (status, page) = post(app, "/password/again", &again("gunnar")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"gunnar\" aria-invalid=\"true\" aria-describedby=\"fault\""));
    let (status, told) = post(app, "/password/again", &again("gunnar%40example.com")).await;
    assert!(status.is_success() && told.contains("Look into your mailbox"), "{told}");
    let mails = app.deliver_mail().await;
    let path = link(&mails[0], app, "/password?realm=staff");
    assert!(get(app, &path).await.1.contains("new-password"));
    let (status, same) = post(app, "/password/again", &again("nobody%40example.com")).await;
    assert!(status.is_success() && same == told, "nobody learns who has an account");
    assert!(app.deliver_mail().await.is_empty());
}

#[actix_web::test]
async fn whoever_looks_with_a_browser_gets_pages() {
    let Some(app) = TestApp::on(Which::Sqlite).await else { return };
    for (path, status) in
        [("/nowhere", 404), ("/nowhere/deeper", 404), ("/v1/members/me", 401), ("/v1/nothing", 404)]
    {
        let page = ask(&app, "GET", path, BROWSER, "is").await;
        assert_eq!(page.status().as_u16(), status, "{path}");
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-store");
        assert!(page.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        let page = page.text().await.expect("a page");
        assert!(page.contains("<html lang=\"is\">") && page.contains("<h1>"), "{page}");
        for accept in ["*/*", "application/json", "application/json, text/html;q=0.9"] {
            let told = ask(&app, "GET", path, accept, "is").await;
            assert_eq!(told.status().as_u16(), status, "{path}");
            assert_eq!(told.headers()[header::CONTENT_TYPE], "application/problem+json", "{path}");
        }
    }
    for (method, path, allow) in [
        ("DELETE", "/confirm", "GET, HEAD, POST"),
        ("POST", "/openapi.json", "GET, HEAD"),
        ("DELETE", "/v1/orders", "GET, HEAD, POST"),
    ] {
        let page = ask(&app, method, path, BROWSER, "en").await;
        assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(page.headers()[header::ALLOW], allow, "{path}");
        let page = page.text().await.expect("a page");
        assert!(page.contains("That does not work this way"), "{page}");
    }
    app.finish().await;
}

#[actix_web::test]
async fn the_front_leads_to_the_shop_or_says_what_it_is() {
    let Some(app) = TestApp::on(Which::Sqlite).await else { return };
    app.settings(json!({"storefront_url": null})).await;
    for (language, words) in [("en", "Sign in to the console"), ("is", "Skrá inn á stjórnborðið")]
    {
        let page = ask(&app, "GET", "/", BROWSER, language).await;
        assert_eq!(page.status(), StatusCode::OK);
        let page = page.text().await.expect("a page");
        assert!(page.contains(words) && page.contains(&format!("<html lang=\"{language}\">")));
        assert!(page.contains("href=\"/docs/\"") && page.contains("href=\"/console\""), "{page}");
    }
    app.settings(json!({"storefront_url": app.url.as_str()})).await;
    assert_eq!(get(&app, "/").await.0, StatusCode::OK, "and not in a circle");
    app.settings(json!({"storefront_url": "https://shop.example/books"})).await;
    let away = ask(&app, "GET", "/", BROWSER, "en").await;
    assert_eq!(away.status(), StatusCode::FOUND);
    assert_eq!(away.headers()[header::LOCATION], "https://shop.example/books");
    app.finish().await;
}

#[actix_web::test]
async fn the_shop_is_the_demos_alone() {
    let Some(app) = TestApp::on(Which::Sqlite).await else { return };
    for path in ["/points", "/demo/mailbox", "/redemptions/red_01m8023v1de008021nr266hz1q"] {
        assert_eq!(get(&app, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/session", "/session/end", "/redeem"] {
        assert_eq!(post(&app, path, "").await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[actix_web::test]
async fn developers_find_every_problem_and_the_operations() {
    let Some(app) = TestApp::on(Which::Sqlite).await else { return };
    let problem = app.anyone().get("/v1/settings").await.refused(401, "unauthenticated");
    let (path, code) = problem["type"].as_str().and_then(|to| to.split_once('#')).expect("a type");
    let (status, page) = get(&app, path).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains(&format!("id=\"{code}\"")), "{page}");
    assert_eq!(page.matches("What to do:").count(), page.matches("<h2").count(), "{page}");
    let document: Value = serde_json::from_str(vildar::routes::document()).expect("JSON");
    let (status, page) = get(&app, "/docs/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!page.contains("<script src=\"http"), "nothing from elsewhere");
    let mut shown = 0;
    for link in page.split("href=\"/docs/").skip(1).filter_map(|rest| rest.split('"').next()) {
        let Some((group, operation)) = link.split_once('#') else { continue };
        let (status, page) = get(&app, &format!("/docs/{group}")).await;
        assert_eq!(status, StatusCode::OK, "{link}");
        assert!(page.contains(&format!("id=\"{operation}\"")), "{link}");
        for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(page.contains(&format!("id=\"{target}\"")), "{group} leads to {target}");
        }
        shown += 1;
    }
    let methods = document["paths"].as_object().into_iter().flatten();
    let operations: usize = methods.filter_map(|(_, all)| Some(all.as_object()?.len())).sum();
    assert_eq!(shown, operations);
    let (status, page) = get(&app, "/docs/storefront").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("<h1") && page.contains("id=\"3-sign-a-customer-in\""), "{page}");
    assert_eq!(get(&app, "/docs/nothing").await.0, StatusCode::NOT_FOUND);
    app.finish().await;
}
