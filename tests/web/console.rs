//! The console without scripts, and in a browser.

use reqwest::{StatusCode, header};

use crate::{
    demo::{Demo, Visitor, location},
    support::browser::Browser,
};

/// Somebody of the staff at a desk: the admin, or the other.
pub async fn desk(demo: &Demo, name: &str) -> Visitor {
    let mut visitor = demo.visitor();
    let email = if name == "admin" { "admin%40example.com" } else { "staff%40example.com" };
    let form = format!("email={email}&password=bok-og-kaffi&to=%2Fconsole%2Fmembers");
    let answer = visitor.post("/console/sign-in", &form).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&answer), "/console/members");
    let cookie = answer.headers()[header::SET_COOKIE].to_str().expect("a cookie").to_owned();
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=3600"] {
        assert!(cookie.contains(part), "{cookie} has {part}");
    }
    visitor.keep_cookie(&answer);
    visitor
}

/// The first path in `html` that begins so.
pub fn link(html: &str, start: &str) -> String {
    let at = html.find(&format!("\"{start}")).unwrap_or_else(|| panic!("{start} is on the page"));
    html[at + 1..].split('"').next().unwrap_or_default().replace("&amp;", "&")
}

pub fn field(html: &str, from: &str, name: &str) -> String {
    let (_, rest) = html.split_once(from).unwrap_or_else(|| panic!("{from} is on the page"));
    let (_, rest) = rest.split_once(&format!("name=\"{name}\" value=\"")).expect("the field");
    rest.split('"').next().unwrap_or_default().to_owned()
}

pub async fn page_of(desk: &Visitor, name: &str) -> (String, String) {
    let found = desk.read(&format!("/console/members?q={name}")).await;
    let path = link(&found, "/console/members/mem_");
    let page = desk.read(&path).await;
    (path, page)
}

#[actix_web::test]
async fn nobody_sits_there_without_signing_in() {
    let demo = Demo::start();
    let stranger = demo.visitor();
    for path in ["/console", "/console/members?q=a", "/console/settings", "/console/members.csv"] {
        let answer = stranger.get(path).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        assert!(location(&answer).starts_with("/console/sign-in?to=%2Fconsole"), "{path}");
    }
    let customer = demo.signed_in(1).await;
    assert_eq!(customer.get("/console").await.status(), StatusCode::SEE_OTHER, "no customer does");
    let member = &demo.members[0];
    let adjust = format!("/console/members/{member}/adjust");
    let answer = stranger.post(&adjust, "points=5&reason=x").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let wrong = "email=staff%40example.com&password=wrong-password&to=https%3A%2F%2Fevil.example";
    let answer = stranger.post("/console/sign-in", wrong).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let page = answer.text().await.expect("a page");
    assert!(page.contains("do not go together") && !page.contains("evil.example"), "{page}");

    let staff = desk(&demo, "staff").await;
    let other = staff.post_from(&adjust, "points=5&reason=x", "https://evil.example").await;
    assert_eq!(other.status(), StatusCode::FORBIDDEN, "another site's form");
    let out = staff.post("/console/sign-out", "").await;
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    assert_eq!(staff.get("/console").await.status(), StatusCode::SEE_OTHER, "the session is over");
}

