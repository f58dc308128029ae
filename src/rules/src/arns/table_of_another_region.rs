//! DBK-ARN-010: a backup or recovery setting for a table of another Region.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-010"),
    name: "table_of_another_region",
    also: &["DBK-ABJ-002", "DBK-BKP-002"],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Table is in another Region",
    why: "Backups and point-in-time recovery are made and set in the Region of the table, also for each \
          replica of a global table. The endpoint of another Region refuses the ARN.",
    aws_error: Some("ValidationException: Invalid AWS region in 'arn:…'"),
    source: "measured on AWS; reported by users for replicas of global tables",
    firing: || {
        examples::recovery(|it| it.table_name = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders".into())
    },
    silent: || {
        examples::recovery(|it| {
            it.region = "eu-west-1".into();
            it.table_name = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders".into();
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Fact::Known(here) = facts.region() else { return };
    for arn in facts.data_arns() {
        // The sources of restores may be in another Region, and tables of another partition have their own
        // rule.
        let same_partition = facts.partition().is_known_and(|it| *it == arn.partition);
        if arn.subject != Subject::TableName || arn.region == here || !same_partition {
            continue;
        }
        let service = if facts.recovery_point().is_some() {
            "AWS Backup"
        } else {
            "DynamoDB"
        };
        report.add(
            arn.subject,
            format!(
                "{:?} is in {}, and this object is managed in {here}. {service} takes such a call only in \
                 the Region of the table; a replica of a global table has its own settings and backups in \
                 each Region.",
                arn.text, arn.region
            ),
            format!(
                "Add region = \"{}\" to this object, or give the table of {here}.",
                arn.region
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::aws_backup::recovery_point;
    use crate::examples::{TABLE_ARN, backup, restore_to};
    use crate::fact::Fact;

    #[test]
    fn backups_and_settings_stay_at_home_but_restores_may_travel() {
        let far = TABLE_ARN.replace("us-east-1", "eu-west-1");
        assert_eq!(
            RULE.findings(&backup(|it| it.table_name = Fact::Known(far.clone())))
                .len(),
            1
        );
        assert_eq!(
            RULE.findings(&backup(|it| it.table_name = TABLE_ARN.into()))
                .len(),
            0
        );
        let by_aws_backup = recovery_point(|it| it.table_name = Fact::Known(far.clone()));
        let finding = RULE.findings(&by_aws_backup).pop().expect("a finding");
        assert!(
            finding.detail.contains("AWS Backup takes such a call"),
            "{}",
            finding.detail
        );
        let restored = restore_to(|_, point| {
            point.table_name = Fact::Absent;
            point.table_arn = Fact::Known(far);
        });
        assert_eq!(RULE.findings(&restored).len(), 0);
    }
}
