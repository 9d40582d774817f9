//! `/r/{code}`: where a link leads that a member shared. It is counted, by people and not by
//! machines; of who follows it nothing is kept, but for the code, in their own browser.

use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time},
    http::{StatusCode, header},
};

use super::{
    pages::InvitationPage,
    visit::{Visit, html},
};
use platform::http::{
    Answer,
    limits::{UNKNOWN_CODES, VISITS},
};
use program::referrals::{
    codes::{self, COOKIE},
    service::{self, Landing},
};

/// What programs call themselves that look at links without anybody who wants to buy.
const MACHINES: [&str; 20] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "slack",
    "telegram",
    "discord",
    "skype",
    "embedly",
    "curl",
    "wget",
    "python",
    "http-client",
    "okhttp",
    "java/",
    "headless",
    "monitor",
];

/// `GET /r/{code}`: on to the storefront, with the code where it is somebody's; without a
/// storefront, a page with the code.
pub async fn follow(visit: Visit) -> Answer {
    let (wall, address) = (visit.store().clock().wall(), visit.address());
    // who tried too many gets the shop without a code, known or not: no guesser learns which are
    let admitted = visit.app.throttle.check(UNKNOWN_CODES, &address, wall).is_ok();
    let typed = if admitted { visit.path("code") } else { String::new() };
    let landing = visit.store().read(move |tx| service::landing(tx, &typed)).await?;
    let Some((member, code)) = landing.code.clone() else {
        if admitted {
            drop(visit.app.throttle.count(UNKNOWN_CODES, &address, wall));
        }
        return answer(&visit, &landing);
    };
    // the same browser with the same code is the same visit
    let is_new = visit.cookie(COOKIE).is_none_or(|kept| kept != code);
    let counts = is_new && !visit.is_head() && !is_machine(&visit);
    if counts && visit.app.throttle.count(VISITS, &address, wall).is_ok() {
        visit.store().write(move |tx| codes::note_visit(tx, member).map(drop)).await?;
    }
    let mut answer = answer(&visit, &landing)?;
    let days = landing.settings.referral_window_days.get();
    let kept = Cookie::build(COOKIE, code)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(visit.is_https())
        .max_age(time::Duration::days(days))
        .finish();
    // a browser that can't keep it is no reason to lead nowhere
    drop(answer.add_cookie(&kept));
    Ok(answer)
}

fn answer(visit: &Visit, landing: &Landing) -> Answer {
    let Some(url) = &landing.url else {
        let page = InvitationPage {
            shell: visit.shell(),
            code: landing.code.as_ref().map(|(_, code)| code.clone()),
            points: landing.settings.referral_referee_points.get(),
        };
        return html(StatusCode::OK, visit.pages.render_invitation(&page));
    };
    Ok(HttpResponse::Found().insert_header((header::LOCATION, url.clone())).finish())
}

fn is_machine(visit: &Visit) -> bool {
    let header = |name: &'static str| visit.header(&header::HeaderName::from_static(name));
    let agent = header("user-agent").unwrap_or_default().to_ascii_lowercase();
    let fetches_ahead = ["purpose", "sec-purpose", "x-purpose", "x-moz"]
        .into_iter()
        .filter_map(header)
        .any(|purpose| purpose.contains("prefetch") || purpose.contains("preview"));
    agent.is_empty() || fetches_ahead || MACHINES.iter().any(|word| agent.contains(word))
}
