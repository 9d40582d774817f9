//! A private PostgreSQL cluster, started when the first test asks for it, gone with the process.
//!
//! Each test has a database of its own, copied from a template that was migrated once. The
//! cluster listens on a Unix socket in its own folder only, and trades every durability for speed.

use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, OnceLock, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use super::programs::{self, User};
use super::scratch;
use super::watchdog::Watchdog;

const SETTINGS: &str = "\
listen_addresses = ''
max_connections = 200
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
";

const TEMPLATE: &str = "vildar_template";

/// The cluster of this process, or `None`, after a loud word, where PostgreSQL is not installed.
///
/// # Panics
/// When PostgreSQL is there and does not start, or is not there and `CI=true`.
pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(start).as_ref()
}

/// Another cluster, for a test that stops it; as [`cluster`].
///
/// # Panics
/// As [`cluster`].
pub fn another_cluster() -> Option<&'static Cluster> {
    start().map(|cluster| &*Box::leak(Box::new(cluster)))
}

fn start() -> Option<Cluster> {
    let Some(programs) = find_programs() else {
        programs::missing(
            "PostgreSQL's initdb and pg_ctl were not found; every PostgreSQL test was skipped",
        );
        return None;
    };
    Some(Cluster::start(programs))
}

/// The folder that holds `initdb` and `pg_ctl`: on `PATH`, or the newest where Debian keeps them.
pub fn find_programs() -> Option<PathBuf> {
    let complete = |folder: &Path| ["initdb", "pg_ctl"].iter().all(|p| folder.join(p).is_file());
    let on_path = programs::on_path(&["initdb"])
        .and_then(|initdb| initdb.parent().map(Path::to_path_buf))
        .filter(|folder| complete(folder));
    on_path.or_else(|| {
        std::fs::read_dir("/usr/lib/postgresql")
            .ok()?
            .filter_map(|version| Some(version.ok()?.path()))
            .filter(|version| complete(&version.join("bin")))
            .max_by_key(|version| version.file_name()?.to_str()?.parse::<u32>().ok())
            .map(|version| version.join("bin"))
    })
}

#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    user: Option<User>,
    folder: PathBuf,
    admin: Mutex<Admin>,
    _watchdog: Watchdog,
}

/// The maintenance connection; whoever holds it is the only one to create or drop a database.
struct Admin {
    connection: PgConnection,
    template_is_ready: bool,
    databases: u32,
}

impl std::fmt::Debug for Admin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admin").field("databases", &self.databases).finish_non_exhaustive()
    }
}

impl Cluster {
    fn start(programs: PathBuf) -> Self {
        let folder = scratch::named("vildar-postgres-");
        let user = server_user(folder.path());
        if let Some(User { uid, gid }) = user {
            chown(folder.path(), Some(uid), Some(gid)).expect("the folder is given away");
        }
        let folder = folder.keep();
        let data = folder.join("data");
        let watchdog = Watchdog::set(
            r#""$1" stop -D "$2/data" -m immediate; for i in 1 2 3 4 5; do rm -rf "$2" && break; sleep 0.2; done"#,
            &[programs.join("pg_ctl").as_os_str(), folder.as_os_str()],
            user,
        );

        let run = |program: &str, args: &[&str]| run(&programs, user, &folder, program, args);
        // A locale that knows letters beyond ASCII, so that lower('Þ') is what it is in production.
        let ctype = if cfg!(target_os = "macos") { "UTF-8" } else { "C.UTF-8" };
        run(
            "initdb",
            &[
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                &format!("--lc-ctype={ctype}"),
                "--no-sync",
            ],
        );
        let socket = format!("unix_socket_directories = '{}'\n", folder.display());
        std::fs::write(data.join("postgresql.auto.conf"), SETTINGS.to_owned() + &socket)
            .expect("the settings are written");
        let log = folder.join("log");
        run("pg_ctl", &["start", "-w", "-l", &log.to_string_lossy()]);

        let connection = PgConnection::establish(&url(&folder, "postgres"))
            .expect("the cluster takes a connection");
        let admin = Mutex::new(Admin { connection, template_is_ready: false, databases: 0 });
        Self { programs, user, folder, admin, _watchdog: watchdog }
    }

