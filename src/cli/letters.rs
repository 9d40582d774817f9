//! `vildar letters`: a shop's own templates and texts, checked and looked at.

use std::{fs, path::Path};

use serde_json::json;

use super::{Failure, Outcome, say};
use platform::{
    kernel::locale::Language,
    messaging::letters::{Flaw, Letter, Sender, Stationery, render},
};

/// Has this process write on a shop's own templates.
///
/// # Errors
/// All flaws of the folder, by file and line.
pub fn use_templates(folder: &Path) -> Result<(), Failure> {
    let stationery = Stationery::of_folder(folder).map_err(|flaws| {
        let lines: Vec<String> = flaws.iter().map(Flaw::to_string).collect();
        Failure::Refused(format!("the letters in {}:\n{}", folder.display(), lines.join("\n")))
    })?;
    stationery.put_to_use().map_err(|_| Failure::Refused("letters were written before".to_owned()))
}

/// Says what is wrong in a folder, line by line; ends 1 where anything is.
pub fn check(folder: &Path, as_json: bool) -> Outcome {
    let flaws = Stationery::of_folder(folder).err().unwrap_or_default();
    if as_json {
        let told = flaws
            .iter()
            .map(|Flaw { file, line, what }| json!({"file": file, "line": line, "message": what}));
        say(json!({"flaws": told.collect::<Vec<_>>()}))?;
    } else {
        for flaw in &flaws {
            say(flaw)?;
        }
        if flaws.is_empty() {
            say("every letter can be written in every language")?;
        }
    }
    if flaws.is_empty() { Ok(()) } else { Err(Failure::Reported) }
}

/// Writes every letter with samples into a folder, as html and as text.
pub fn preview(folder: &Path, sender: Sender, as_json: bool) -> Outcome {
    fs::create_dir_all(folder)?;
    // each customer has a link of their own, which the settings don't know of
    let link = format!("{}/unsubscribe/a-sample", sender.public_url.trim_end_matches('/'));
    let sender = Sender { unsubscribe_url: sender.unsubscribe_url.or(Some(link)), ..sender };
    let mut files = Vec::new();
    for (number, letter) in Letter::samples().into_iter().enumerate() {
        for language in Language::ALL {
            let rendered = render(&letter, language, &sender)
                .map_err(|why| Failure::Refused(format!("{}: {why:#}", letter.template())))?;
            let name = format!("{number:02}-{}-{}", letter.template(), language.tag());
            let text = format!("Subject: {}\n\n{}", rendered.subject, rendered.text);
            for (ending, content) in [("html", rendered.standalone()), ("txt", text)] {
                let file = folder.join(format!("{name}.{ending}"));
                fs::write(&file, content)?;
                files.push(file);
            }
        }
    }
    if as_json {
        return say(json!({"files": files}));
    }
    say(format_args!("{} files in {}", files.len(), folder.display()))
}
