//! All that the tasks print. Elsewhere in the workspace printing is forbidden, since the provider's standard output
//! carries its handshake.

use std::error::Error;
use std::io::{self, Write};

/// A line.
pub(crate) fn line(text: impl AsRef<str>) {
    // Whoever reads may have gone, as `head` does; that is no reason to panic.
    let _ = writeln!(io::stdout().lock(), "{}", text.as_ref());
}

/// An empty line and a heading.
pub(crate) fn heading(text: impl AsRef<str>) {
    line(format!("\n== {}", text.as_ref()));
}

/// What a user would type.
pub(crate) fn command(text: impl AsRef<str>) {
    line(format!("    $ {}", text.as_ref()));
}

/// What a program printed, set in.
pub(crate) fn quote(text: impl AsRef<str>) {
    for text in text.as_ref().lines() {
        line(if text.is_empty() {
            String::new()
        } else {
            format!("      {text}")
        });
    }
}

/// An error with its causes.
pub(crate) fn error(err: &dyn Error) {
    let mut out = io::stderr().lock();
    let _ = writeln!(out, "error: {err}");
    let mut cause = err.source();
    while let Some(err) = cause {
        let _ = writeln!(out, "  caused by: {err}");
        cause = err.source();
    }
}
