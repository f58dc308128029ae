//! Backups and continuous backups as DynamoDB shows them.

use aws_sdk_dynamodb::types;
use jiff::Timestamp;

use crate::names::{BackupArn, TableArn, TableName};
use crate::table::{
    Encryption, GlobalIndex, KeyElement, LocalIndex, OnDemandThroughput, Throughput, key_schema, timestamp,
};
use crate::time_to_live::TimeToLive;
use crate::words::{BackupStatus, BackupType, BillingMode, StreamViewType};

/// A backup as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupSummary {
    /// ARN.
    pub arn: BackupArn,
    /// Name; not unique.
    pub name: String,
    /// Status.
    pub status: BackupStatus,
    /// Who made it.
    pub backup_type: BackupType,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When AWS deletes it; only for backups that were not made by a user.
    pub expires_at: Option<Timestamp>,
    /// Size in bytes, known some hours after it was made.
    pub size_bytes: Option<i64>,
    /// Name of the table.
    pub table_name: TableName,
    /// Id of the table, which tells tables apart that had the same name.
    pub table_id: Option<String>,
    /// ARN of the table.
    pub table_arn: Option<TableArn>,
}

/// A backup and what it recorded of its table.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// What lists show as well.
    pub summary: BackupSummary,
    /// The table as it was.
    pub table: SourceTable,
}

/// What a backup recorded of its table.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceTable {
    /// When the table was created.
    pub created_at: Option<Timestamp>,
    /// Key.
    pub key_schema: Vec<KeyElement>,
    /// How it was paid.
    pub billing_mode: BillingMode,
    /// Provisioned capacity.
    pub throughput: Throughput,
    /// Limits when paid per request.
    pub on_demand: OnDemandThroughput,
    /// Number of items.
    pub item_count: Option<i64>,
    /// Size in bytes.
    pub size_bytes: Option<i64>,
    /// Global secondary indexes.
    pub global_indexes: Vec<GlobalIndex>,
    /// Local secondary indexes.
    pub local_indexes: Vec<LocalIndex>,
    /// The stream, if it was on.
    pub stream: Option<StreamViewType>,
    /// Time to live, if it was on.
    pub time_to_live: Option<TimeToLive>,
    /// Encryption; the backup itself is encrypted so.
    pub encryption: Encryption,
}

/// Continuous backups of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct ContinuousBackups {
    /// Point-in-time recovery; `None` when it is off.
    ///
    /// `ContinuousBackupsStatus` is left out on purpose: it is ENABLED for every table and says
    /// nothing about point-in-time recovery.
    pub point_in_time_recovery: Option<PointInTimeRecovery>,
}

/// Point-in-time recovery that is on.
#[derive(Clone, Debug, PartialEq)]
pub struct PointInTimeRecovery {
    /// How many days back, 1 to 35. `None` from emulators that do not know the argument.
    pub recovery_period_in_days: Option<i32>,
    /// Start of the restore window.
    pub earliest_restorable_time: Option<Timestamp>,
    /// End of the restore window, some five minutes ago.
    pub latest_restorable_time: Option<Timestamp>,
}

impl BackupSummary {
    /// Takes over an entry of ListBackups; `None` when it lacks its ARN.
    pub(crate) fn from_listed(backup: types::BackupSummary) -> Option<Self> {
        let arn: BackupArn = backup.backup_arn?.parse().ok()?;
        Some(Self {
            name: backup.backup_name.unwrap_or_default(),
            status: backup.backup_status?.as_str().into(),
            backup_type: backup
                .backup_type
                .map_or(BackupType::User, |word| word.as_str().into()),
            created_at: backup.backup_creation_date_time.as_ref().and_then(timestamp),
            expires_at: backup.backup_expiry_date_time.as_ref().and_then(timestamp),
            size_bytes: backup.backup_size_bytes,
            table_name: backup
                .table_name
                .and_then(|name| name.parse().ok())
                .unwrap_or_else(|| arn.table_name()),
            table_id: backup.table_id.filter(|id| !id.is_empty()),
            table_arn: backup.table_arn.and_then(|arn| arn.parse().ok()),
            arn,
        })
    }

    /// Takes over the details that CreateBackup and DescribeBackup answer.
    pub(crate) fn from_details(details: types::BackupDetails) -> Option<Self> {
        let arn: BackupArn = details.backup_arn.parse().ok()?;
        Some(Self {
            name: details.backup_name,
            status: details.backup_status.as_str().into(),
            backup_type: details.backup_type.as_str().into(),
            created_at: timestamp(&details.backup_creation_date_time),
            expires_at: details.backup_expiry_date_time.as_ref().and_then(timestamp),
            size_bytes: details.backup_size_bytes,
            table_name: arn.table_name(),
            table_id: None,
            table_arn: None,
            arn,
        })
    }
}

impl Backup {
    /// Takes over what DescribeBackup answers; `None` when it lacks the details.
    pub(crate) fn from_aws(backup: types::BackupDescription) -> Option<Self> {
        let mut summary = BackupSummary::from_details(backup.backup_details?)?;
        let source = backup.source_table_details?;
        let features = backup.source_table_feature_details;
        summary.table_id = Some(source.table_id).filter(|id| !id.is_empty());
        summary.table_arn = source.table_arn.and_then(|arn| arn.parse().ok());
        let (global, local, stream, time_to_live, encryption) = features
            .map(|features| {
                (
                    features.global_secondary_indexes,
                    features.local_secondary_indexes,
                    features.stream_description,
                    features.time_to_live_description,
                    features.sse_description,
                )
            })
            .unwrap_or_default();
        Some(Self {
            summary,
            table: SourceTable {
                created_at: timestamp(&source.table_creation_date_time),
                key_schema: key_schema(source.key_schema),
                billing_mode: source
                    .billing_mode
                    .map_or(BillingMode::Provisioned, |mode| mode.as_str().into()),
                throughput: Throughput::from_aws(source.provisioned_throughput),
                on_demand: OnDemandThroughput::from_aws(source.on_demand_throughput),
                item_count: source.item_count,
                size_bytes: source.table_size_bytes,
                global_indexes: global
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(GlobalIndex::from_info)
                    .collect(),
                local_indexes: local
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|index| {
                        LocalIndex::from_parts(index.index_name, index.key_schema, index.projection)
                    })
                    .collect(),
                stream: stream
                    .filter(|stream| stream.stream_enabled)
                    .and_then(|stream| stream.stream_view_type)
                    .map(|view_type| view_type.as_str().into()),
                time_to_live: time_to_live.and_then(TimeToLive::from_aws),
                encryption: Encryption::from_aws(encryption),
            },
        })
    }
}

impl ContinuousBackups {
    pub(crate) fn from_aws(description: types::ContinuousBackupsDescription) -> Self {
        let recovery = description.point_in_time_recovery_description.filter(|recovery| {
            recovery.point_in_time_recovery_status == Some(types::PointInTimeRecoveryStatus::Enabled)
        });
        Self {
            point_in_time_recovery: recovery.map(|recovery| PointInTimeRecovery {
                recovery_period_in_days: recovery.recovery_period_in_days,
                earliest_restorable_time: recovery
                    .earliest_restorable_date_time
                    .as_ref()
                    .and_then(timestamp),
                latest_restorable_time: recovery.latest_restorable_date_time.as_ref().and_then(timestamp),
            }),
        }
    }
}
