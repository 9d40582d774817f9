//! Programs that tests need and a machine may not have.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// The first of these programs that stands on `PATH`.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}

/// Says loudly that tests are skipped for want of a program; call it once per process and program.
///
/// # Panics
/// With `CI=true` in the environment: there, nothing may be missing.
pub fn missing(what: &str) {
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!ci, "{what}; CI must have it installed");
    skipped(what);
}

/// Says loudly that something was skipped, for want of what not every machine can give.
pub fn skipped(what: &str) {
    // Written straight to stderr: what the print macros write, the test runner would swallow.
    let line = format!("\nSKIPPED: {what}\n");
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

/// A user to run programs as, where it must not be ourselves.
#[derive(Clone, Copy, Debug)]
pub struct User {
    pub uid: u32,
    pub gid: u32,
}

impl User {
    /// Looks the user up in `/etc/passwd`.
    pub fn named(name: &str) -> Option<Self> {
        let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
        let mut fields = passwd
            .lines()
            .map(|line| line.split(':'))
            .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
        let (uid, gid) = (fields.nth(1)?, fields.next()?);
        Some(Self { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    }

    /// A command that will run as this user, or as ourselves when there is none.
    pub fn command(user: Option<Self>, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        if let Some(User { uid, gid }) = user {
            command.uid(uid).gid(gid);
        }
        command
    }
}
