//! `cargo xtask test`: every check and every test, and a table that says what ran where.
//!
//! The acceptance tests run once for each backend: our simulator, and moto if Python is there. With `--against` they run
//! against that backend only. A test that a backend does not serve, or whose tool is missing, is listed by name and
//! counts neither as passed nor as failed.

mod acceptance;
mod emulators;
pub(crate) mod libtest;
mod summary;

use acceptance_tests::Terraform;
use clap::Args;

use crate::test::emulators::Target;
use crate::test::summary::Summary;
use crate::{Outcome, coverage, docs, lint, say, workspace};

/// Arguments of `test`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Run only the acceptance tests, against this backend: simulator, moto, localstack, or the URL of an endpoint
    /// that keeps accounts apart by access key id. With localstack, an endpoint that is up already is taken from
    /// AWS_ENDPOINT_URL.
    #[arg(long)]
    against: Option<Target>,
    /// Run only tests whose name contains this.
    filter: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    // Before minutes of building.
    Terraform::find()?;
    let mut summary = Summary::default();
    if arguments.against.is_none() && arguments.filter.is_none() {
        checks(&mut summary);
    }
    if arguments.against.is_none() {
        say::heading("tests of the crates");
        let mut command = workspace::cargo();
        command.args([
            "test",
            "--workspace",
            "--exclude",
            "acceptance-tests",
            "--no-fail-fast",
        ]);
        command.args(arguments.filter.iter().map(String::as_str));
        summary.unit(&libtest::run(&mut command)?);
    }
    let targets = match &arguments.against {
        Some(target) => vec![target.clone()],
        None => vec![Target::Simulator, Target::Moto],
    };
    let suite = acceptance::Suite::build()?;
    if arguments.against.is_none() {
        suite.run_own(arguments.filter.as_deref(), &mut summary)?;
    }
    for target in targets {
        say::heading(format!("acceptance tests against {target}"));
        match emulators::start(&target) {
            Ok(backend) => suite.run(&backend, arguments.filter.as_deref(), &mut summary)?,
            Err(missing) if missing.is_a_missing_tool && !acceptance_tests::environment::is_ci() => {
                summary.not_run(&target.to_string(), &missing.to_string());
            }
            Err(err) => {
                say::line(format!("{err}"));
                summary.check(&format!("start {target}"), false);
            }
        }
    }
    summary.print();
    if summary.failed() == 0 {
        Ok(())
    } else {
        Err(format!("{} failed", summary.failed()).into())
    }
}

fn checks(summary: &mut Summary) {
    let mut check = |name: &str, task: &dyn Fn() -> Outcome| {
        say::heading(format!("cargo xtask {name}"));
        let outcome = task();
        if let Err(err) = &outcome {
            say::line(format!("{err}"));
        }
        summary.check(name, outcome.is_ok());
    };
    check("lint", &lint::run);
    check("docs --check", &|| docs::run(&docs::Arguments::checking()));
    check("rules --coverage", &|| {
        coverage::run(&coverage::Arguments::counting())
    });
}
