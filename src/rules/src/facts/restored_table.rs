//! Facts about a table that is made by a restore and kept to specification afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::SignedDuration;

use crate::fact::Fact;
use crate::facts::{
    Autoscaling, BillingMode, ObservedBackup, ObservedIndex, ObservedKey, ObservedRecovery, ObservedTable,
};
use crate::syntax::{BackupArn, RestoreTime, TableArn};

/// A restored table, as configured, as it was, and as AWS sees its surroundings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RestoredTable {
    /// The Region, if the object names one; the restore runs there.
    pub region: Fact<String>,
    /// The name of the new table.
    pub name: Fact<String>,
    /// Where the data come from.
    pub source: Fact<Source>,
    /// The recovery period, in days, that the same configuration gives the source table, where the caller
    /// sees that.
    pub source_recovery_period_in_days: Fact<i64>,
    /// The billing mode, as written. Absent keeps the source's.
    pub billing_mode: Fact<String>,
    /// The provisioned throughput. Absent keeps the source's.
    pub provisioned_throughput: Fact<ProvisionedThroughput>,
    /// The on-demand maxima. Absent keeps the source's.
    pub on_demand_throughput: Fact<OnDemandThroughput>,
    /// The encryption. Absent keeps the source's kind of key.
    pub server_side_encryption: Fact<ServerSideEncryption>,
    /// The global secondary indexes to restore. Absent means all; empty means none.
    pub global_secondary_indexes: Fact<BTreeMap<String, GlobalIndex>>,
    /// The local secondary indexes to restore, by name. Absent means all; empty means none.
    pub local_secondary_indexes: Fact<Vec<Fact<String>>>,
    /// The settings to copy from the live source.
    pub carry_over: Fact<BTreeSet<Setting>>,
    /// The tags.
    pub tags: Fact<BTreeMap<String, Fact<String>>>,
    /// The resource policy, as written; empty means none.
    pub resource_policy: Fact<String>,
    /// Auto scaling.
    pub autoscaling: Fact<Autoscaling>,
    /// The settings that are spelled out, whatever their value. `Known` means given.
    pub given: BTreeMap<Setting, Fact<()>>,
    /// How long the creation may take.
    pub create_timeout: Fact<SignedDuration>,
    /// What was recorded about the table. Absent before the creation.
    pub prior: Fact<PriorRestoredTable>,
    /// What AWS says.
    pub observed: RestoreObserved,
}

/// Where a restore takes its data from. Exactly one of the three must be given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// An on-demand or system backup.
    pub backup_arn: Fact<String>,
    /// A recovery point of AWS Backup.
    pub recovery_point_arn: Fact<String>,
    /// The role that AWS Backup assumes to restore a recovery point.
    pub role_arn: Fact<String>,
    /// A table and a moment.
    pub point_in_time: Fact<PointInTime>,
}

/// A table and a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PointInTime {
    /// The table, by name: looked up in the Region of the restore.
    pub table_name: Fact<String>,
    /// The table, by ARN: also in another Region.
    pub table_arn: Fact<String>,
    /// The moment, as written: RFC 3339 with a zone.
    pub time: Fact<String>,
    /// Whether to take the latest moment that can be restored.
    pub latest: Fact<bool>,
}

/// Provisioned throughput, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProvisionedThroughput {
    /// Read capacity units.
    pub read_capacity_units: Fact<i64>,
    /// Write capacity units.
    pub write_capacity_units: Fact<i64>,
}

/// On-demand maxima, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OnDemandThroughput {
    /// Maximum of read request units per second.
    pub max_read_request_units: Fact<i64>,
    /// Maximum of write request units per second.
    pub max_write_request_units: Fact<i64>,
}

/// Encryption at rest, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerSideEncryption {
    /// Whether a KMS key is used; `false` means the key that AWS owns.
    pub enabled: Fact<bool>,
    /// The kind: `KMS` is the only one that works.
    pub sse_type: Fact<String>,
    /// The key: id, ARN, alias or alias ARN.
    pub kms_key: Fact<String>,
}

/// A global secondary index to restore.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GlobalIndex {
    /// Its provisioned throughput.
    pub provisioned_throughput: Fact<ProvisionedThroughput>,
    /// Its on-demand maxima.
    pub on_demand_throughput: Fact<OnDemandThroughput>,
}