#[actix_web::test]
async fn every_room_opens_in_both_languages() {
    let demo = Demo::start();
    let (admin, staff) = (desk(&demo, "admin").await, desk(&demo, "staff").await);
    let member = format!("/console/members/{}", demo.members[0]);
    let reward = link(&admin.read("/console/rewards").await, "/console/rewards/rwd_");
    let everybodys = [
        "/console",
        "/console/members",
        "/console/members?q=zzz",
        &member,
        "/console/till",
        "/console/perks",
        "/console/perks?state=granted",
        "/console/rewards",
        "/console/rewards?state=retired",
        &reward,
        "/console/occasions",
        "/console/letters",
        "/console/letters?state=sent",
        "/console/topics",
        "/console/topics?state=changed",
        "/console/topics/answers",
        "/console/announcements",
        "/console/announcements?state=draft",
        "/console/announcements/new",
    ];
    let admins = ["/console/rewards/new", "/console/settings", "/console/users", "/console/keys"];
    for path in everybodys {
        staff.read(path).await;
    }
    for path in admins {
        assert_eq!(staff.get(path).await.status(), StatusCode::FORBIDDEN, "{path}");
    }
    for path in everybodys.into_iter().chain(admins) {
        for language in ["en", "is"] {
            let ask = admin.http.get(format!("{}{path}", admin.url));
            let ask = ask.header(header::COOKIE, &admin.cookie);
            let answer = ask.header(header::ACCEPT_LANGUAGE, language).send().await;
            let answer = answer.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store", "{path}");
            let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str();
            assert!(policy.is_ok_and(|policy| !policy.contains("script-src")), "{path}");
            let page = answer.text().await.expect("a page");
            assert!(page.contains(&format!("<html lang=\"{language}\">")), "{path}");
            assert!(!page.contains("<script>") && !page.contains("onclick"), "{path}");
            // whose page it is does not decide in which language a clerk reads
            let eve = if language == "en" { "Christmas Eve" } else { "aðfangadagur jóla" };
            assert!(path != member || page.contains(eve), "{page}");
        }
    }
    let file = admin.read("/console/members.csv?q=emma").await;
    let mut lines = file.lines();
    assert_eq!(lines.next(), Some("id,name,email,external_id,tier,status,enrolled_at"));
    assert!(lines.next().is_some_and(|line| line.contains(",emma@example.com,")), "{file}");
    assert_eq!(lines.next(), None);
}

#[actix_web::test]
async fn what_waits_is_handed_over() {
    let demo = Demo::start();
    let staff = desk(&demo, "staff").await;
    let today = staff.read("/console").await;
    assert!(today.contains("A paperback of your choice") && today.contains("Kári"), "{today}");
    let file = staff.read(&link(&today, "/console/redemptions.csv")).await;
    assert_eq!(file.lines().count(), 2, "a header, and what waits: {file}");
    assert!(file.contains("A paperback of your choice") && file.contains(",placed,"), "{file}");
    let (owner, page) = page_of(&staff, "gudrun").await;
    let gift = page.split("<option value=\"").find(|one| one.contains("children’s ward"));
    let gift = gift.and_then(|one| one.split('"').next()).expect("she can give a book");
    let attempt = field(&page, "/redeem\"", "attempt");
    let form = format!("reward_id={gift}&attempt={attempt}");
    assert!(location(&staff.post(&format!("{owner}/redeem"), &form).await).ends_with("redeemed"));
    let today = staff.read("/console").await;
    let place = |what: &str| today.find(what).unwrap_or_else(|| panic!("{what} waits"));
    assert!(place("A paperback") < place("children’s ward"), "who waits longest comes first");
    let path = link(&today, "/console/redemptions/red_");
    let cancel = path.replace("/fulfil", "/cancel");
    let unexplained = staff.post(&cancel, "reason=").await;
    assert_eq!(unexplained.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unexplained.text().await.is_ok_and(|page| page.contains("must not be empty")));
    let answer = staff.post(&path, "").await;
    assert_eq!(location(&answer), "/console?done=handed_over");
    let today = staff.read("/console?done=handed_over").await;
    assert!(today.contains("Handed over.") && !today.contains("A paperback"), "{today}");
    // nothing is said that nobody did
    assert!(!staff.read("/console?done=%3Cscript%3E").await.contains("&lt;script"));
    let answer = staff.post(&cancel, "reason=torn+cover").await;
    assert!(location(&answer).ends_with("?done=redemption_cancelled"));
    let again = staff.post(&path, "").await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert!(again.text().await.is_ok_and(|page| page.contains("not possible any more")));
}