    /// Stops the whole cluster in one of `pg_ctl`'s modes, or does not wait for it.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(&self, mode: &str, wait: bool) {
        let wait = if wait { "-w" } else { "-W" };
        run(&self.programs, self.user, &self.folder, "pg_ctl", &["stop", wait, "-m", mode]);
    }

    /// Starts it again.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        let log = self.folder.join("log");
        let log = log.to_string_lossy();
        run(&self.programs, self.user, &self.folder, "pg_ctl", &["start", "-w", "-l", &log]);
        self.reconnect();
    }

    /// Runs a statement as the superuser, on the database `postgres`.
    ///
    /// # Panics
    /// When PostgreSQL refuses.
    pub fn sql(&self, sql: &str) {
        self.admin.lock().unwrap_or_else(PoisonError::into_inner).run(sql);
    }

    /// The maintenance connection died with the cluster, or with another one's process: a new one,
    /// as soon as the cluster takes it.
    ///
    /// # Panics
    /// When it does not, for long.
    pub fn reconnect(&self) {
        let started = std::time::Instant::now();
        let connection = loop {
            match PgConnection::establish(&url(&self.folder, "postgres")) {
                Ok(connection) => break connection,
                Err(error) => assert!(started.elapsed().as_secs() < 60, "{error}"),
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        };
        self.admin.lock().unwrap_or_else(PoisonError::into_inner).connection = connection;
    }

    /// The process ids of the server's processes for this database.
    ///
    /// # Panics
    /// When PostgreSQL refuses.
    pub fn backends(&self, database: &Database) -> Vec<i32> {
        #[derive(diesel::QueryableByName)]
        struct Backend {
            #[diesel(sql_type = diesel::sql_types::Integer)]
            pid: i32,
        }
        let mut admin = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        let query = format!("SELECT pid FROM pg_stat_activity WHERE datname = '{}'", database.name);
        let found: Vec<Backend> =
            diesel::RunQueryDsl::load(diesel::sql_query(query), &mut admin.connection)
                .expect("the processes");
        found.into_iter().map(|backend| backend.pid).collect()
    }

    /// The id of the process that made all others.
    ///
    /// # Panics
    /// When the cluster does not run.
    pub fn process(&self) -> u32 {
        let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid"));
        let file = file.expect("the cluster runs");
        file.lines().next().and_then(|line| line.parse().ok()).expect("a process's id")
    }

    /// Gives the cluster back the durability that tests do without: for measurements.
    ///
    /// # Panics
    /// When PostgreSQL refuses.
    pub fn make_durable(&self) {
        let mut admin = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            admin.run(&format!("ALTER SYSTEM SET {setting} = on"));
        }
        admin.run("SELECT pg_reload_conf()");
    }

    /// A fresh database, a copy of the template. The first call of the process makes the template:
    /// an empty database whose URL is given to `migrate`, which must leave no connection open. There
    /// is one template, so every call of a process must hand in the same migrations.
    ///
    /// # Panics
    /// When PostgreSQL refuses; what `migrate` panics with goes on to the test.
    pub fn database_from_template(&'static self, migrate: impl FnOnce(&str)) -> Database {
        let mut admin = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        if !admin.template_is_ready {
            admin.run(&format!("DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)"));
            admin.run(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"));
            migrate(&url(&self.folder, TEMPLATE));
            admin.template_is_ready = true;
        }
        admin.databases += 1;
        let name = format!("t_{}", admin.databases);
        admin.run(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"));
        Database { url: url(&self.folder, &name), name, cluster: self }
    }
}

/// Runs one of PostgreSQL's programs on the cluster in `folder`.
fn run(programs: &Path, user: Option<User>, folder: &Path, program: &str, args: &[&str]) {
    let status = User::command(user, programs.join(program))
        .arg("-D")
        .arg(folder.join("data"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(folder.join("errors")).expect("a file for errors"))
        .status();
    let told = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap_or_default();
    assert!(
        status.as_ref().is_ok_and(std::process::ExitStatus::success),
        "{program} failed ({status:?}): {} {}",
        told("errors"),
        told("log"),
    );
}

impl Admin {
    fn run(&mut self, sql: &str) {
        if let Err(error) = self.connection.batch_execute(sql) {
            panic!("{sql}: {error}");
        }
    }
}

/// Who runs the server: `postgres` where we are root, as PostgreSQL refuses to run as root.
fn server_user(our_folder: &Path) -> Option<User> {
    let owner = std::fs::metadata(our_folder).expect("our folder is there").uid();
    (owner == 0).then(|| User::named("postgres").expect("a user named postgres, as we are root"))
}

/// Gives a folder to whoever runs the server.
///
/// # Panics
/// When that is not allowed.
pub fn give_to_server(folder: &Path) {
    if let Some(User { uid, gid }) = server_user(folder) {
        chown(folder, Some(uid), Some(gid)).expect("the folder is given away");
    }
}

/// A URL for libpq: a host that begins with a slash is a socket's folder, escaped here.
fn url(folder: &Path, database: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    let host: String = folder.to_string_lossy().bytes().map(escaped).collect();
    format!("postgres://postgres@{host}/{database}")
}

/// A database of one test; dropped with this value, whoever is still connected.
#[derive(Debug)]
pub struct Database {
    name: String,
    url: String,
    cluster: &'static Cluster,
}

impl Database {
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let mut admin = self.cluster.admin.lock().unwrap_or_else(PoisonError::into_inner);
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        if let Err(error) = admin.connection.batch_execute(&sql) {
            eprintln!("{sql}: {error}"); // the test has its own result to tell
        }
    }
}
