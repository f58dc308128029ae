//! The pages of the rules, of which a few are kept here whole, so that a change of their form is seen.

use expect_test::expect_file;
use rules::{RULES, find_rule};

#[test]
fn pages_look_as_they_were_reviewed() {
    let ids = ["DBK-IDX-001", "DBK-PITR-004", "DBK-RPT-007", "DBK-RST-003"];
    let pages: Vec<String> = ids
        .iter()
        .map(|id| find_rule(id).expect("a rule").page())
        .collect();
    expect_file!["pages.md"].assert_eq(&pages.join("\n"));
}

#[test]
fn every_page_has_two_examples_that_differ() {
    for rule in RULES {
        let page = rule.page();
        let examples: Vec<&str> = page
            .split("```hcl\n")
            .skip(1)
            .filter_map(|it| it.split("```").next())
            .collect();
        let [firing, silent] = examples.as_slice() else {
            panic!("{}: {} examples", rule.id, examples.len())
        };
        assert_ne!(firing, silent, "{}", rule.id);
        assert!(page.contains(rule.why), "{}", rule.id);
    }
}
