//! Markdown as html, for texts of our own.

use std::iter::once;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};

/// The text as html: headings can be linked to as on the forges, and what is wider than the page
/// scrolls by itself, by keyboard too.
pub fn html(text: &str) -> String {
    let events: Vec<Event<'_>> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let named = events.iter().enumerate().flat_map(|(at, event)| match event {
        Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
            let id = CowStr::from(slug(&words(&events[at + 1..])));
            let (classes, attrs) = (classes.clone(), attrs.clone());
            vec![Event::Start(Tag::Heading { level: *level, id: Some(id), classes, attrs })]
        }
        Event::Start(Tag::Table(_)) => {
            let frame = Event::Html("<div class=\"wide\" role=\"group\" tabindex=\"0\">".into());
            once(frame).chain(once(event.clone())).collect()
        }
        Event::End(TagEnd::Table) => {
            once(event.clone()).chain(once(Event::Html("</div>".into()))).collect()
        }
        _ => vec![event.clone()],
    });
    let mut out = String::new();
    push_html(&mut out, named);
    out.replace("<pre>", "<pre tabindex=\"0\">")
}

/// What a heading says.
fn words(after: &[Event<'_>]) -> String {
    let inside = after.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let text = inside.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        _ => None,
    });
    text.collect()
}

/// A text as a part of an address: `API keys` is `api-keys`.
pub fn slug(text: &str) -> String {
    let kept = text.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_names_and_wide_things_scroll() {
        let told = html("## 3 Sign a `customer` in\n\n| a |\n|---|\n| b |\n\n    code\n");
        assert!(told.contains("<h2 id=\"3-sign-a-customer-in\">"), "{told}");
        assert!(
            told.contains("tabindex=\"0\"><table>") && told.contains("</table>\n</div>"),
            "{told}"
        );
        assert!(told.contains("<pre tabindex=\"0\">"), "{told}");
    }
}
