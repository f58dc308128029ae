//! DBK-ARN-001: a text where a table's ARN belongs that is no ARN, or a broken one.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{ArnError, TableArn, TableName};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-001"),
    name: "table_arn_malformed",
    also: &[],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Table ARN is not valid",
    why: "A table's ARN has six fields separated by colons: \"arn\", partition, \"dynamodb\", Region, \
          account of twelve digits, and \"table/\" with the name. AWS judges the form before it looks for \
          the table.",
    aws_error: Some("ValidationException: … is not a valid ARN"),
    source: "DynamoDB API model, TableArn; measured on AWS",
    firing: || {
        examples::backup(|it| it.table_name = "arn:aws:dynamodb:us-east-1:11112222333:table/orders".into())
    },
    silent: || examples::backup(|it| it.table_name = examples::TABLE_ARN.into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts.places() {
        let is_arn = match place.accepts {
            Accepts::TableArn => true,
            Accepts::TableNameOrArn => place.text.starts_with("arn:"),
            _ => false,
        };
        if !is_arn {
            continue;
        }
        // An ARN of another kind is the business of `other_arn_for_table`, which can say which kind it is.
        let error = match TableArn::parse(place.text) {
            Ok(_) | Err(ArnError::Kind { .. }) => continue,
            Err(error) => error,
        };
        let fix = match TableName::parse(place.text) {
            Ok(name) => format!(
                "Write {:?}, or give the name alone as table_name.",
                example(facts, name.as_str())
            ),
            Err(_) => format!("Write it like {:?}.", example(facts, "orders")),
        };
        report.add(
            place.subject,
            format!(
                "{:?} is not the ARN of a table: {}. AWS judges the form before it looks for the table.",
                place.text,
                error.explain()
            ),
            fix,
        );
    }
}

/// A table's ARN in the user's own partition, Region and account.
fn example(facts: &Facts, name: &str) -> String {
    let partition = facts
        .partition()
        .into_known()
        .map_or("aws".to_owned(), |it| it.to_string());
    let region = facts
        .region()
        .into_known()
        .map_or("us-east-1".to_owned(), |it| it.to_string());
    let account = match &facts.caller.account {
        Fact::Known(account) => account.as_str(),
        Fact::Absent | Fact::Unknown => "111122223333",
    };
    format!("arn:{partition}:dynamodb:{region}:{account}:table/{name}")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::restore_to;
    use crate::fact::Fact;

    #[test]
    fn a_plain_name_is_completed() {
        let facts = restore_to(|_, point| {
            point.table_name = Fact::Absent;
            point.table_arn = "customers".into();
        });
        let fix = RULE.findings(&facts).pop().expect("a finding").fix;
        assert!(
            fix.contains("\"arn:aws:dynamodb:us-east-1:111122223333:table/customers\""),
            "{fix}"
        );
        assert!(fix.contains("table_name"), "{fix}");
    }
}
