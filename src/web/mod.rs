//! Pages for people: the storefront demo with its mailbox, and the pages behind letters' links.
//!
//! `pages` turns typed contexts into html, `assets` holds what those pages load; `visit` knows who
//! is there, and `finish` gives every page its headers and every problem its words. The handlers
//! read forms, call the domains' services, and hand what they answer to `pages`.

mod answers;
pub mod assets;
mod cards;
mod console;
mod cookie;
mod docs;
mod email;
mod friends;
mod front;
mod invitation;
mod join;
mod mailbox;
mod origin;
mod page;
pub mod pages;
mod password;
mod posted;
mod preferences;
mod problems;
mod redemption;
mod samples;
mod session;
mod shop;
mod survey;
mod unsubscribe;
mod visit;
pub mod widget;

use actix_web::web::ServiceConfig;

pub use page::for_people;
use page::page;
use platform::http::resource::{get, post, resource};
use program::pictures;

/// What pages load.
pub fn configure_assets(app: &mut ServiceConfig) {
    app.service(resource("/assets/{path:.*}", [get(assets::serve)]))
        .service(resource("/widget/points.js", [get(widget::script)]));
}

/// The pages that every server has, behind letters' links. They need a `web::Data<Pages>` beside the
/// `web::Data<AppState>`.
pub fn configure_everywhere(app: &mut ServiceConfig) {
    app.service(page("/docs/", [get(docs::index)]))
        .service(page("/docs/problems", [get(problems::list)]))
        .service(page("/docs/storefront", [get(docs::storefront)]))
        // after those that are words
        .service(page("/docs/{group}", [get(docs::group)]))
        .service(resource("/pictures/{name}", [get(pictures::api::show)]))
        .service(page(
            "/unsubscribe/{token}",
            [get(unsubscribe::ask), post(unsubscribe::switch_off)],
        ))
        .service(page("/s/{token}", [get(survey::ask), post(survey::record)]))
        .service(page("/confirm", [get(password::confirm), post(password::confirmed)]))
        .service(page("/password", [get(password::reset), post(password::was_reset)]))
        .service(page("/password/again", [post(password::ask_again)]))
        .service(page("/email", [get(email::ask), post(email::confirm)]))
        .service(page("/invitation", [get(password::invitation), post(password::accepted)]))
        .service(page("/r/{code}", [get(invitation::follow)]))
        .configure(console::configure);
}

/// What a server has in the place of the demo's storefront.
pub fn configure_front(app: &mut ServiceConfig) {
    app.service(page("/", [get(front::show)]));
}

/// The storefront and the mailbox, for the demo alone: they sign in by a cookie.
pub fn configure_demo(app: &mut ServiceConfig) {
    app.service(page("/", [get(shop::home)]))
        .service(page("/join", [post(join::ask)]))
        .service(page("/answers", [get(answers::show)]))
        .service(page("/friends", [get(friends::show)]))
        .service(page("/friends/code", [post(friends::choose)]))
        .service(page("/friends/share", [post(friends::share)]))
        .service(page("/friends/claim", [post(friends::claim)]))
        .service(page("/friends/{id}/appeal", [post(friends::appeal)]))
        .service(page("/session", [post(session::sign_in)]))
        .service(page("/session/as/{member_id}", [post(session::sign_in_as)]))
        .service(page("/session/end", [post(session::sign_out)]))
        .service(resource("/widget-token", [get(widget::token)]))
        .service(page("/redeem", [post(shop::redeem)]))
        .service(page("/points", [get(shop::points)]))
        .service(page("/preferences", [get(preferences::show), post(preferences::turn)]))
        .service(page("/redemptions/{id}", [get(redemption::show)]))
        .service(page("/redemptions/{id}/cancel", [post(redemption::cancel)]))
        .service(page("/demo/letters", [get(samples::list)]))
        .service(page("/demo/letters/{number}/{form}", [get(samples::show)]))
        .service(page("/demo/mailbox", [get(mailbox::list)]))
        .service(page("/demo/mailbox/{id}", [get(mailbox::show)]))
        .service(page("/demo/mailbox/{id}/html", [get(mailbox::frame)]));
}
