//! DBK-SEL-005: a condition on something else than a tag of the resource, or a tag that is written as a condition.

use super::entries::selections;
use crate::examples::aws_backup::{named, plan, selection};
use crate::fact::Fact;
use crate::facts::{Facts, Selection, SelectionCondition};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SEL-005"),
    name: "condition_key_malformed",
    also: &[],
    area: Area::Selections,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Key of a selection's condition or tag is not valid",
    why: "Conditions compare tags of the resource: their keys begin with aws:ResourceTag/, and their operator is one \
          of four. The tags of a selection are keys and values as they stand on the resource, without that prefix.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, Conditions, ConditionParameter, Condition",
    firing: || on("stage", "StringEquals"),
    silent: || on("aws:ResourceTag/stage", "StringEquals"),
    check,
};

const PREFIX: &str = "aws:ResourceTag/";
const OPERATORS: [&str; 4] = ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"];

fn on(key: &str, operator: &str) -> Facts {
    plan(|it| {
        let condition = SelectionCondition {
            operator: operator.into(),
            key: key.into(),
            value: "prod".into(),
        };
        it.selections = named([(
            "orders",
            Selection {
                conditions: Fact::Known(vec![condition]),
                ..selection()
            },
        )]);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for (name, selection) in selections(facts) {
        for condition in selection.conditions.known().into_iter().flatten() {
            if let Fact::Known(key) = &condition.key
                && key.strip_prefix(PREFIX).is_none_or(str::is_empty)
            {
                report.add(
                    Subject::SelectionConditions(name.clone()),
                    format!(
                        "{key:?} cannot be the key of a condition: that is {PREFIX} and the key of a tag."
                    ),
                    format!("Write key = \"{PREFIX}{}\".", bare(key)),
                );
            }
            if let Fact::Known(operator) = &condition.operator
                && !OPERATORS.contains(&operator.as_str())
            {
                report.add(
                    Subject::SelectionConditions(name.clone()),
                    format!("{operator:?} is not an operator of conditions of AWS Backup."),
                    format!("Use one of {}.", OPERATORS.join(", ")),
                );
            }
        }
        for tag in selection.tags.known().into_iter().flatten() {
            if let Fact::Known(key) = &tag.key
                && let Some(bare) = key.strip_prefix(PREFIX)
            {
                report.add(
                    Subject::SelectionTags(name.clone()),
                    format!(
                        "{key:?} is the key of no tag: {PREFIX} stands before keys in conditions alone, and no tag begins \
                         with aws:. It would select nothing."
                    ),
                    format!("Write key = {bare:?}."),
                );
            }
        }
    }
}

/// The key of the tag that is most likely meant.
fn bare(key: &str) -> &str {
    let last = key.rsplit_once("ResourceTag/").map_or(key, |(_, last)| last);
    if last.is_empty() { "KEY" } else { last }
}

#[cfg(test)]
mod tests {
    use super::{Fact, RULE, Selection, named, on, plan, selection};
    use crate::facts::SelectionTag;

    fn fixes(key: &str, operator: &str) -> Vec<String> {
        RULE.findings(&on(key, operator))
            .into_iter()
            .map(|it| it.fix)
            .collect()
    }

    #[test]
    fn keys_need_the_prefix_and_something_behind_it() {
        assert_eq!(fixes("aws:ResourceTag/s", "StringLike"), [""; 0]);
        for (key, meant) in [
            ("stage", "stage"),
            ("ec2:ResourceTag/stage", "stage"),
            ("aws:resourcetag/stage", "aws:resourcetag/stage"),
            ("aws:ResourceTag/", "KEY"),
        ] {
            assert_eq!(
                fixes(key, "StringEquals"),
                [format!("Write key = \"aws:ResourceTag/{meant}\".")]
            );
        }
    }

    #[test]
    fn operators_are_four() {
        for operator in ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"] {
            assert_eq!(fixes("aws:ResourceTag/s", operator), [""; 0]);
        }
        assert_eq!(fixes("aws:ResourceTag/s", "STRINGEQUALS").len(), 1);
    }

    #[test]
    fn tags_have_no_prefix() {
        let with = |key: &str| {
            let facts = plan(|it| {
                let tags = vec![SelectionTag {
                    key: key.into(),
                    value: "yes".into(),
                }];
                it.selections = named([(
                    "orders",
                    Selection {
                        resources: Fact::Absent,
                        tags: Fact::Known(tags),
                        ..selection()
                    },
                )]);
            });
            RULE.findings(&facts).pop().map(|it| it.fix)
        };
        assert_eq!(with("backup"), None);
        assert_eq!(
            with("aws:ResourceTag/backup").as_deref(),
            Some("Write key = \"backup\".")
        );
    }
}
