//! How long SQLite's journal is, by its own bytes: <https://sqlite.org/fileformat2.html#walformat>. Nobody locks
//! that file, so that it may be opened and closed beside SQLite. (Of the database and the journal's index a
//! process must not close a second handle: its locks on them would go.)

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

/// A journal that may not be there yet.
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
}

const HEAD: u64 = 32;
const HEAD_OF_PAGE: u64 = 24;
const SIZE_OF_PAGE: u64 = 8;
const SALTS: u64 = 16;
const SALTS_OF_PAGE: u64 = 8;

impl Journal {
    /// The one beside a database.
    pub fn of(database: &Path) -> Self {
        let mut path = database.to_owned().into_os_string();
        path.push("-wal");
        Self { path: path.into(), file: None }
    }

    /// Has it opened again when it is looked at next.
    pub fn close(&mut self) {
        self.file = None;
    }

    /// What each page of it bears that was written since it was last begun anew; `None` where there is none.
    pub fn generation(&mut self) -> Option<u64> {
        self.read(SALTS).map(u64::from_ne_bytes)
    }

    /// Whether it has so many pages of that generation.
    pub fn has_page(&mut self, generation: u64, number: u32) -> bool {
        let Some(size) = self.read(SIZE_OF_PAGE).map(u32::from_be_bytes) else { return false };
        let before = u64::from(number.saturating_sub(1)) * (HEAD_OF_PAGE + u64::from(size));
        let salts = self.read(HEAD + before + SALTS_OF_PAGE).map(u64::from_ne_bytes);
        salts == Some(generation)
    }

    fn read<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        let mut file = match self.file.take() {
            Some(file) => file,
            None => File::open(&self.path).ok()?,
        };
        let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut bytes));
        self.file = Some(file);
        read.ok().map(|()| bytes)
    }
}
