//! A real browser, headless, driven over the Chrome `DevTools` protocol.
//!
//! Every call blocks, so what it talks to must be served by threads of its own, as actix's
//! workers are. Nothing waits for more than ten seconds; a failed wait panics with the selector
//! and the text of the page.

mod cdp;
mod page;

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::json;

use self::cdp::Cdp;
pub use self::page::Page;
use super::programs;
use super::watchdog::Watchdog;

/// A cold start on a busy machine takes a while.
const START: Duration = Duration::from_secs(30);

const FLAGS: [&str; 19] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--lang=en",
    "--password-store=basic",
    "--remote-debugging-port=0",
];

/// A running browser; killed, and its folder removed, when dropped or when the process is gone.
pub struct Browser {
    cdp: Cdp,
    port: u16,
    watchdog: Option<Watchdog>,
    process: Child,
}

impl Browser {
    /// `None`, after a loud word, where no Chromium is installed.
    ///
    /// # Panics
    /// When it is there and does not start, or is not there and `CI=true`.
    pub fn launch() -> Option<Self> {
        static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
        let find = || {
            let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
            let found = programs::on_path(&names);
            if found.is_none() {
                programs::missing("Chromium was not found; every browser test was skipped");
            }
            found
        };
        PROGRAM.get_or_init(find).as_deref().map(Self::start)
    }

    fn start(program: &Path) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("vildar-browser-")
            .tempdir()
            .expect("a folder for the browser")
            .keep();
        let log = folder.join("log");
        let process = Command::new(program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", folder.display()))
            .arg("about:blank")
            .envs(["TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"].map(|name| (name, &folder)))
            .process_group(0) // so that the watchdog can end all of its processes at once
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log).expect("a file for the log"))
            .spawn()
            .expect("the browser is started");
        let watchdog = Watchdog::set(
            r#"kill -s KILL -- "-$1"; for i in 1 2 3 4 5; do rm -rf "$2" && break; sleep 0.2; done"#,
            &[process.id().to_string().as_ref(), folder.as_os_str()],
            None,
        );

        let since = Instant::now();
        let (port, path) = loop {
            if let Some(endpoint) = endpoint(&folder) {
                break endpoint;
            }
            if since.elapsed() > START {
                let log = std::fs::read_to_string(&log).unwrap_or_default();
                panic!("the browser did not start: {log}");
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        Self { cdp: Cdp::connect(port, &path), port, watchdog: Some(watchdog), process }
    }

    /// A new page with cookies and storage of its own: another visitor. It ends with the browser.
    pub fn page(&mut self) -> Page {
        let mut call = |method, params| match self.cdp.call(method, params) {
            Ok(answer) => answer,
            Err(error) => panic!("{method}: {error}"),
        };
        let context = call("Target.createBrowserContext", json!({}));
        let target = call(
            "Target.createTarget",
            json!({"url": "about:blank", "browserContextId": context["browserContextId"]}),
        );
        let id = target["targetId"].as_str().expect("an id");
        Page::new(Cdp::connect(self.port, &format!("/devtools/page/{id}")))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.watchdog.take());
        let _ = self.process.wait();
    }
}

/// Where the browser listens, once it has written it down: a port, and a path on the second line.
fn endpoint(folder: &Path) -> Option<(u16, String)> {
    let file = std::fs::read_to_string(folder.join("DevToolsActivePort")).ok()?;
    let (port, path) = file.split_once('\n')?;
    path.starts_with("/devtools/")
        .then_some(())
        .and_then(|()| Some((port.parse().ok()?, path.trim().to_owned())))
}
