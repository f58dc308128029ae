//! `cargo xtask rules`: the rules of the library, and with `--coverage` what became of every id of the rule catalogue.
//!
//! An id is a rule, one for which a rule speaks (`also`), or a line of `docs/rules/coverage.md` that says why it is
//! neither. The page is written by hand; what can be checked of it is checked here: that no id is missing or there
//! twice, that each line gives one of five reasons, and that the code it names is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use clap::Args;
use rules::catalogue::{self, CatalogueArea};

use crate::{Outcome, say, workspace};

/// The page with a line for each id that no rule speaks for.
pub(crate) const PAGE: &str = "docs/rules/coverage.md";

/// Arguments of `rules`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Count what became of the ids of the rule catalogue; fail if one is unaccounted for.
    #[arg(long)]
    coverage: bool,
}

impl Arguments {
    /// As with `--coverage`.
    pub(crate) fn counting() -> Self {
        Self { coverage: true }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let rules: Vec<Covered> = rules::RULES
        .iter()
        .map(|rule| Covered {
            id: rule.id.as_str(),
            also: rule.also,
        })
        .collect();
    if !arguments.coverage {
        for rule in rules::RULES {
            say::line(format!("{:13}{:9}{}", rule.id, rule.severity, rule.title));
        }
        return Ok(());
    }
    let page =
        fs::read_to_string(workspace::root().join(PAGE)).map_err(|err| format!("reading {PAGE}: {err}"))?;
    let coverage = Coverage::of(catalogue::AREAS, &rules, &page, &|place| {
        is_there(workspace::root(), place)
    });
    say::line(coverage.table());
    if coverage.faults.is_empty() {
        Ok(())
    } else {
        Err(coverage.faults.join("\n").into())
    }
}

/// A rule, as far as coverage goes.
#[derive(Debug, Clone, Copy)]
struct Covered<'a> {
    id: &'a str,
    /// The other ids that it speaks for.
    also: &'a [&'a str],
}

/// Why an id is no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    Fact,
    NotAtPlan,
    Handled,
    AtApply,
    NoObject,
}

impl Reason {
    const ALL: [Self; 5] = [
        Self::Fact,
        Self::NotAtPlan,
        Self::Handled,
        Self::AtApply,
        Self::NoObject,
    ];

    /// The word with which a line gives it.
    fn word(self) -> &'static str {
        match self {
            Self::Fact => "Fact",
            Self::NotAtPlan => "Not at plan",
            Self::Handled => "Handled",
            Self::AtApply => "At apply",
            Self::NoObject => "No object",
        }
    }

    /// The reason that a text begins with: its word, then a colon and more.
    fn of(text: &str) -> Option<Self> {
        let begins = |it: &Self| {
            let more = text.strip_prefix(it.word()).and_then(|it| it.strip_prefix(": "));
            more.is_some_and(|it| it.ends_with('.'))
        };
        Self::ALL.into_iter().find(begins)
    }

    /// Whether the line must name the code that does it.
    fn names_code(self) -> bool {
        matches!(self, Self::Handled | Self::AtApply)
    }
}

/// A line of the page.
#[derive(Debug)]
struct Line<'a> {
    number: usize,
    id: &'a str,
    reason: &'a str,
}

/// Reads the lines of the page's tables. Everything else on it is prose.
fn lines(page: &str) -> impl Iterator<Item = Line<'_>> {
    page.lines().enumerate().filter_map(|(index, line)| {
        let cells: Vec<&str> = line
            .trim()
            .trim_matches('|')
            .split(" | ")
            .map(str::trim)
            .collect();
        let id = cells.first().copied().filter(|it| it.starts_with("DBK-"))?;
        Some(Line {
            number: index + 1,
            id,
            // A line with another number of cells has no reason that could be read.
            reason: if cells.len() == 3 { cells[2] } else { "" },
        })
    })
}

/// The places in the code that a text names: `src/a.rs`, or `src/a.rs#word` where the file must hold the word.
fn places(text: &str) -> impl Iterator<Item = &str> {
    let is_path = |it: &&str| {
        let path = it.split('#').next().unwrap_or_default();
        path.contains('/') && !path.contains(' ')
    };
    text.split('`').skip(1).step_by(2).filter(is_path)
}

/// Whether a place is in the work tree.
fn is_there(root: &Path, place: &str) -> bool {
    let (path, word) = match place.split_once('#') {
        Some((path, word)) => (path, Some(word)),
        None => (place, None),
    };
    match word {
        None => root.join(path).exists(),
        Some(word) => fs::read_to_string(root.join(path)).is_ok_and(|text| text.contains(word)),
    }
}

/// What became of the ids of one area.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    ids: usize,
    rules: usize,
    merged: usize,
    elsewhere: BTreeMap<Reason, usize>,
}

