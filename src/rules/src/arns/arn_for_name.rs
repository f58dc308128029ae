//! DBK-ARN-011: an ARN where only a plain name is taken.

use crate::examples;
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::TableArn;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-011"),
    name: "arn_for_name",
    also: &[],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "ARN given where a plain table name is needed",
    why: "Other calls of DynamoDB take a table's name or its ARN in one argument; the restore calls take \
          the target as a plain name and the source by name or ARN in separate arguments.",
    aws_error: Some("ValidationException: … Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    source: "DynamoDB API model, RestoreTableToPointInTime",
    firing: || examples::restore_to(|_, point| point.table_name = examples::TABLE_ARN.into()),
    silent: || {
        examples::restore_to(|_, point| {
            point.table_name = crate::Fact::Absent;
            point.table_arn = examples::TABLE_ARN.into();
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts.places() {
        if place.accepts != Accepts::TableName || !place.text.starts_with("arn:") {
            continue;
        }
        let table = TableArn::parse(place.text).ok();
        let name = table.as_ref().map_or("orders", |it| it.table.as_str());
        let (detail, fix) = if place.subject == Subject::SourceTableName {
            (
                format!(
                    "table_name is {:?}. It takes a plain name, which DynamoDB looks up in the Region of \
                     the restore; an ARN, also of a table in another Region, goes into table_arn.",
                    place.text
                ),
                format!(
                    "Write table_arn = {:?} instead of table_name, or table_name = {name:?}.",
                    place.text
                ),
            )
        } else {
            (
                format!(
                    "name is {:?}. It takes the plain name of the new table; its account and Region are \
                     those in which the restore runs.",
                    place.text
                ),
                format!(
                    "Write name = \"{name}-restored\", and region = \"…\" for a restore into another Region."
                ),
            )
        };
        report.add(place.subject, detail, fix);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{TABLE_ARN, restore, restore_to};
    use crate::facts::Facts;

    fn fix(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.fix)
    }

    #[test]
    fn the_fix_fits_the_argument() {
        let source = fix(&restore_to(|_, point| point.table_name = TABLE_ARN.into())).expect("a finding");
        assert_eq!(
            source,
            format!("Write table_arn = {TABLE_ARN:?} instead of table_name, or table_name = \"orders\".")
        );
        let target = fix(&restore(|it| {
            it.name = TABLE_ARN.replace("orders", "sales").into()
        }));
        assert!(
            target
                .expect("a finding")
                .starts_with("Write name = \"sales-restored\"")
        );
        let broken = fix(&restore(|it| it.name = "arn:aws".into())).expect("a finding");
        assert!(broken.starts_with("Write name = \"orders-restored\""), "{broken}");
    }
}
