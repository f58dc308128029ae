//! Facts about a table that is made by a restore and kept to specification afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::SignedDuration;

use crate::fact::Fact;
use crate::facts::{
    Autoscaling, BillingMode, ObservedBackup, ObservedIndex, ObservedKey, ObservedRecovery,
    ObservedRecoveryPoint, ObservedTable,
};
use crate::syntax::{Arn, ArnKind, BackupArn, RestoreTime, TableArn};

/// A restored table, as configured, as it was, and as AWS sees its surroundings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RestoredTable {
    /// The Region, if the object names one; the restore runs there.
    pub region: Fact<String>,
    /// The name of the new table.
    pub name: Fact<String>,
    /// Where the data come from.
    pub source: Fact<Source>,
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
    /// The vault that holds the recovery point, by name. A restore needs no vault; to look at the recovery point does.
    pub vault_name: Fact<String>,
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
    /// Its Region.
    pub region: Fact<String>,
    /// The source as it was written when the table was made.
    pub source: Fact<Source>,
    /// Whether it has deletion protection.
    pub deletion_protection_enabled: Fact<bool>,
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
    /// The backup to restore, read in its own Region; absent when AWS says that there is none. A recovery point whose
    /// ARN is that of a DynamoDB backup is one, too.
    pub backup: Fact<ObservedBackup>,
    /// The recovery point to restore, read in its vault; absent when AWS says that there is none.
    pub recovery_point: Fact<ObservedRecoveryPoint>,
    /// The source table, read in its own Region; absent when AWS says that there is none.
    pub source_table: Fact<ObservedTable>,
    /// Point-in-time recovery of the source table, read in its own Region.
    pub source_recovery: Fact<ObservedRecovery>,
    /// The KMS key that is configured, read in the Region of the restore; absent when KMS says that there is
    /// none.
    pub kms_key: Fact<ObservedKey>,
    /// The KMS key of the source ([`RestoredTable::source_key_arn`]), read in its own Region; absent when KMS says that
    /// there is none.
    pub source_key: Fact<ObservedKey>,
    /// How many tables there are in the account and the Region of the restore, from ListTables.
    pub tables_in_region: Fact<u64>,
    /// Point-in-time recovery of the table that is about to go; absent when AWS says that there is no such table.
    pub own_recovery: Fact<ObservedRecovery>,
    /// The newest backup that DynamoDB has of the table that is about to go and that can be restored; absent when
    /// there is none.
    pub newest_backup: Fact<ObservedBackup>,
}

