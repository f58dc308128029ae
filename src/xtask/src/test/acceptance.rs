//! The acceptance tests: built once, then run against one backend after the other.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use acceptance_tests::{Binaries, Profile, environment, report};
use serde_json::Value;

use crate::test::emulators::Started;
use crate::test::libtest;
use crate::test::summary::Summary;
use crate::{Outcome, say, workspace};

/// The built tests with the programs they test.
pub(crate) struct Suite {
    programs: Binaries,
    /// Name of the file and the test program, sorted.
    tests: Vec<(String, PathBuf)>,
}

impl Suite {
    /// Builds the tests, the provider and the simulator.
    pub(crate) fn build() -> Result<Self, Box<dyn std::error::Error>> {
        let programs = Binaries::build(Profile::Dev)?;
        let mut command = workspace::cargo();
        command.args(["test", "--no-run", "--package", "acceptance-tests"]);
        command.args(["--message-format", "json-render-diagnostics"]);
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err("building the acceptance tests failed; the messages of cargo are above".into());
        }
        let mut tests: Vec<(String, PathBuf)> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|message| message["profile"]["test"] == true && message["target"]["kind"][0] == "test")
            .filter_map(|message| {
                let name = message["target"]["name"].as_str()?.to_owned();
                Some((name, PathBuf::from(message["executable"].as_str()?)))
            })
            .collect();
        tests.sort();
        Ok(Self { programs, tests })
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
            let mut command = std::process::Command::new(program);
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
