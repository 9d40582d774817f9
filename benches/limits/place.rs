//! Where is measured: a database with our own schema, and a real `vildar serve` on it.

use std::{
    fs::File,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_types::BigInt};
use platform::{
    auth::{
        Caller, Scope,
        keys::{self, NewKey},
    },
    db::{
        DatabaseUrl, DbConnection, Store,
        connection::{Connector, Use},
        migrate,
        tx::Env,
    },
    kernel::{chance::Chance, clock::Clock},
    settings,
};
use program::{ledger, rewards};
use serde_json::json;
use tempfile::TempDir;

use super::support::{both::Which, postgres};

/// What every redemption costs, in points.
pub const COST: i64 = 10;

/// A migrated database with a storefront's key and one voucher to redeem.
pub struct Place {
    pub which: Which,
    pub url: String,
    /// The storefront's secret.
    pub key: String,
    /// The reward's id, as the API writes it.
    pub reward: String,
    pub folder: TempDir,
    _postgres: Option<postgres::Database>,
}

fn migrated(url: &str) {
    let mut conn = connect(url);
    migrate::run(&mut conn).expect("the migrations run");
}

pub fn connect(url: &str) -> DbConnection {
    let url: DatabaseUrl = url.parse().expect("a database URL");
    Connector { url, use_for: Use::Write }.open().expect("the database opens")
}

/// Runs what wants a runtime.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

impl Place {
    /// A new one; `None` where that is PostgreSQL and it is not installed.
    pub fn new(which: Which) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let (url, postgres) = match which {
            Which::Sqlite => {
                let url = format!("sqlite:{}", folder.path().join("vildar.db").display());
                migrated(&url);
                (url, None)
            }
            Which::Postgres => {
                let cluster = postgres::cluster()?;
                cluster.make_durable();
                let database = cluster.database_from_template(migrated);
                (database.url().to_owned(), Some(database))
            }
        };
        let (key, reward) = set_up(&url);
        Some(Self { which, url, key, reward, folder, _postgres: postgres })
    }

    /// The same on every database that is there.
    pub fn on_each() -> Vec<Self> {
        [Which::Sqlite, Which::Postgres].into_iter().filter_map(Self::new).collect()
    }

    pub fn sql(&self, sql: &str) {
        connect(&self.url).batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    pub fn number(&self, sql: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let row: Row = diesel::sql_query(sql)
            .get_result(&mut connect(&self.url))
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        row.n
    }

    /// Lets the database do now what it would do during the measurement.
    pub fn settle_down(&self) {
        match self.which {
            Which::Sqlite => self.sql("PRAGMA wal_checkpoint(TRUNCATE)"),
            Which::Postgres => {
                self.sql("VACUUM ANALYZE");
                self.sql("CHECKPOINT");
            }
        }
    }

    /// The house's own store on it, with the time and chance that `serve` has.
    pub fn store(&self) -> Store {
        open(&self.url)
    }

    /// Whether the ledger agrees with itself for these members; says where it does not.
    pub fn audit(&self, what: &str, members: &[platform::kernel::id::MemberId]) {
        let store = self.store();
        let members = members.to_vec();
        let audited = block_on(store.snapshot(move |tx| {
            let mut found = Vec::new();
            ledger::audit_of(tx, &members, &mut |difference| found.push(difference.to_string()))?;
            Ok(found)
        }))
        .expect("the audit runs");
        assert!(audited.is_empty(), "{what} on {:?}: {audited:#?}", self.which);
    }
}

fn open(url: &str) -> Store {
    let env = Env { clock: Clock::system(), chance: Chance::system() };
    Store::open(url.parse().expect("a URL"), env, 4).expect("a store")
}

/// Settings, a storefront's key, a reward; answers the key's secret and the reward's id.
/// How many rewards are live.
const SHELF: i64 = 1000;

/// One of many rewards, described as shops describe them.
fn shelved(number: i64) -> serde_json::Value {
    let about = "A cup of what you like, with a refill if you are reading. ".repeat(6);
    json!({
        "name": {"en": format!("Reward {number}"), "is": format!("Verðlaun {number}")},
        "description": {"en": about, "is": about}, "kind": "voucher", "cost_points": number,
        "per_member_limit": if number % 3 == 0 { Some(2) } else { None }, "state": "live",
    })
}