#[actix_web::test]
async fn staff_give_points_within_their_limit() {
    let demo = Demo::start();
    let (staff, admin) = (desk(&demo, "staff").await, desk(&demo, "admin").await);
    let (path, page) = page_of(&staff, "emma").await;
    assert!(page.contains("Emma"), "{page}");
    let adjust = format!("{path}/adjust");
    let ask = "reason=For+the+rainy+day+%3Cb%3E&points=";
    let answer = staff.post(&adjust, &format!("{ask}25")).await;
    assert_eq!(location(&answer), format!("{path}?done=adjusted"));
    let page = staff.read(&path).await;
    assert!(page.contains("+25") && page.contains("For the rainy day &lt;b&gt;"), "{page}");
    let too_much = staff.post(&adjust, &format!("{ask}501")).await;
    assert_eq!(too_much.status(), StatusCode::CONFLICT);
    let page = too_much.text().await.expect("a page");
    assert!(page.contains("at most 500 points") && page.contains("value=\"501\""), "{page}");
    for (points, status) in [("-5", StatusCode::FORBIDDEN), ("x", StatusCode::UNPROCESSABLE_ENTITY)]
    {
        let answer = staff.post(&adjust, &format!("{ask}{points}")).await;
        assert_eq!(answer.status(), status, "{points}");
    }
    let answer = admin.post(&adjust, &format!("{ask}-5")).await;
    assert_eq!(location(&answer), format!("{path}?done=adjusted"), "an admin takes away");

    let status = format!("{path}/status");
    staff.post(&status, "status=suspended&reason=a+stolen+card").await;
    let page = staff.read(&path).await;
    assert!(page.contains("badge suspended") && !page.contains("/redeem\""), "{page}");
    let answer = staff.post(&status, "status=active&reason=it+was+found").await;
    assert_eq!(location(&answer), format!("{path}?done=reinstated"));
}

