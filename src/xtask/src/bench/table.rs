//! The table of figures.

use std::time::Duration;

use crate::say;

/// One line of figures.
pub(super) struct Row {
    what: String,
    theirs: String,
    ours: String,
    ratio: String,
    target: String,
}

impl Row {
    /// Times.
    pub(super) fn time(what: &str, theirs: Option<Duration>, ours: Option<Duration>, target: &str) -> Self {
        let seconds = |time: Duration| time.as_secs_f64();
        Self::new(what, theirs.map(seconds), ours.map(seconds), target, time)
    }

    /// Bytes of memory.
    pub(super) fn memory(what: &str, theirs: Option<u64>, ours: u64, target: &str) -> Self {
        let mebibytes = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
        Self::new(
            what,
            theirs.map(mebibytes),
            Some(mebibytes(ours)),
            target,
            |size| format!("{size:.1} MiB"),
        )
    }

    /// Bytes of a file.
    pub(super) fn size(what: &str, theirs: Option<u64>, ours: u64, target: &str) -> Self {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        Self::new(
            what,
            theirs.map(megabytes),
            Some(megabytes(ours)),
            target,
            |size| format!("{size:.1} MB"),
        )
    }

    /// Counts.
    pub(super) fn count(what: &str, theirs: Option<usize>, ours: usize, target: &str) -> Self {
        Self::new(
            what,
            theirs.map(|it| it as f64),
            Some(ours as f64),
            target,
            |count| format!("{count:.0}"),
        )
    }

    fn new(
        what: &str,
        theirs: Option<f64>,
        ours: Option<f64>,
        target: &str,
        show: fn(f64) -> String,
    ) -> Self {
        let ratio = match (theirs, ours) {
            (Some(theirs), Some(ours)) if ours > 0.0 => format!("{:.1}", theirs / ours),
            _ => String::new(),
        };
        let text = |figure: Option<f64>| figure.map(show).unwrap_or_default();
        Self {
            what: what.to_owned(),
            theirs: text(theirs),
            ours: text(ours),
            ratio,
            target: target.to_owned(),
        }
    }
}

fn time(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{:.1} ms", seconds * 1000.0)
    } else {
        format!("{seconds:.2} s")
    }
}

/// All lines.
pub(super) struct Table {
    title: String,
    rows: Vec<Row>,
}

impl Table {
    pub(super) fn new(terraform: &str) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        Self {
            title: format!("Terraform {terraform}, {os} {arch}, {cores} cores; medians"),
            rows: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Prints the table as Markdown.
    pub(super) fn print(&self) {
        say::line(format!("\n{}\n", self.title));
        let head = [
            "what",
            "hashicorp/aws 5.100.0",
            "this provider",
            "times",
            "target",
        ]
        .map(str::to_owned);
        let cells = |row: &Row| {
            [&row.what, &row.theirs, &row.ours, &row.ratio, &row.target]
                .map(|text| text.replace("  ", "&nbsp;&nbsp;"))
        };
        let rows: Vec<[String; 5]> = std::iter::once(head).chain(self.rows.iter().map(cells)).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..5).map(width).collect();
        for (place, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(text, width)| format!("{text:width$}"))
                .collect();
            say::line(format!("| {} |", cells.join(" | ")));
            if place == 0 {
                let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                say::line(format!("| {} |", rule.join(" | ")));
            }
        }
        say::line(
            "\nThis provider keeps to AWS's documented rates by itself, 10 DescribeContinuousBackups per second among them, \
             also\nwhere nothing enforces them: a plan of many objects takes that long against any endpoint.",
        );
    }
}
