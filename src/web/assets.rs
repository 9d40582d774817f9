//! What the pages load: style sheets, htmx, the icon. Embedded, and named by their content.

use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, EntityTag, Header as _, IfNoneMatch, TryIntoHeaderValue as _},
};
use sha2::{Digest as _, Sha256};

use platform::http::packing::Fixed;

/// An embedded file: its bytes, its content type and its strong `ETag`, quotes included.
pub type Asset = (&'static [u8], &'static str, &'static str);

const CSS: &str = "text/css; charset=utf-8";
pub(super) const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const TEXT: &str = "text/plain; charset=utf-8";

static FILES: [(&str, &str, &[u8]); 9] = [
    ("shop.css", CSS, include_bytes!("../../templates/assets/shop.css")),
    ("voucher.css", CSS, include_bytes!("../../templates/assets/voucher.css")),
    ("console.css", CSS, include_bytes!("../../templates/assets/console.css")),
    ("console.js", JS, include_bytes!("../../templates/assets/console.js")),
    ("icon.svg", SVG, include_bytes!("../../templates/assets/icon.svg")),
    ("pico/pico.min.css", CSS, include_bytes!("../../templates/assets/pico/pico.min.css")),
    ("pico/LICENSE.md", TEXT, include_bytes!("../../templates/assets/pico/LICENSE.md")),
    ("htmx/htmx.min.js", JS, include_bytes!("../../templates/assets/htmx/htmx.min.js")),
    ("htmx/LICENSE", TEXT, include_bytes!("../../templates/assets/htmx/LICENSE")),
];

static ETAGS: LazyLock<Vec<String>> =
    LazyLock::new(|| FILES.iter().map(|(.., bytes)| etag(bytes)).collect());

static FIXED: LazyLock<Vec<Fixed>> =
    LazyLock::new(|| FILES.iter().map(|(_, kind, bytes)| Fixed::new(*bytes, *kind)).collect());

/// The asset at `path` below `/assets/`, without a leading slash (`shop.css`).
#[must_use]
pub fn find(path: &str) -> Option<Asset> {
    let at = FILES.iter().position(|(name, ..)| *name == path)?;
    let (_, content_type, bytes) = FILES[at];
    Some((bytes, content_type, &ETAGS[at]))
}

/// `GET /assets/{path}`
pub async fn serve(request: HttpRequest) -> HttpResponse {
    let path = request.match_info().query("path");
    let Some(at) = FILES.iter().position(|(name, ..)| *name == path) else {
        return HttpResponse::NotFound().finish();
    };
    answer(&request, &FIXED[at], &ETAGS[at], "public, max-age=31536000, immutable")
}

/// The answer with a file of ours, or that the caller has it already; `kept`: for how long.
pub(super) fn answer(
    request: &HttpRequest,
    file: &Fixed,
    etag: &str,
    kept: &'static str,
) -> HttpResponse {
    let tag = EntityTag::new_strong(etag.trim_matches('"').to_owned());
    let known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Ok(IfNoneMatch::Any) | Err(_) => false,
    };
    let mut answer =
        if known { HttpResponse::NotModified().finish() } else { file.answer(request) };
    let headers = answer.headers_mut();
    if let Ok(tag) = tag.try_into_value() {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(kept));
    answer
}

/// The address of an asset with its version in the query, so that it may be cached for ever.
pub(super) fn address(path: &str) -> Option<String> {
    let (.., etag) = find(path)?;
    Some(format!("/assets/{path}?v={}", etag.trim_matches('"')))
}

pub(super) fn etag(bytes: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(bytes).iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_by_its_exact_path() {
        let (bytes, content_type, etag) = find("shop.css").unwrap();
        assert!(!bytes.is_empty());
        assert_eq!((content_type, etag.len()), (CSS, 18));
        assert_eq!(find("/shop.css"), None);
        assert_eq!(find("../assets/shop.css"), None);
        assert_eq!(find("shop.css").unwrap().2, etag);
    }

    #[test]
    fn nothing_that_the_pages_load_reaches_out() {
        let css = include_str!("../../templates/assets/shop.css");
        assert!(!css.contains("http:") && !css.contains("https:") && !css.contains("@import"));
    }
}