impl RestoredTable {
    /// A restored table of which every argument is left out, that does not exist, and about which nothing was
    /// observed.
    pub fn unset() -> Self {
        Self {
            region: Fact::Absent,
            name: Fact::Absent,
            source: Fact::Absent,
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

    /// The ARN of the recovery point to restore, if one is given and well formed: AWS Backup's own form, or that of a
    /// DynamoDB backup.
    pub fn recovery_point_arn(&self) -> Option<Arn> {
        let arn = Arn::parse(self.source.known()?.recovery_point_arn.known()?).ok()?;
        matches!(arn.kind(), ArnKind::RecoveryPoint | ArnKind::Backup).then_some(arn)
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

    /// The live table that the data come from, unless it is another one that took the name of the one backed up.
    pub fn live_source(&self) -> Option<&ObservedTable> {
        let live = self.observed.source_table.known()?;
        let recorded = match &self.observed.backup {
            Fact::Known(backup) if self.backup_arn().is_some() => backup.table_id.known(),
            _ => None,
        };
        match (recorded, live.table_id.known()) {
            (Some(recorded), Some(id)) if recorded != id => None,
            _ => Some(live),
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

    /// The provisioned throughput of the source; absent when it has none.
    pub fn source_throughput(&self) -> Fact<ProvisionedThroughput> {
        self.ask_source(
            |backup| backup.provisioned_throughput.clone(),
            |table| table.provisioned_throughput.clone(),
        )
    }

    /// The KMS key of the source; absent when the key is one that AWS owns.
    pub fn source_kms_key_arn(&self) -> Fact<String> {
        self.ask_source(
            |backup| backup.kms_key_arn.clone(),
            |table| table.kms_key_arn.clone(),
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

    /// The size of the data to restore, in bytes.
    pub fn source_size_bytes(&self) -> Fact<u64> {
        match (self.is_from_recovery_point(), &self.observed.recovery_point) {
            (true, Fact::Known(point)) => point.size_bytes,
            _ => self.ask_source(|backup| backup.size_bytes, |table| table.size_bytes),
        }
    }

    /// Whether AWS Backup restores the table: the source is a recovery point, and no other one is given.
    pub fn is_from_recovery_point(&self) -> bool {
        self.source.is_known_and(|it| {
            it.recovery_point_arn.is_known() && it.backup_arn.is_absent() && it.point_in_time.is_absent()
        })
    }

    /// The KMS key without which the source cannot be restored: the one that encrypts the backup, or that of the live
    /// table where the restored one is to have the same. Absent where it is a key that AWS owns, or where another is
    /// given instead.
    pub fn source_key_arn(&self) -> Fact<String> {
        self.ask_source(
            |backup| backup.kms_key_arn.clone(),
            |table| match self.server_side_encryption {
                Fact::Absent => table.kms_key_arn.clone(),
                Fact::Known(_) => Fact::Absent,
                Fact::Unknown => Fact::Unknown,
            },
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
            // One that DynamoDB keeps is a backup like others.
            _ if self.is_from_recovery_point() => self.observed.backup.known().map(backup),
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
            vault_name: Fact::Absent,
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

#[cfg(test)]
mod tests {
    use super::{BillingMode, ObservedRecoveryPoint, PointInTime, RestoredTable, Setting, Source};
    use crate::examples::aws_backup::RECOVERY_POINT_ARN;
    use crate::examples::{self, BACKUP_ARN, TABLE_ARN};
    use crate::fact::Fact;

    fn from(source: Source) -> RestoredTable {
        RestoredTable {
            source: Fact::Known(source),
            ..RestoredTable::unset()
        }
    }

    fn point() -> PointInTime {
        PointInTime {
            table_name: "orders".into(),
            time: "2025-11-19T09:00:00Z".into(),
            ..PointInTime::unset()
        }
    }

    #[test]
    fn settings_are_found_by_their_words() {
        for setting in Setting::ALL {
            assert_eq!(Setting::parse(setting.as_str()), Some(*setting));
            assert_eq!(setting.to_string(), setting.as_str());
        }
        assert_eq!(Setting::parse("items"), None);
    }

    #[test]
    fn tags_are_given_when_there_is_one() {
        let mut it = RestoredTable::unset();
        assert_eq!(it.gives(Setting::Tags), Fact::Absent);
        it.tags = Fact::Known([].into());
        assert_eq!(it.gives(Setting::Tags), Fact::Absent);
        it.tags = Fact::Known([("team".to_owned(), Fact::Unknown)].into());
        assert_eq!(it.gives(Setting::Tags), Fact::Known(()));
        it.tags = Fact::Unknown;
        assert_eq!(it.gives(Setting::Tags), Fact::Unknown);
        // The other settings are asked for by their own words.
        assert_eq!(it.gives(Setting::Stream), Fact::Absent);
        it.given.insert(Setting::Stream, Fact::Known(()));
        assert_eq!(it.gives(Setting::Stream), Fact::Known(()));
    }

    #[test]
    fn a_contradicted_moment_is_none() {
        let time = |source: Source| from(source).restore_time().map(|it| it.to_string());
        let at = Some("2025-11-19T09:00:00Z".to_owned());
        assert_eq!(time(Source::point_in_time(point())), at);
        let latest = |latest| Source::point_in_time(PointInTime { latest, ..point() });
        assert_eq!(time(latest(Fact::Known(false))), at);
        assert_eq!(time(latest(Fact::Known(true))), None);
        for backup_arn in [BACKUP_ARN.into(), Fact::Unknown] {
            let both = Source {
                backup_arn,
                ..Source::point_in_time(point())
            };
            assert_eq!(time(both), None);
        }
    }

    #[test]
    fn the_source_table_is_named_by_whatever_names_it() {
        let name = |source: Source| from(source).source_table_name();
        assert_eq!(name(Source::backup(BACKUP_ARN)).as_deref(), Some("orders"));
        assert_eq!(name(Source::point_in_time(point())).as_deref(), Some("orders"));
        let by_arn = |arn: &str| {
            Source::point_in_time(PointInTime {
                table_name: Fact::Absent,
                table_arn: arn.into(),
                ..point()
            })
        };
        assert_eq!(name(by_arn(TABLE_ARN)).as_deref(), Some("orders"));
        assert_eq!(name(by_arn(BACKUP_ARN)), None);
        assert_eq!(name(Source::unset()), None);
        assert_eq!(RestoredTable::unset().source_table_name(), None);
    }

    #[test]
    fn what_is_left_out_is_taken_from_the_source() {
        let mut it = from(Source::backup(BACKUP_ARN));
        let mut backup = examples::observed_backup();
        backup.billing_mode = Fact::Known(BillingMode::Provisioned);
        backup.local_indexes = Fact::Known(vec!["of-backup".to_owned()]);
        it.observed.backup = Fact::Known(backup);
        it.observed.source_table = Fact::Known(examples::table());
        assert_eq!(it.effective_billing_mode(), Fact::Known(BillingMode::Provisioned));
        assert_eq!(
            it.source_local_indexes(),
            Fact::Known(vec!["of-backup".to_owned()])
        );

        it.source = Fact::Known(Source::point_in_time(point()));
        assert_eq!(
            it.effective_billing_mode(),
            Fact::Known(BillingMode::PayPerRequest)
        );
        assert_eq!(it.source_local_indexes(), Fact::Known(vec!["by-date".to_owned()]));
        assert_eq!(it.source_global_indexes().known().map(Vec::len), Some(2));

        // Two sources are none.
        it.source = Fact::Known(Source {
            backup_arn: BACKUP_ARN.into(),
            ..Source::point_in_time(point())
        });
        assert_eq!(it.source_billing_mode(), Fact::Unknown);

        it.billing_mode = "PROVISIONED".into();
        assert_eq!(it.effective_billing_mode(), Fact::Known(BillingMode::Provisioned));
        it.billing_mode = "FREE".into();
        assert_eq!(it.effective_billing_mode(), Fact::Unknown);
        it.billing_mode = Fact::Unknown;
        assert_eq!(it.effective_billing_mode(), Fact::Unknown);
    }

    #[test]
    fn a_recovery_point_tells_its_size_and_that_of_dynamodb_all_of_a_backup() {
        let point = |arn: &str| Source {
            recovery_point_arn: arn.into(),
            ..Source::unset()
        };
        let mut it = from(point(RECOVERY_POINT_ARN));
        assert!(it.is_from_recovery_point());
        assert_eq!(it.source_size_bytes(), Fact::Unknown);
        it.observed.recovery_point = Fact::Known(ObservedRecoveryPoint {
            size_bytes: Fact::Known(7),
            ..ObservedRecoveryPoint::default()
        });
        assert_eq!(it.source_size_bytes(), Fact::Known(7));
        assert_eq!(it.source_local_indexes(), Fact::Unknown);

        let mut it = from(point(BACKUP_ARN));
        it.observed.backup = Fact::Known(examples::observed_backup());
        assert_eq!(it.source_size_bytes(), examples::observed_backup().size_bytes);
        assert_eq!(
            it.source_local_indexes(),
            examples::observed_backup().local_indexes
        );
        for other in [
            Source {
                backup_arn: Fact::Unknown,
                ..point(BACKUP_ARN)
            },
            Source {
                point_in_time: Fact::Unknown,
                ..point(BACKUP_ARN)
            },
            Source::backup(BACKUP_ARN),
            Source::unset(),
        ] {
            assert!(!from(other).is_from_recovery_point());
        }
    }

    #[test]
    fn only_arns_of_recovery_points_are_taken() {
        let arn = |text: &str| {
            from(Source {
                recovery_point_arn: text.into(),
                ..Source::unset()
            })
            .recovery_point_arn()
            .map(|it| it.to_string())
        };
        for text in [RECOVERY_POINT_ARN, BACKUP_ARN] {
            assert_eq!(arn(text).as_deref(), Some(text));
        }
        assert_eq!(arn(TABLE_ARN), None);
        assert_eq!(arn("orders"), None);
    }

    #[test]
    fn local_indexes_are_known_when_all_of_them_are() {
        let mut it = RestoredTable::unset();
        assert_eq!(it.known_local_indexes(), None);
        it.local_secondary_indexes = Fact::Known(vec!["a".into(), "b".into()]);
        assert_eq!(it.known_local_indexes(), Some(vec!["a", "b"]));
        it.local_secondary_indexes = Fact::Known(vec!["a".into(), Fact::Unknown]);
        assert_eq!(it.known_local_indexes(), None);
    }
}
