//! What a run of all tests comes to: what ran where, what was left out and why, and one closing line.

use std::collections::{BTreeMap, BTreeSet};

use acceptance_tests::report::LeftOut;

use crate::say;
use crate::test::libtest::Results;

/// The results of a run so far.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    passed: usize,
    /// Names with the place where they ran.
    failed: Vec<String>,
    /// Names, with the place, of what was left out, by reason.
    left_out: BTreeMap<String, BTreeSet<String>>,
    /// Cells of the table, by test file and backend.
    cells: BTreeMap<String, BTreeMap<String, Cell>>,
    /// Backends in the order in which they ran.
    backends: Vec<String>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Cell {
    passed: usize,
    failed: usize,
    left_out: usize,
}

impl Summary {
    /// One check that is not a libtest test.
    pub(crate) fn check(&mut self, name: &str, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.failed.push(name.to_owned());
        }
    }

    /// Results of the tests of the crates.
    pub(crate) fn unit(&mut self, results: &Results) {
        self.passed += results.passed.len();
        self.failed.extend(results.failed.iter().cloned());
        for name in &results.ignored {
            self.left_out
                .entry("switched off with #[ignore]".to_owned())
                .or_default()
                .insert(name.clone());
        }
        if !results.succeeded && results.failed.is_empty() {
            self.failed
                .push("cargo test (the build, or a program that died)".to_owned());
        }
    }

    /// Results of one file of acceptance tests on one backend, with what its tests reported as left out.
    pub(crate) fn acceptance(&mut self, file: &str, backend: &str, results: &Results, left_out: &[LeftOut]) {
        if !self.backends.iter().any(|known| known == backend) {
            self.backends.push(backend.to_owned());
        }
        let is_left_out = |name: &&String| {
            left_out
                .iter()
                .any(|entry| entry.test == format!("{file}::{name}"))
        };
        let really_passed = results.passed.iter().filter(|name| !is_left_out(name)).count();
        self.passed += really_passed;
        self.failed.extend(
            results
                .failed
                .iter()
                .map(|name| format!("{file}::{name} ({backend})")),
        );
        if !results.succeeded && results.failed.is_empty() {
            self.failed.push(format!("{file} ({backend}): the program died"));
        }
        for entry in left_out {
            self.left_out
                .entry(entry.why.clone())
                .or_default()
                .insert(entry.test.clone());
        }
        let cell = Cell {
            passed: really_passed,
            failed: results.failed.len(),
            left_out: results.passed.len() - really_passed,
        };
        self.cells
            .entry(file.to_owned())
            .or_default()
            .insert(backend.to_owned(), cell);
    }

    /// A whole backend that could not be started for want of a tool.
    pub(crate) fn not_run(&mut self, backend: &str, missing: &str) {
        let what = format!("every acceptance test against {backend}");
        self.left_out
            .entry(format!("not run: {missing}"))
            .or_default()
            .insert(what);
    }

    /// How many failed.
    pub(crate) fn failed(&self) -> usize {
        self.failed.len()
    }

    /// Prints everything; the closing line is `N passed, N failed`.
    pub(crate) fn print(&self) {
        if !self.cells.is_empty() {
            say::heading("what ran where");
            say::line(self.table());
        }
        if !self.left_out.is_empty() {
            say::heading("left out, neither passed nor failed");
            for (why, tests) in &self.left_out {
                say::line(format!("{why} ({}):", tests.len()));
                for test in tests {
                    say::line(format!("    {test}"));
                }
            }
        }
        if !self.failed.is_empty() {
            say::heading("failed");
            for name in &self.failed {
                say::line(format!("    {name}"));
            }
        }
        say::line(format!("\n{} passed, {} failed", self.passed, self.failed.len()));
    }

    fn table(&self) -> String {
        let mut rows = vec![
            std::iter::once("".to_owned())
                .chain(self.backends.iter().cloned())
                .collect::<Vec<_>>(),
        ];
        for (file, cells) in &self.cells {
            let text = |backend: &String| {
                cells
                    .get(backend)
                    .map(|cell| cell.to_string())
                    .unwrap_or_default()
            };
            rows.push(
                std::iter::once(file.clone())
                    .chain(self.backends.iter().map(text))
                    .collect(),
            );
        }
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..=self.backends.len()).map(width).collect();
        rows.iter()
            .map(|row| {
                let cells = row
                    .iter()
                    .zip(&widths)
                    .map(|(text, width)| format!("{text:width$}"));
                cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
            })
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            passed,
            failed,
            left_out,
        } = self;
        let parts = [(passed, "passed"), (failed, "failed"), (left_out, "left out")];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| **count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        f.pad(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_does_not_count_as_passed() {
        let mut summary = Summary::default();
        let results = Results {
            passed: vec!["basic".to_owned(), "faults".to_owned()],
            failed: vec!["broken".to_owned()],
            ignored: Vec::new(),
            succeeded: false,
        };
        let left_out = [LeftOut {
            test: "backup::faults".to_owned(),
            why: "not served by moto: faults".to_owned(),
        }];
        summary.acceptance("backup", "moto", &results, &left_out);
        assert_eq!((summary.passed, summary.failed()), (1, 1));
        expect_test::expect![[r#"
                    moto
            backup  1 passed, 1 failed, 1 left out"#]]
        .assert_eq(&summary.table());
    }

    #[test]
    fn a_program_that_dies_is_a_failure() {
        let mut summary = Summary::default();
        summary.unit(&Results {
            succeeded: false,
            ..Results::default()
        });
        assert_eq!(summary.failed(), 1);
    }
}
