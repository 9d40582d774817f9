//! The command `vildar`.

use std::process::ExitCode;

fn main() -> ExitCode {
    vildar::cli::main()
}
