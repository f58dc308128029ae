//! Prints a panic so that Terraform shows it: it collects what follows a line that begins `panic: `
//! and prints it to the user when the run fails.

use std::backtrace::Backtrace;
use std::io::Write;
use std::panic::PanicHookInfo;

/// Terraform keeps a hundred lines. Frames have two each.
const MAX_LINES: usize = 90;

/// Prints every panic in that form, from now on.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let report = report(info, &Backtrace::force_capture());
        // Nobody is left to be told when this fails.
        let _ = std::io::stderr().lock().write_all(report.as_bytes());
    }));
}

fn report(info: &PanicHookInfo<'_>, backtrace: &Backtrace) -> String {
    let message = info.payload_as_str().unwrap_or("(a payload that is not text)");
    let place = info
        .location()
        .map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    // The first line must hold it all: the others are only shown below it.
    let mut report = format!("panic: {}{place}\n", message.replace('\n', " "));
    for line in backtrace.to_string().lines().take(MAX_LINES) {
        report.push_str(line);
        report.push('\n');
    }
    report
}
