//! What axe-core finds on every page: nothing. It lies where `VILDAR_AXE` says (`axe.min.js` of the
//! npm package `axe-core`).

use crate::{
    demo::Demo,
    support::{
        browser::{Browser, Page},
        programs,
    },
};

/// The script, where it is there; a loud word where not.
pub fn script() -> Option<String> {
    let axe = std::env::var_os("VILDAR_AXE").map(std::fs::read_to_string);
    if axe.is_none() {
        programs::skipped("VILDAR_AXE names no axe.min.js: the pages were not looked at by axe");
    }
    Some(axe?.expect("axe.min.js"))
}

/// What it finds on the page as it is.
pub fn violations(page: &mut Page, axe: &str) -> String {
    page.eval(&format!("{axe}; 0"));
    let told = page.eval(
        "axe.run().then(all => all.violations.map(one => \
         `${one.id}: ${one.nodes.map(node => node.target.join(' ')).join(', ')}`).join('; '))",
    );
    told.as_str().expect("a text").to_owned()
}

#[test]
fn every_page_is_for_everybody() {
    let Some(axe) = script() else { return };
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut found = Vec::new();
    let mut look = |page: &mut Page, path: &str| {
        for (width, dark) in [(1280, false), (390, true)] {
            page.size(width, 800);
            page.dark(dark);
            page.goto(&format!("{}{path}", demo.url));
            let told = violations(page, &axe);
            if !told.is_empty() {
                found.push(format!("{path} at {width}, dark {dark}: {told}"));
            }
        }
    };
    let mut shop = browser.page();
    for path in [
        "/",
        "/docs/problems",
        "/confirm?token=x",
        "/email?token=x",
        "/demo/mailbox",
        "/demo/letters",
        "/console/sign-in",
    ] {
        look(&mut shop, path);
    }
    shop.goto(&demo.url);
    shop.click(&format!("form[action='/session/as/{}'] button", demo.members[0]));
    for path in ["/", "/points", "/preferences", "/friends"] {
        look(&mut shop, path);
    }
    shop.goto(&demo.url);
    shop.click("form[action='/redeem'] button");
    let path = shop.eval("location.pathname");
    look(&mut shop, path.as_str().expect("a path"));

    let mut desk = browser.page();
    desk.goto(&format!("{}/console", demo.url));
    desk.click("form[action^='/console/sign-in/as/'] button");
    desk.goto(&format!("{}/console/rewards", demo.url));
    let reward = desk.eval("document.querySelector('a[href*=\"/rewards/rwd_\"]').pathname");
    let member = format!("/console/members/{}", demo.members[0]);
    desk.goto(&format!("{}/console/referrals", demo.url));
    let case = desk.eval("document.querySelector('a[href*=\"/referrals/cases/\"]').pathname");
    desk.goto(&format!("{}/console/occasions", demo.url));
    let letter = "(({pathname, search}) => pathname + search)\
        (document.querySelector('a[href*=\"letter=occ_\"]'))";
    let letter = desk.eval(letter);
    let letter = letter.as_str().expect("a path").to_owned();
    for path in [
        "/console",
        "/console/members",
        "/console/members?q=zzz",
        &member,
        "/console/till",
        "/console/till?code=0000",
        "/console/perks",
        "/console/perks?state=granted",
        "/console/perks/many",
        "/console/referrals",
        "/console/referrals?state=rewarded",
        "/console/referrals/stats",
        case.as_str().expect("a path"),
        "/console/rewards",
        "/console/rewards/new",
        reward.as_str().expect("a path"),
        "/console/occasions",
        &letter,
        "/console/letters",
        "/console/letters?state=failed",
        "/console/settings",
        "/console/users",
        "/console/keys",
        "/console/members/nobody",
    ] {
        look(&mut desk, path);
    }
    assert!(found.is_empty(), "{found:#?}");
}
