//! The pages behind letters' links, as every server has them.

use reqwest::{StatusCode, header};
use serde_json::json;

use crate::support::{app::TestApp, both::Which, mail::Mail};

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
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
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

#[actix_web::test]
async fn the_shop_is_the_demos_alone() {
    let Some(app) = TestApp::on(Which::Sqlite).await else { return };
    for path in ["/", "/points", "/demo/mailbox", "/redemptions/red_01m8023v1de008021nr266hz1q"] {
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
    let (status, page) = get(&app, "/docs").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("swagger-ui") && !page.contains("https://"), "{page}");
    app.finish().await;
}