#[actix_web::test]
async fn a_voucher_is_used_once() {
    let demo = Demo::start();
    let staff = desk(&demo, "staff").await;
    let (path, page) = page_of(&staff, "emma").await;
    let coffee = page.split("<option value=\"").find(|one| one.contains("Coffee of your choice"));
    let coffee = coffee.and_then(|one| one.split('"').next()).expect("she can have a coffee");
    let attempt = field(&page, "/redeem\"", "attempt");
    let form = format!("reward_id={coffee}&attempt={attempt}");
    let redeem = format!("{path}/redeem");
    let till = location(&staff.post(&redeem, &form).await);
    assert!(till.starts_with("/console/till?code="), "{till}");
    assert_eq!(location(&staff.post(&redeem, &form).await), till, "pressing twice redeems once");
    let found = staff.read(&till).await;
    assert!(found.contains("Coffee of your choice") && found.contains("Emma"), "{found}");
    let code = field(&found, "/console/till/use", "code");
    let typed = code.to_lowercase().replace('-', "+");
    assert!(staff.read(&format!("/console/till?code={typed}")).await.contains(&code));
    let form = format!("code={typed}&location=Laugavegur+1");
    let answer = staff.post("/console/till/use", &form).await;
    let used = staff.read(&location(&answer)).await;
    assert!(used.contains("Hand it over!") && used.contains("Laugavegur 1"), "{used}");
    let again = staff.post("/console/till/use", &form).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let again = again.text().await.expect("a page");
    assert!(again.contains("Do not hand anything over"), "{again}");
    assert!(again.contains("It was used") && again.contains("Laugavegur 1"), "{again}");
    let mistyped = staff.get(&format!("/console/till?code={}7", &code[..code.len() - 2])).await;
    assert_eq!(mistyped.status(), StatusCode::NOT_FOUND);
    let nobodys = format!("reward_id={coffee}&attempt=");
    assert_eq!(staff.post(&redeem, &nobodys).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    // guessing does not pay, in whichever form
    let mut last = StatusCode::OK;
    for _ in 0..31 {
        let guess = staff.post("/console/till/use", "code=0000-0000-0000").await;
        last = guess.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[actix_web::test]
async fn an_admin_writes_the_catalogue_and_the_settings() {
    let demo = Demo::start();
    let admin = desk(&demo, "admin").await;
    let bad = "name:en=&kind=voucher&cost_points=x&state=draft";
    let answer = admin.post("/console/rewards", bad).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text().await.is_ok_and(|page| page.contains("value=\"x\"")),
        "what was typed stays"
    );
    let good = "name:en=A+walk+with+the+owner&name:is=Ganga+me%C3%B0+kaupmanninum\
                &description:en=Along+the+shore&kind=experience&cost_points=300\
                &stock=4&value_amount=1500&value_currency=EUR&tiers=gold+silver&state=live";
    let saved = location(&admin.post("/console/rewards", good).await);
    let page = admin.read(&saved).await;
    for part in ["A walk with the owner", "value=\"300\"", "gold silver", "value=\"1500\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let path = saved.split('?').next().unwrap_or_default().to_owned();
    let change = format!("{good}&version=1").replace("300", "350");
    assert_eq!(location(&admin.post(&path, &change).await), format!("{path}?done=saved"));
    let stale = admin.post(&path, &change).await;
    assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED, "somebody else was there");
    let page = admin.read(&path).await;
    assert!(page.contains("<del>300</del> → 350"), "what was changed is told: {page}");
    let only_icelandic = "name:is=Ganga&kind=experience&cost_points=300&state=live&version=2";
    let answer = admin.post(&path, only_icelandic).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let answer = answer.text().await.expect("a page");
    assert!(answer.contains("<strong>Name</strong>"), "{answer}");

    let page = admin.read("/console/settings").await;
    let version = field(&page, "/console/settings", "version");
    let form = format!(
        "version={version}&program_name=1984&pending_days=7&expiry_months=none&transfers_enabled=true"
    );
    assert_eq!(
        location(&admin.post("/console/settings", &form).await),
        "/console/settings?done=saved"
    );
    let page = admin.read("/console/settings").await;
    assert!(page.contains("name=\"pending_days\" value=\"7\""), "{page}");
    assert!(page.contains("name=\"expiry_months\" value=\"none\""), "{page}");
    assert!(page.contains("name=\"program_name\" value=\"1984\""), "a name may be a number");

    let page = admin.post("/console/keys", "name=Till&scope=orders%3Awrite").await.text().await;
    let page = page.expect("a page");
    assert!(page.contains("<code>vk_"), "the secret is shown: {page}");
    assert!(!admin.read("/console/keys").await.contains("<code>vk_"), "this once");
    let answer = admin.post("/console/users", "name=Una&email=una%40example.com&role=staff").await;
    assert_eq!(location(&answer), "/console/users?done=invited");
    let taken = admin.post("/console/users", "name=Una&email=una%40example.com&role=staff").await;
    assert_eq!(taken.status(), StatusCode::CONFLICT);
}

#[actix_web::test]
async fn an_admin_switches_occasions_on_and_reads_the_letters() {
    let demo = Demo::start();
    let (admin, staff) = (desk(&demo, "admin").await, desk(&demo, "staff").await);
    let path = "/console/occasions";
    let add = "kind=holiday&holiday=bondadagur&country=IS&points=25";
    assert_eq!(staff.post(path, add).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(location(&admin.post(path, add).await), "/console/occasions?done=saved");
    let page = admin.read(path).await;
    let row = page.split("<details").find(|row| row.contains(">Bóndadagur"));
    let row = row.unwrap_or_else(|| panic!("it is there: {page}"));
    assert!(row.contains("Off") && row.contains("25 points"), "{row}");
    let change = link(row, "/console/occasions/occ_");
    let form = "version=1&active=true&send_at_local=09:30&points=25&message:en=Cake!&message:is=Kaka+%C3%AD+bo%C3%B0i!";
    assert_eq!(location(&admin.post(&change, form).await), "/console/occasions?done=saved");
    let night = form.replace("version=1", "version=2").replace("09:30", "23:30");
    let refused = admin.post(&change, &night).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.is_ok_and(|page| page.contains("lies in the quiet hours")));
    let letter = admin.read(&format!("{change}/letter?in=is")).await;
    assert!(letter.contains("Kaka í boði!") && letter.contains("25 punktar"), "{letter}");
    assert!(staff.read(path).await.contains("Birthdays"), "everybody sees the calendar");

    let log = staff.read("/console/letters?state=sent").await;
    let letter = link(&log, "/console/letters/let_");
    let shown = staff.read(&letter).await;
    assert!(shown.contains("blotted out"), "{shown}");
    let html = staff.get(&format!("{letter}/html")).await;
    let policy = html.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("a policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let file = staff.read("/console/letters.csv?state=sent").await;
    assert!(file.starts_with("id,member_id,to,template"), "{file}");
}

#[actix_web::test]
async fn above_the_limit_another_person_decides() {
    let demo = Demo::start();
    let (staff, admin) = (desk(&demo, "staff").await, desk(&demo, "admin").await);
    let (path, _) = page_of(&staff, "%C3%9E%C3%B3rd%C3%ADs").await;
    let give = format!("{path}/perk");
    let nothing = staff.post(&give, "kind=points&title=&reason=&points=").await;
    assert_eq!(nothing.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let kind = "kind=points&title=Takk+fyrir+hj%C3%A1lpina&reason=helped+a+guest&send_letter=true\
                &message=%C3%9E%C3%BA+ert+%3Cb%3Eh%C3%A9r%3C%2Fb%3E&points=";
    let answer = staff.post(&give, &format!("{kind}750")).await;
    assert_eq!(location(&answer), format!("{path}?done=perk_proposed"));
    let waiting = staff.read("/console/perks?state=proposed").await;
    assert!(waiting.contains("you proposed it") && !waiting.contains("/approve"), "{waiting}");
    let today = admin.read("/console").await;
    let own = today.split("<tr>").find(|row| row.contains("Takk fyrir hjálpina")).expect("a row");
    let approve = link(own, "/console/perks/prk_");
    assert_eq!(staff.post(&approve, "").await.status(), StatusCode::FORBIDDEN, "not the proposer");
    let answer = admin.post(&approve, "").await;
    assert_eq!(location(&answer), "/console/perks?done=perk_approved");
    let page = staff.read(&path).await;
    assert!(page.contains("+750") && page.contains("Takk fyrir hjálpina"), "{page}");
    let mut letter = String::new();
    for _ in 0..100 {
        let mailbox = staff.read("/demo/mailbox").await;
        if mailbox.contains("thordis@example.com") || mailbox.contains("Þórdís") {
            letter = mailbox;
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(!letter.is_empty(), "the letter is in the mailbox");
    let revoke = approve.replace("/approve", "/revoke");
    let answer = admin.post(&revoke, "reason=the+wrong+guest").await;
    assert_eq!(location(&answer), "/console/perks?done=perk_revoked");
    assert!(staff.read(&path).await.contains("-750") || staff.read(&path).await.contains("−750"));
}

#[test]
fn the_console_fits_a_phone_and_a_desk() {
    let Some(mut browser) = Browser::launch() else { return };
    let demo = Demo::start();
    let mut page = browser.page();
    page.goto(&format!("{}/console", demo.url));
    page.click("form[action^='/console/sign-in/as/'] button");
    let member = format!("/console/members/{}", demo.members[0]);
    for path in [
        "/console",
        "/console/members",
        &member,
        "/console/till",
        "/console/perks",
        "/console/perks?state=granted",
        "/console/perks/many",
        "/console/rewards",
        "/console/rewards/new",
        "/console/occasions",
        "/console/letters",
        "/console/settings",
        "/console/users",
        "/console/keys",
    ] {
        for width in [390, 1280] {
            page.size(width, 800);
            page.goto(&format!("{}{path}", demo.url));
            let over = page.eval(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth",
            );
            assert!(
                over.as_i64().is_some_and(|over| over <= 0),
                "{path} at {width}: {over} px over"
            );
            // text that is squeezed into a column of a few letters
            let squeezed = page.eval(
                "[...document.querySelectorAll('p, dd, td, th, li, label')].filter(e => \
                 e.innerText.length > 30 && e.clientWidth > 0 && e.clientWidth < 90).map(e => e.innerText).join('|')",
            );
            assert_eq!(squeezed, "", "{path} at {width}");
        }
    }
}
