//! The binary, run to its end or as a server, and databases for it.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_types::BigInt};
use serde_json::Value;
use tempfile::TempDir;
use vildar::db::{
    DatabaseUrl, DbConnection,
    connection::{Connector, Use},
    migrate,
};

use crate::support::{both::Which, postgres};

/// A database of one test.
pub struct Db {
    pub url: String,
    pub which: Which,
    /// For files beside the database; the SQLite file lies in it.
    pub folder: TempDir,
    _postgres: Option<postgres::Database>,
}

impl Db {
    /// With the schema; `None` where that is PostgreSQL and it is not installed.
    pub fn migrated(which: Which) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let (url, postgres) = match which {
            Which::Sqlite => (format!("sqlite:{}", folder.path().join("v.db").display()), None),
            Which::Postgres => {
                let database = postgres::cluster()?.database_from_template(with_schema);
                (database.url().to_owned(), Some(database))
            }
        };
        if which == Which::Sqlite {
            with_schema(&url);
        }
        Some(Self { url, which, folder, _postgres: postgres })
    }

    /// Without any table: on SQLite not even a file.
    pub fn empty(which: Which) -> Option<Self> {
        if which == Which::Sqlite {
            let folder = tempfile::tempdir().expect("a folder");
            let url = format!("sqlite:{}", folder.path().join("v.db").display());
            return Some(Self { url, which, folder, _postgres: None });
        }
        let this = Self::migrated(which)?;
        this.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        Some(this)
    }

    pub fn connect(&self) -> DbConnection {
        connect(&self.url)
    }

    pub fn sql(&self, sql: &str) {
        self.connect().batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    pub fn count(&self, table: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let sql = format!("SELECT count(*) AS count FROM {table}");
        let found: Count = diesel::sql_query(sql).get_result(&mut self.connect()).expect("a count");
        found.count
    }

    /// Runs the command on this database.
    pub fn vildar(&self, args: &[&str]) -> Ended {
        let mut all = vec!["--database-url", &self.url];
        all.extend(args);
        vildar(&all)
    }

    /// A file with this content, beside the database.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, content).expect("the file is written");
        path.to_str().expect("a path in UTF-8").to_owned()
    }

    /// The secret of a key that may do everything.
    pub fn storefront_key(&self) -> String {
        let mut args = vec!["keys", "create", "--name", "Till", "--json"];
        for scope in vildar::auth::Scope::ALL {
            args.extend(["--scope", scope.as_str()]);
        }
        let made = self.vildar(&args).expect(0).json();
        made["secret"].as_str().expect("a secret").to_owned()
    }
}

pub fn connect(url: &str) -> DbConnection {
    let url: DatabaseUrl = url.parse().expect("a database URL");
    Connector { url, use_for: Use::Write }.open().expect("the database opens")
}

fn with_schema(url: &str) {
    migrate::run(&mut connect(url)).expect("the migrations run");
}

/// The command, with nothing of this process' environment that it listens to.
/// `VILDAR_TEST_BINARY` puts another build in its place, such as the release one.
pub fn command(args: &[&str]) -> Command {
    let program = std::env::var_os("VILDAR_TEST_BINARY")
        .unwrap_or_else(|| env!("CARGO_BIN_EXE_vildar").into());
    let mut command = Command::new(program);
    for name in ["VILDAR_DATABASE_URL", "VILDAR_SMTP_URL", "VILDAR_CONNECTIONS", "RUST_LOG"] {
        command.env_remove(name);
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
        this.url = told["url"].as_str().expect("a URL").to_owned();
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

    /// Asks it to end.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(sent.is_ok_and(|status| status.success()));
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

/// What a folder holds, by name, with the bytes of each file.
pub fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(&path).unwrap_or_default())
        })
        .collect();
    all.sort();
    all
}

/// `on_both!(name)` runs `async fn name(db: Db)` on a migrated database of each kind;
/// `on_both!(empty name)` on one without tables.
macro_rules! on_both {
    (empty $name:ident) => { $crate::run::on_both!(@ $name empty); };
    ($name:ident) => { $crate::run::on_both!(@ $name migrated); };
    (@ $name:ident $how:ident) => {
        mod $name {
            use $crate::{run::Db, support::both::Which};

            #[actix_web::test]
            async fn sqlite() {
                let Some(db) = Db::$how(Which::Sqlite) else { return };
                super::$name(db).await;
            }

            #[actix_web::test]
            async fn postgres() {
                let Some(db) = Db::$how(Which::Postgres) else { return };
                super::$name(db).await;
            }
        }
    };
}
pub(crate) use on_both;
