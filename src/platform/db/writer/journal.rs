//! How long SQLite's journal is, by its own bytes: <https://sqlite.org/fileformat2.html#walformat>. Nobody locks
//! that file, so that it may be opened and closed beside SQLite. (Of the database and the journal's index a
//! process must not close a second handle: its locks on them would go.)

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
};

/// A journal that may not be there yet.
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
}

/// What stands at its beginning.
#[derive(Clone, Copy)]
pub struct Head {
    /// Of a page, in bytes.
    size: u32,
    /// The salts that each page bears which was written since it was last begun anew.
    pub generation: u64,
}

impl Journal {
    pub const fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    /// Has it opened again when it is looked at next.
    pub fn close(&mut self) {
        self.file = None;
    }

    /// `None` where there is no journal.
    pub fn head(&mut self) -> Option<Head> {
        // behind the size stands how often it was begun
        let [a, b, c, d, _, _, _, _, salts @ ..] = self.read::<16>(8)?;
        let generation = u64::from_ne_bytes(salts);
        Some(Head { size: u32::from_be_bytes([a, b, c, d]), generation })
    }

    /// Whether it has so many pages since it was begun so.
    pub fn has_page(&mut self, head: Head, number: u32) -> bool {
        const HEAD: u64 = 32;
        const HEAD_OF_PAGE: u64 = 24;
        const SALTS: u64 = 8;
        let before = u64::from(number.saturating_sub(1)) * (HEAD_OF_PAGE + u64::from(head.size));
        let salts = self.read(HEAD + before + SALTS).map(u64::from_ne_bytes);
        salts == Some(head.generation)
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
