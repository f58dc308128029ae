//! Rules about on-demand backups.

pub(crate) mod aws_backup_deleted_by_dynamodb;
pub(crate) mod backup_deleted;
pub(crate) mod retained_backup_left_behind;
pub(crate) mod source_table_not_ready;
pub(crate) mod system_backup_deleted;

use crate::fact::Fact;
use crate::facts::{Backup, BackupType, Facts, PriorBackup};
use crate::syntax::BackupArn;

/// The backup that is about to be deleted in AWS with its object, if there is one.
fn deleted_backup(facts: &Facts) -> Option<&Backup> {
    let is_not_retained = |it: &&Backup| matches!(it.retain_on_destroy, Fact::Known(false) | Fact::Absent);
    facts
        .backup()
        .filter(|_| facts.is_destroyed())
        .filter(is_not_retained)
}

/// The ARN of the backup that exists.
fn prior_arn(backup: &Backup) -> Option<&str> {
    match &backup.prior {
        Fact::Known(PriorBackup {
            arn: Fact::Known(arn),
            ..
        }) => Some(arn),
        _ => None,
    }
}

/// Who made the backup that exists: as AWS says, or as its ARN tells.
fn backup_type(backup: &Backup) -> Fact<BackupType> {
    match backup.backup.as_ref().and_then(|it| it.backup_type.clone()) {
        Fact::Known(backup_type) => Fact::Known(backup_type),
        _ if prior_arn(backup).is_some_and(|arn| BackupArn::parse(arn).is_ok_and(|it| it.is_system())) => {
            Fact::Known(BackupType::System)
        }
        _ => Fact::Unknown,
    }
}
