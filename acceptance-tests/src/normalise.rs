//! Takes out of a message what differs from run to run, so that a snapshot of it can be compared.

use regex::Regex;

/// Replaces times, ids and ports by words, and trims line ends.
pub fn normalise(text: &str) -> String {
    let times = [
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
        (r"\b\d{8}T\d{6}Z", "<time>"),
        (r"\b\d{8}\b", "<date>"),
    ];
    normalise_ids(&replaced(text, &times))
}

/// Replaces ids and ports by words, and trims line ends. For messages whose times count: stop the simulator's clock.
pub fn normalise_ids(text: &str) -> String {
    let replacements = [
        (r"backup/\d{14}-[0-9a-f]{8}", "backup/<backup id>"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:<port>"),
        (r"\b[0-9A-Z]{52}\b", "<request id>"),
        (
            r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
            "<uuid>",
        ),
    ];
    let text = replaced(text, &replacements);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let text = lines.join("\n");
    format!("{}\n", text.trim())
}

fn replaced(text: &str, replacements: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    for (pattern, word) in replacements {
        let pattern = Regex::new(pattern).expect("the patterns are right");
        text = pattern.replace_all(&text, *word).into_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_becomes_words() {
        let text = "\nbackup/01700000000000-0a1b2c3d at 2026-11-20T18:12:00.5Z  \n\n";
        assert_eq!(normalise(text), "backup/<backup id> at <time>\n");
    }
}