/// What became of the catalogue.
#[derive(Debug)]
struct Coverage {
    areas: Vec<(&'static str, Counts)>,
    faults: Vec<String>,
}

impl Coverage {
    fn of(
        areas: &[CatalogueArea],
        rules: &[Covered<'_>],
        page: &str,
        is_there: &dyn Fn(&str) -> bool,
    ) -> Self {
        let ids: Vec<String> = areas.iter().flat_map(|area| area.ids()).collect();
        let place_of = |id: &str| ids.iter().position(|it| it == id);
        let speaks: BTreeMap<&str, &str> = rules
            .iter()
            .flat_map(|rule| rule.also.iter().chain([&rule.id]).map(|id| (*id, rule.id)))
            .collect();
        let mut faults: Vec<String> = speaks
            .iter()
            .filter(|(id, _)| place_of(id).is_none())
            .map(|(id, rule)| format!("{id}, for which rule {rule} speaks, is not in the catalogue"))
            .collect();

        let mut reasons: BTreeMap<&str, Option<Reason>> = BTreeMap::new();
        let mut last = None;
        for Line { number, id, reason } in lines(page) {
            let mut fault = |text: String| faults.push(format!("{PAGE}:{number}: {id} {text}"));
            let place = place_of(id);
            if place.is_none() {
                fault("is not in the catalogue".to_owned());
            } else if place <= last {
                fault("is there twice, or after an id that follows it".to_owned());
            }
            last = place.max(last);
            if let Some(rule) = speaks.get(id) {
                fault(format!("is spoken for by rule {rule}: remove the line"));
            }
            let kind = Reason::of(reason);
            match kind {
                None => fault(format!(
                    "gives no reason: the third cell begins with {} and a colon, and ends with a full stop",
                    Reason::ALL.map(|it| format!("{:?}", it.word())).join(" or ")
                )),
                Some(kind) if kind.names_code() && places(reason).next().is_none() => fault(format!(
                    "says {:?} and does not name the code that does it, as in `src/a.rs#word`",
                    kind.word()
                )),
                Some(_) => {}
            }
            for place in places(reason).filter(|it| !is_there(it)) {
                fault(format!("names {place}, which is not there"));
            }
            reasons.insert(id, kind);
        }

        let own: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
        let mut counted = Vec::new();
        for area in areas {
            let mut counts = Counts::default();
            for id in area.ids() {
                counts.ids += 1;
                if own.contains(id.as_str()) {
                    counts.rules += 1;
                } else if speaks.contains_key(id.as_str()) {
                    counts.merged += 1;
                } else {
                    match reasons.get(id.as_str()) {
                        Some(Some(reason)) => *counts.elsewhere.entry(*reason).or_default() += 1,
                        // Said above.
                        Some(None) => {}
                        None => faults.push(format!(
                            "{id} is nowhere: make it a rule, or write a line for it in {PAGE}"
                        )),
                    }
                }
            }
            counted.push((area.code, counts));
        }
        Self {
            areas: counted,
            faults,
        }
    }

    /// The counts, for a terminal.
    fn table(&self) -> String {
        let mut total = Counts::default();
        let mut text = row("area", ["ids", "rules", "merged"], Reason::ALL.map(Reason::word));
        let mut add = |code: &str, counts: &Counts| {
            let numbers = [counts.ids, counts.rules, counts.merged].map(|it| it.to_string());
            let elsewhere =
                Reason::ALL.map(|it| counts.elsewhere.get(&it).copied().unwrap_or_default().to_string());
            text += &row(
                code,
                numbers.each_ref().map(String::as_str),
                elsewhere.each_ref().map(String::as_str),
            );
        };
        for (code, counts) in &self.areas {
            add(code, counts);
            total.ids += counts.ids;
            total.rules += counts.rules;
            total.merged += counts.merged;
            for (reason, number) in &counts.elsewhere {
                *total.elsewhere.entry(*reason).or_default() += number;
            }
        }
        add("all", &total);
        text.trim_end().to_owned()
    }
}

fn row(area: &str, numbers: [&str; 3], elsewhere: [&str; 5]) -> String {
    let mut line = format!("{area:6}");
    for number in numbers {
        line += &format!("{number:>8}");
    }
    for number in elsewhere {
        line += &format!("{number:>13}");
    }
    line + "\n"
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const AREAS: &[CatalogueArea] = &[
        CatalogueArea {
            section: "A1",
            code: "ONE",
            title: "One",
            last: 4,
        },
        CatalogueArea {
            section: "A2",
            code: "TWO",
            title: "Two",
            last: 2,
        },
    ];

    /// One rule that speaks for another id.
    const RULES: &[Covered<'_>] = &[Covered {
        id: "DBK-ONE-001",
        also: &["DBK-TWO-001"],
    }];

