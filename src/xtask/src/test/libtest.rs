//! Runs test programs, shows what they print, and counts their results: the stable form of libtest's output, one line
//! per test.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::say;

/// The results of some tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Results {
    /// Names of the tests that passed.
    pub(crate) passed: Vec<String>,
    /// Names of the tests that failed.
    pub(crate) failed: Vec<String>,
    /// Names of the tests that are switched off.
    pub(crate) ignored: Vec<String>,
    /// Whether the program said that all is well. A program that dies in the middle has no failed test.
    pub(crate) succeeded: bool,
}

/// Runs a test program, or cargo running several.
pub(crate) fn run(command: &mut Command) -> std::io::Result<Results> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().expect("it was piped");
    let mut results = Results::default();
    for line in BufReader::new(stdout).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        results.take(&line);
        say::line(line);
    }
    results.succeeded = child.wait()?.success();
    Ok(results)
}

impl Results {
    fn take(&mut self, line: &str) {
        let Some((name, verdict)) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.rsplit_once(" ... "))
        else {
            return;
        };
        // `name - should panic` and doc tests keep their words; they are part of what people look for.
        match verdict.split([',', ' ']).next() {
            Some("ok") => self.passed.push(name.to_owned()),
            Some("FAILED") => self.failed.push(name.to_owned()),
            Some("ignored") => self.ignored.push(name.to_owned()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_libtest_are_counted() {
        let mut results = Results::default();
        let output = "\nrunning 3 tests\ntest basic ... ok\ntest tests::deep ... FAILED\n\
                      test slow ... ignored, needs a network\ntest src/lib.rs - thing (line 3) ... ok\n\
                      test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured\n";
        for line in output.lines() {
            results.take(line);
        }
        assert_eq!(results.passed, ["basic", "src/lib.rs - thing (line 3)"]);
        assert_eq!(results.failed, ["tests::deep"]);
        assert_eq!(results.ignored, ["slow"]);
    }
}
