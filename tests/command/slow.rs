//! Strangers who send slowly, read slowly, or make up methods, two thousand at once: the server
//! keeps little for them, lets them go, and answers everybody else meanwhile.

use std::{
    fs,
    net::TcpListener,
    process::Command,
    time::{Duration, Instant},
};

use actix_web::rt::net::TcpStream;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Mutex, MutexGuard},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    database::Db,
    run::{Server, client, read},
    support::both::Which,
};

/// How many there are at once, where this process may have so many files open.
const MANY: usize = 2000;
/// How much the server may grow for [`MANY`], in KiB.
const GROWTH: usize = 50 * 1024;
/// When all of them must be gone: ten seconds of patience, and time to see it on a busy machine.
const GONE: Duration = Duration::from_secs(40);

/// As many of [`MANY`] as this process and its children may have.
fn many() -> usize {
    let pid = std::process::id().to_string();
    // where it may not be raised, it is as it is
    let _ = Command::new("prlimit").args(["--pid", &pid, "--nofile=8192:"]).output();
    let limits = fs::read_to_string("/proc/self/limits").expect("limits");
    let line = limits.lines().find(|line| line.starts_with("Max open files")).expect("a limit");
    let files: usize = line.split_whitespace().nth(3).and_then(|n| n.parse().ok()).expect("one");
    let many = MANY.min(files.saturating_sub(200));
    eprintln!("{many} connections at once");
    many
}

/// A server, and what it was before anybody came.
struct Watched {
    server: Server,
    metrics: String,
    many: usize,
    before: usize,
    sockets: usize,
    most: usize,
}

impl Watched {
    async fn start(db: &Db) -> Self {
        let many = many();
        let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("one");
        let port = free.port().to_string();
        let server = Server::serve(db, &["--metrics-port", &port]);
        let metrics = format!("http://127.0.0.1:{port}/metrics");
        let mut this = Self { server, metrics, many, before: 0, sockets: 0, most: 0 };
        // what is made once is there
        for _ in 0..20 {
            this.normal_calls().await;
            this.read_whole("/openapi.json").await;
            this.read_whole("/assets/pico/pico.min.css").await;
        }
        sleep(Duration::from_millis(500)).await;
        (this.before, this.sockets) = (this.memory(), this.sockets());
        this
    }

    /// Resident memory in KiB.
    fn memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.child.id()));
        let status = status.expect("a status");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("its memory");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
    }

    /// Its sockets alone: it opens files of its own now and then, for the database.
    fn sockets(&self) -> usize {
        let files = fs::read_dir(format!("/proc/{}/fd", self.server.child.id())).expect("files");
        // one that is closed meanwhile was none that stays
        let links = files.flatten().flat_map(|file| fs::read_link(file.path()));
        links.filter(|link| link.to_string_lossy().starts_with("socket:")).count()
    }

    fn address(&self) -> String {
        self.server.url.trim_start_matches("http://").to_owned()
    }

    /// Somebody else asks something, and has an answer soon.
    async fn normal_calls(&self) {
        let asked = Instant::now();
        assert_eq!(self.server.get("/livez").await.0, 200);
        let sign_in = client().post(format!("{}/v1/sessions", self.server.url));
        let sign_in = sign_in.body(json!({"email": "x", "password": "none"}).to_string());
        assert_eq!(read(sign_in).await.0, 422);
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    }

    /// Both of its forms, packed and plain.
    async fn read_whole(&self, path: &str) {
        for encoding in ["gzip", "identity"] {
            let ask = client().get(format!("{}{path}", self.server.url));
            let answer = ask.header("accept-encoding", encoding).send().await.expect("an answer");
            assert_eq!(answer.status(), 200);
            answer.bytes().await.expect("all of it");
        }
    }

    /// Watches until they are gone; answers after how long.
    async fn until_gone(&mut self, what: &str) -> Duration {
        let began = Instant::now();
        loop {
            self.most = self.most.max(self.memory());
            let here = self.sockets();
            if here <= self.sockets + 4 {
                break;
            }
            assert!(began.elapsed() < GONE, "{what}: {here} sockets, {} before", self.sockets);
            self.normal_calls().await;
            sleep(Duration::from_millis(200)).await;
        }
        began.elapsed()
    }

    /// Lets many do the same twice: what stays after the first time is used anew, and does not add
    /// up.
    async fn with_many_twice<F>(&mut self, what: &str, deed: impl Fn(usize, TcpStream) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.with_many(&format!("{what}, first"), &deed).await;
        self.with_many(&format!("{what}, again"), &deed).await;
    }

    /// Lets many do the same, and sees what it costs.
    async fn with_many<F>(&mut self, what: &str, deed: impl Fn(usize, TcpStream) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut all = JoinSet::new();
        self.most = 0;
        for number in 0..self.many {
            let socket = TcpStream::connect(self.address()).await.expect("a connection");
            all.spawn(deed(number, socket));
        }
        // nobody has gone by himself
        let took = self.until_gone(what).await;
        all.shutdown().await;
        sleep(Duration::from_secs(1)).await;
        let (grown, stays) =
            (self.most.saturating_sub(self.before), self.memory().saturating_sub(self.before));
        eprintln!("{what}: {took:?}, {grown} KiB more at most, {stays} KiB stay");
        let bound = GROWTH * self.many / MANY;
        assert!(grown <= bound, "{what}: {grown} KiB more than {} KiB", self.before);
        assert!(stays <= bound, "{what}: {stays} KiB stay");
    }
}

