//! DBK-SEL-006: tags beside resources, which widen a selection where people expect them to narrow it.

use super::entries::selections;
use crate::examples::aws_backup::{named, plan, selection};
use crate::fact::Fact;
use crate::facts::{Facts, Selection, SelectionCondition, SelectionTag};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SEL-006"),
    name: "tags_beside_resources",
    also: &[],
    area: Area::Selections,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Tags widen a selection that names resources",
    why: "A resource is selected when resources names it or when it has any of the tags: tags widen a selection, \
          also to other services than DynamoDB. Conditions narrow it: all of them must be met.",
    aws_error: None,
    source: "AWS Backup developer guide, assigning resources",
    firing: || {
        plan(|it| {
            it.selections = named([(
                "orders",
                Selection {
                    tags: Fact::Known(vec![tag()]),
                    ..selection()
                },
            )]);
        })
    },
    silent: || {
        plan(|it| {
            let condition = SelectionCondition {
                operator: "StringEquals".into(),
                key: "aws:ResourceTag/backup".into(),
                value: "yes".into(),
            };
            it.selections = named([(
                "orders",
                Selection {
                    conditions: Fact::Known(vec![condition]),
                    ..selection()
                },
            )]);
        })
    },
    check,
};

fn tag() -> SelectionTag {
    SelectionTag {
        key: "backup".into(),
        value: "yes".into(),
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for (name, selection) in selections(facts) {
        let (Fact::Known(resources), Fact::Known(tags)) = (&selection.resources, &selection.tags) else {
            continue;
        };
        if resources.is_empty() || tags.is_empty() {
            continue;
        }
        let key = tags
            .iter()
            .find_map(|tag| tag.key.known())
            .map_or("KEY", String::as_str);
        report.add(
            Subject::SelectionTags(name.clone()),
            format!(
                "{name:?} gives resources and tags. What has any of the tags is backed up besides what resources names, \
                 tables or not: the tags do not narrow it."
            ),
            format!(
                "To back up only those of the resources that have the tag, write conditions = [{{ operator = \
                 \"StringEquals\", key = \"aws:ResourceTag/{key}\", value = \"…\" }}] instead of tags. To back up both, \
                 make two selections."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, RULE, Selection, named, plan, selection, tag};

    fn count(change: impl FnOnce(&mut Selection)) -> usize {
        let mut it = Selection {
            tags: Fact::Known(vec![tag()]),
            ..selection()
        };
        change(&mut it);
        RULE.findings(&plan(|plan| plan.selections = named([("orders", it)])))
            .len()
    }

    #[test]
    fn it_takes_both() {
        assert_eq!(count(|_| ()), 1);
        assert_eq!(count(|it| it.tags = Fact::Known(Vec::new())), 0);
        assert_eq!(count(|it| it.resources = Fact::Known(Vec::new())), 0);
        assert_eq!(count(|it| it.tags = Fact::Unknown), 0);
        assert_eq!(count(|it| it.resources = Fact::Unknown), 0);
        assert_eq!(count(|it| it.resources = Fact::Absent), 0);
    }
}
