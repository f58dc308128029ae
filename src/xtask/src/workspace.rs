//! Where things are in the work tree, and cargo as a child process.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

/// The root of the work tree.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("src/xtask lies two folders below the root")
}

/// The folder for all that is made and may be deleted.
pub(crate) fn target() -> PathBuf {
    match acceptance_tests::environment::path("CARGO_TARGET_DIR") {
        Some(target) => root().join(target),
        None => root().join("target"),
    }
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    let cargo = acceptance_tests::environment::path("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root());
    command
}

/// Runs cargo with its output shown.
pub(crate) fn run_cargo(arguments: &[&str]) -> io::Result<ExitStatus> {
    cargo().args(arguments).status()
}
