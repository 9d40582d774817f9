//! The catalogue in the console and in the shop: uploads, and a voucher on paper.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{StatusCode, header};

use crate::{
    console::{desk, link},
    demo::{Demo, Visitor},
    support::browser::Browser,
};

/// A file in a form, as browsers send it.
async fn send_file(desk: &Visitor, path: &str, version: &str, file: &[u8]) -> (StatusCode, String) {
    let part = |head: &str, body: &[u8]| [head.as_bytes(), b"\r\n\r\n", body, b"\r\n"].concat();
    let body = [
        part("--x\r\ncontent-disposition: form-data; name=\"version\"", version.as_bytes()),
        part("--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"", file),
        b"--x--\r\n".to_vec(),
    ];
    let ask = desk.http.post(format!("{}{path}", desk.url)).body(body.concat());
    let ask = ask.header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let ask = ask.header(header::COOKIE, &desk.cookie).header(header::ORIGIN, &desk.url);
    let answer = ask.header(header::ACCEPT_LANGUAGE, "en").send().await.expect("an answer");
    (answer.status(), answer.text().await.expect("a page"))
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
