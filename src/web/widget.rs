//! `<vildar-points>`: what a shop puts on a page of its own, and the token by which the demo's shop
//! shows it to its customer. `docs/storefront.md` tells how.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderName, HeaderValue},
};

use super::{assets, visit::Visit};
use platform::{
    auth::{api::sessions, tokens::Subject},
    http::{Answer, packing::Fixed},
    kernel::error::Refusal,
};

/// The script, as it is served: no build makes it.
pub const SCRIPT: &str = include_str!("../../templates/assets/widget/points.js");

static FIXED: LazyLock<Fixed> = LazyLock::new(|| Fixed::new(SCRIPT, assets::JS));
static ETAG: LazyLock<String> = LazyLock::new(|| assets::etag(SCRIPT.as_bytes()));

/// What lets other sites load it: as a script, and as a module or with `integrity`, which browsers
/// fetch by CORS. It is the same for everybody.
const FOR_ALL: [(HeaderName, HeaderValue); 2] = [
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    ),
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
];

/// `GET /widget/points.js`: its address stays, so that it is asked for anew every hour.
pub async fn script(request: HttpRequest) -> HttpResponse {
    let mut answer = assets::answer(&request, &FIXED, &ETAG, "public, max-age=3600");
    for (name, value) in FOR_ALL {
        answer.headers_mut().insert(name, value);
    }
    answer
}

/// `GET /widget-token`, in the demo: a token of the visitor's own session, for pages of ours alone.
/// A shop asks for one by `POST /v1/members/{id}/sessions`, and gives its answer on likewise.
pub async fn token(visit: Visit) -> Answer {
    visit.refuse_others()?;
    let member = visit.member()?;
    let session = visit.session().await?.ok_or(Refusal::Unauthenticated("sign in first"))?;
    let token = sessions::body(&visit.app, Subject::Member(member), session, None).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(token))
}
