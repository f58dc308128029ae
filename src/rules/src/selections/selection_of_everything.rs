//! DBK-SEL-001: a selection that names nothing.

use super::entries::selections;
use crate::examples::aws_backup::{named, plan, selection};
use crate::fact::Fact;
use crate::facts::{Facts, Selection};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SEL-001"),
    name: "selection_of_everything",
    also: &[],
    area: Area::Selections,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Selection names neither resources nor tags",
    why: "A selection that gives neither resources nor tags means everything that AWS Backup supports in the \
          account and Region: volumes, databases, file systems and buckets besides tables, each billed. \
          Conditions narrow it, and exclusions take away from it. AWS refuses some selections of this kind \
          instead.",
    aws_error: Some(
        "InvalidParameterValueException: Invalid backup selection. Either 'ListOfTags' or 'Resources' \
         section must be non-empty.",
    ),
    source: "AWS Backup API reference, BackupSelection; error text as users of hashicorp/aws met it",
    firing: || {
        plan(|it| {
            it.selections = named([(
                "all",
                Selection {
                    resources: Fact::Absent,
                    ..selection()
                },
            )]);
        })
    },
    silent: || {
        plan(|it| {
            it.selections = named([(
                "all",
                Selection {
                    resources: Fact::Known(vec!["arn:aws:dynamodb:*:*:table/*".into()]),
                    ..selection()
                },
            )]);
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for (name, selection) in selections(facts) {
        if !(is_empty(&selection.resources) && is_empty(&selection.tags)) {
            continue;
        }
        let narrowed = if selection.conditions.known().is_some_and(|it| !it.is_empty()) {
            " that meets its conditions"
        } else {
            ""
        };
        let partition = facts
            .partition()
            .known()
            .map_or_else(|| "aws".to_owned(), ToString::to_string);
        report.add(
            Subject::Selection(name.clone()),
            format!(
                "{name:?} gives neither resources nor tags. That selects everything{narrowed}, of every service that \
                 AWS Backup supports in this account and Region and not tables alone; or AWS refuses it."
            ),
            format!(
                "Set resources = [\"arn:{partition}:dynamodb:*:*:table/*\"] for all tables; conditions and \
                 not_resources narrow that as well."
            ),
        );
    }
}

/// Whether a list is certainly empty.
fn is_empty<T>(list: &Fact<Vec<T>>) -> bool {
    match list {
        Fact::Absent => true,
        Fact::Known(items) => items.is_empty(),
        Fact::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, RULE, Selection, named, plan, selection};
    use crate::facts::{SelectionCondition, SelectionTag};

    fn details(change: impl FnOnce(&mut Selection)) -> Vec<String> {
        let mut it = Selection {
            resources: Fact::Absent,
            ..selection()
        };
        change(&mut it);
        let facts = plan(|plan| plan.selections = named([("all", it)]));
        RULE.findings(&facts).into_iter().map(|it| it.detail).collect()
    }

    #[test]
    fn either_list_names_something() {
        let tag = || {
            Fact::Known(vec![SelectionTag {
                key: "backup".into(),
                value: "yes".into(),
            }])
        };
        assert_eq!(details(|_| ()).len(), 1);
        assert_eq!(details(|it| it.resources = Fact::Known(Vec::new())).len(), 1);
        assert_eq!(details(|it| it.tags = tag()), [""; 0]);
        assert_eq!(
            details(|it| it.resources = Fact::Known(vec![Fact::Unknown])),
            [""; 0]
        );
        assert_eq!(details(|it| it.resources = Fact::Unknown), [""; 0]);
        assert_eq!(details(|it| it.tags = Fact::Unknown), [""; 0]);
    }

    #[test]
    fn conditions_alone_still_select_of_every_service() {
        let condition = SelectionCondition {
            operator: "StringEquals".into(),
            key: "aws:ResourceTag/backup".into(),
            value: "yes".into(),
        };
        let found = details(|it| it.conditions = Fact::Known(vec![condition]));
        assert!(
            found[0].contains("everything that meets its conditions, of every service"),
            "{found:?}"
        );
        assert!(!details(|it| it.conditions = Fact::Known(Vec::new()))[0].contains("meets"));
    }
}
