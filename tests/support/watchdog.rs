//! Clean-up that happens however the test process ends.
//!
//! Statics are never dropped, and nothing is after a Ctrl-C or a kill. So a small shell holds the
//! other end of a pipe: when the pipe closes, because we closed it or because we are gone, it
//! runs its script. It stands in a process group of its own and ignores the terminal's signals.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};

use super::programs::User;

/// Runs its script when dropped, or when the process is gone without having dropped it.
#[derive(Debug)]
pub struct Watchdog(Child);

impl Watchdog {
    /// `script` is for `sh`; it sees `args` as `$1`, `$2`, ….
    pub fn set(script: &str, args: &[&OsStr], user: Option<User>) -> Self {
        let script = format!("trap '' INT HUP TERM QUIT; cat >/dev/null; {script}");
        let child = User::command(user, "sh")
            .args(["-c", &script, "watchdog"])
            .args(args)
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh starts");
        Self(child)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
