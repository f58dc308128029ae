//! Complete, faultless facts from which the examples of the rules are made by changing one thing. No rule
//! fires on them.

pub(crate) mod aws_backup;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::fact::Fact;
use crate::facts::{
    Action, Backup, BackupStatus, BackupType, BillingMode, Caller, Facts, GlobalIndex, ObservedBackup,
    ObservedIndex, ObservedKey, ObservedRecovery, ObservedTable, PointInTime, PointInTimeRecovery,
    PriorBackup, PriorRecovery, PriorRestoredTable, ProvisionedThroughput, RecoveryObserved, RestoreObserved,
    RestoredTable, ScaledCapacity, Setting, Settings, Source, TableStatus, WarmThroughput,
};
use crate::syntax::{AccountId, Region};

/// The table of the examples.
pub(crate) const TABLE_ARN: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
/// A backup of that table.
pub(crate) const BACKUP_ARN: &str =
    "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4";
/// The backup that DynamoDB made when that table was deleted.
pub(crate) const SYSTEM_BACKUP_ARN: &str =
    "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-00000000";
/// A backup of the table that was restored from it, taken an hour ago.
pub(crate) const OWN_BACKUP_ARN: &str =
    "arn:aws:dynamodb:us-east-1:111122223333:table/orders-restored/backup/01763625600000-b2c3d4e5";
/// A key of the examples.
pub(crate) const KEY_ARN: &str =
    "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// A moment, written out. Only for literals that are right.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("the moments of the examples are well formed")
}

/// The moment of every example.
pub(crate) fn now() -> Timestamp {
    at("2025-11-20T09:00:00Z")
}

/// Where every example takes place.
fn caller() -> Caller {
    Caller {
        account: AccountId::parse("111122223333").map_or(Fact::Unknown, Fact::Known),
        partition: Fact::Unknown,
        region: Region::parse("us-east-1").map_or(Fact::Unknown, Fact::Known),
    }
}

/// Facts about the creation of an object.
fn created(object: impl Into<crate::facts::Object>) -> Facts {
    Facts {
        caller: caller(),
        now: Fact::Known(now()),
        action: Fact::Known(Action::Create),
        ..Facts::about(object)
    }
}

/// The table of the examples as AWS describes it: active, on demand, two global indexes and a local one,
/// without any setting that a restore drops.
pub(crate) fn table() -> ObservedTable {
    ObservedTable {
        status: Fact::Known(TableStatus::Active),
        table_id: "12345678-1234-1234-1234-123456789012".into(),
        billing_mode: Fact::Known(BillingMode::PayPerRequest),
        provisioned_throughput: Fact::Absent,
        global_indexes: Fact::Known(vec![index("by-customer"), index("by-status")]),
        local_indexes: Fact::Known(vec!["by-date".to_owned()]),
        size_bytes: Fact::Known(4_096),
        kms_key_arn: Fact::Absent,
        replicas: Fact::Known(Vec::new()),
        archival_backup_arn: Fact::Absent,
        restore: Fact::Absent,
        settings: Settings {
            tags: Fact::Absent,
            time_to_live: Fact::Absent,
            stream: Fact::Absent,
            point_in_time_recovery: Fact::Absent,
            deletion_protection: Fact::Absent,
            table_class: Fact::Absent,
            resource_policy: Fact::Absent,
            kinesis_stream: Fact::Absent,
            contributor_insights: Fact::Absent,
            autoscaling: Fact::Absent,
            warm_throughput: Fact::Known(warm(12_000, 4_000)),
        },
    }
}

/// A global secondary index of a table on demand.
fn index(name: &str) -> ObservedIndex {
    ObservedIndex {
        name: name.to_owned(),
        provisioned_throughput: Fact::Absent,
    }
}

/// Point-in-time recovery that has been on for longer than its period of 35 days.
pub(crate) fn recovery_on() -> ObservedRecovery {
    ObservedRecovery {
        enabled: Fact::Known(true),
        recovery_period_in_days: Fact::Known(35),
        earliest: Fact::Known(at("2025-10-16T09:00:00Z")),
        latest: Fact::Known(at("2025-11-20T08:55:00Z")),
    }
}

