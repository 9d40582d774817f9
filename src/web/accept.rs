//! Who asks: a browser that shows pages, or a program that reads JSON.

/// Whether a page is wanted more than JSON, by an `Accept` (RFC 9110, 12.5.1).
#[must_use]
pub fn prefers_html(accept: &str) -> bool {
    let weight = |kinds: &[&str]| {
        let ranges = accept.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next()?;
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            let is_one = kinds.iter().any(|one| kind.eq_ignore_ascii_case(one));
            is_one.then(|| weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
        });
        ranges.fold(0.0_f32, f32::max)
    };
    let html = weight(&["text/html"]);
    let json = weight(&["application/json", "application/problem+json"]);
    html > json && html >= weight(&["*/*", "application/*"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_want_pages_and_programs_do_not() {
        for accept in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
            "text/html",
            "TEXT/HTML;level=1;q=0.9, application/json;q=0.1",
        ] {
            assert!(prefers_html(accept), "{accept}");
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
            assert!(!prefers_html(accept), "{accept}");
        }
    }
}
