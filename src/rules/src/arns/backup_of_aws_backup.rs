//! DBK-ARN-005: a backup to restore that AWS Backup made, and may take away.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BackupType, Facts, ObservedBackup, RestoredTable};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-005"),
    name: "backup_of_aws_backup",
    also: &[],
    area: Area::Arns,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup"],
    title: "Backup to restore belongs to AWS Backup",
    why: "Recovery points that AWS Backup takes without its advanced DynamoDB features have ARNs like those of \
          DynamoDB's own backups, and DynamoDB restores them. But they live by the lifecycle of a backup plan: \
          AWS Backup deletes them on their day, also when a configuration refers to them.",
    aws_error: None,
    source: "DynamoDB API model, BackupType; AWS Backup developer guide, recovery points",
    firing: || examples::restore(|it| of_type(it, BackupType::AwsBackup)),
    silent: || examples::restore(|it| of_type(it, BackupType::User)),
    check,
};

/// Makes the backup to restore one of this type.
fn of_type(it: &mut RestoredTable, backup_type: BackupType) {
    it.observed.backup = Fact::Known(ObservedBackup {
        backup_type: Fact::Known(backup_type),
        ..examples::observed_backup()
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let (Some(arn), Some(seen)) = (table.backup_arn(), table.observed.backup.known()) else {
        return;
    };
    if seen.backup_type != Fact::Known(BackupType::AwsBackup) {
        return;
    }
    let end = match seen.expires_at {
        Fact::Known(expiry) => format!("deletes it at {}", prose::moment(expiry)),
        Fact::Absent | Fact::Unknown => "may delete it by the lifecycle of its plan".to_owned(),
    };
    report.add(
        Subject::SourceBackupArn,
        format!(
            "{:?} has the type AWS_BACKUP: AWS Backup made it and {end}. After that, this table cannot be \
             restored from it again.",
            arn.to_string()
        ),
        "Go on if this restore is all it is needed for. For a source that stays, take a backup of DynamoDB's \
         own: resource \"dynamodb_backup\".",
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, of_type};
    use crate::examples::{at, restore, restored_changed};
    use crate::fact::Fact;
    use crate::facts::BackupType;

    #[test]
    fn the_day_is_named_where_it_is_known() {
        let expiring = restore(|it| {
            of_type(it, BackupType::AwsBackup);
            if let Fact::Known(seen) = &mut it.observed.backup {
                seen.expires_at = Fact::Known(at("2025-12-25T08:00:00Z"));
            }
        });
        let detail = RULE.findings(&expiring).pop().expect("a finding").detail;
        assert!(detail.contains("deletes it at 2025-12-25T08:00:00Z"), "{detail}");
        let staying = restore(|it| of_type(it, BackupType::AwsBackup));
        let detail = RULE.findings(&staying).pop().expect("a finding").detail;
        assert!(detail.contains("may delete it"), "{detail}");
    }

    #[test]
    fn other_types_and_a_restore_of_long_ago_are_fine() {
        assert!(
            RULE.findings(&restore(|it| of_type(it, BackupType::System)))
                .is_empty()
        );
        let done = restored_changed(|it| of_type(it, BackupType::AwsBackup));
        assert!(RULE.findings(&done).is_empty());
    }
}
