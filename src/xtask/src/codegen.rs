//! Generated protobuf bindings: `tfplugin` has the generator, and its tests hold the result against it.

use clap::Args;

use crate::test::libtest;
use crate::{Outcome, workspace};

/// Arguments of `codegen`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail if the bindings are not current.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if !arguments.check {
        let generator = [
            "run",
            "--quiet",
            "--package",
            "tfplugin",
            "--example",
            "generate_bindings",
        ];
        let status = workspace::run_cargo(&generator)?;
        return if status.success() {
            Ok(())
        } else {
            Err("generating the bindings failed".into())
        };
    }
    let mut command = workspace::cargo();
    command.args(["test", "--workspace", "--test", "it", "bindings_are_current"]);
    let results = libtest::run(&mut command)?;
    // A test that was renamed would be no test at all, and succeed.
    if results.succeeded && results.passed.len() == 1 {
        Ok(())
    } else {
        Err("the bindings are not what proto/ says; run `cargo xtask codegen`".into())
    }
}