/// A server on SQLite: the database has no part in this. One test after the other has so many
/// files open.
async fn watched() -> (Db, Watched, MutexGuard<'static, ()>) {
    static TURN: Mutex<()> = Mutex::const_new(());
    let turn = TURN.lock().await;
    let db = Db::migrated(Which::Sqlite).expect("a database");
    let watched = Watched::start(&db).await;
    (db, watched, turn)
}

#[actix_web::test]
async fn bodies_that_come_slowly() {
    let (_db, mut watched, _turn) = watched().await;
    watched
        .with_many_twice("slow bodies", |number, mut socket| async move {
            let (length, at_once, packed) = match number % 4 {
                0 => (1_048_576, 1_048_575, ""),
                1 => (4096, 4095, ""),
                2 => (100, 1, ""),
                _ => (100_000, 10, "content-encoding: gzip\r\n"),
            };
            let head = format!(
                "POST /v1/sessions HTTP/1.1\r\nhost: a\r\n{packed}content-length: {length}\r\n\r\n"
            );
            let _ = socket.write_all(head.as_bytes()).await;
            let _ = socket.write_all(&b" ".repeat(at_once)).await;
            // a byte now and then, for as long as it is taken
            while number % 2 == 0 && socket.write_all(b" ").await.is_ok() {
                sleep(Duration::from_secs(2)).await;
            }
            sleep(GONE).await;
        })
        .await;
    watched.server.stop().await;
}

#[actix_web::test]
async fn answers_that_nobody_reads() {
    let (_db, mut watched, _turn) = watched().await;
    watched
        .with_many_twice("slow readers", |number, mut socket| async move {
            let packed = if number % 2 == 0 { "accept-encoding: gzip\r\n" } else { "" };
            let path = ["/openapi.json", "/assets/pico/pico.min.css"][number % 2];
            let ask = format!("GET {path} HTTP/1.1\r\nhost: a\r\n{packed}\r\n");
            let _ = socket.write_all(ask.repeat(16).as_bytes()).await;
            let mut some = [0; 100];
            // some bytes now and then, or none at all
            while number % 3 == 0 && matches!(socket.read(&mut some).await, Ok(1..)) {
                sleep(Duration::from_secs(1)).await;
            }
            sleep(GONE).await;
        })
        .await;
    watched.server.stop().await;
}

#[actix_web::test]
async fn heads_that_do_not_end() {
    let (_db, mut watched, _turn) = watched().await;
    watched
        .with_many("slow heads", |number, mut socket| async move {
            if number % 2 == 0 {
                // the second request of a connection
                let _ = socket.write_all(b"GET /livez HTTP/1.1\r\nhost: a\r\n\r\n").await;
                let _ = timeout(Duration::from_secs(2), socket.read(&mut [0; 10])).await;
            }
            let head = format!("GET /livez HTTP/1.1\r\nhost: a\r\nx: {}", "x".repeat(7000));
            let _ = socket.write_all(head.as_bytes()).await;
            while socket.write_all(b"x").await.is_ok() {
                sleep(Duration::from_secs(1)).await;
            }
            sleep(GONE).await;
        })
        .await;
    watched.server.stop().await;
}

#[actix_web::test]
async fn methods_that_nobody_has() {
    let (_db, mut watched, _turn) = watched().await;
    for connection in 0..50 {
        let mut socket = TcpStream::connect(watched.address()).await.expect("a connection");
        let mut answers = Vec::new();
        for number in 0..100 {
            let method = format!("EVIL{connection}X{number}{}", "Y".repeat(800));
            let ask = format!("{method} /evil-path HTTP/1.1\r\nhost: a\r\n\r\n");
            socket.write_all(ask.as_bytes()).await.expect("sent");
            let mut some = [0; 4096];
            let read = socket.read(&mut some).await.expect("an answer");
            answers.extend(some.iter().take(read));
        }
        let answers = String::from_utf8(answers).expect("UTF-8");
        assert_eq!(answers.matches("HTTP/1.1 404 Not Found").count(), 100, "{answers}");
    }
    watched.most = watched.memory();
    let grown = watched.most.saturating_sub(watched.before);
    eprintln!("odd methods: {grown} KiB more");
    assert!(grown < 10 * 1024, "{grown} KiB");
    let text = client().get(&watched.metrics).send().await.expect("metrics").text().await;
    let text = text.expect("a text");
    assert!(text.len() < 50_000, "{} bytes", text.len());
    let counted =
        "vildar_http_requests_total{method=\"other\",route=\"unknown\",status=\"404\"} 5000";
    assert!(text.contains(counted) && !text.contains("EVIL"), "{text}");
    let log = watched.server.log();
    assert!(!log.contains("EVIL") && !log.contains("evil-path") && !log.contains(&"Y".repeat(13)));
    watched.server.stop().await;
}
