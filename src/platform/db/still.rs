//! SQLite files that can only be read: a backup on media, in a folder or by a user that may not
//! write.
//!
//! SQLite reads a file in WAL mode together with two others beside it, and makes them where they
//! are missing; where it can't, it reads nothing. As a file that stands still (`immutable`) it can
//! be read all the same. That is right only where nobody writes to it meanwhile: whoever does has
//! those two files beside it.

use std::{
    fs::{self, File, OpenOptions},
    io::Read,
    path::{Path, PathBuf},
    time::SystemTime,
};

use diesel::ConnectionError;

use super::connection::{Connector, DatabaseUrl, Use};

/// The place of the header's byte that names the mode of writing: 2 is WAL.
const MODE: usize = 18;
const WAL: u8 = 2;

/// A file in WAL mode which nobody has open, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Still {
    len: u64,
    modified: Option<SystemTime>,
    /// What was written, and waits beside the file to be brought into it.
    waiting: u64,
}

impl Still {
    /// `None` where somebody has it open, or it is in another mode, or can't be looked at.
    #[must_use]
    pub fn of(url: &DatabaseUrl) -> Option<Self> {
        let DatabaseUrl::Sqlite(path) = url else { return None };
        let mut header = [0; MODE + 1];
        File::open(path).ok()?.read_exact(&mut header).ok()?;
        if header[MODE] != WAL || beside(path, "-shm").exists() || beside(path, "-journal").exists()
        {
            return None;
        }
        let data = fs::metadata(path).ok()?;
        let waiting = fs::metadata(beside(path, "-wal")).map_or(0, |wal| wal.len());
        Some(Self { len: data.len(), modified: data.modified().ok(), waiting })
    }
}

/// The file of SQLite's that lies beside another.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Connects to a database that is to be read and nothing else, and says how that can be done: as
/// others do, or as a file that stands still. Where it can be known beforehand, nothing is written
/// beside it.
///
/// # Errors
/// The database's own; a backup that can't be read without writing.
pub fn use_to_read(url: &DatabaseUrl) -> Result<Use, ConnectionError> {
    let open = |use_for| Connector { url: url.clone(), use_for }.open().map(|_| use_for);
    let DatabaseUrl::Sqlite(path) = url else { return open(Use::Read) };
    if Still::of(url).is_none() {
        return open(Use::Read);
    }
    if OpenOptions::new().write(true).open(path).is_ok() {
        match open(Use::Read) {
            // its folder is not to be written to
            Err(_) if Still::of(url).is_some() => {}
            outcome => return outcome,
        }
    }
    match Still::of(url) {
        Some(Still { waiting: 0, .. }) => open(Use::ReadStill),
        Some(_) => Err(ConnectionError::BadConnection(format!(
            "what was written last waits in {}, and can be read only where something may be \
             written: copy both files into another folder",
            beside(path, "-wal").display()
        ))),
        None => open(Use::Read),
    }
}

/// The file as SQLite is told of one that stands still.
pub(super) fn uri(path: &Path) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    let path: String = path.to_string_lossy().bytes().map(escaped).collect();
    format!("file:{path}?mode=ro&immutable=1")
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::*;

    #[test]
    fn a_path_is_escaped() {
        assert_eq!(
            uri(Path::new("/a b/c?d#e%.db")),
            "file:/a%20b/c%3Fd%23e%25.db?mode=ro&immutable=1"
        );
    }

    #[test]
    fn only_a_file_in_wal_mode_that_nobody_has_open_stands_still() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("v.db");
        let url = DatabaseUrl::Sqlite(path.clone());
        let open = |use_for| Connector { url: url.clone(), use_for }.open().expect("it opens");
        assert_eq!(Still::of(&url), None);
        let mut writer = open(Use::Write);
        writer.batch_execute("CREATE TABLE a (b)").expect("a table");
        assert_eq!(Still::of(&url), None, "it is open");
        drop(writer);
        let still = Still::of(&url).expect("it stands still");
        assert_eq!((still.waiting, still.clone()), (0, still));
        assert_eq!(use_to_read(&url).expect("it opens"), Use::Read);
        drop(open(Use::ReadStill));
        let names = |folder: &Path| fs::read_dir(folder).expect("a folder").count();
        assert_eq!(names(folder.path()), 1);
    }
}
