//! The catalogue in the console and in the shop: uploads, and a voucher on paper.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{StatusCode, header};

use crate::{
    console::{desk, field, link},
    demo::{Demo, Visitor},
    support::browser::Browser,
};

/// A form with a file, as browsers send it; the status, where it leads, and the page.
async fn send(
    desk: &Visitor,
    path: &str,
    fields: &[(&str, &str)],
    file: &[u8],
) -> (StatusCode, String, String) {
    let part = |name: &str, more: &str, body: &[u8]| {
        let head = format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"{more}\r\n\r\n");
        [head.as_bytes(), body, b"\r\n"].concat()
    };
    let mut body = Vec::new();
    for (name, text) in fields {
        body.extend(part(name, "", text.as_bytes()));
    }
    body.extend(part("file", "; filename=\"a\"", file));
    body.extend(b"--x--\r\n");
    let ask = desk.http.post(format!("{}{path}", desk.url)).body(body);
    let ask = ask.header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let ask = ask.header(header::COOKIE, &desk.cookie).header(header::ORIGIN, &desk.url);
    let answer = ask.header(header::ACCEPT_LANGUAGE, "en").send().await.expect("an answer");
    let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
    let to = to.unwrap_or_default().to_owned();
    (answer.status(), to, answer.text().await.expect("a page"))
}

async fn send_file(desk: &Visitor, path: &str, version: &str, file: &[u8]) -> (StatusCode, String) {
    let (status, _, page) = send(desk, path, &[("version", version)], file).await;
    (status, page)
}

#[actix_web::test]
async fn a_perk_for_many_is_looked_through_and_then_given() {
    let demo = Demo::start();
    let staff = desk(&demo, "staff").await;
    let path = "/console/perks/many";
    let attempt = field(&staff.read(path).await, path, "attempt");
    let fields = [
        ("kind", "points"),
        ("points", "40"),
        ("title", "Takk fyrir komuna"),
        ("reason", "the reading"),
        ("members", ""),
        ("attempt", attempt.as_str()),
    ];
    let file = b"email;name\nemma@example.com;Emma\nnobody@example.com;N\nemma@example.com;E\n\
                 oliver@example.com;O\n";
    let (status, _, page) = send(&staff, path, &fields, file).await;
    assert_eq!(status, StatusCode::OK);
    for part in ["This would happen", "Line 3", "is no member", "Line 4", "Give it to 2 members"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains("nobody@example.com;N"), "the file stands in the form");
    assert!(!staff.read(path).await.contains("Your lists"), "nothing happened");
    // as a browser sends what stands in a form
    let listed = String::from_utf8_lossy(file).replace('\n', "\r\n");
    let mut again = fields.to_vec();
    again[4] = ("members", listed.as_str());
    again.push(("now", "1"));
    let (status, to, _) = send(&staff, path, &again, b"").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, twice, _) = send(&staff, path, &again, b"").await;
    assert_eq!(twice, to, "pressing twice gives once");
    let mut shown = staff.read(&to).await;
    for _ in 0..100 {
        if shown.contains(">Done<") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        shown = staff.read(&to).await;
    }
    assert!(shown.contains("<dt>Got it</dt><dd>2</dd>"), "{shown}");
    assert!(shown.contains("<dt>Not given</dt><dd>2</dd>"), "{shown}");
    assert!(staff.read(path).await.contains("4 of 4"), "it is among one's own");
    let (status, _, page) = send(&staff, path, &fields, b"").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("<strong>Members</strong>: has nobody in it"), "{page}");
    let mut large = fields.to_vec();
    large[1] = ("points", "501");
    large[4] = ("members", "emma@example.com");
    let (_, _, page) = send(&staff, path, &large, b"").await;
    assert!(page.contains("Give it to 1 member<"), "{page}");
    // somebody went back to the form of a list that was given, and wrote another
    assert_ne!(field(&page, path, "attempt"), attempt, "and it would be given");
}

#[actix_web::test]
async fn an_admin_uploads_a_picture_and_codes() {
    let demo = Demo::start();
    let (admin, staff) = (desk(&demo, "admin").await, desk(&demo, "staff").await);
    let list = admin.read("/console/rewards").await;
    let row = list.split("<tr>").find(|row| row.contains("Cake of the day")).expect("a row");
    let path = link(row, "/console/rewards/rwd_");
    let dot = STANDARD.decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
    );
    let dot = dot.expect("a PNG");
    let to = format!("{path}/picture");
    assert_eq!(send_file(&staff, &to, "1", &dot).await.0, StatusCode::FORBIDDEN);
    let (status, page) = send_file(&admin, &to, "1", b"<svg/>").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("must be a picture"), "{page}");
    assert_eq!(send_file(&admin, &to, "1", &dot).await.0, StatusCode::SEE_OTHER);
    assert_eq!(send_file(&admin, &to, "1", &dot).await.0, StatusCode::PRECONDITION_FAILED);
    let shop = demo.visitor().read("/").await.replace("&#x2f;", "/");
    let picture = shop.split("src=\"/pictures/").nth(1).and_then(|rest| rest.split('"').next());
    let answer = demo.visitor().get(&format!("/pictures/{}", picture.expect("in the shop"))).await;
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/jpeg");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let bytes = answer.bytes().await.expect("a picture");
    assert!(bytes.starts_with(&[0xff, 0xd8]), "drawn anew");
    let none = demo.visitor().get("/pictures/0123456789abcdef0123456789abcdef.jpg").await;
    assert_eq!(none.status(), StatusCode::NOT_FOUND);

    let to = format!("{path}/codes");
    let (status, page) = send_file(&admin, &to, "", b"code\nCAKE-0001\n\nCAKE-0001\n").await;
    assert_eq!(status, StatusCode::OK);
    for part in
        ["1 taken, 2 not", "Line 3: is blank", "Line 4: reads like", "1 uploaded, 0 handed out"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains("<strong>Codes uploaded</strong>: 1"), "its history: {page}");
    let (status, page) = send_file(&admin, &to, "", b"").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
}

#[test]
fn a_voucher_prints_as_a_card() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut page = browser.page();
    page.goto(&demo.url);
    page.click("form[action^='/session/as/'] button");
    page.goto(&format!("{}/", demo.url));
    page.click(".reward form[action='/redeem'] button");
    page.wait_for(".ticket .qr svg");
    let pdf = String::from_utf8_lossy(&page.pdf()).into_owned();
    assert_eq!(pdf.matches("/Type /Page\n").count(), 1, "one card");
    // 105 by 148 mm in points
    let sizes = pdf.split("/MediaBox [").skip(1).filter_map(|rest| rest.split(']').next());
    for size in sizes {
        let numbers: Vec<f64> = size.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        assert!((numbers[2] - 297.6).abs() < 1.0 && (numbers[3] - 419.5).abs() < 1.0, "{size}");
    }
}
