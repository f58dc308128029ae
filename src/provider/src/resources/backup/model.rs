//! The typed object, and the one mapping from DynamoDB's description of a backup to it. Calls nothing.

use std::collections::BTreeMap;

use aws_clients::{Backup, BackupStatus, BackupSummary};
use tfsdk::{Attr, SetOf, Timeouts, model};

use crate::rfc3339::rfc3339;

model! {
    /// A backup as configuration, plan and state show it.
    pub(crate) struct Model {
        /// Name or ARN of the table, as it was written.
        table_name: String,
        /// Name of the backup.
        name: String,
        /// A change takes a new backup.
        triggers: BTreeMap<String, Attr<String>>,
        /// Whether the backup outlives its object.
        retain_on_destroy: bool,
        /// Region of the table and the backup.
        region: String,
        /// How long operations may wait.
        timeouts: Timeouts,
        /// ARN.
        arn: String,
        /// DynamoDB's word.
        status: String,
        /// DynamoDB's word for who made it.
        r#type: String,
        /// Hours old.
        size_bytes: i64,
        /// RFC 3339.
        created_at: String,
        /// RFC 3339; null for backups that stay.
        expires_at: String,
        /// Whether the wait is still to be finished.
        unfinished: bool,
        /// What the backup recorded of its table.
        source_table: SourceTable,
    }
}

model! {
    /// The table as the backup recorded it.
    pub(crate) struct SourceTable {
        /// ARN.
        arn: String,
        /// Tells tables apart that had the same name.
        id: String,
        /// Name.
        name: String,
        /// DynamoDB's word.
        billing_mode: String,
        /// Hours old.
        item_count: i64,
        /// Hours old.
        size_bytes: i64,
        /// RFC 3339.
        created_at: String,
        /// Null for a key that AWS owns.
        kms_key_arn: String,
        /// Names.
        global_secondary_indexes: SetOf<String>,
        /// Names.
        local_secondary_indexes: SetOf<String>,
    }
}

impl Model {
    /// Takes over what a list says. What only a description says stays as it is, unless it is not known at all.
    pub(super) fn update_from_summary(&mut self, summary: &BackupSummary) {
        self.arn = summary.arn.to_string().into();
        self.name = summary.name.clone().into();
        self.region = summary.arn.region().to_string().into();
        self.status = summary.status.to_string().into();
        self.r#type = summary.backup_type.to_string().into();
        self.size_bytes = summary.size_bytes.into();
        self.created_at = rfc3339(summary.created_at);
        self.expires_at = rfc3339(summary.expires_at);
        if self.table_name.known().is_none() {
            self.table_name = summary.table_name.to_string().into();
        }
        if self.retain_on_destroy.known().is_none() {
            self.retain_on_destroy = false.into();
        }
        if self.unfinished.known().is_none() {
            self.unfinished = (summary.status == BackupStatus::Creating).into();
        }
        if self.source_table.known().is_none() {
            self.source_table = Attr::Null;
        }
    }

    /// Takes over a description. The counts of the table are those of the first description: AWS corrects them for
    /// hours, and a backup does not change.
    pub(super) fn update_from_description(&mut self, backup: &Backup) {
        self.update_from_summary(&backup.summary);
        if self.source_table.known().is_none() {
            self.source_table = SourceTable::of(backup).into();
        }
    }
}

impl SourceTable {
    /// Takes over a description.
    pub(crate) fn of(backup: &Backup) -> Self {
        let (summary, table) = (&backup.summary, &backup.table);
        Self {
            arn: summary.table_arn.as_ref().map(ToString::to_string).into(),
            id: summary.table_id.clone().into(),
            name: summary.table_name.to_string().into(),
            billing_mode: table.billing_mode.to_string().into(),
            item_count: table.item_count.into(),
            size_bytes: table.size_bytes.into(),
            created_at: rfc3339(table.created_at),
            kms_key_arn: table.encryption.kms_key_arn.clone().into(),
            global_secondary_indexes: SetOf::of_strings(
                table.global_indexes.iter().map(|index| index.name.as_str()),
            )
            .into(),
            local_secondary_indexes: SetOf::of_strings(
                table.local_indexes.iter().map(|index| index.name.as_str()),
            )
            .into(),
        }
    }
}
