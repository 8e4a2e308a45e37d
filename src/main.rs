//! The `copydesk` command.

use std::process::ExitCode;

/// Gives memory back when it is freed; the system's keeps the 19 MiB of every password hash for the next one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    copydesk::cli::main()
}
