//! The floors of the house: a room uses what stands below it, and nothing above.

use std::{fs, path::Path};

/// Every room, from the ground up. Where one lies within another, the longer name counts.
const FLOORS: &[&str] = &[
    "platform::kernel",
    "platform::db",
    "platform::messaging::letters",
    "platform::messaging::store",
    "platform::messaging::suppressions",
    "platform::messaging::preferences",
    "platform::messaging::judge",
    "platform::messaging::outbox",
    "platform::messaging",
    "platform::settings",
    "platform::auth",
    "platform::http",
    "platform::settings::api",
    "platform::letters",
    "platform::auth::api",
    "program::period",
    "program::ledger",
    "program::thanks::gone",
    "program::members",
    "program::pictures",
    "program::rewards",
    "program::redemptions",
    "program::budget",
    "program::perks",
    "program::referrals",
    "program::due",
    "program::members::api",
    "program::redemptions::api",
    "program::orders",
    "program::conditions",
    "program::segments",
    "program::points",
    "program::holds",
    "program::transfers",
    "program::occasions",
    "program::reminders",
    "program::enrolment",
    "program::asks",
    "program::topics",
    "program::thanks",
    "program::surveys",
    "program::orders::api",
    "program::topics::api",
    "program::announcements",
    "program::audit",
    "program::register",
    "program",
    "web",
    "chores",
    "mailer",
    "demo_clock",
    "routes",
    "app",
    "cli",
    "main",
];

fn floor(path: &[String]) -> Option<usize> {
    let path = path.join("::");
    let within = |room: &str| path == room || path.starts_with(&format!("{room}::"));
    let rooms = FLOORS.iter().enumerate().filter(|(_, room)| within(room));
    rooms.max_by_key(|(_, room)| room.len()).map(|(place, _)| place)
}

/// The crates whose folders lie in `src`; what is in none of them is `vildar` itself.
const CRATES: &[&str] = &["platform", "program"];

fn own_crate(module: &[String]) -> Option<&String> {
    module.first().filter(|room| CRATES.contains(&room.as_str()))
}

/// All paths in `source` that begin at a crate or above `module`, in full.
fn paths(module: &[String], source: &str) -> Vec<Vec<String>> {
    let code = source.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = Vec::new();
    for start in ["crate::", "super::", "platform::", "program::"] {
        for (place, _) in code.match_indices(start) {
            let before = code[..place].chars().next_back().unwrap_or(' ');
            let is_visibility = code[..place].ends_with("(in ");
            if !before.is_alphanumeric() && !"_:$".contains(before) && !is_visibility {
                tree(&code[place..], &[], &mut found);
            }
        }
    }
    found.iter().filter_map(|path| resolved(module, path)).collect()
}

/// Reads one path, or all of a tree in braces; answers what is left.
fn tree<'a>(code: &'a str, before: &[String], found: &mut Vec<Vec<String>>) -> &'a str {
    let code = code.trim_start();
    if let Some(mut rest) = code.strip_prefix('{') {
        loop {
            rest = tree(rest, before, found).trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            if rest.is_empty() {
                return rest;
            }
        }
    }
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len());
    let mut path = before.to_vec();
    path.push(code[..end].to_owned());
    let rest = &code[end..];
    if let Some(more) = rest.strip_prefix("::") {
        return tree(more, &path, found);
    }
    found.push(path);
    // a name of its own, or a star
    let rest = rest.trim_start().trim_start_matches('*');
    let Some(renamed) = rest.strip_prefix("as ") else { return rest };
    renamed.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
}

/// From the crate's name on; what is in `vildar` itself, without it.
fn resolved(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let first = path.first()?.as_str();
    if CRATES.contains(&first) {
        return Some(path.to_vec());
    }
    if first == "crate" {
        let own = own_crate(module);
        return Some(own.into_iter().chain(&path[1..]).cloned().collect());
    }
    let ups = path.iter().take_while(|part| *part == "super").count();
    let above = module.len().checked_sub(ups)?;
    Some(module[..above].iter().chain(&path[ups..]).cloned().collect())
}

fn sources(folder: &Path, found: &mut Vec<(Vec<String>, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let inside = path.strip_prefix("src").expect("in src").with_extension("");
            let mut module: Vec<String> =
                inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            module.pop_if(|last| last == "mod");
            found.push((module, fs::read_to_string(&path).expect("a source")));
        }
    }
}

#[test]
fn a_room_uses_what_stands_below_it_alone() {
    let mut all = Vec::new();
    sources(Path::new("src"), &mut all);
    assert!(all.len() > 150, "only {} files", all.len());
    let (mut faults, mut uses, mut within) = (Vec::new(), 0, 0);
    for (module, source) in &all {
        let name = module.join("::");
        let is_root = ["lib", "platform::lib", "program::lib"].contains(&name.as_str());
        if is_root || module.iter().any(|part| part == "tests") {
            continue;
        }
        if ["crate as ", "crate::{self as "].iter().any(|hidden| source.contains(hidden)) {
            faults.push(format!("{name} gives its crate another name: what it uses is not seen"));
        }
        let Some(own) = floor(module) else {
            faults.push(format!("{name} stands on no floor: name it in FLOORS"));
            continue;
        };
        for path in paths(module, source) {
            // the others can't be faults: crates don't depend on each other in a circle
            within += usize::from(own_crate(&path) == own_crate(module));
            uses += 1;
            match floor(&path) {
                Some(other) if other > own => {
                    faults.push(format!("{name} uses {}, which stands above it", path.join("::")));
                }
                _ => {}
            }
        }
    }
    assert!(uses > 1000, "only {uses} uses were found");
    assert!(within > 900, "only {within} uses within a crate were found");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn paths_are_found_in_trees() {
    let module = ["program".to_owned(), "holds".to_owned()];
    let source = "use platform::{db::{Tx, types::{A as B, C}}, kernel::*};\nuse super::super::app;\n\
                  // crate::web\nfn f() { crate::ledger::x(); }\n";
    let found = paths(&module, source);
    let mut found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
    found.sort();
    let all = ["app", "platform::db::Tx", "platform::db::types::A", "platform::db::types::C"];
    assert_eq!(found[..4], all);
    assert_eq!(found[4..], ["platform::kernel::", "program::ledger::x"]);
}
