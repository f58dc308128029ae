//! What selections name and leave out, entry by entry. Patterns are no ARNs, so they are taken apart by themselves.

use crate::fact::Fact;
use crate::facts::{Facts, Selection};
use crate::finding::Subject;

/// One entry of a selection: an ARN, or a pattern of ARNs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// The list that it stands in.
    pub(super) subject: Subject,
    /// As it was written.
    pub(super) text: &'a str,
    /// Its parts; none for a text that is not made like an ARN.
    pub(super) arn: Option<Parts<'a>>,
}

/// The parts of an ARN or of a pattern. Each may hold wildcards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) service: &'a str,
    pub(super) region: &'a str,
    pub(super) account: &'a str,
    /// All that follows, as in `table/orders`.
    pub(super) resource: &'a str,
}

/// The selections of a plan that is not about to go.
pub(super) fn selections(facts: &Facts) -> impl Iterator<Item = (&String, &Selection)> {
    let plan = facts.backup_plan().filter(|_| !facts.is_destroyed_for_good());
    plan.and_then(|plan| plan.selections.known())
        .into_iter()
        .flatten()
}

/// The known entries of all selections, what is named and what is left out.
pub(super) fn entries(facts: &Facts) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for (name, selection) in selections(facts) {
        for (subject, list) in [
            (Subject::SelectionResources(name.clone()), &selection.resources),
            (
                Subject::SelectionNotResources(name.clone()),
                &selection.not_resources,
            ),
        ] {
            let texts = list.known().into_iter().flatten().filter_map(Fact::known);
            entries.extend(texts.map(|text| Entry {
                subject: subject.clone(),
                text,
                arn: Parts::of(text),
            }));
        }
    }
    entries
}

/// Whether a text has wildcards.
pub(super) fn is_wild(text: &str) -> bool {
    text.contains('*')
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts.as_slice() {
            &["arn", _, service, region, account, resource] => Some(Self {
                service,
                region,
                account,
                resource,
            }),
            _ => None,
        }
    }

    /// Whether it names tables of DynamoDB, or something below them.
    pub(super) fn is_of_dynamodb(&self) -> bool {
        self.service == "dynamodb"
    }

    /// The name of the table, with its wildcards; none for what is no table.
    pub(super) fn table(&self) -> Option<&'a str> {
        let table = self.resource.strip_prefix("table/")?;
        (self.is_of_dynamodb() && !table.is_empty() && !table.contains(['/', ':'])).then_some(table)
    }
}

#[cfg(test)]
mod tests {
    use super::{Parts, entries, is_wild, selections};
    use crate::examples::aws_backup::{named, plan, selection};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Selection};
    use crate::finding::Subject;

    #[test]
    fn patterns_come_apart() {
        let table = |text| Parts::of(text).and_then(|parts| parts.table());
        assert_eq!(table("arn:aws:dynamodb:*:*:table/*"), Some("*"));
        assert_eq!(
            table("arn:aws:dynamodb:us-east-1:111122223333:table/orders"),
            Some("orders")
        );
        for text in [
            "arn:aws:dynamodb:us-east-1:111122223333:table/",
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-date",
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders:x",
            "arn:aws:ec2:us-east-1:111122223333:table/orders",
            "arn:aws:dynamodb:us-east-1:111122223333:*",
        ] {
            assert_eq!(table(text), None, "{text}");
        }
        for text in [
            "*",
            "orders",
            "arn:aws:dynamodb",
            "urn:aws:dynamodb:a:b:table/orders",
        ] {
            assert_eq!(Parts::of(text), None, "{text}");
        }
        assert!(is_wild("a*") && !is_wild("a"));
    }

    #[test]
    fn both_lists_are_read_until_the_plan_goes() {
        let facts = plan(|it| {
            it.selections = named([(
                "orders",
                Selection {
                    resources: Fact::Known(vec!["a".into(), Fact::Unknown]),
                    not_resources: Fact::Known(vec!["b".into()]),
                    ..selection()
                },
            )]);
        });
        let found: Vec<_> = entries(&facts)
            .into_iter()
            .map(|it| (it.subject, it.text.to_owned()))
            .collect();
        let name = || "orders".to_owned();
        assert_eq!(
            found,
            [
                (Subject::SelectionResources(name()), "a".to_owned()),
                (Subject::SelectionNotResources(name()), "b".to_owned()),
            ]
        );
        let gone = Facts {
            action: Fact::Known(Action::Destroy),
            ..facts
        };
        assert_eq!((entries(&gone).len(), selections(&gone).count()), (0, 0));
    }
}
