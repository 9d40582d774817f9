//! Where a demo keeps its things, and that they go with it.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use crate::{
    database::contents,
    run::{command, signal, vildar},
};

/// A demo; killed when dropped.
struct Demo(Child);

impl Demo {
    #[track_caller]
    fn end(&mut self, name: &str) {
        signal(&self.0, name);
        assert!(self.0.wait().expect("it ends").success(), "{name}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(temporary: &Path, more: &[&str]) -> Demo {
    let mut command = command(&[&["demo", "--port", "0", "--json"], more].concat());
    command.env("TMPDIR", temporary).stdout(Stdio::piped()).stderr(Stdio::null());
    Demo(command.spawn().expect("the demo starts"))
}

/// Waits until it says that it is ready.
fn ready(demo: &mut Demo) {
    let out = demo.0.stdout.take().expect("standard output");
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).expect("a line");
    assert!(line.starts_with('{'), "{line}");
}

fn folders(temporary: &Path) -> Vec<PathBuf> {
    fs::read_dir(temporary).expect("a folder").flatten().map(|entry| entry.path()).collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[test]
fn a_folder_of_its_own_is_private_and_goes_at_the_end() {
    let temporary = tempfile::tempdir().expect("a folder");
    let temporary = temporary.path();
    for name in ["TERM", "INT", "HUP"] {
        let mut demo = start(temporary, &[]);
        ready(&mut demo);
        let made = folders(temporary);
        let [folder] = &made[..] else { panic!("{made:?}") };
        assert_eq!(mode(folder), 0o700);
        for file in ["demo.db", "demo.db-wal", "demo.db-shm"] {
            assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
        }
        // two have two
        let mut second = start(temporary, &[]);
        ready(&mut second);
        assert_eq!(folders(temporary).len(), 2);
        demo.end(name);
        second.end(name);
        assert_eq!(contents(temporary), [], "{name}");
    }
}

#[test]
fn ended_before_it_is_ready_it_leaves_nothing_either() {
    let temporary = tempfile::tempdir().expect("a folder");
    let mut demo = start(temporary.path(), &[]);
    let started = Instant::now();
    while folders(temporary.path()).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(20));
        std::thread::yield_now();
    }
    demo.end("INT");
    assert_eq!(contents(temporary.path()), []);
}

#[test]
fn a_folder_that_was_named_stays() {
    let temporary = tempfile::tempdir().expect("a folder");
    let named = temporary.path().join("mine");
    let mut demo = start(temporary.path(), &["--data-dir", named.to_str().expect("a path")]);
    ready(&mut demo);
    demo.end("TERM");
    assert_eq!(folders(temporary.path()), std::slice::from_ref(&named));
    assert!(named.join("demo.db").is_file() && named.join("mailbox").is_dir());
    assert_eq!((mode(&named), mode(&named.join("demo.db"))), (0o700, 0o600));
    // a refusal takes nothing away that was there
    let file = named.join("demo.db");
    let url = format!("sqlite:{}", file.display());
    let args = ["demo", "--port", "70000", "--database-url", &url];
    vildar(&args).expect(2);
    assert!(file.is_file());
}
