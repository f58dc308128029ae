//! What AWS said: tables, backups, continuous backups, keys. Every field is a fact of its own, because AWS
//! leaves fields out and because each read may be denied separately.

use std::fmt;

use jiff::Timestamp;

use crate::fact::Fact;
use crate::facts::ProvisionedThroughput;
use crate::syntax::Region;

/// Declares an enumeration of AWS with its words, keeping words that are not known yet.
macro_rules! aws_words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A word that AWS introduced later.
            Other(String),
        }

        impl $name {
            /// Reads the word of the API.
            pub fn from_aws(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }

            /// The word of the API.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(super) use aws_words;

aws_words! {
    /// Where a table is in its life.
    TableStatus {
        /// Being made, also by a restore.
        Creating = "CREATING",
        /// Being changed.
        Updating = "UPDATING",
        /// Being deleted; its name is not free yet.
        Deleting = "DELETING",
        /// Ready.
        Active = "ACTIVE",
        /// Its KMS key cannot be used.
        InaccessibleEncryptionCredentials = "INACCESSIBLE_ENCRYPTION_CREDENTIALS",
        /// Being archived, after seven days without its key.
        Archiving = "ARCHIVING",
        /// Archived.
        Archived = "ARCHIVED",
    }
}

aws_words! {
    /// Where a backup is in its life.
    BackupStatus {
        /// Being made.
        Creating = "CREATING",
        /// Deleted.
        Deleted = "DELETED",
        /// Ready to be restored.
        Available = "AVAILABLE",
    }
}

aws_words! {
    /// Who made a backup.
    BackupType {
        /// A user, by CreateBackup.
        User = "USER",
        /// DynamoDB, when a table with point-in-time recovery was deleted.
        System = "SYSTEM",
        /// AWS Backup.
        AwsBackup = "AWS_BACKUP",
    }
}

aws_words! {
    /// How a table's capacity is paid for.
    BillingMode {
        /// By capacity units set beforehand.
        Provisioned = "PROVISIONED",
        /// By request.
        PayPerRequest = "PAY_PER_REQUEST",
    }
}

/// A table, from DescribeTable and the calls around it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObservedTable {
    /// Its status.
    pub status: Fact<TableStatus>,
    /// Its id, which tells tables apart that had the same name.
    pub table_id: Fact<String>,
    /// Its billing mode.
    pub billing_mode: Fact<BillingMode>,
    /// Its provisioned throughput; absent when it has none.
    pub provisioned_throughput: Fact<ProvisionedThroughput>,
    /// Its global secondary indexes.
    pub global_indexes: Fact<Vec<ObservedIndex>>,
    /// Its local secondary indexes.
    pub local_indexes: Fact<Vec<String>>,
    /// Its size, in bytes, up to six hours old.
    pub size_bytes: Fact<u64>,
    /// The KMS key that encrypts it; absent when it is a key that AWS owns.
    pub kms_key_arn: Fact<String>,
    /// Its replicas in other Regions; empty when it is no global table.
    pub replicas: Fact<Vec<ObservedReplica>>,
    /// The backup that AWS made of it before it was archived; absent unless it is archived.
    pub archival_backup_arn: Fact<String>,
    /// The restore that is making the table, while it runs.
    pub restore: Fact<RunningRestore>,
    /// Its settings that a restore drops.
    pub settings: Settings,
}

/// A replica of a global table in another Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedReplica {
    /// Its Region.
    pub region: Region,
    /// Whether point-in-time recovery is on there.
    pub recovery_enabled: Fact<bool>,
}

/// A global secondary index as AWS describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObservedIndex {
    /// Its name.
    pub name: String,
    /// Its provisioned throughput; absent when it has none.
    pub provisioned_throughput: Fact<ProvisionedThroughput>,
}

/// A restore in progress, from `RestoreSummary`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunningRestore {
    /// The backup that is being restored.
    pub source_backup_arn: Fact<String>,
    /// The table that is being restored.
    pub source_table_arn: Fact<String>,
    /// The moment that is being restored.
    pub restore_time: Fact<Timestamp>,
}

