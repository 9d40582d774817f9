//! Friends in a browser: what a member shares, who comes by it, and what staff decide.

use crate::{
    demo::Demo,
    support::browser::{Browser, Page},
};

/// Þórdís, signed in at the demo's shop.
fn thordis(browser: &mut Browser, demo: &Demo, scripts: bool) -> Page {
    let mut page = browser.page();
    page.scripts(scripts);
    page.goto(&demo.url);
    page.click(&format!("form[action='/session/as/{}'] button", demo.members[0]));
    page
}

#[test]
fn a_member_sees_her_friends_and_chooses_a_code() {
    let Some(mut browser) = Browser::launch() else { return };
    for scripts in [true, false] {
        let demo = Demo::start();
        let mut page = thordis(&mut browser, &demo, scripts);
        page.click("a[href='/friends']");
        let list = page.text(".friend-list");
        // a referral in every state, by first names
        for (name, state) in [
            ("Birta", "á skrá"),
            ("Tómas", "búið að versla"),
            ("Hildur", "takk fyrir!"),
            ("Freyja", "í skoðun"),
            ("Gísli", "ekki talið"),
            ("Páll", "rann út"),
            ("Una", "skilað"),
        ] {
            assert!(list.contains(name) && list.contains(state), "{name}, {state}: {list}");
        }
        assert!(!list.contains("example.com"), "{list}");
        assert!(page.text("main").contains("/r/THORDIS"));
        page.fill("#vanity", "fuckyou");
        page.click("form[action='/friends/code'] button");
        assert!(page.text("[role=alert]").contains("can't be had"), "{}", page.text("main"));
        page.fill(".appeal input", "Þetta er frændi minn");
        page.click(".appeal button");
        assert!(!page.text(".friend-list").contains("ekki talið"));
        // but for what was refused
        let errors = page.console_errors();
        assert!(errors.iter().all(|error| error.contains("422")), "{errors:?}");
    }
}

#[test]
fn a_friend_joins_by_the_link() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut page = browser.page();
    page.goto(&format!("{}/r/THORDIS", demo.url));
    assert!(page.text(".enter").contains("200"), "{}", page.text(".enter"));
    page.fill("#join-name", "Vala");
    page.fill("#join-email", "vala@example.com");
    page.click("form[action='/join'] button");
    assert!(page.text(".notice").contains("written to you"), "{}", page.text(".notice"));
}

#[test]
fn staff_decide_on_a_case_at_once() {
    let Some(mut browser) = Browser::launch() else { return };
    for scripts in [true, false] {
        let demo = Demo::start();
        let mut page = browser.page();
        page.scripts(scripts);
        page.goto(&format!("{}/console", demo.url));
        page.fill("input[name=email]", "staff@example.com");
        page.fill("input[name=password]", "bok-og-kaffi");
        page.click("form[action='/console/sign-in'] button");
        page.click(".rooms a[href='/console/referrals']");
        page.click("a[href^='/console/referrals/cases/']");
        let case = page.text("main");
        for text in ["freyja.orra@example.com", "freyjaorra@example.com", "Þórdís", "looks like"]
        {
            assert!(case.contains(text), "{text}: {case}");
        }
        page.click("details:has(form[action$='/reject']) > summary");
        page.fill("form[action$='/reject'] input", "one person, we think");
        page.click("form[action$='/reject'] button");
        assert!(page.text(".notice").contains("Rejected"), "{}", page.text(".notice"));
        assert!(page.text("main").contains("Nothing waits"), "{}", page.text("main"));
        page.click("a[href='/console/referrals/stats']");
        let figures = page.text("main");
        assert!(figures.contains("Visits") && figures.contains("14"), "{figures}");
        // a number leads to the rows that it counts
        page.click("dl a[href*='when=rewarded']");
        assert!(page.text("tbody").contains("Hildur"), "{}", page.text("main"));
        assert_eq!(page.console_errors(), Vec::<String>::new());
    }
}
