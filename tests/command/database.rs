//! Databases for the command, of either kind.

use std::{fs, path::Path};

use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_types::BigInt};
use platform::db::{
    DatabaseUrl, DbConnection,
    connection::{Connector, Use},
    migrate,
};
use tempfile::TempDir;

use crate::{
    run::{Ended, vildar},
    support::{both::Which, postgres, scratch},
};

/// A database of one test.
pub struct Db {
    pub url: String,
    pub which: Which,
    /// For files beside the database; the SQLite file lies in it.
    pub folder: TempDir,
    pub postgres: Option<postgres::Database>,
}

impl Db {
    /// With the schema; `None` where that is PostgreSQL and it is not installed.
    pub fn migrated(which: Which) -> Option<Self> {
        let folder = scratch::folder();
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
        Some(Self { url, which, folder, postgres })
    }

    /// A migrated file of SQLite's in this folder.
    pub fn sqlite_in(folder: &Path) -> Self {
        let url = format!("sqlite:{}", folder.join("v.db").display());
        with_schema(&url);
        let folder = scratch::folder();
        Self { url, which: Which::Sqlite, folder, postgres: None }
    }

    /// With the schema, on a cluster of its own.
    pub fn on_cluster(cluster: &'static postgres::Cluster) -> Self {
        let database = cluster.database_from_template(with_schema);
        let folder = scratch::folder();
        let url = database.url().to_owned();
        Self { url, which: Which::Postgres, folder, postgres: Some(database) }
    }

    /// Without any table: on SQLite not even a file.
    pub fn empty(which: Which) -> Option<Self> {
        if which == Which::Sqlite {
            let folder = scratch::folder();
            let url = format!("sqlite:{}", folder.path().join("v.db").display());
            return Some(Self { url, which, folder, postgres: None });
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
        for scope in platform::auth::Scope::ALL {
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
    (empty $name:ident) => { $crate::database::on_both!(@ $name empty); };
    ($name:ident) => { $crate::database::on_both!(@ $name migrated); };
    (@ $name:ident $how:ident) => {
        mod $name {
            use $crate::{database::Db, support::both::Which};

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