/// Settings of a table that a restore drops. Absent means that the table does not have the setting; text
/// describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// How many tags.
    pub tags: Fact<Vec<String>>,
    /// The attribute by which items expire.
    pub time_to_live: Fact<String>,
    /// The view type of the stream.
    pub stream: Fact<String>,
    /// The recovery period of point-in-time recovery, in days.
    pub point_in_time_recovery: Fact<i64>,
    /// Deletion protection that is on.
    pub deletion_protection: Fact<()>,
    /// A table class other than `STANDARD`.
    pub table_class: Fact<String>,
    /// A resource policy.
    pub resource_policy: Fact<()>,
    /// The ARN of a Kinesis streaming destination.
    pub kinesis_stream: Fact<String>,
    /// Contributor Insights that is on.
    pub contributor_insights: Fact<()>,
    /// What auto scaling scales, in words: "reads of the table".
    pub autoscaling: Fact<Vec<String>>,
    /// The throughput that the table takes at once, without growing first.
    pub warm_throughput: Fact<WarmThroughput>,
}

/// What a table takes at once, from `WarmThroughput`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WarmThroughput {
    /// Read units per second.
    pub read_units_per_second: Fact<i64>,
    /// Write units per second.
    pub write_units_per_second: Fact<i64>,
}

/// A backup, from DescribeBackup.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObservedBackup {
    /// Its ARN.
    pub arn: Fact<String>,
    /// Its status.
    pub status: Fact<BackupStatus>,
    /// Who made it.
    pub backup_type: Fact<BackupType>,
    /// When it was made.
    pub created_at: Fact<Timestamp>,
    /// When it goes by itself; absent for backups that stay.
    pub expires_at: Fact<Timestamp>,
    /// Its size, in bytes, up to six hours old.
    pub size_bytes: Fact<u64>,
    /// The KMS key that encrypts it, for ever; absent when it is a key that AWS owns.
    pub kms_key_arn: Fact<String>,
    /// The id of the table it was made of.
    pub table_id: Fact<String>,
    /// The billing mode recorded with it.
    pub billing_mode: Fact<BillingMode>,
    /// The provisioned throughput recorded with it; absent when there was none.
    pub provisioned_throughput: Fact<ProvisionedThroughput>,
    /// The global secondary indexes recorded with it.
    pub global_indexes: Fact<Vec<ObservedIndex>>,
    /// The local secondary indexes recorded with it.
    pub local_indexes: Fact<Vec<String>>,
    /// The time-to-live attribute recorded with it; absent when it was off.
    pub time_to_live: Fact<String>,
    /// The stream view type recorded with it; absent when it was off.
    pub stream: Fact<String>,
}

/// Point-in-time recovery of a table, from DescribeContinuousBackups. Not `ContinuousBackupsStatus`, which is
/// enabled for every table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ObservedRecovery {
    /// Whether it is on: `PointInTimeRecoveryStatus`.
    pub enabled: Fact<bool>,
    /// The recovery period, in days; absent when it is off.
    pub recovery_period_in_days: Fact<i64>,
    /// The earliest moment that can be restored; absent when it is off.
    pub earliest: Fact<Timestamp>,
    /// The latest moment that can be restored; absent when it is off.
    pub latest: Fact<Timestamp>,
}

/// A KMS key, from kms:DescribeKey.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObservedKey {
    /// Its ARN.
    pub arn: Fact<String>,
    /// Its state: `Enabled`, `Disabled`, `PendingDeletion`, and so on.
    pub state: Fact<String>,
    /// What it is made of: `SYMMETRIC_DEFAULT`, `RSA_2048`, and so on.
    pub spec: Fact<String>,
    /// What it is for: `ENCRYPT_DECRYPT`, `SIGN_VERIFY`, and so on.
    pub usage: Fact<String>,
}
