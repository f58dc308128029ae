//! What a run of the tests left out, by name: one JSON object per line in the file that `ACCEPTANCE_REPORT` names.
//!
//! libtest knows only passed and failed. A test that returns early would look like one that passed, so it says here what
//! was missing, and `cargo xtask test` counts it as what it is.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Capability, environment};

/// One test that did not run to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// `file::test`.
    pub test: String,
    /// A sentence that says why.
    pub why: String,
}

/// Reports that the backend lacks what the test needs.
pub fn not_served(test: &str, backend: &str, capability: Capability) {
    record(test, &format!("not served by {backend}: {capability}"));
}

/// Reports that a tool is missing.
///
/// # Panics
/// Where `CI=true`: on a CI machine a missing tool is a failure.
pub fn not_run(test: &str, missing: &str) {
    assert!(
        !environment::is_ci(),
        "not run: {missing}; with CI=true this is a failure"
    );
    record(test, &format!("not run: {missing}"));
}

/// Reads a report back.
///
/// # Errors
/// If the file cannot be read or is not a report.
pub fn read(path: &Path) -> Result<Vec<LeftOut>, String> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(err) => return Err(format!("reading {}: {err}", path.display())),
    };
    text.lines()
        .map(|line| {
            let entry: Value = serde_json::from_str(line).map_err(|err| format!("{line:?}: {err}"))?;
            let field = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
            Ok(LeftOut {
                test: field("test"),
                why: field("why"),
            })
        })
        .collect()
}

#[expect(
    clippy::print_stderr,
    reason = "a run without xtask has no other place to show it"
)]
fn record(test: &str, why: &str) {
    eprintln!("{test}: {why}");
    let Some(path) = environment::path(environment::REPORT) else {
        return;
    };
    let mut line = json!({"test": test, "why": why}).to_string();
    line.push('\n');
    // One write of one short line in append mode: lines of tests that run side by side do not mix.
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .and_then(|mut file| file.write_all(line.as_bytes()))
        .unwrap_or_else(|err| panic!("writing the report {}: {err}", path.display()));
}
