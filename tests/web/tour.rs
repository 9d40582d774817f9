//! Every page of the demo, one after the other, for tests that look at all of them.

use std::time::{Duration, Instant};

use crate::{
    demo::Demo,
    support::browser::{Browser, Page},
};

/// How long a letter may be on its way on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A name as long as names get, without a place to break it.
const LONG: &str = "Hrafnhildarsteinunnarvalgerðarkristbjargaraðalheiðarvilhelmínudóttir";

/// Opens every page in turn; `look` is told where it is, and may open it again.
pub fn every_page(browser: &mut Browser, demo: &Demo, look: &mut impl FnMut(&mut Page, &str)) {
    let mut shop = browser.page();
    shop.goto(&demo.url);
    shop.fill("#join-name", LONG);
    shop.fill("#join-email", "hrafnhildur@example.com");
    shop.click("form[action='/join'] button");
    let confirm = mailed(&mut shop, demo, "/confirm");
    for path in [
        "/",
        "/nowhere",
        "/docs/",
        "/docs/orders",
        "/docs/storefront",
        "/docs/problems",
        &confirm,
        "/confirm?token=x",
        "/password?token=x",
        "/invitation?token=x",
        "/email?token=x",
        "/r/nobodys",
        "/demo/mailbox",
        "/demo/letters",
        "/console/sign-in",
    ] {
        look(&mut shop, path);
    }
    shop.goto(&format!("{}{confirm}", demo.url));
    shop.fill("#password", "correct horse");
    shop.click("form button");
    shop.goto(&demo.url);
    shop.fill("#email", "hrafnhildur@example.com");
    shop.fill("#password", "correct horse");
    shop.click("form[action='/session'] button");
    shop.wait_for("#greeting");
    for path in ["/", "/points"] {
        look(&mut shop, path);
    }
    shop.goto(&demo.url);
    shop.click("form[action='/session/end'] button");
    shop.goto(&demo.url);
    shop.click(&format!("form[action='/session/as/{}'] button", demo.members[0]));
    for path in ["/", "/points", "/preferences", "/friends", "/answers"] {
        look(&mut shop, path);
    }
    shop.goto(&demo.url);
    shop.click("form[action='/redeem'] button");
    let path = shop.eval("location.pathname");
    look(&mut shop, path.as_str().expect("a path"));
    let unsubscribe = mailed(&mut shop, demo, "/unsubscribe/");
    let letter = shop.eval("document.querySelector('.letters a').pathname");
    look(&mut shop, letter.as_str().expect("a path"));
    look(&mut shop, &unsubscribe);
    shop.goto(&format!("{}/answers", demo.url));
    let survey = shop.eval("document.querySelector('a[href^=\"/s/\"]').pathname");
    look(&mut shop, survey.as_str().expect("a path"));
    every_room(browser, demo, look);
}

/// Those of the console.
fn every_room(browser: &mut Browser, demo: &Demo, look: &mut impl FnMut(&mut Page, &str)) {
    let mut desk = browser.page();
    desk.goto(&format!("{}/console", demo.url));
    desk.click("form[action^='/console/sign-in/as/'] button");
    desk.goto(&format!("{}/console/rewards", demo.url));
    let reward = desk.eval("document.querySelector('a[href*=\"/rewards/rwd_\"]').pathname");
    let member = format!("/console/members/{}", demo.members[0]);
    desk.goto(&format!("{}/console/members?q=hrafnhildur", demo.url));
    let long = desk.eval("document.querySelector('a[href*=\"/members/mem_\"]').pathname");
    desk.goto(&format!("{}/console/referrals", demo.url));
    let case = desk.eval("document.querySelector('a[href*=\"/referrals/cases/\"]').pathname");
    desk.goto(&format!("{}/console/occasions", demo.url));
    let letter = "(({pathname, search}) => pathname + search)\
        (document.querySelector('a[href*=\"letter=occ_\"]'))";
    let letter = desk.eval(letter);
    let letter = letter.as_str().expect("a path").to_owned();
    desk.goto(&format!("{}/console/surveys", demo.url));
    let survey = desk.eval("document.querySelector('a[href*=\"/surveys/srv_\"]').pathname");
    let survey = survey.as_str().expect("a path").to_owned();
    for path in [
        "/console",
        "/console/members",
        "/console/members?q=zzz",
        &member,
        long.as_str().expect("a path"),
        "/console/members?q=hrafnhildur",
        "/console/till",
        "/console/till?code=0000",
        "/console/perks",
        "/console/perks?state=granted",
        "/console/perks/many",
        "/console/thanks",
        "/console/thanks?state=given",
        "/console/referrals",
        "/console/referrals?state=rewarded",
        "/console/referrals/stats",
        case.as_str().expect("a path"),
        "/console/rewards",
        "/console/rewards/new",
        reward.as_str().expect("a path"),
        "/console/occasions",
        &letter,
        "/console/topics",
        "/console/topics?state=planned",
        "/console/topics/answers",
        "/console/announcements",
        "/console/announcements/new",
        "/console/segments",
        "/console/surveys",
        &survey,
        &format!("{survey}?by=country&category=detractor"),
        "/console/letters",
        "/console/letters?state=failed",
        "/console/settings",
        "/console/users",
        "/console/keys",
        "/console/members/nobody",
    ] {
        look(&mut desk, path);
    }
}

/// The path of the first link in a letter that begins so, once it has come; leaves the visitor in
/// the mailbox.
fn mailed(page: &mut Page, demo: &Demo, path: &str) -> String {
    let mailbox = format!("{}/demo/mailbox", demo.url);
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        page.goto(&mailbox);
        let letters = page.eval("document.querySelectorAll('.letters a').length").as_u64();
        for place in 1..=letters.expect("a number") {
            page.goto(&mailbox);
            page.click(&format!(".letters li:nth-child({place}) a"));
            let found = page.eval(&format!(
                "document.querySelector('pre').textContent.match(/\\S*({path}\\S*)/)?.[1] ?? ''",
                path = path.replace('/', "\\/")
            ));
            let found = found.as_str().expect("a text").to_owned();
            if !found.is_empty() {
                page.goto(&mailbox);
                return found;
            }
        }
    }
    panic!("no letter leads to {path}");
}
