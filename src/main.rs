//! The command `vildar`.

use std::process::ExitCode;

/// A sixth less processor time for a change of points than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    vildar::cli::main()
}
