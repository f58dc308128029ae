//! DBK-RPT-010: a restore to a point in time of a table that does not exist, or not in this Region.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{TableArn, TableName};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-010"),
    name: "source_table_missing",
    also: &["DBK-RPT-011", "DBK-XRG-004"],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Table to restore from does not exist",
    why: "The history of a table goes with the table. What a deleted table with point-in-time recovery \
          leaves is a system backup of its last state, kept for 35 days. A table given by name is looked up \
          in the Region of the restore only; one in another Region needs its ARN.",
    aws_error: Some("TableNotFoundException: Table not found: orders"),
    source: "DynamoDB API model, RestoreTableToPointInTime; measured on AWS",
    firing: || examples::restore_to(|it, _| it.observed.source_table = Fact::Absent),
    silent: || examples::restore_to(|it, _| it.observed.source_table = Fact::Known(examples::table())),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Some(point) = table.point_in_time() else {
        return;
    };
    if !table.observed.source_table.is_absent() {
        return;
    }
    let here = facts.region().into_known().map(|it| it.to_string());
    let (subject, name, region, elsewhere) = match (&point.table_name, &point.table_arn) {
        (Fact::Known(name), _) if TableName::parse(name).is_ok() => {
            let elsewhere =
                " If the table is in another Region, write table_arn = \"arn:…\" instead of table_name.";
            (Subject::SourceTableName, name.clone(), here, elsewhere)
        }
        (_, Fact::Known(text)) => match TableArn::parse(text) {
            Ok(arn) => (
                Subject::SourceTableArn,
                arn.table.to_string(),
                Some(arn.region.to_string()),
                "",
            ),
            Err(_) => return,
        },
        _ => return,
    };
    let place = region.as_ref().map_or(String::new(), |it| format!(" in {it}"));
    let option = region
        .as_ref()
        .map_or(String::new(), |it| format!(" --region {it}"));
    report.add(
        subject,
        format!(
            "There is no table {name:?}{place}. The history of a table goes with it: a deleted table can \
             only be restored from a backup, such as the one that DynamoDB makes of its last state if \
             point-in-time recovery was on."
        ),
        format!(
            "If it was deleted in the last 35 days, find that backup (aws dynamodb list-backups{option} \
             --table-name {name} --backup-type ALL) and write source = {{ backup_arn = \"arn:…\" }}. \
             Otherwise correct the name.{elsewhere}"
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::restore_to;
    use crate::fact::Fact;
    use crate::finding::{Finding, Subject};

    fn finding(name: Fact<String>, arn: Fact<String>) -> Option<Finding> {
        let facts = restore_to(|it, point| {
            it.observed.source_table = Fact::Absent;
            (point.table_name, point.table_arn) = (name, arn);
        });
        RULE.findings(&facts).pop()
    }

    #[test]
    fn a_name_is_looked_up_at_home_and_an_arn_in_its_own_region() {
        let by_name = finding("orders".into(), Fact::Absent).expect("a finding");
        assert_eq!(by_name.subject, Subject::SourceTableName);
        assert!(
            by_name.detail.contains("in us-east-1") && by_name.fix.contains("table_arn"),
            "{by_name}"
        );
        let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
        let by_arn = finding(Fact::Absent, arn.into()).expect("a finding");
        assert_eq!(by_arn.subject, Subject::SourceTableArn);
        assert!(
            by_arn.detail.contains("in eu-west-1") && !by_arn.fix.contains("table_arn"),
            "{by_arn}"
        );
    }

    #[test]
    fn what_is_malformed_was_not_looked_up() {
        assert_eq!(finding("no table".into(), Fact::Absent), None);
        assert_eq!(finding(Fact::Absent, "no ARN".into()), None);
    }
}
