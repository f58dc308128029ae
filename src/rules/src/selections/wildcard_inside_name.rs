//! DBK-SEL-003: a pattern with a wildcard in the middle of a name.

use super::entries::entries;
use crate::examples::aws_backup::{named, plan, selection};
use crate::fact::Fact;
use crate::facts::{Facts, Selection};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SEL-003"),
    name: "wildcard_inside_name",
    also: &[],
    area: Area::Selections,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Wildcard stands inside a name",
    why: "The API reference allows wildcards at the end of an ARN alone; the developer guide shows them in place \
          of the Region and the account, too. What a wildcard inside a name selects, no text of AWS says: it may be \
          refused, or select nothing.",
    aws_error: Some("InvalidParameterValueException, or none"),
    source: "AWS Backup API reference, BackupSelection; developer guide, assigning resources",
    firing: || selecting("arn:aws:dynamodb:us-east-1:111122223333:table/*-orders"),
    silent: || selecting("arn:aws:dynamodb:*:*:table/orders-*"),
    check,
};

fn selecting(text: &str) -> Facts {
    plan(|it| {
        it.selections = named([(
            "orders",
            Selection {
                resources: Fact::Known(vec![text.into()]),
                ..selection()
            },
        )]);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for entry in entries(facts) {
        let Some(arn) = entry.arn else { continue };
        let is_part = |part: &str| part.contains('*') && part != "*";
        let name_inside = arn.resource.trim_end_matches('*').contains('*');
        if !(is_part(arn.region) || is_part(arn.account) || name_inside) {
            continue;
        }
        report.add(
            entry.subject,
            format!(
                "{:?} has a wildcard in the middle. AWS documents one at the end of an ARN, and one in place of a whole \
                 Region or account; this one may be refused, or select nothing.",
                entry.text
            ),
            "Let the wildcard end the ARN, as in arn:aws:dynamodb:*:*:table/orders-*, name the tables one by one, or \
             select them by tags or conditions.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, selecting};

    #[test]
    fn wildcards_may_end_an_arn_or_stand_for_region_and_account() {
        let count = |text| RULE.findings(&selecting(text)).len();
        for text in [
            "*",
            "arn:aws:dynamodb:*:*:table/*",
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders*",
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
            "arn:aws:dynamodb:us-east-1:111122223333:*",
        ] {
            assert_eq!(count(text), 0, "{text}");
        }
        for text in [
            "arn:aws:dynamodb:us-*:111122223333:table/orders",
            "arn:aws:dynamodb:us-east-1:1111*:table/orders",
            "arn:aws:dynamodb:us-east-1:111122223333:table/a*b*",
            "arn:aws:dynamodb:us-east-1:111122223333:table/a*b",
        ] {
            assert_eq!(count(text), 1, "{text}");
        }
    }
}
