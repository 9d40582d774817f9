//! `docs/storefront.md`: what it has in each language is one program, which does what it says.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    database::Db,
    run::{Ended, Server},
    support::{both::Which, programs},
};

/// The compiler of TypeScript, and what it must know of Node.
const TYPESCRIPT: [&str; 2] = ["typescript@5.9.3", "@types/node@20.19.25"];

/// The guide's blocks of this kind, in order, one behind the other.
fn told(kind: &str) -> String {
    let guide = include_str!("../../docs/storefront.md");
    let fence = format!("```{kind}\n");
    let blocks = guide.split(&fence).skip(1);
    let blocks: Vec<&str> =
        blocks.map(|block| block.split("\n```").next().unwrap_or_default()).collect();
    assert!(blocks.len() >= 10, "{} blocks of {kind}", blocks.len());
    blocks.join("\n\n")
}

/// Runs what the guide has in a language beside a fresh demo; `command` makes the program of the file.
fn does_what_it_says(kind: &str, file: &str, command: impl FnOnce(&Path) -> Option<Command>) {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join(file);
    fs::write(&program, told(kind)).expect("the program is written");
    let Some(mut command) = command(&program) else { return };
    let Some(db) = Db::empty(Which::Sqlite) else { return };
    let demo = Server::demo(&db, &[]);
    let told_first = demo.told();
    let key = told_first["storefront_key"].as_str().expect("a key");
    command.env("VILDAR_URL", &demo.url).env("VILDAR_KEY", key).current_dir(folder.path());
    let ended = Ended::of(command).expect(0);
    assert_eq!(ended.err, "", "{kind}");
    let (said, told) = (ended.out.lines().collect::<Vec<_>>(), told("text"));
    let told: Vec<&str> = told.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(said.len(), told.len(), "{kind}: {said:#?}");
    for (said, told) in said.iter().zip(told) {
        // what differs from time to time stands as a word of three dots
        let (before, after) = told.split_once('…').unwrap_or((told, ""));
        let alike = said.starts_with(before) && said.ends_with(after);
        let alike = alike && (told.contains('…') || *said == told);
        assert!(alike, "{kind} says {said:?}, and the guide {told:?}");
    }
}

/// A program by its name, or a word that it is not there.
fn found(name: &str) -> Option<PathBuf> {
    let found = programs::on_path(&[name]);
    if found.is_none() {
        programs::skipped(&format!("{name} was not found: a part of the guide was not run"));
    }
    found
}

#[test]
fn as_curl_lines() {
    does_what_it_says("sh", "guide.sh", |file| {
        found("curl")?;
        let mut command = Command::new(found("bash")?);
        command.args(["-eu", "-o", "pipefail"]).arg(file);
        Some(command)
    });
}

#[test]
fn in_python() {
    does_what_it_says("python", "guide.py", |file| {
        let mut command = Command::new(found("python3")?);
        command.arg(file);
        Some(command)
    });
}

#[test]
fn in_typescript() {
    does_what_it_says("ts", "guide.mts", |file| {
        let node = found("node")?;
        let modules = typescript()?;
        // where the compiler looks for what it must know of Node
        let types = file.parent()?.join("node_modules");
        std::os::unix::fs::symlink(&modules, types).expect("a link");
        let mut compiler = Command::new(&node);
        compiler.arg(modules.join("typescript/bin/tsc")).arg(file);
        compiler.args(["--strict", "--target", "es2022", "--module", "nodenext"]);
        compiler.args(["--types", "node"]).current_dir(file.parent()?);
        let ended = Ended::of(compiler).expect(0);
        assert_eq!(ended.everything(), "", "the compiler has nothing to say");
        let mut command = Command::new(node);
        command.arg(file.with_extension("mjs"));
        Some(command)
    });
}

/// The modules with the compiler, fetched once; `None`, after a word, where they can't be had.
fn typescript() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("typescript-5.9");
    let modules = folder.join("node_modules");
    if modules.join("typescript/bin/tsc").is_file() && modules.join("@types/node").is_dir() {
        return Some(modules);
    }
    let mut npm = Command::new(found("npm")?);
    npm.args(["install", "--silent", "--no-fund", "--no-audit", "--no-save", "--prefix"]);
    let fetched = npm.arg(&folder).args(TYPESCRIPT).output();
    if fetched.is_ok_and(|fetched| fetched.status.success()) {
        return Some(modules);
    }
    programs::skipped("TypeScript can't be had here: the guide was not run in it");
    None
}
