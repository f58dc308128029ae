//! The acceptance tests: built once, then run against one backend after the other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use acceptance_tests::{Binaries, Profile, environment, report};
use serde_json::Value;

use crate::test::emulators::Started;
use crate::test::libtest;
use crate::test::summary::Summary;
use crate::{Outcome, say, workspace};

/// The built tests with the programs they test.
pub(crate) struct Suite {
    programs: Binaries,
    /// Test programs of the harness itself.
    own: Vec<PathBuf>,
    /// Name of the file and the test program, sorted.
    tests: Vec<(String, PathBuf)>,
}

impl Suite {
    /// Builds the tests, the provider and the simulator.
    pub(crate) fn build() -> Result<Self, Box<dyn std::error::Error>> {
        let programs = Binaries::build(Profile::Dev)?;
        let mut command = workspace::cargo();
        // The whole workspace, so that what the tests of the crates were built of serves here too.
        command.args(["test", "--no-run", "--workspace", "--tests"]);
        command.args(["--message-format", "json-render-diagnostics"]);
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err("building the acceptance tests failed; the messages of cargo are above".into());
        }
        let mut suite = Self {
            programs,
            own: Vec::new(),
            tests: Vec::new(),
        };
        let manifest = workspace::root().join("acceptance-tests/Cargo.toml");
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let (target, is_test) = (&message["target"], message["profile"]["test"] == true);
            let ours = message["manifest_path"]
                .as_str()
                .is_some_and(|path| manifest == Path::new(path));
            let Some(program) = message["executable"].as_str().filter(|_| ours && is_test) else {
                continue;
            };
            let name = target["name"].as_str().unwrap_or_default().to_owned();
            match target["kind"][0].as_str() {
                Some("test") => suite.tests.push((name, program.into())),
                _ => suite.own.push(program.into()),
            }
        }
        suite.tests.sort();
        Ok(suite)
    }

    /// Runs the tests of the harness itself, which need no backend.
    pub(crate) fn run_own(&self, filter: Option<&str>, summary: &mut Summary) -> Outcome {
        for program in &self.own {
            let mut command = Command::new(program);
            summary.unit(&libtest::run(command.args(filter))?);
        }
        Ok(())
    }

    /// Runs all of them against a backend.
    pub(crate) fn run(&self, backend: &Started, filter: Option<&str>, summary: &mut Summary) -> Outcome {
        let folder = workspace::target().join("acceptance-tests");
        fs::create_dir_all(&folder)?;
        let report = folder.join("left-out.jsonl");
        // The tests wait for other processes most of the time, so more of them run than there are cores.
        let threads = std::thread::available_parallelism().map_or(2, usize::from) * 3;
        for (file, program) in &self.tests {
            if report.exists() {
                fs::remove_file(&report)?;
            }
            say::line(format!("\n{file} against {}", backend.target));
            let mut command = Command::new(program);
            command.current_dir(workspace::root().join("acceptance-tests"));
            command.env("CARGO_MANIFEST_DIR", workspace::root().join("acceptance-tests"));
            command
                .args(["--test-threads", &threads.to_string()])
                .args(filter);
            command
                .env(environment::PROVIDER, &self.programs.provider)
                .env(environment::SIMULATOR, &self.programs.simulator)
                .env(environment::REPORT, &report)
                .env(environment::BACKEND, backend.kind());
            if let Some(endpoint) = &backend.endpoint {
                command.env(environment::ENDPOINT, endpoint);
            }
            if let Some(python) = &backend.python {
                command.env(environment::PYTHON, python);
            }
            let results = libtest::run(&mut command)?;
            let ran_something = !(results.passed.is_empty() && results.failed.is_empty());
            if ran_something || !results.succeeded {
                summary.acceptance(
                    file,
                    &backend.target.to_string(),
                    &results,
                    &report::read(&report)?,
                );
            }
        }
        Ok(())
    }
}
