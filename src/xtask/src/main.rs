//! Development tasks, run as `cargo xtask <task>`. Needs nothing but cargo; `demo` and `test` need Terraform too.

mod bench;
mod codegen;
mod coverage;
mod demo;
mod docs;
mod lint;
mod say;
mod test;
mod workspace;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a task ends with.
type Outcome = Result<(), Box<dyn Error>>;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Development tasks of terraform-provider-dynamodb"
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Watch Terraform plan, reject, apply, restore and destroy with this provider, on a simulated AWS.
    Demo,
    /// Run every test, or only those against one backend or with a matching name.
    Test(test::Arguments),
    /// Write docs/ and examples/ from the schemas and the resource folders.
    Docs(docs::Arguments),
    /// Write the generated protobuf bindings.
    Codegen(codegen::Arguments),
    /// Compare with hashicorp/aws: start, memory, wall time, AWS calls, size. Builds a release.
    Bench(bench::Arguments),
    /// Formatting, clippy, and who may depend on whom.
    Lint,
    /// List the rules, or count what became of every id of the rule catalogue.
    Rules(coverage::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Demo => demo::run(),
        Task::Test(arguments) => test::run(&arguments),
        Task::Docs(arguments) => docs::run(&arguments),
        Task::Codegen(arguments) => codegen::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Lint => lint::run(),
        Task::Rules(arguments) => coverage::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            say::error(&*err);
            ExitCode::FAILURE
        }
    }
}
