//! What becomes of a table whose KMS key cannot be used: after seven days it is archived. Its items go, and a backup of
//! its last state is left, from which nothing can be restored before the key is enabled again.

use serde_json::{Value, json};

use super::backups::{Backup, Kind};
use super::design::Encryption;
use super::items::store::Store;
use super::table::{Phase, Table};
use crate::clock::Moment;
use crate::ids::Ids;
use crate::kms::{Keys, State};

/// How long DynamoDB waits for the key.
const DAYS: i64 = 7;

/// When a table was archived, and to what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Archival {
    at: Moment,
    backup_arn: String,
}

impl Archival {
    /// The `ArchivalSummary` of AWS.
    pub(crate) fn describe(&self) -> Value {
        json!({
            "ArchivalDateTime": self.at.to_epoch_seconds(),
            "ArchivalReason": "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
            "ArchivalBackupArn": self.backup_arn,
        })
    }
}

/// Whether KMS knows the key of a table as one that cannot be used.
pub(crate) fn has_lost_its_key(table: &Table, keys: &Keys) -> bool {
    match &table.design.encryption {
        Encryption::Kms { key_arn } => keys
            .state_of(key_arn)
            .is_some_and(|state| state != State::Enabled),
        Encryption::AwsOwned => false,
    }
}

/// Notes since when the key cannot be used. Archives the table, and answers the backup that is left, when that is long
/// enough ago.
pub(crate) fn settle(table: &mut Table, keys: &Keys, ids: &mut Ids, now: Moment) -> Option<Backup> {
    if table.phase != Phase::Active || !has_lost_its_key(table, keys) {
        table.key_lost_at = None;
        return None;
    }
    let due = table.key_lost_at.get_or_insert(now).plus_days(DAYS);
    if due > now {
        return None;
    }
    let kind = Kind::User {
        name: format!("{}-archived", table.name),
        suffix: ids.backup_suffix(),
        available_at: due,
    };
    let backup = Backup::of(table, kind, due);
    table.phase = Phase::Archived;
    table.items = Store::default();
    table.recovery = None;
    table.archival = Some(Archival {
        at: due,
        backup_arn: backup.arn.clone(),
    });
    Some(backup)
}
