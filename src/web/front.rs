//! `/` outside of the demo: on to the shop; where none is known, a word about what this is.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};

use super::{
    pages::FrontPage,
    visit::{Visit, html},
};
use platform::{http::Answer, kernel::web_url::WebUrl};

/// `GET /`
pub async fn show(visit: Visit) -> Answer {
    let shop = visit.settings.storefront_url.as_ref().filter(|shop| !is_here(&visit, shop));
    if let Some(shop) = shop {
        let shop = shop.to_string();
        return Ok(HttpResponse::Found().insert_header((header::LOCATION, shop)).finish());
    }
    html(StatusCode::OK, visit.pages.render_front(&FrontPage { shell: visit.shell() }))
}

/// Whether a shop's address leads back to this page, and so in a circle.
fn is_here(visit: &Visit, shop: &WebUrl) -> bool {
    let origin = shop.origin();
    let is_root = shop.to_string().trim_end_matches('/') == origin;
    let public = visit.settings.public_url.as_ref().is_some_and(|url| url.origin() == origin);
    let host = visit.header(&header::HOST).unwrap_or_default();
    is_root && (public || origin.split_once("://").is_some_and(|(_, authority)| authority == host))
}