fn set_up(url: &str) -> (String, String) {
    let store = open(url);
    let settings = json!({
        "public_url": "http://127.0.0.1:1", "storefront_url": "https://shop.example",
        "mail_from": "shop@example.com", "program_name": "Kaffi Lóa",
    });
    let settings = settings.as_object().expect("settings").clone();
    let reward = json!({"name": "Coffee", "kind": "voucher", "cost_points": COST, "state": "live"});
    block_on(store.write(move |tx| {
        settings::service::change(tx, settings.clone(), None)?;
        let new = serde_json::from_value(reward.clone())?;
        for number in 1..SHELF {
            let other = serde_json::from_value(shelved(number))?;
            rewards::service::add(tx, other, &Caller::System)?;
        }
        let reward = rewards::service::add(tx, new, &Caller::System)?;
        let name = "Till".parse().expect("a name");
        let (_, secret) = keys::create(tx, NewKey::lasting(name, Scope::ALL))?;
        Ok((secret, reward.id.to_string()))
    }))
    .expect("the place is set up")
}

/// The binary: copied once, so that a build meanwhile can't change what is measured.
pub fn binary() -> &'static Path {
    static COPY: std::sync::OnceLock<(TempDir, PathBuf)> = std::sync::OnceLock::new();
    let copy = || {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("vildar");
        let built = std::env::var_os("VILDAR_TEST_BINARY")
            .unwrap_or_else(|| env!("CARGO_BIN_EXE_vildar").into());
        std::fs::copy(built, &copy).expect("the binary is copied");
        (folder, copy)
    };
    &COPY.get_or_init(copy).1
}

/// The command, with nothing of our environment that it listens to.
pub fn command(place: &Place, args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    for name in ["VILDAR_DATABASE_URL", "VILDAR_SMTP_URL", "VILDAR_CONNECTIONS", "RUST_LOG"] {
        command.env_remove(name);
    }
    command.args(args).args(["--database-url", &place.url]).stdin(Stdio::null());
    command
}

/// `vildar serve` in a process of its own; killed when dropped.
pub struct Server {
    child: Child,
    /// `127.0.0.1:PORT`
    pub address: String,
    /// From its start to its first good answer.
    pub took_to_start: Duration,
}

const PATIENCE: Duration = Duration::from_mins(1);

impl Server {
    pub fn start(place: &Place) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let log = File::create(place.folder.path().join("serve.log")).expect("a log");
        let started = Instant::now();
        let child = command(place, &["serve", "--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the server starts");
        let address = format!("127.0.0.1:{port}");
        let mut server = Self { child, address, took_to_start: Duration::ZERO };
        while !is_ready(&server.address) {
            let ended = server.child.try_wait().expect("a child");
            assert!(ended.is_none() && started.elapsed() < PATIENCE, "no server: {ended:?}");
            std::thread::sleep(Duration::from_millis(1));
        }
        server.took_to_start = started.elapsed();
        server
    }

    /// The token of a staff user who signs in.
    pub fn staff_token(&self, place: &Place) -> String {
        let made = command(place, &["admin", "create", "--email", "boss@example.com", "--json"])
            .output()
            .expect("the command runs");
        let made: serde_json::Value = serde_json::from_slice(&made.stdout).expect("a password");
        let ask =
            json!({"email": "boss@example.com", "password": made["password"], "realm": "staff"});
        let ask = ask.to_string();
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(
            stream,
            "POST /v1/sessions HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n{ask}",
            ask.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let session: serde_json::Value = serde_json::from_str(body).expect("a session");
        session["access_token"].as_str().expect("a token").to_owned()
    }

    /// The process's id.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What the process has in memory, in MiB: now, and at most so far. `None` where there is no
    /// `/proc` to ask.
    pub fn memory(&self) -> Option<(f64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let of = |name: &str| -> Option<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
        };
        Some((of("VmRSS:")?, of("VmHWM:")?))
    }
}

/// Whether `GET /readyz` answers 200.
fn is_ready(address: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let mut answer = [0; 12];
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n").is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && &answer == b"HTTP/1.1 200"
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
