//! DBK-BKP-015: the deletion, through DynamoDB, of a backup that AWS Backup made.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BackupType, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-BKP-015"),
    name: "aws_backup_deleted_by_dynamodb",
    also: &[],
    area: Area::Backups,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup"],
    title: "Backup of AWS Backup cannot be deleted through DynamoDB",
    why: "Backups that AWS Backup made without its advanced features look like DynamoDB's own and have ARNs \
          of the same form, but only AWS Backup may delete them.",
    aws_error: Some("AccessDeniedException or ValidationException"),
    source: "DynamoDB developer guide, using AWS Backup",
    firing: || examples::backup_destroyed(|it| of_type(it, BackupType::AwsBackup)),
    silent: || {
        examples::backup_destroyed(|it| {
            of_type(it, BackupType::AwsBackup);
            it.retain_on_destroy = Fact::Known(true);
        })
    },
    check,
};

/// Makes the backup one of this type that is to be deleted.
fn of_type(it: &mut crate::facts::Backup, backup_type: BackupType) {
    it.retain_on_destroy = Fact::Known(false);
    it.backup = Fact::Known(crate::facts::ObservedBackup {
        backup_type: Fact::Known(backup_type),
        ..examples::observed_backup()
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(backup) = super::deleted_backup(facts) else {
        return;
    };
    if super::backup_type(backup) != Fact::Known(BackupType::AwsBackup) {
        return;
    }
    let arn = super::prior_arn(backup).unwrap_or("This backup");
    report.add(
        Subject::RetainOnDestroy,
        format!(
            "{arn} has the type AWS_BACKUP: AWS Backup made it and alone may delete it, by the lifecycle of \
             its plan or by hand. DynamoDB refuses."
        ),
        format!(
            "Let Terraform forget it (terraform state rm, or a removed block with destroy = false). To \
             delete it: aws backup delete-recovery-point --backup-vault-name VAULT --recovery-point-arn \
             {arn}"
        ),
    );
}
