//! Staff at their desks in a browser, with scripts and without.

use crate::{
    demo::Demo,
    support::browser::{Browser, Page},
};

/// A page at which this one of the staff sits.
fn desk(browser: &mut Browser, demo: &Demo, email: &str, scripts: bool) -> Page {
    let mut page = browser.page();
    page.scripts(scripts);
    page.goto(&format!("{}/console", demo.url));
    page.fill("input[name=email]", email);
    page.fill("input[name=password]", "bok-og-kaffi");
    page.click("form[action='/console/sign-in'] button");
    assert_eq!(page.text("h1"), "Today");
    page
}

/// Finds a member by name from Today, as a clerk does.
fn find(page: &mut Page, name: &str) {
    page.click(".rooms a[href='/console']");
    page.fill("#q", name);
    page.click("form[action='/console/members'] button");
    page.click("tbody a[href^='/console/members/mem_']");
    assert!(page.text("#name").contains(name), "{}", page.text("#name"));
}

/// Opens what hides behind this form's button.
fn unfold(page: &mut Page, form: &str) {
    page.click(&format!("details:has(form[action$='{form}']) > summary"));
}

#[test]
fn a_voucher_is_handed_over_once() {
    let Some(mut browser) = Browser::launch() else { return };
    for scripts in [true, false] {
        let demo = Demo::start();
        let mut page = desk(&mut browser, &demo, "staff@example.com", scripts);
        find(&mut page, "Emma");
        unfold(&mut page, "/redeem");
        page.click("form[action$='/redeem'] button");
        let code = page.text(".verdict code");
        // another clerk scans it at the same moment
        let mut other = desk(&mut browser, &demo, "admin@example.com", scripts);
        other.click(".rooms a[href='/console/till']");
        other.fill("#code", &code.to_lowercase().replace('-', " "));
        other.click("form.find button");
        assert!(other.text(".voucher-found").contains("Emma"));

        page.fill("form[action='/console/till/use'] input[name=location]", "Laugavegur 1");
        page.click("form[action='/console/till/use'] button");
        assert!(page.text(".notice").contains("Hand it over!"), "{}", page.text(".notice"));
        other.click("form[action='/console/till/use'] button");
        let refused = other.text("[role=alert]");
        assert!(refused.contains("Do not hand anything over"), "{refused}");
        let found = other.text(".voucher-found");
        assert!(found.contains("It was used") && found.contains("Laugavegur 1"), "{found}");
        assert_eq!(page.console_errors(), Vec::<String>::new());
    }
}

#[test]
fn a_perk_above_the_limit_is_seen_by_two_and_read_in_icelandic() {
    let Some(mut browser) = Browser::launch() else { return };
    for scripts in [true, false] {
        let demo = Demo::start();
        let mut staff = desk(&mut browser, &demo, "staff@example.com", scripts);
        find(&mut staff, "Þórdís");
        unfold(&mut staff, "/perk");
        for (name, text) in
            [("points", "750"), ("title", "Takk fyrir hjálpina"), ("reason", "helped a lost guest")]
        {
            staff.fill(&format!("form[action$='/perk'] [name={name}]"), text);
        }
        staff.fill("form[action$='/perk'] [name=message]", "Þú ert <b>frábær</b>!");
        staff.click("form[action$='/perk'] button");
        assert!(staff.text(".notice").contains("somebody else decides"));
        staff.click(".rooms a[href='/console']");
        let row = "tr:has(form[action$='/approve'])";
        assert!(!staff.text("main").contains("Approve"), "not by whoever proposed it");

        let mut admin = desk(&mut browser, &demo, "admin@example.com", scripts);
        assert!(admin.text(row).contains("Takk fyrir hjálpina"), "{}", admin.text(row));
        admin.click(&format!("{row} form[action$='/approve'] button"));
        assert!(admin.text(".notice").contains("pproved"), "{}", admin.text(".notice"));
        find(&mut admin, "Þórdís");
        assert!(admin.text(".entries").contains("+750"), "{}", admin.text(".entries"));

        let mut member = browser.page();
        member.goto(&format!("{}/demo/mailbox", demo.url));
        let letter = "a[href*='/demo/mailbox/']";
        let arrived = "[...document.querySelectorAll('main a')].find(a => a.innerText.includes('Takk fyrir hjálpina'))";
        for _ in 0..100 {
            if member.eval(&format!("!!{arrived}")) == true {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
            member.goto(&format!("{}/demo/mailbox", demo.url));
        }
        let href = member.eval(&format!("{arrived}?.href"));
        member.goto(href.as_str().unwrap_or_else(|| panic!("a letter among {letter}")));
        member.wait_until(
            "see the letter",
            "document.querySelector('iframe').contentDocument?.body?.innerText",
        );
        let inside = member.eval("document.querySelector('iframe').contentDocument.body.innerText");
        let inside = inside.as_str().expect("a letter");
        for part in ["Þórdís", "750", "Þú ert <b>frábær</b>!", "Takk fyrir hjálpina"] {
            assert!(inside.contains(part), "{part}: {inside}");
        }
        assert!(!inside.contains("helped a lost guest"), "the reason is for the staff: {inside}");
    }
}
