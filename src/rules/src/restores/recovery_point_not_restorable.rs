//! DBK-ABR-010: a restore of a recovery point that is missing or cannot be restored.

use crate::examples::aws_backup::{observed_recovery_point, restore_recovery_point};
use crate::fact::Fact;
use crate::facts::{BackupStatus, Facts, ObservedRecoveryPoint, RecoveryPointStatus, RestoredTable};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ABR-010"),
    name: "recovery_point_not_restorable",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeRecoveryPoint", "dynamodb:DescribeBackup"],
    title: "Recovery point cannot be restored",
    why: "AWS Backup restores recovery points that are COMPLETED or AVAILABLE. One that is EXPIRED has outlived its \
          lifecycle and could not be deleted; one that is DELETING may be gone at any moment. A PARTIAL one is not of \
          everything, which is a warning.",
    aws_error: Some("InvalidRequestException, ResourceNotFoundException, or restore job FAILED"),
    source: "AWS Backup API model, RecoveryPointStatus",
    firing: || restore_recovery_point(|it| set_status(it, RecoveryPointStatus::Expired)),
    silent: || restore_recovery_point(|it| set_status(it, RecoveryPointStatus::Available)),
    check,
};

/// Gives the recovery point another status.
fn set_status(it: &mut RestoredTable, status: RecoveryPointStatus) {
    it.observed.recovery_point = Fact::Known(ObservedRecoveryPoint {
        status: Fact::Known(status),
        ..observed_recovery_point()
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Some(arn) = table.recovery_point_arn() else {
        return;
    };
    let arn = arn.to_string();
    let vault = table.source.known().and_then(|it| it.vault_name.known());
    if table.observed.recovery_point.is_absent() || table.observed.backup.is_absent() {
        let place = vault.map_or_else(String::new, |vault| format!(" in vault {vault:?}"));
        report.add(
            Subject::SourceRecoveryPointArn,
            format!(
                "There is no recovery point {arn:?}{place}: it was deleted, its lifecycle has ended, or it is in \
                 another vault."
            ),
            format!("Choose one that exists: {}", list(vault)),
        );
        return;
    }
    let status = match (&table.observed.recovery_point, &table.observed.backup) {
        (Fact::Known(point), _) => point.status.known().cloned(),
        (_, Fact::Known(backup)) => backup.status.known().map(of_backup),
        _ => None,
    };
    let Some(status) = status else { return };
    let detail = format!("The recovery point {arn:?} is {status}.");
    match status {
        RecoveryPointStatus::Completed | RecoveryPointStatus::Available | RecoveryPointStatus::Other(_) => {}
        RecoveryPointStatus::Creating => report.add(
            Subject::SourceRecoveryPointArn,
            format!("{detail} Its backup or copy job is still running."),
            "Apply when the job is COMPLETED. Where it is an object of this configuration, refer to its attribute \
             instead of spelling the ARN out: Terraform then waits for it.",
        ),
        RecoveryPointStatus::Partial => report.add_warning(
            Subject::SourceRecoveryPointArn,
            format!("{detail} AWS Backup could not back up everything, so that data may be missing."),
            format!(
                "Go on only if that is good enough, and compare the items. Others are listed by: {}",
                list(vault)
            ),
        ),
        RecoveryPointStatus::Expired | RecoveryPointStatus::Deleting | RecoveryPointStatus::Stopped => report.add(
            Subject::SourceRecoveryPointArn,
            format!("{detail} AWS Backup restores only what is COMPLETED or AVAILABLE."),
            format!("Choose another one: {}", list(vault)),
        ),
    }
}

/// The status of a recovery point that DynamoDB keeps, in the words of AWS Backup.
fn of_backup(status: &BackupStatus) -> RecoveryPointStatus {
    match status {
        BackupStatus::Available => RecoveryPointStatus::Available,
        BackupStatus::Creating => RecoveryPointStatus::Creating,
        BackupStatus::Deleted => RecoveryPointStatus::Deleting,
        BackupStatus::Other(word) => RecoveryPointStatus::Other(word.clone()),
    }
}

fn list(vault: Option<&String>) -> String {
    let vault = vault.map_or("VAULT", String::as_str);
    format!(
        "aws backup list-recovery-points-by-backup-vault --backup-vault-name {vault} --query \
         'RecoveryPoints[].[RecoveryPointArn,Status]'"
    )
}

#[cfg(test)]
mod tests {
    use super::{RULE, set_status};
    use crate::examples::aws_backup::restore_recovery_point;
    use crate::examples::{BACKUP_ARN, observed_backup, restore};
    use crate::fact::Fact;
    use crate::facts::{
        Action, BackupStatus, Facts, ObservedBackup, ObservedRecoveryPoint, RecoveryPointStatus, Source,
    };
    use crate::finding::Severity;

    fn severity(facts: &Facts) -> Option<Severity> {
        RULE.findings(facts).pop().map(|it| it.severity)
    }

    fn of(status: RecoveryPointStatus) -> Option<Severity> {
        severity(&restore_recovery_point(|it| set_status(it, status)))
    }

    #[test]
    fn the_status_decides() {
        for status in ["CREATING", "EXPIRED", "DELETING", "STOPPED"] {
            assert_eq!(
                of(RecoveryPointStatus::from_aws(status)),
                Some(Severity::Error),
                "{status}"
            );
        }
        assert_eq!(of(RecoveryPointStatus::Partial), Some(Severity::Warning));
        for status in ["COMPLETED", "AVAILABLE", "NEW"] {
            assert_eq!(of(RecoveryPointStatus::from_aws(status)), None, "{status}");
        }
        let unknown = restore_recovery_point(|it| {
            it.observed.recovery_point = Fact::Known(ObservedRecoveryPoint::default());
        });
        assert_eq!(severity(&unknown), None);
    }

    #[test]
    fn one_that_is_gone_names_its_vault() {
        let gone = |vault: Fact<String>| {
            let facts = restore_recovery_point(|it| {
                it.observed.recovery_point = Fact::Absent;
                if let Fact::Known(source) = &mut it.source {
                    source.vault_name = vault;
                }
            });
            RULE.findings(&facts).pop().expect("a finding")
        };
        let found = gone("orders".into());
        assert!(
            found.detail.contains(" in vault \"orders\": it was deleted"),
            "{}",
            found.detail
        );
        assert!(found.fix.contains("--backup-vault-name orders "), "{}", found.fix);
        let found = gone(Fact::Absent);
        assert!(!found.detail.contains("in vault \""), "{}", found.detail);
        assert!(found.fix.contains("--backup-vault-name VAULT "), "{}", found.fix);
    }

    #[test]
    fn one_that_dynamodb_keeps_is_read_as_a_backup() {
        let of = |backup: Fact<ObservedBackup>| {
            severity(&restore(|it| {
                it.source = Fact::Known(Source {
                    recovery_point_arn: BACKUP_ARN.into(),
                    ..Source::unset()
                });
                it.observed.backup = backup;
            }))
        };
        let with = |status: BackupStatus| {
            of(Fact::Known(ObservedBackup {
                status: Fact::Known(status),
                ..observed_backup()
            }))
        };
        assert_eq!(with(BackupStatus::Available), None);
        assert_eq!(with(BackupStatus::Creating), Some(Severity::Error));
        assert_eq!(with(BackupStatus::Deleted), Some(Severity::Error));
        assert_eq!(with(BackupStatus::Other("NEW".to_owned())), None);
        assert_eq!(of(Fact::Absent), Some(Severity::Error));
        assert_eq!(of(Fact::Unknown), None);
    }

    #[test]
    fn a_restore_of_long_ago_and_other_sources_are_fine() {
        let facts = restore_recovery_point(|it| set_status(it, RecoveryPointStatus::Expired));
        let kept = Facts {
            action: Fact::Known(Action::Update),
            ..facts
        };
        assert_eq!(severity(&kept), None);
        assert_eq!(
            severity(&restore(|it| set_status(it, RecoveryPointStatus::Expired))),
            None
        );
    }
}