/// A setting of a table that a restore drops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// Tags.
    Tags,
    /// The time-to-live attribute.
    TimeToLive,
    /// The stream.
    Stream,
    /// Point-in-time recovery.
    PointInTimeRecovery,
    /// Deletion protection.
    DeletionProtection,
    /// The table class.
    TableClass,
    /// The resource policy.
    ResourcePolicy,
    /// The Kinesis streaming destination.
    KinesisStream,
    /// Contributor Insights.
    ContributorInsights,
    /// Auto scaling.
    Autoscaling,
}

impl Setting {
    /// Every setting, in the order of the documentation.
    pub const ALL: &[Self] = &[
        Self::Tags,
        Self::TimeToLive,
        Self::Stream,
        Self::PointInTimeRecovery,
        Self::DeletionProtection,
        Self::TableClass,
        Self::ResourcePolicy,
        Self::KinesisStream,
        Self::ContributorInsights,
        Self::Autoscaling,
    ];

    /// The argument that gives the setting, which is also its word in `carry_over`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::TimeToLive => "time_to_live",
            Self::Stream => "stream",
            Self::PointInTimeRecovery => "point_in_time_recovery",
            Self::DeletionProtection => "deletion_protection_enabled",
            Self::TableClass => "table_class",
            Self::ResourcePolicy => "resource_policy",
            Self::KinesisStream => "kinesis_stream",
            Self::ContributorInsights => "contributor_insights",
            Self::Autoscaling => "autoscaling",
        }
    }

    /// Finds the setting with this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == text)
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A restored table as the caller recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriorRestoredTable {
    /// Its name.
    pub name: Fact<String>,
    /// The source as it was written when the table was made.
    pub source: Fact<Source>,
}

/// What AWS says about the surroundings of a restore.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RestoreObserved {
    /// A table that has the target's name in the Region of the restore; absent when AWS says that there is
    /// none.
    pub target: Fact<ObservedTable>,
    /// Whether the caller has shown that the table of that name comes from its own earlier attempt, to be
    /// resumed.
    pub target_is_own_attempt: Fact<bool>,
    /// The backup to restore, read in its own Region; absent when AWS says that there is none.
    pub backup: Fact<ObservedBackup>,
    /// The source table, read in its own Region; absent when AWS says that there is none.
    pub source_table: Fact<ObservedTable>,
    /// Point-in-time recovery of the source table, read in its own Region.
    pub source_recovery: Fact<ObservedRecovery>,
    /// The KMS key that is configured, read in the Region of the restore; absent when KMS says that there is
    /// none.
    pub kms_key: Fact<ObservedKey>,
}

impl RestoredTable {
    /// A restored table of which every argument is left out, that does not exist, and about which nothing was
    /// observed.
    pub fn unset() -> Self {
        Self {
            region: Fact::Absent,
            name: Fact::Absent,
            source: Fact::Absent,
            source_recovery_period_in_days: Fact::Unknown,
            billing_mode: Fact::Absent,
            provisioned_throughput: Fact::Absent,
            on_demand_throughput: Fact::Absent,
            server_side_encryption: Fact::Absent,
            global_secondary_indexes: Fact::Absent,
            local_secondary_indexes: Fact::Absent,
            carry_over: Fact::Absent,
            tags: Fact::Absent,
            resource_policy: Fact::Absent,
            autoscaling: Fact::Absent,
            given: Setting::ALL
                .iter()
                .map(|setting| (*setting, Fact::Absent))
                .collect(),
            create_timeout: Fact::Absent,
            prior: Fact::Absent,
            observed: RestoreObserved::default(),
        }
    }

    /// Whether a setting is spelled out. Tags count as spelled out when there is at least one.
    pub fn gives(&self, setting: Setting) -> Fact<()> {
        match setting {
            Setting::Tags => self.tags.as_ref().and_then(|tags| {
                if tags.is_empty() {
                    Fact::Absent
                } else {
                    Fact::Known(())
                }
            }),
            _ => self.given.get(&setting).copied().unwrap_or_default(),
        }
    }
}

impl RestoredTable {
    /// The ARN of the backup to restore, if one is given and well formed.
    pub fn backup_arn(&self) -> Option<BackupArn> {
        BackupArn::parse(self.source.known()?.backup_arn.known()?).ok()
    }

    /// The point in time to restore, if one is given.
    pub fn point_in_time(&self) -> Option<&PointInTime> {
        self.source.known()?.point_in_time.known()
    }