    const PAGE_WITHOUT_FAULT: &str = "\
# Coverage

| id | about | what became of it |
| --- | --- | --- |
| DBK-ONE-002 | a | Fact: nothing to decide. |
| DBK-ONE-003 | a | Handled: repeated, `src/there.rs#retry`. |
| DBK-ONE-004 | a | No object: none of ours has it. |

Prose about DBK-ONE-001, and a | b.

| DBK-TWO-002 | a | At apply: waits, `src/there.rs`. |
";

    fn coverage(rules: &[Covered<'_>], page: &str) -> Coverage {
        Coverage::of(AREAS, rules, page, &|place| place.starts_with("src/there.rs"))
    }

    fn check(rules: &[Covered<'_>], page: &str, faults: Expect) {
        faults.assert_eq(&coverage(rules, page).faults.join("\n"));
    }

    #[test]
    fn a_page_without_fault_is_counted() {
        let coverage = coverage(RULES, PAGE_WITHOUT_FAULT);
        assert_eq!(coverage.faults, [""; 0]);
        expect![[r#"
            area       ids   rules  merged         Fact  Not at plan      Handled     At apply    No object
            ONE          4       1       0            1            0            1            0            1
            TWO          2       0       1            0            0            0            1            0
            all          6       1       1            1            0            1            1            1"#]]
        .assert_eq(&coverage.table());
    }

    #[test]
    fn an_id_is_accounted_for_exactly_once() {
        check(
            RULES,
            "| DBK-ONE-001 | a | Fact: b. |\n| DBK-ONE-003 | a | Fact: b. |\n| DBK-ONE-003 | a | Fact: b. |\n\
             | DBK-ONE-002 | a | Fact: b. |\n| DBK-TWO-001 | a | Fact: b. |\n| DBK-TWO-003 | a | Fact: b. |\n",
            expect![[r#"
                docs/rules/coverage.md:1: DBK-ONE-001 is spoken for by rule DBK-ONE-001: remove the line
                docs/rules/coverage.md:3: DBK-ONE-003 is there twice, or after an id that follows it
                docs/rules/coverage.md:4: DBK-ONE-002 is there twice, or after an id that follows it
                docs/rules/coverage.md:5: DBK-TWO-001 is spoken for by rule DBK-ONE-001: remove the line
                docs/rules/coverage.md:6: DBK-TWO-003 is not in the catalogue
                DBK-ONE-004 is nowhere: make it a rule, or write a line for it in docs/rules/coverage.md
                DBK-TWO-002 is nowhere: make it a rule, or write a line for it in docs/rules/coverage.md"#]],
        );
    }

    #[test]
    fn a_rule_speaks_for_ids_of_the_catalogue_only() {
        let rules = [
            RULES[0],
            Covered {
                id: "DBK-ONE-005",
                also: &["DBK-SIX-001"],
            },
        ];
        check(
            &rules,
            PAGE_WITHOUT_FAULT,
            expect![[r#"
                DBK-ONE-005, for which rule DBK-ONE-005 speaks, is not in the catalogue
                DBK-SIX-001, for which rule DBK-ONE-005 speaks, is not in the catalogue"#]],
        );
    }

    #[test]
    fn a_line_gives_a_reason_and_names_code_that_is_there() {
        check(
            RULES,
            "| DBK-ONE-002 | a | Because. |\n| DBK-ONE-003 | a | b | Fact: b. |\n| DBK-ONE-004 | a | Handled: b. |\n\
             | DBK-TWO-002 | a | At apply: b, `src/there.rs#fn b` and `src/gone.rs`, not `a / b`. |\n",
            expect![[r#"
                docs/rules/coverage.md:1: DBK-ONE-002 gives no reason: the third cell begins with "Fact" or "Not at plan" or "Handled" or "At apply" or "No object" and a colon, and ends with a full stop
                docs/rules/coverage.md:2: DBK-ONE-003 gives no reason: the third cell begins with "Fact" or "Not at plan" or "Handled" or "At apply" or "No object" and a colon, and ends with a full stop
                docs/rules/coverage.md:3: DBK-ONE-004 says "Handled" and does not name the code that does it, as in `src/a.rs#word`
                docs/rules/coverage.md:4: DBK-TWO-002 names src/gone.rs, which is not there"#]],
        );
    }

    #[test]
    fn a_place_is_a_path_and_perhaps_a_word_in_it() {
        let root = workspace::root();
        assert!(is_there(root, "src/xtask/src/coverage.rs"));
        assert!(is_there(root, "src/xtask/src"));
        assert!(is_there(root, "src/xtask/src/coverage.rs#fn is_there"));
        assert!(!is_there(root, "src/xtask/src/gone.rs"));
        assert!(!is_there(root, "src/xtask/src/gone.rs#fn is_there"));
        let absent = format!("src/xtask/src/coverage.rs#{}_{}", "no such", "word");
        assert!(!is_there(root, &absent));
    }
}
