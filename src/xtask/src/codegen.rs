//! Generated protobuf bindings: `tfplugin` has the generator, and its tests hold the result against it.

use clap::Args;

use crate::{Outcome, workspace};

/// Arguments of `codegen`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail if the bindings are not current.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// As with `--check`.
    pub(crate) fn checking() -> Self {
        Self { check: true }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let status = if arguments.check {
        workspace::run_cargo(&["test", "--quiet", "--package", "tfplugin", "--test", "bindings"])?
    } else {
        workspace::run_cargo(&[
            "run",
            "--quiet",
            "--package",
            "tfplugin",
            "--example",
            "generate_bindings",
        ])?
    };
    match (status.success(), arguments.check) {
        (true, _) => Ok(()),
        (false, true) => Err("the bindings are not what proto/ says; run `cargo xtask codegen`".into()),
        (false, false) => Err("generating the bindings failed".into()),
    }
}
