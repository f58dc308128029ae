//! What people read: the text of each rule's firing example, as one file to review. Run with UPDATE_EXPECT=1
//! after a change of wording, and read the difference.

use std::fmt::Write as _;

use expect_test::expect_file;
use rules::{RULES, check};

#[test]
fn every_message_reads_as_it_was_reviewed() {
    let mut text = String::new();
    for rule in RULES {
        for finding in check(&(rule.firing)()) {
            writeln!(text, "{finding}\n\n{}\n", "-".repeat(110)).expect("a string takes everything");
        }
    }
    expect_file!["messages.txt"].assert_eq(&text);
}

#[test]
fn every_message_is_made_of_sentences() {
    for finding in RULES.iter().flat_map(|rule| check(&(rule.firing)())) {
        let id = finding.rule;
        assert!(finding.detail.ends_with('.'), "{id}: {:?}", finding.detail);
        // A fix may end in a command to paste, to which a full stop would be harmful.
        assert!(
            finding.fix.ends_with('.') || finding.fix.contains(": aws "),
            "{id}: {:?}",
            finding.fix
        );
        assert!(!finding.fix.ends_with(" ."), "{id}: {:?}", finding.fix);
        for text in [&finding.detail, &finding.fix] {
            assert!(!text.contains("  ") && !text.contains('\n'), "{id}: {text:?}");
        }
    }
}
