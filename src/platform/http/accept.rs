//! What a caller would rather have, by its `Accept` (RFC 9110, 12.5.1).

use actix_web::http::header::{ACCEPT, HeaderMap};

/// Whether CSV is wanted more than JSON, which is the default.
#[must_use]
pub fn wants_csv(headers: &HeaderMap) -> bool {
    let accepted = accepted(headers);
    wanted(&accepted, "text", "csv").weight > wanted(&accepted, "application", "json").weight
}

/// Whether a page is wanted more than JSON: a browser names it, a program does not.
#[must_use]
pub fn prefers_html(headers: &HeaderMap) -> bool {
    let accepted = accepted(headers);
    let html = wanted(&accepted, "text", "html");
    let json = ["json", "problem+json"].map(|kind| wanted(&accepted, "application", kind).weight);
    html.closeness == Closeness::Named && json.iter().all(|json| html.weight > *json)
}

fn accepted(headers: &HeaderMap) -> String {
    let all: Vec<&str> = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    all.join(",")
}

/// How closely a range names a media type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    #[default]
    None,
    Any,
    Kind,
    Named,
}

/// How much a media type is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    closeness: Closeness,
    /// In thousandths.
    weight: u16,
}

/// The range that names a media type most closely counts.
fn wanted(accepted: &str, kind: &str, subtype: &str) -> Wanted {
    let mut best = Wanted::default();
    for range in accepted.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let Some((a, b)) = parts.next().and_then(|range| range.split_once('/')) else { continue };
        let closeness = match (a, b) {
            ("*", "*") => Closeness::Any,
            (a, "*") if a.eq_ignore_ascii_case(kind) => Closeness::Kind,
            (a, b) if a.eq_ignore_ascii_case(kind) && b.eq_ignore_ascii_case(subtype) => {
                Closeness::Named
            }
            _ => continue,
        };
        let weight = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
        });
        best = best.max(Wanted { closeness, weight: weight.unwrap_or(1000) });
    }
    best
}

/// `0`, `1`, or up to three decimals between; anything else counts as not wanted.
fn thousandths(text: &str) -> u16 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    let part = format!("{decimals:0<3}").parse().unwrap_or(0);
    match whole {
        "0" => part,
        "1" if part == 0 => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn headers(accept: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).expect("a header"));
        headers
    }

    #[test]
    fn csv_comes_where_it_is_wanted_more() {
        let wants = |accepted: &str| wants_csv(&headers(accepted));
        for accepted in [
            "text/csv",
            "TEXT/CSV",
            "text/csv, */*;q=0.1",
            "text/csv;q=0.5, application/json;q=0.4",
            "application/json;q=0.9,text/csv",
            "text/csv;header=present;q=0.9, application/json;q=0",
            "text/*",
            "application/json;q=0.1, */*",
        ] {
            assert!(wants(accepted), "{accepted}");
        }
        for accepted in [
            "",
            "*/*",
            "application/json",
            "application/json, text/csv",
            "text/csv;q=0",
            "text/csv;q=0.4, application/json;q=0.5",
            "text/csv;q=0.001, */*",
            "text/csv;q=2",
            "text/csv;q=x",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "image/png",
            "csv",
        ] {
            assert!(!wants(accepted), "{accepted}");
        }
    }

    #[test]
    fn browsers_want_pages_and_programs_do_not() {
        for accept in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
            "text/html",
            "TEXT/HTML;level=1;q=0.9, application/json;q=0.1",
        ] {
            assert!(prefers_html(&headers(accept)), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "application/json",
            "application/json, text/html;q=0.9",
            "text/html, application/json",
            "text/html;q=0.5, */*",
            "text/html;q=0",
            "text/html;q=x",
            "text/*",
        ] {
            assert!(!prefers_html(&headers(accept)), "{accept}");
        }
    }
}
