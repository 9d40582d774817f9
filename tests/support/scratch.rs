//! Where tests keep their databases: in memory, where the machine has room there. What a test makes
//! it throws away, and a disk makes that slow: ext4 looks long for an inode where many were freed.
//! Benchmarks measure what is durable, and are to have a disk.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tempfile::TempDir;

/// Linux has a file system in memory there.
const MEMORY: &str = "/dev/shm";
/// How much room is enough, in KiB: a container may have 64 MiB.
const ENOUGH: u64 = 2 * 1024 * 1024;

static DURABLE: AtomicBool = AtomicBool::new(false);

/// Has all that comes lie in the system's folder for temporary files, which is to be on a disk. Said
/// before the first of them is made.
pub fn be_durable() {
    DURABLE.store(true, Ordering::Relaxed);
}

/// A folder for databases, gone with the value.
pub fn folder() -> TempDir {
    named("vildar-")
}

/// The same, its name beginning so.
pub fn named(prefix: &str) -> TempDir {
    tempfile::Builder::new().prefix(prefix).tempdir_in(place()).expect("a folder")
}

fn place() -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    PLACE.get_or_init(|| {
        let durable = DURABLE.load(Ordering::Relaxed);
        let has_room = !durable && room(MEMORY).is_some_and(|room| room >= ENOUGH);
        if has_room { PathBuf::from(MEMORY) } else { std::env::temp_dir() }
    })
}

/// The room of a folder's file system, in KiB.
fn room(folder: &str) -> Option<u64> {
    let told = Command::new("df").args(["-Pk", folder]).output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    told.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}
