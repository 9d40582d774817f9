//! The binary, run to its end or as a server.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::database::Db;

/// The command, with nothing of this process' environment that it listens to.
/// `VILDAR_TEST_BINARY` puts another build in its place, such as the release one.
pub fn command(args: &[&str]) -> Command {
    let program = std::env::var_os("VILDAR_TEST_BINARY")
        .unwrap_or_else(|| env!("CARGO_BIN_EXE_vildar").into());
    let mut command = Command::new(program);
    command.env_remove("RUST_LOG");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VILDAR_") {
            command.env_remove(name);
        }
    }
    command.args(args).stdin(Stdio::null());
    command
}

/// What a command that ended has said.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    #[track_caller]
    pub fn of(mut command: Command) -> Self {
        let output = command.output().expect("the command runs");
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(!self.err.contains("panicked"), "{self:#?}");
        self
    }

    /// Standard output, which must be one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    pub fn everything(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

#[track_caller]
pub fn vildar(args: &[&str]) -> Ended {
    Ended::of(command(args))
}

/// A server in a process of its own; killed when dropped.
pub struct Server {
    pub child: Child,
    pub url: String,
    log: PathBuf,
    /// The first line of a demo's standard output.
    pub first_line: String,
}

const PATIENCE: Duration = Duration::from_secs(30);

impl Server {
    /// `vildar serve` on a free port, once it says that it serves.
    pub fn serve(db: &Db, more: &[&str]) -> Self {
        let mut this = Self::start(db, &[&["serve", "--port", "0"], more].concat());
        let started = Instant::now();
        this.url = loop {
            let log = this.log();
            let said = log
                .lines()
                .filter_map(|line| serde_json::from_str::<Value>(line).ok())
                .find(|line| line["fields"]["message"] == "serving");
            if let Some(line) = said {
                break format!("http://{}", line["fields"]["address"].as_str().expect("address"));
            }
            let ended = this.child.try_wait().expect("a child");
            assert!(ended.is_none(), "{ended:?}: {log}");
            assert!(started.elapsed() < PATIENCE, "{log}");
            std::thread::sleep(Duration::from_millis(20));
        };
        this
    }

    /// `vildar demo --json`, once its first line is there; the mailbox lies beside the database.
    pub fn demo(db: &Db, more: &[&str]) -> Self {
        let folder = db.folder.path().join("demo");
        let folder = folder.to_str().expect("a path in UTF-8");
        let fixed = ["demo", "--port", "0", "--json", "--data-dir", folder];
        let mut this = Self::start(db, &[&fixed, more].concat());
        let out = this.child.stdout.take().expect("standard output");
        BufReader::new(out).read_line(&mut this.first_line).expect("a line");
        let told: Value = serde_json::from_str(&this.first_line)
            .unwrap_or_else(|error| panic!("{error}: {}: {}", this.first_line, this.log()));
        told["url"].as_str().expect("a URL").clone_into(&mut this.url);
        this
    }

    fn start(db: &Db, args: &[&str]) -> Self {
        static SERVERS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = SERVERS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let log = db.folder.path().join(format!("server-{number}.log"));
        let mut command = command(args);
        command.args(["--database-url", &db.url]).stdout(Stdio::piped());
        command.stderr(File::create(&log).expect("a log"));
        let child = command.spawn().expect("the server starts");
        Self { child, url: String::new(), log, first_line: String::new() }
    }

    /// What a demo said first.
    pub fn told(&self) -> Value {
        serde_json::from_str(&self.first_line).expect("JSON")
    }

    /// What it said on standard error.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("the log")
    }

    /// Waits until it has said so on standard error.
    pub async fn says(&self, text: &str) {
        let asked = Instant::now();
        while !self.log().contains(text) {
            assert!(asked.elapsed() < PATIENCE, "nothing of {text:?} in {}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        signal(&self.child, "TERM");
    }

    /// Waits for its end; answers the exit code.
    pub async fn ended(&mut self, patience: Duration) -> Option<i32> {
        let asked = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            assert!(asked.elapsed() < patience, "still there after {patience:?}: {}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn stop(mut self) {
        self.terminate();
        assert_eq!(self.ended(PATIENCE).await, Some(0), "{}", self.log());
    }

    /// Status and JSON of a GET.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        read(client().get(format!("{}{path}", self.url))).await
    }
}

/// Sends a process a signal, by its name.
pub fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args([&format!("-{name}"), &pid]).status();
    assert!(sent.is_ok_and(|status| status.success()));
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().timeout(PATIENCE).build().expect("a client")
}

/// Status and JSON of an answer.
pub async fn read(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