    /// The moment to restore, if one is given, well formed, and not contradicted by a backup or by `latest`.
    pub fn restore_time(&self) -> Option<RestoreTime> {
        let source = self.source.known()?;
        let point = source.point_in_time.known()?;
        if !source.backup_arn.is_absent() || point.latest.is_known_and(|latest| *latest) {
            return None;
        }
        RestoreTime::parse(point.time.known()?).ok()
    }

    /// The name of the table that the data come from, as far as the configuration tells.
    pub fn source_table_name(&self) -> Option<String> {
        if let Some(arn) = self.backup_arn() {
            return Some(arn.table_arn.table.to_string());
        }
        let point = self.point_in_time()?;
        match (&point.table_name, &point.table_arn) {
            (Fact::Known(name), _) => Some(name.clone()),
            (_, Fact::Known(arn)) => TableArn::parse(arn).ok().map(|it| it.table.to_string()),
            _ => None,
        }
    }

    /// The billing mode that the restored table will have: the configured one, or the source's.
    pub fn effective_billing_mode(&self) -> Fact<BillingMode> {
        match &self.billing_mode {
            Fact::Known(word) => match BillingMode::from_aws(word) {
                BillingMode::Other(_) => Fact::Unknown,
                mode => Fact::Known(mode),
            },
            Fact::Absent => self.source_billing_mode(),
            Fact::Unknown => Fact::Unknown,
        }
    }

    /// The billing mode of the source: recorded with the backup, or that of the live table.
    pub fn source_billing_mode(&self) -> Fact<BillingMode> {
        self.ask_source(
            |backup| backup.billing_mode.clone(),
            |table| table.billing_mode.clone(),
        )
    }

    /// The global secondary indexes of the source.
    pub fn source_global_indexes(&self) -> Fact<Vec<ObservedIndex>> {
        self.ask_source(
            |backup| backup.global_indexes.clone(),
            |table| table.global_indexes.clone(),
        )
    }

    /// The local secondary indexes of the source.
    pub fn source_local_indexes(&self) -> Fact<Vec<String>> {
        self.ask_source(
            |backup| backup.local_indexes.clone(),
            |table| table.local_indexes.clone(),
        )
    }

    /// Asks the backup if one is restored, and the live table otherwise.
    fn ask_source<T>(
        &self,
        backup: impl FnOnce(&ObservedBackup) -> Fact<T>,
        table: impl FnOnce(&ObservedTable) -> Fact<T>,
    ) -> Fact<T> {
        let Fact::Known(source) = &self.source else {
            return Fact::Unknown;
        };
        let observed = match (&source.backup_arn, &source.point_in_time) {
            (Fact::Known(_), Fact::Absent) => self.observed.backup.known().map(backup),
            (Fact::Absent, Fact::Known(_)) => self.observed.source_table.known().map(table),
            _ => None,
        };
        observed.unwrap_or(Fact::Unknown)
    }

    /// The words of the configured local secondary indexes, if all of them are known.
    pub fn known_local_indexes(&self) -> Option<Vec<&str>> {
        self.local_secondary_indexes
            .known()?
            .iter()
            .map(|it| it.known().map(String::as_str))
            .collect()
    }
}

impl Source {
    /// A source of which nothing is given.
    pub fn unset() -> Self {
        Self {
            backup_arn: Fact::Absent,
            recovery_point_arn: Fact::Absent,
            role_arn: Fact::Absent,
            point_in_time: Fact::Absent,
        }
    }

    /// A backup.
    pub fn backup(arn: impl Into<String>) -> Self {
        Self {
            backup_arn: Fact::Known(arn.into()),
            ..Self::unset()
        }
    }

    /// A table and a moment.
    pub fn point_in_time(point: PointInTime) -> Self {
        Self {
            point_in_time: Fact::Known(point),
            ..Self::unset()
        }
    }
}

impl PointInTime {
    /// A point in time of which nothing is given.
    pub fn unset() -> Self {
        Self {
            table_name: Fact::Absent,
            table_arn: Fact::Absent,
            time: Fact::Absent,
            latest: Fact::Absent,
        }
    }
}

impl GlobalIndex {
    /// An index that is restored as it was.
    pub fn unset() -> Self {
        Self {
            provisioned_throughput: Fact::Absent,
            on_demand_throughput: Fact::Absent,
        }
    }
}

impl ServerSideEncryption {
    /// An encryption of which nothing is given.
    pub fn unset() -> Self {
        Self {
            enabled: Fact::Absent,
            sse_type: Fact::Absent,
            kms_key: Fact::Absent,
        }
    }
}
