//! DBK-RST-021: a restore from a backup that is missing or not ready.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BackupStatus, Facts, ObservedBackup, Stage};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-021"),
    name: "backup_not_available",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup"],
    title: "Backup to restore from is not available",
    why: "Only a backup in the state AVAILABLE can be restored. A backup that is still being made is a \
          warning while the plan is made, because it is usually ready within seconds.",
    aws_error: Some("BackupNotFoundException or BackupInUseException"),
    source: "DynamoDB API model, BackupStatus",
    firing: || examples::restore(|it| it.observed.backup = Fact::Absent),
    silent: || examples::restore(|it| it.observed.backup = Fact::Known(examples::observed_backup())),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Some(arn) = table.backup_arn() else { return };
    let (name, region) = (&arn.table_arn.table, &arn.table_arn.region);
    let list = format!("aws dynamodb list-backups --region {region} --table-name {name} --backup-type ALL");
    let status = match &table.observed.backup {
        Fact::Unknown => return,
        Fact::Absent => {
            report.add(
                Subject::SourceBackupArn,
                format!(
                    "There is no backup {:?}: it was deleted, it has expired, or the ARN is wrong.",
                    arn.to_string()
                ),
                format!("Choose one that exists: {list}"),
            );
            return;
        }
        Fact::Known(ObservedBackup {
            status: Fact::Known(status),
            ..
        }) => status,
        Fact::Known(_) => return,
    };
    let detail = format!(
        "The backup {:?} is {status}, and only an AVAILABLE one can be restored.",
        arn.to_string()
    );
    match (status, facts.stage) {
        (BackupStatus::Available | BackupStatus::Other(_), _) => {}
        (BackupStatus::Creating, Stage::Plan) => report.add_warning(
            Subject::SourceBackupArn,
            detail,
            "Apply when it is AVAILABLE, which usually takes seconds, at most minutes.",
        ),
        (BackupStatus::Creating, Stage::Apply) => report.add(
            Subject::SourceBackupArn,
            detail,
            "Apply again when it is AVAILABLE, which usually takes seconds, at most minutes.",
        ),
        (BackupStatus::Deleted, _) => report.add(
            Subject::SourceBackupArn,
            detail,
            format!("Choose one that exists: {list}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{observed_backup, restore};
    use crate::fact::Fact;
    use crate::facts::{BackupStatus, Facts, ObservedBackup, Stage};
    use crate::finding::Severity;

    fn severities(status: BackupStatus, stage: Stage) -> Vec<Severity> {
        let facts = restore(|it| {
            let status = Fact::Known(status);
            it.observed.backup = Fact::Known(ObservedBackup {
                status,
                ..observed_backup()
            });
        });
        RULE.findings(&Facts { stage, ..facts })
            .into_iter()
            .map(|it| it.severity)
            .collect()
    }

    #[test]
    fn the_status_decides_and_for_one_in_the_making_the_stage() {
        assert_eq!(severities(BackupStatus::Available, Stage::Apply), []);
        assert_eq!(
            severities(BackupStatus::Other("NEW".to_owned()), Stage::Apply),
            []
        );
        assert_eq!(
            severities(BackupStatus::Creating, Stage::Plan),
            [Severity::Warning]
        );
        assert_eq!(
            severities(BackupStatus::Creating, Stage::Apply),
            [Severity::Error]
        );
        assert_eq!(severities(BackupStatus::Deleted, Stage::Plan), [Severity::Error]);
    }
}
