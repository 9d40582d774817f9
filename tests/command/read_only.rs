//! SQLite files that can only be read: `verify` and `settings get` read them, and write nothing.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::{
    database::{Db, contents},
    run::Ended,
    support::{
        both::Which,
        programs::{self, User},
    },
};

/// A folder with a copy of a database, for somebody who may not write there.
struct Backup {
    folder: TempDir,
    /// Who that is: where we may write everywhere, somebody else.
    reader: Option<User>,
    program: PathBuf,
}

impl Backup {
    /// `None`, after a loud word, where we are root and there is nobody else.
    fn of(db: &Db, ends: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let is_root = fs::metadata(folder.path()).expect("our folder").uid() == 0;
        let reader = User::named("nobody").filter(|_| is_root);
        if is_root && reader.is_none() {
            programs::missing("there is no user nobody; reading without writing was not tested");
            return None;
        }
        for end in ends {
            let from = db.folder.path().join(format!("v.db{end}"));
            fs::copy(&from, folder.path().join(format!("b.db{end}"))).expect("a copy");
        }
        // where everybody may run it
        let program = folder.path().join("vildar");
        fs::hard_link(env!("CARGO_BIN_EXE_vildar"), &program)
            .or_else(|_| fs::copy(env!("CARGO_BIN_EXE_vildar"), &program).map(drop))
            .expect("the program");
        Some(Self { folder, reader, program })
    }

    fn may(&self, file: u32, folder: u32) -> &Self {
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        };
        set(self.folder.path(), 0o755);
        set(&self.folder.path().join("b.db"), file);
        set(self.folder.path(), folder);
        self
    }

    fn vildar(&self, args: &[&str]) -> Ended {
        let url = format!("sqlite:{}", self.folder.path().join("b.db").display());
        let mut command = User::command(self.reader, &self.program);
        command.env_clear().args(args).args(["--database-url", &url]);
        Ended::of(command)
    }

    /// Reads, and leaves all as it was.
    fn is_read(&self) {
        let before = contents(self.folder.path());
        let audited = self.vildar(&["verify", "--json"]).expect(0).json();
        assert_eq!((&audited["orders"], &audited["differences"]), (&1.into(), &0.into()));
        let currency = self.vildar(&["settings", "get", "currency"]).expect(0).out;
        assert_eq!(currency, "ISK\n");
        let after = contents(self.folder.path());
        let names = |all: &[(String, Vec<u8>)]| -> Vec<String> {
            all.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(&before), names(&after));
        assert!(before == after, "something was written");
    }
}

impl Drop for Backup {
    fn drop(&mut self) {
        self.may(0o644, 0o755);
    }
}

const MEMBERS: &str = "external_id,email,given_name,family_name,locale,time_zone,country,birthday,\
                       enrolled_at,marketing_consent\na,anna@example.com,Anna,,,,,,,\n";
const ORDERS: &str = "external_id,member_external_id,placed_at,amount,currency,channel\n\
                      1,a,2026-01-01,700,ISK,\n";

fn filled() -> Db {
    let db = Db::migrated(Which::Sqlite).expect("a database");
    db.vildar(&["settings", "set", "currency", "ISK"]).expect(0);
    for (kind, rows) in [("members", MEMBERS), ("orders", ORDERS)] {
        let file = db.file("rows.csv", rows);
        db.vildar(&["import", kind, &file]).expect(0);
        // all of it is in the one file: that is what people copy
        assert!(!db.folder.path().join("v.db-wal").exists(), "{kind}: something waits beside it");
    }
    db
}

#[test]
fn a_file_or_folder_that_is_not_to_be_written_to_is_read() {
    let db = filled();
    let Some(backup) = Backup::of(&db, &[""]) else { return };
    backup.may(0o444, 0o555).is_read();
    backup.may(0o444, 0o755).is_read();
    // its name means something in a URI
    let odd = backup.folder.path().join("b.db?immutable=0#%20");
    fs::copy(backup.folder.path().join("b.db"), &odd).expect("a copy");
    backup.may(0o444, 0o555);
    let url = format!("sqlite:{}", odd.display());
    let mut command = User::command(backup.reader, &backup.program);
    command.env_clear().args(["verify", "--database-url", &url]);
    Ended::of(command).expect(0);
}

#[test]
fn a_file_in_another_mode_is_read() {
    let db = filled();
    db.sql("PRAGMA journal_mode = DELETE");
    let Some(backup) = Backup::of(&db, &[""]) else { return };
    backup.may(0o444, 0o555).is_read();
}

#[test]
fn what_waits_beside_a_file_is_read_or_asked_for() {
    let db = filled();
    // as a copy of a server's files has it
    let _open = db.connect();
    db.sql("UPDATE orders SET clawed_points = 1");
    let Some(backup) = Backup::of(&db, &["", "-wal", "-shm"]) else { return };
    for end in ["-wal", "-shm"] {
        let beside = backup.folder.path().join(format!("b.db{end}"));
        fs::set_permissions(beside, fs::Permissions::from_mode(0o444)).expect("permissions");
    }
    backup.may(0o444, 0o555);
    let found = backup.vildar(&["verify"]).expect(1);
    assert!(found.out.contains("clawed_points of ord_"), "{found:?}");

    // without the third file SQLite would have to make it
    backup.may(0o444, 0o755);
    fs::remove_file(backup.folder.path().join("b.db-shm")).expect("it goes");
    backup.may(0o444, 0o555);
    let refused = backup.vildar(&["verify"]).expect(1);
    assert!(refused.err.contains("b.db-wal") && refused.err.contains("copy both"), "{refused:?}");
}
