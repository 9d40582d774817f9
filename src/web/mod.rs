//! Pages for people: the storefront demo with its mailbox, and the pages behind letters' links.
//!
//! `pages` turns typed contexts into html, `assets` holds what those pages load; `visit` knows who
//! is there, and `dress` gives every page its headers and every problem its words. The handlers
//! read forms, call the domains' services, and hand what they answer to `pages`.

pub mod assets;
mod cookie;
mod dress;
mod mailbox;
pub mod pages;
mod password;
mod problems;
mod redemption;
mod session;
mod shelf;
mod shop;
mod unsubscribe;
mod visit;

use actix_web::web::{ServiceConfig, get, post};

use dress::page;

/// The pages that every server has: behind letters' links, and what pages load. They need a
/// `web::Data<Pages>` beside the `web::Data<AppState>`.
pub fn configure_everywhere(app: &mut ServiceConfig) {
    app.route("/assets/{path:.*}", get().to(assets::serve))
        .service(page("/docs/problems", [get().to(problems::list)]))
        .service(page(
            "/unsubscribe/{token}",
            [get().to(unsubscribe::ask), post().to(unsubscribe::switch_off)],
        ))
        .service(page("/confirm", [get().to(password::confirm), post().to(password::confirmed)]))
        .service(page("/password", [get().to(password::reset), post().to(password::was_reset)]))
        .service(page(
            "/invitation",
            [get().to(password::invitation), post().to(password::accepted)],
        ));
}

/// The storefront and the mailbox, for the demo alone: they sign in by a cookie.
pub fn configure_demo(app: &mut ServiceConfig) {
    app.service(page("/", [get().to(shop::home)]))
        .service(page("/session", [post().to(session::sign_in)]))
        .service(page("/session/as/{member_id}", [post().to(session::sign_in_as)]))
        .service(page("/session/end", [post().to(session::sign_out)]))
        .service(page("/redeem", [post().to(shop::redeem)]))
        .service(page("/points", [get().to(shop::points)]))
        .service(page("/redemptions/{id}", [get().to(redemption::show)]))
        .service(page("/redemptions/{id}/cancel", [post().to(redemption::cancel)]))
        .service(page("/demo/mailbox", [get().to(mailbox::list)]))
        .service(page("/demo/mailbox/{id}", [get().to(mailbox::show)]))
        .service(page("/demo/mailbox/{id}/html", [get().to(mailbox::frame)]));
}
