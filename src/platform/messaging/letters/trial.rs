//! Every letter is written once on a shop's own templates, before any goes out.

use minijinja::{Error, ErrorKind};

use super::{
    Flaw, Letter, RenderError, Rendered, Sender, Stationery,
    own::{Own, line_of},
    render::render_on,
    stationery::{FRAMES, file_of, file_stem, letter_file},
};
use crate::kernel::locale::Language;

/// Writes every letter once in every language, and says what is wrong with any.
pub fn all(on: &Stationery, own: &Own) -> Vec<Flaw> {
    let sender = Sender::sample();
    let mut flaws = Vec::new();
    for letter in Letter::samples() {
        for language in Language::ALL {
            match render_on(on, &letter, language, &sender) {
                Ok(written) => {
                    flaws.extend(what_lacks(&written, &letter, language, &sender, own));
                }
                Err(RenderError::Template(error)) => {
                    flaws.push(of_template(&error, own, letter.template()));
                }
                Err(RenderError::Mjml(why)) => {
                    let what = format!("is no MJML once it is filled in: {why}");
                    flaws.push(Flaw::new(&letter_file(letter.template()), None, what));
                }
            }
        }
    }
    flaws
}

/// What no letter may lack: a subject, and where it can be stopped, the link for that in both parts.
/// It is told of the shop's own file that is most likely at fault.
fn what_lacks(
    written: &Rendered,
    letter: &Letter,
    language: Language,
    sender: &Sender,
    own: &Own,
) -> Vec<Flaw> {
    let of_letter = letter_file(letter.template());
    let first_own = |files: [&str; 2]| {
        let own = files.into_iter().find(|file| own.contains_key(*file));
        own.unwrap_or(&of_letter).to_owned()
    };
    let mut flaws = Vec::new();
    if written.subject.is_empty() {
        let what = format!("the letter {} has no subject", letter.template());
        flaws.push(Flaw::new(&first_own([&of_letter, &file_of(language)]), None, what));
    }
    let link = letter.preference().and(sender.unsubscribe_url.as_deref());
    let parts = [
        (&written.html, "html", "letters/layout.mjml"),
        (&written.text, "text", "letters/layout.txt"),
    ];
    for (part, name, layout) in parts {
        if link.is_some_and(|link| !part.contains(link)) {
            let what = format!(
                "the {name} of the letter {} lacks the link to have no more of them, \
                 unsubscribe_url",
                letter.template()
            );
            flaws.push(Flaw::new(&first_own([layout, &of_letter]), None, what));
        }
    }
    // what a template says is safe is not looked at before
    if written.text.contains("<mj-") {
        flaws.push(Flaw::new(&of_letter, None, "its plain text has tags of MJML in it"));
    }
    flaws
}

/// What went wrong in a template, in whose file, and where; a message's fault stands in its file.
pub fn of_template(error: &Error, own: &Own, letter: &str) -> Flaw {
    let name = error.name().unwrap_or(letter);
    let (stem, form) = name.rsplit_once('.').unwrap_or((name, "mjml"));
    let is_frame = FRAMES.iter().any(|(frame, _)| *frame == name);
    let file = if is_frame {
        format!("letters/{stem}.{form}")
    } else {
        format!("letters/{}.mjml", file_stem(stem))
    };
    let said = |error: &Error| match error.kind() {
        ErrorKind::OutOfFuel => "does not come to an end, or not soon".to_owned(),
        kind => error.detail().map_or_else(|| kind.to_string(), ToOwned::to_owned),
    };
    let mut what = said(error);
    // the innermost cause says what it was
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    let mut place = (file, error.line());
    while let Some(inner) = cause {
        if let Some(inner) = inner.downcast_ref::<Error>() {
            what = said(inner);
            if let (Some(name), Some(line)) = (inner.name(), inner.line()) {
                place = (format!("letters/{name}"), Some(line));
            }
        }
        cause = inner.source();
    }
    for language in Language::ALL {
        let file = file_of(language);
        let said = format!(" in {}: ", language.tag());
        let key = what.strip_prefix("message ").and_then(|rest| rest.split_once(&said));
        if let Some((key, why)) = key
            && let Some(line) = own.get(&file).and_then(|text| line_of(text, key))
        {
            return Flaw::new(&file, Some(line), format!("message {key}: {why}"));
        }
    }
    Flaw::new(&place.0, place.1, what)
}
