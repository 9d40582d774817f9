//! Which site a form was sent from: ours, or another's with our visitor's cookie.

use actix_web::http::header::{self, HeaderMap, HeaderName};

use platform::kernel::{error::Refusal, web_url::WebUrl};

/// Where a browser's request comes from, as the browser says.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what another site's page sends with our visitor's cookie. Old browsers say neither
/// `Origin` nor `Sec-Fetch-Site`; for them there is the cookie's `SameSite`.
///
/// # Errors
/// [`Refusal::Forbidden`] for another site's.
pub fn refuse_others(
    headers: &HeaderMap,
    public_url: Option<&WebUrl>,
    behind_proxy: bool,
) -> Result<(), Refusal> {
    let text = |name| Some(headers.get(name)?.to_str().unwrap_or_default());
    let host = text(&header::HOST).unwrap_or_default();
    let own = match text(&header::ORIGIN) {
        Some(origin) => is_own(origin, host, public_url, behind_proxy),
        None => matches!(text(&SEC_FETCH_SITE), None | Some("same-origin" | "none")),
    };
    if own {
        return Ok(());
    }
    Err(Refusal::Forbidden("this form was sent from another site".to_owned()))
}

/// Whether an origin is ours: where letters lead, or the host that was asked, by the scheme that
/// we speak or our proxy speaks for us.
fn is_own(origin: &str, host: &str, public_url: Option<&WebUrl>, behind_proxy: bool) -> bool {
    let public = public_url.map(WebUrl::origin);
    if public.as_deref() == Some(origin) {
        return true;
    }
    let Some((scheme, from)) = origin.split_once("://") else { return false };
    // a host that is known to speak TLS has no other voice
    let speaks_tls = || public == Some(format!("https://{from}"));
    !from.is_empty()
        && from.eq_ignore_ascii_case(host)
        && match scheme {
            "http" => !speaks_tls(),
            "https" => behind_proxy,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "https://Points.example:443/loyalty/";

    #[test]
    fn our_own_address_is_ours_whichever_host_a_proxy_asks_for() {
        let ours: WebUrl = OURS.parse().expect("an address");
        for host in ["points.example", "127.0.0.1:8080", ""] {
            assert!(is_own("https://points.example", host, Some(&ours), false), "{host}");
            for other in [
                "http://points.example",
                "evil://points.example",
                "https://points.example:8443",
                "https://points.example.evil.example",
                "https://points.example/loyalty",
                "points.example",
                "null",
                "",
            ] {
                assert!(!is_own(other, host, Some(&ours), true), "{other} {host}");
            }
        }
    }

    #[test]
    fn the_host_that_was_asked_is_ours_by_the_scheme_that_is_spoken() {
        let host = "localhost:8080";
        assert!(is_own("http://localhost:8080", host, None, false));
        assert!(is_own("http://localhost:8080", "LOCALHOST:8080", None, false));
        assert!(is_own("https://localhost:8080", host, None, true));
        assert!(!is_own("https://localhost:8080", host, None, false), "nobody speaks it for us");
        assert!(!is_own("http://localhost", host, None, true));
        assert!(!is_own("http://", "", None, true));
    }
}