/// Point-in-time recovery that is off.
pub(crate) fn recovery_off() -> ObservedRecovery {
    ObservedRecovery {
        enabled: Fact::Known(false),
        recovery_period_in_days: Fact::Absent,
        earliest: Fact::Absent,
        latest: Fact::Absent,
    }
}

/// A backup of the table as AWS describes it.
pub(crate) fn observed_backup() -> ObservedBackup {
    ObservedBackup {
        arn: BACKUP_ARN.into(),
        status: Fact::Known(BackupStatus::Available),
        backup_type: Fact::Known(BackupType::User),
        created_at: Fact::Known(at("2025-11-20T08:00:00Z")),
        expires_at: Fact::Absent,
        size_bytes: Fact::Known(4_096),
        kms_key_arn: Fact::Absent,
        table_id: "12345678-1234-1234-1234-123456789012".into(),
        billing_mode: Fact::Known(BillingMode::PayPerRequest),
        provisioned_throughput: Fact::Absent,
        global_indexes: Fact::Known(vec![index("by-customer"), index("by-status")]),
        local_indexes: Fact::Known(vec!["by-date".to_owned()]),
        time_to_live: Fact::Absent,
        stream: Fact::Absent,
    }
}

/// A key as KMS describes it.
pub(crate) fn key() -> ObservedKey {
    ObservedKey {
        arn: KEY_ARN.into(),
        state: "Enabled".into(),
        spec: "SYMMETRIC_DEFAULT".into(),
        usage: "ENCRYPT_DECRYPT".into(),
    }
}

/// A backup about to be made.
pub(crate) fn backup(change: impl FnOnce(&mut Backup)) -> Facts {
    let mut it = Backup {
        table_name: "orders".into(),
        name: "orders-before-migration".into(),
        table: Fact::Known(table()),
        ..Backup::unset()
    };
    change(&mut it);
    created(it)
}

/// A backup about to be destroyed, but kept in AWS.
pub(crate) fn backup_destroyed(change: impl FnOnce(&mut Backup)) -> Facts {
    let facts = backup(|it| {
        it.retain_on_destroy = Fact::Known(true);
        it.prior = Fact::Known(PriorBackup {
            arn: BACKUP_ARN.into(),
            table_name: "orders".into(),
            name: "orders-before-migration".into(),
        });
        it.backup = Fact::Known(observed_backup());
        change(it);
    });
    Facts {
        action: Fact::Known(Action::Destroy),
        ..facts
    }
}

/// Point-in-time recovery about to be switched on.
pub(crate) fn recovery(change: impl FnOnce(&mut PointInTimeRecovery)) -> Facts {
    let mut it = PointInTimeRecovery {
        table_name: "orders".into(),
        observed: RecoveryObserved {
            table: Fact::Known(table()),
            recovery: Fact::Known(recovery_off()),
        },
        ..PointInTimeRecovery::unset()
    };
    change(&mut it);
    created(it)
}

/// Point-in-time recovery that is on, about to be changed.
pub(crate) fn recovery_changed(change: impl FnOnce(&mut PointInTimeRecovery)) -> Facts {
    let facts = recovery(|it| {
        it.recovery_period_in_days = Fact::Known(35);
        it.prior = Fact::Known(PriorRecovery {
            table_name: "orders".into(),
            enabled: Fact::Known(true),
            recovery_period_in_days: Fact::Known(35),
            on_destroy: "retain".into(),
        });
        it.observed.recovery = Fact::Known(recovery_on());
        change(it);
    });
    Facts {
        action: Fact::Known(Action::Update),
        ..facts
    }
}

/// A restore from a backup about to be made.
pub(crate) fn restore(change: impl FnOnce(&mut RestoredTable)) -> Facts {
    let mut it = RestoredTable {
        name: "orders-restored".into(),
        source: Fact::Known(Source::backup(BACKUP_ARN)),
        observed: RestoreObserved {
            target: Fact::Absent,
            target_is_own_attempt: Fact::Known(false),
            backup: Fact::Known(observed_backup()),
            source_table: Fact::Known(table()),
            tables_in_region: Fact::Known(12),
            ..RestoreObserved::default()
        },
        ..RestoredTable::unset()
    };
    it.given.insert(Setting::DeletionProtection, Fact::Known(()));
    change(&mut it);
    created(it)
}

