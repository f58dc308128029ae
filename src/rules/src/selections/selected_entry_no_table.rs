//! DBK-SEL-004: an entry of a selection that can be no table.

use super::entries::{Entry, entries};
use crate::examples::TABLE_ARN;
use crate::examples::aws_backup::{named, plan, selection};
use crate::fact::Fact;
use crate::facts::{Facts, Selection};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SEL-004"),
    name: "selected_entry_no_table",
    also: &[],
    area: Area::Selections,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Entry of a selection is not a table",
    why: "AWS Backup backs up whole tables: of DynamoDB, a selection takes ARNs of tables and patterns of them. \
          An index, a stream or a backup selects nothing, and a plain name is refused.",
    aws_error: Some("InvalidParameterValueException, or none"),
    source: "AWS Backup developer guide, assigning resources",
    firing: || selecting("arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-date"),
    silent: || selecting(TABLE_ARN),
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
        let Some(what) = fault(&entry) else { continue };
        let here = |name: &str| {
            let of = |fact: Option<String>| fact.unwrap_or_else(|| "*".to_owned());
            format!(
                "arn:{}:dynamodb:{}:{}:table/{name}",
                facts
                    .partition()
                    .known()
                    .map_or_else(|| "aws".to_owned(), ToString::to_string),
                of(facts.region().known().map(ToString::to_string)),
                of(facts.caller.account.known().map(ToString::to_string)),
            )
        };
        let table = entry
            .arn
            .and_then(|arn| arn.resource.strip_prefix("table/")?.split(['/', ':']).next());
        let name = match (table, entry.arn) {
            (Some(table), _) if !table.is_empty() => table,
            (_, None) if !entry.text.contains([':', '/']) && !entry.text.is_empty() => entry.text,
            _ => "NAME",
        };
        report.add(
            entry.subject,
            format!("{:?} {what}.", entry.text),
            format!("Write the ARN of the table: \"{}\".", here(name)),
        );
    }
}

fn fault(entry: &Entry<'_>) -> Option<&'static str> {
    let Some(arn) = entry.arn else {
        // A single wildcard is everything.
        return (entry.text != "*").then_some("is no ARN, and AWS Backup takes no names");
    };
    if !arn.is_of_dynamodb() || arn.table().is_some() {
        return None;
    }
    // A pattern that ends before the name begins takes tables in, too.
    let start = arn.resource.trim_end_matches('*');
    if start != arn.resource && "table/".starts_with(start) {
        return None;
    }
    Some("is no table of DynamoDB: what belongs to a table or was made of it is not backed up by itself")
}

#[cfg(test)]
mod tests {
    use super::{RULE, selecting};

    fn fix(text: &str) -> Option<String> {
        RULE.findings(&selecting(text)).pop().map(|it| it.fix)
    }

    #[test]
    fn tables_and_patterns_of_them_are_taken() {
        let here = "arn:aws:dynamodb:us-east-1:111122223333:";
        for text in ["table/orders", "table/*", "table/orders*", "table*", "*"] {
            assert_eq!(fix(&format!("{here}{text}")), None, "{text}");
        }
        for text in [
            "*",
            "arn:aws:ec2:us-east-1:111122223333:volume/vol-1",
            "arn:aws:dynamodb:*:*:table/*",
        ] {
            assert_eq!(fix(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_table_gets_the_arn_of_one() {
        let here = "arn:aws:dynamodb:us-east-1:111122223333:";
        let orders = Some(format!("Write the ARN of the table: \"{here}table/orders\"."));
        for text in [
            "table/orders/index/by-date",
            "table/orders/*",
            "table/orders/stream/2026-01-01T00:00:00.000",
        ] {
            assert_eq!(fix(&format!("{here}{text}")), orders, "{text}");
        }
        assert_eq!(fix("orders"), orders);
        let some = Some(format!("Write the ARN of the table: \"{here}table/NAME\"."));
        for text in [
            format!("{here}global-table/*"),
            format!("{here}table/"),
            format!("{here}table"),
            "table/orders".to_owned(),
            "orders:x".to_owned(),
            String::new(),
        ] {
            assert_eq!(fix(&text), some, "{text:?}");
        }
    }
}
