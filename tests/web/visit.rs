//! A visit of the shop in a browser: signs in, redeems, finds the letter.

use std::{path::PathBuf, time::Duration};

use crate::{
    demo::Demo,
    support::browser::{Browser, Page},
};

/// A picture of the page, in the light and in the dark, on a desk and on a phone; where
/// `VILDAR_PICTURES` names a folder.
fn picture(page: &mut Page, name: &str) {
    let Some(folder) = std::env::var_os("VILDAR_PICTURES").map(PathBuf::from) else { return };
    for (width, height) in [(1280, 800), (390, 844)] {
        for (dark, light) in [(false, "light"), (true, "dark")] {
            page.size(width, height);
            page.dark(dark);
            // colours fade into each other
            std::thread::sleep(Duration::from_millis(400));
            page.screenshot(folder.join(format!("{name}-{width}-{light}.png")));
        }
    }
    page.size(1280, 800);
    page.dark(false);
}

#[test]
fn a_customer_redeems_and_reads_the_letter() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut page = browser.page();
    page.goto(&demo.url);
    picture(&mut page, "shop");
    page.click(&format!("form[action='/session/as/{}'] button", demo.members[0]));
    assert_eq!(page.text("#greeting"), "Góðan dag, Þórdís!");
    picture(&mut page, "shop-member");
    let before = points(&mut page);
    page.click("form[action='/redeem'] button");
    assert_eq!(page.text(".thanks h1"), "Njóttu vel!");
    assert!(points(&mut page) < before);
    // the waiting line becomes the link by itself
    page.wait_for("a.letter[href*='.eml']");
    picture(&mut page, "voucher");
    let code = page.text(".code code");

    page.click("a.letter");
    picture(&mut page, "letter");
    page.wait_until(
        "see the letter",
        "document.querySelector('iframe').contentDocument?.body?.innerText",
    );
    let inside = page.eval("document.querySelector('iframe').contentDocument.body.innerText");
    assert!(inside.as_str().is_some_and(|text| text.contains(&code)), "{inside}");
    let shown = page.eval(
        "[...document.querySelector('iframe').contentDocument.images].every(i => i.naturalWidth > 0)",
    );
    assert_eq!(shown, true, "the QR code is shown");
    let link = page.eval(
        "[...document.querySelector('iframe').contentDocument.links].map(a => a.href)\
         .find(href => href.includes('?redemption='))",
    );
    page.goto(link.as_str().expect("a link to the page"));
    assert_eq!(page.text(".code code"), code);

    page.goto(&format!("{}/demo/mailbox", demo.url));
    picture(&mut page, "mailbox");
    page.goto(&format!("{}/points", demo.url));
    picture(&mut page, "points");
    assert_eq!(page.console_errors(), Vec::<String>::new());

    page.goto(&format!("{}/confirm?token=vo_none", demo.url));
    picture(&mut page, "confirm");
    page.goto(&format!("{}/redemptions/red_none", demo.url));
    picture(&mut page, "missing");
}

#[test]
fn the_shop_works_without_scripts() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut page = browser.page();
    page.scripts(false);
    page.goto(&demo.url);
    page.fill("#email", "emma@example.com");
    page.fill("#password", "bok-og-kaffi");
    page.click("form[action='/session'] button");
    assert_eq!(page.text("#greeting"), "Hello, Emma!");
    page.click("form[action='/redeem'] button");
    assert_eq!(page.text(".thanks h1"), "Enjoy it!");
    page.click(".me button");
    assert!(page.text(".notice").contains("signed out"));
}

fn points(page: &mut Page) -> i64 {
    let shown: String = page.text(".me span").chars().filter(char::is_ascii_digit).collect();
    shown.parse().expect("points beside the name")
}
