//! DBK-SEL-002: a selection that lists more ARNs, or more patterns, than AWS Backup takes.

use super::entries::{is_wild, selections};
use crate::examples::aws_backup::{named, plan, selection};
use crate::fact::Fact;
use crate::facts::{Facts, Selection};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{ARNS_PER_SELECTION_MAX, PATTERNS_PER_SELECTION_MAX};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SEL-002"),
    name: "selection_lists_too_long",
    also: &["DBK-SEL-007"],
    area: Area::Selections,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Selection lists too many resources",
    why: "A selection names at most 500 resources, of which at most 30 with wildcards, and leaves out at most \
          as many.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, BackupSelection; developer guide, quotas",
    firing: || many(31, "*"),
    silent: || many(30, "*"),
    check,
};

/// A plan that selects so many tables, with something behind each name.
fn many(count: usize, suffix: &str) -> Facts {
    let arn = |number| format!("arn:aws:dynamodb:us-east-1:111122223333:table/orders-{number}{suffix}");
    plan(|it| {
        it.selections = named([(
            "orders",
            Selection {
                resources: Fact::Known((0..count).map(|number| Fact::Known(arn(number))).collect()),
                ..selection()
            },
        )]);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for (name, selection) in selections(facts) {
        for (subject, list) in [
            (Subject::SelectionResources(name.clone()), &selection.resources),
            (
                Subject::SelectionNotResources(name.clone()),
                &selection.not_resources,
            ),
        ] {
            let Fact::Known(list) = list else { continue };
            let patterns = list.iter().filter(|it| it.is_known_and(|it| is_wild(it))).count();
            let (count, max, what) = if patterns > PATTERNS_PER_SELECTION_MAX {
                (patterns, PATTERNS_PER_SELECTION_MAX, " with wildcards")
            } else if list.len() > ARNS_PER_SELECTION_MAX {
                (list.len(), ARNS_PER_SELECTION_MAX, "")
            } else {
                continue;
            };
            report.add(
                subject.clone(),
                format!("{subject} has {count} entries{what}, and AWS Backup takes {max} at most."),
                format!(
                    "Remove {} of them: spread them over several selections, or select by tags = [{{ key = \"backup\", \
                     value = \"yes\" }}].",
                    count - max
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, RULE, many, named, plan, selection};
    use crate::finding::Subject;

    fn fixes(count: usize, suffix: &str) -> Vec<String> {
        RULE.findings(&many(count, suffix))
            .into_iter()
            .map(|it| it.fix)
            .collect()
    }

    #[test]
    fn each_kind_has_its_bound() {
        assert_eq!(fixes(500, ""), [""; 0]);
        assert!(fixes(502, "")[0].starts_with("Remove 2 of them"));
        assert_eq!(fixes(30, "*"), [""; 0]);
        assert!(fixes(33, "*")[0].starts_with("Remove 3 of them"));
    }

    #[test]
    fn what_is_left_out_has_the_same_bounds() {
        let facts = plan(|it| {
            let mut it_selects = selection();
            it_selects.not_resources = Fact::Known(vec!["arn:aws:dynamodb:*:*:table/tmp*".into(); 31]);
            it.selections = named([("orders", it_selects)]);
        });
        let found: Vec<_> = RULE.findings(&facts).into_iter().map(|it| it.subject).collect();
        assert_eq!(found, [Subject::SelectionNotResources("orders".to_owned())]);
    }
}
