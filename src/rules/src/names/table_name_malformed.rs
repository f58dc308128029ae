//! DBK-NAME-001: a table name that breaks the grammar of table names.

use crate::examples;
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::TableName;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-NAME-001"),
    name: "table_name_malformed",
    also: &[],
    area: Area::Names,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Table name is not valid",
    why: "DynamoDB takes table names of 3 to 255 characters out of letters, digits, underscore, hyphen and \
          dot. It has no table with any other name, and makes none.",
    aws_error: Some("ValidationException: … Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    source: "DynamoDB API model, TableName",
    firing: || examples::restore(|it| it.name = "orders/restored".into()),
    silent: || examples::restore(|it| it.name = "orders.restored_2025-11".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts.places() {
        // What begins like an ARN is judged as one.
        let is_name = matches!(place.accepts, Accepts::TableName | Accepts::TableNameOrArn)
            && !place.text.starts_with("arn:");
        if !is_name {
            continue;
        }
        if let Err(error) = TableName::parse(place.text) {
            report.add(
                place.subject,
                format!(
                    "{:?} cannot be the name of a table: {error}. DynamoDB has no tables with other names.",
                    place.text
                ),
                format!(
                    "Use a name of that form, for example {:?}.",
                    super::suggestion(place.text)
                ),
            );
        }
    }
}
