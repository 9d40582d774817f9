//! How deep templates, messages and markup go, told without parsing them: a parser that goes down
//! with them would run out of stack, and nothing can be said after that.

/// The deepest that anything may be nested.
const DEEPEST: usize = 100;
/// The longest tag of a template, in bytes: a sum of many is nested, too.
const LONGEST_TAG: usize = 4096;

/// A byte, and what is wrong there.
type Wrong = (usize, String);

fn too_deep(at: usize) -> Wrong {
    (at, format!("is nested more than {DEEPEST} deep"))
}

/// Where a Fluent file goes too deep.
pub fn of_messages(text: &str) -> Option<Wrong> {
    let (mut depth, mut start) = (0_usize, 0);
    for line in text.split_inclusive('\n') {
        let is_comment = line.starts_with('#');
        // no text in quotes goes over a line's end, and no message over the next one's beginning
        let (mut quoted, mut escaped) = (false, false);
        if line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-') {
            depth = 0;
        }
        for (at, c) in line.char_indices().filter(|_| !is_comment) {
            let was_escaped = std::mem::take(&mut escaped);
            match c {
                '\\' if quoted => escaped = !was_escaped,
                '"' if depth > 0 && !was_escaped => quoted = !quoted,
                _ if quoted => {}
                '{' | '(' => depth += 1,
                '}' | ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Some(too_deep(start + at));
            }
        }
        start += line.len();
    }
    None
}

/// Where a template goes too deep.
pub fn of_template(text: &str) -> Option<Wrong> {
    let mut elifs = 0;
    for Tag { at, inner } in tags(text) {
        if inner.len() > LONGEST_TAG {
            return Some((at, format!("is a tag of more than {LONGEST_TAG} bytes")));
        }
        // each is within the one before
        elifs += usize::from(inner.trim_start_matches(['-', '+']).trim_start().starts_with("elif"));
        if elifs > DEEPEST {
            return Some((at, format!("has more than {DEEPEST} times elif")));
        }
        let mut depth = 0_usize;
        for (_, c) in unquoted(inner) {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return Some(too_deep(at));
            }
        }
    }
    None
}

/// Whether markup, filled in already, goes too deep.
pub fn is_too_deep(markup: &str) -> bool {
    // these have no end
    const VOID: [&str; 6] = ["br", "hr", "img", "meta", "link", "input"];
    let mut depth = 0_usize;
    for (at, _) in markup.match_indices('<') {
        let tag = &markup[at + 1..];
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if name.starts_with(|c: char| c.is_ascii_alphabetic())
            && !tag.ends_with('/')
            && !VOID.contains(&name)
        {
            depth += 1;
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

/// Where the first tag of markup stands between a template's own tags.
pub fn first_tag(text: &str) -> Option<usize> {
    let mut from = 0;
    let end = Tag { at: text.len(), inner: "" };
    for Tag { at, inner } in tags(text).chain([end]) {
        let between = text.get(from..at).unwrap_or_default();
        let is_tag = |at: &usize| {
            between[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c))
        };
        if let Some(found) = between.match_indices('<').map(|(at, _)| at).find(is_tag) {
            return Some(from + found);
        }
        // both of its ends have two bytes
        from = at + inner.len() + 4;
    }
    None
}

/// A tag or a comment of a template, and where it begins.
struct Tag<'a> {
    at: usize,
    inner: &'a str,
}

fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let openings = ["{{", "{%", "{#"].into_iter().zip(["}}", "%}", "#}"]);
        let found = openings.filter_map(|(open, close)| Some((rest.find(open)?, close)));
        let (at, close) = found.min()?;
        let inner = &rest[at + 2..];
        let length = if close == "#}" { inner.find(close) } else { end_of(inner, close) };
        // where it has no end, the parser says so
        let inner = &inner[..length?];
        let tag = Tag { at: from + at, inner };
        from = tag.at + inner.len() + 4;
        Some(tag)
    })
}

/// Where a tag ends whose end may stand in quotes before, or close a map.
fn end_of(inner: &str, close: &str) -> Option<usize> {
    let mut maps = 0_usize;
    for (at, c) in unquoted(inner) {
        match c {
            _ if maps == 0 && inner[at..].starts_with(close) => return Some(at),
            '{' => maps += 1,
            '}' => maps = maps.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// What of a tag stands in no quotes.
fn unquoted(inner: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut quote, mut escaped) = (None, false);
    inner.char_indices().filter(move |(_, c)| {
        let was_escaped = std::mem::take(&mut escaped);
        match quote {
            Some(_) if *c == '\\' => escaped = !was_escaped,
            Some(q) if *c == q && !was_escaped => quote = None,
            Some(_) => {}
            None if "\"'".contains(*c) => quote = Some(*c),
            None => return true,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_told_where_it_is_too_much() {
        let many =
            |open: &str, close: &str, n: usize| format!("{}x{}", open.repeat(n), close.repeat(n));
        assert_eq!(of_messages(&format!("a = {}", many("{ ", " }", 100))), None);
        assert!(
            of_messages(&format!("a = b\nb = {}", many("{", "}", 101)))
                .is_some_and(|(at, _)| at > 10)
        );
        assert_eq!(of_messages(&"a = { \"{{{\" }\n".repeat(200)), None, "in quotes it is text");
        assert_eq!(of_template(&format!("{{{{ {} }}}}", many("(", ")", 100))), None);
        assert!(of_template(&format!("{{{{ {} }}}}", many("[", "]", 101))).is_some());
        assert!(of_template(&format!("{{{{ 1{} }}}}", " ~ 1".repeat(2000))).is_some());
        let elifs = format!("{{% if a %}}{}{{% endif %}}", "{% elif a %}".repeat(101));
        assert!(of_template(&elifs).is_some_and(|(_, what)| what.contains("elif")));
        assert!(!is_too_deep(&many("<b>", "</b>", 100)) && is_too_deep(&many("<b>", "</b>", 101)));
        assert!(!is_too_deep(&"<br><img src=x><mj-text />".repeat(200)));
    }

    #[test]
    fn a_tag_of_markup_is_found_between_a_template_s_own() {
        for none in [
            "{{ a < b }} 1 < 2 {# <b> #} {% if a <b %}{% endif %}",
            "{{ \"}} <b>\" }} {{ {\"a\": {\"b\": '<b>'}} }}",
        ] {
            assert_eq!(first_tag(none), None, "{none}");
        }
        assert_eq!(first_tag("{{ a }}\n<mj-text>"), Some(8));
        assert_eq!(first_tag("</b>"), Some(0));
    }
}