/// A restore to a point in time about to be made: yesterday at nine.
pub(crate) fn restore_to(change: impl FnOnce(&mut RestoredTable, &mut PointInTime)) -> Facts {
    restore(|it| {
        let mut point = PointInTime {
            table_name: "orders".into(),
            time: "2025-11-19T09:00:00Z".into(),
            ..PointInTime::unset()
        };
        it.observed.backup = Fact::Unknown;
        it.observed.source_recovery = Fact::Known(recovery_on());
        change(it, &mut point);
        it.source = Fact::Known(Source::point_in_time(point));
    })
}

/// A restored table that exists, about to be changed.
pub(crate) fn restored_changed(change: impl FnOnce(&mut RestoredTable)) -> Facts {
    let facts = restore(|it| {
        it.observed = RestoreObserved::default();
        it.prior = Fact::Known(PriorRestoredTable {
            name: it.name.clone(),
            region: "us-east-1".into(),
            source: it.source.clone(),
            deletion_protection_enabled: Fact::Known(false),
        });
        change(it);
    });
    Facts {
        action: Fact::Known(Action::Update),
        ..facts
    }
}

/// A restored table about to be destroyed, of which there is a backup of an hour ago.
pub(crate) fn restored_destroyed(change: impl FnOnce(&mut RestoredTable)) -> Facts {
    let facts = restored_changed(|it| {
        it.observed.own_recovery = Fact::Known(recovery_off());
        it.observed.newest_backup = Fact::Known(ObservedBackup {
            arn: OWN_BACKUP_ARN.into(),
            ..observed_backup()
        });
        change(it);
    });
    Facts {
        action: Fact::Known(Action::Destroy),
        ..facts
    }
}

/// Provisioned throughput, written out.
pub(crate) fn throughput(read: i64, write: i64) -> ProvisionedThroughput {
    ProvisionedThroughput {
        read_capacity_units: Fact::Known(read),
        write_capacity_units: Fact::Known(write),
    }
}

/// Warm throughput, written out.
pub(crate) fn warm(read: i64, write: i64) -> WarmThroughput {
    WarmThroughput {
        read_units_per_second: Fact::Known(read),
        write_units_per_second: Fact::Known(write),
    }
}

/// A global secondary index with capacity of its own.
pub(crate) fn provisioned_index(name: &str, read: i64, write: i64) -> ObservedIndex {
    ObservedIndex {
        provisioned_throughput: Fact::Known(throughput(read, write)),
        ..index(name)
    }
}

/// Makes the source, backup and live table alike, a table with provisioned capacity whose indexes have 10 and 5 units.
pub(crate) fn provision(it: &mut RestoredTable, units: ProvisionedThroughput) {
    let mode = Fact::Known(BillingMode::Provisioned);
    let indexes = ["by-customer", "by-status"].map(|name| provisioned_index(name, 10, 5));
    if let Fact::Known(backup) = &mut it.observed.backup {
        backup.billing_mode = mode.clone();
        backup.provisioned_throughput = Fact::Known(units.clone());
        backup.global_indexes = Fact::Known(indexes.to_vec());
    }
    if let Fact::Known(table) = &mut it.observed.source_table {
        table.billing_mode = mode;
        table.provisioned_throughput = Fact::Known(units);
        table.global_indexes = Fact::Known(indexes.to_vec());
    }
}

/// Auto scaling of one capacity, written out without a utilization.
pub(crate) fn scaled(min_capacity: i64, max_capacity: i64) -> ScaledCapacity {
    ScaledCapacity {
        min_capacity: Fact::Known(min_capacity),
        max_capacity: Fact::Known(max_capacity),
        target_utilization: Fact::Absent,
    }
}

/// A choice of global indexes without overrides.
pub(crate) fn global_indexes<const N: usize>(names: [&str; N]) -> Fact<BTreeMap<String, GlobalIndex>> {
    Fact::Known(
        names
            .into_iter()
            .map(|name| (name.to_owned(), GlobalIndex::unset()))
            .collect(),
    )
}

/// A choice of local indexes.
pub(crate) fn local_indexes<const N: usize>(names: [&str; N]) -> Fact<Vec<Fact<String>>> {
    Fact::Known(names.into_iter().map(Fact::from).collect())
}
