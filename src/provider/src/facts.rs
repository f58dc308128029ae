//! What the rules are told, made from what Terraform and AWS said. Decides nothing.

use jiff::Timestamp;

use aws_clients::{Backup, ContinuousBackups, GlobalIndex, Table, Throughput};
use rules::facts::{
    Action, BackupStatus, BackupType, BillingMode, Caller, Neighbours, Object, ObservedBackup, ObservedIndex,
    ObservedRecovery, ObservedTable, ProvisionedThroughput, RunningRestore, Settings, TableStatus,
};
use rules::{Fact, Facts};
use tfsdk::Attr;

/// Who plans, where and when, as far as it is known. The default is that of a plan without a configured provider.
#[derive(Debug, Clone, Default)]
pub(crate) struct Planner {
    /// For the rules.
    pub(crate) caller: Caller,
    /// AWS's time in the Region of the object.
    pub(crate) now: Fact<Timestamp>,
    /// The Region of objects that do not name their own.
    pub(crate) region: Option<String>,
    /// The account, where it was asked for.
    pub(crate) account: Option<String>,
    /// What the same plan makes besides.
    pub(crate) neighbours: Neighbours,
}

impl Planner {
    /// What is known about an object and a change of it.
    pub(crate) fn facts(&self, object: impl Into<Object>, action: Action) -> Facts {
        Facts {
            caller: self.caller.clone(),
            now: self.now,
            action: Fact::Known(action),
            neighbours: self.neighbours.clone(),
            ..Facts::about(object)
        }
    }

    /// The planned Region of an object: its own, or the provider's where that is known.
    pub(crate) fn region(&self, proposed: &Attr<String>, config: &Attr<String>) -> Attr<String> {
        match (proposed, config, &self.region) {
            (Attr::Unknown, Attr::Null, Some(region)) => Attr::Known(region.clone()),
            _ => proposed.clone(),
        }
    }
}

/// An attribute as a fact: null is absent.
pub(crate) fn fact<T: Clone>(attr: &Attr<T>) -> Fact<T> {
    match attr {
        Attr::Null => Fact::Absent,
        Attr::Unknown => Fact::Unknown,
        Attr::Known(value) => Fact::Known(value.clone()),
    }
}

/// A value that AWS may leave out without meaning that there is none.
pub(crate) fn known<T>(value: Option<T>) -> Fact<T> {
    value.map_or(Fact::Unknown, Fact::Known)
}

/// A table that AWS described. Settings that take calls of their own stay unknown.
pub(crate) fn table(table: &Table) -> ObservedTable {
    ObservedTable {
        status: Fact::Known(TableStatus::from_aws(table.status.as_str())),
        table_id: known(table.id.clone()),
        billing_mode: Fact::Known(BillingMode::from_aws(table.billing_mode.as_str())),
        global_indexes: Fact::Known(global_indexes(&table.global_indexes)),
        local_indexes: Fact::Known(
            table
                .local_indexes
                .iter()
                .map(|index| index.name.clone())
                .collect(),
        ),
        restore: Fact::from_option(table.restore.as_ref().map(|restore| RunningRestore {
            source_backup_arn: Fact::from_option(restore.source_backup_arn.as_ref().map(ToString::to_string)),
            source_table_arn: Fact::from_option(restore.source_table_arn.as_ref().map(ToString::to_string)),
            restore_time: known(restore.restore_time),
        })),
        settings: Settings {
            stream: Fact::from_option(table.stream.as_ref().map(ToString::to_string)),
            deletion_protection: Fact::from_option(table.deletion_protection.then_some(())),
            table_class: Fact::from_option(Some(table.class.to_string()).filter(|class| class != "STANDARD")),
            ..Settings::default()
        },
    }
}

/// A backup that AWS described.
pub(crate) fn backup(backup: &Backup) -> ObservedBackup {
    let (summary, table) = (&backup.summary, &backup.table);
    ObservedBackup {
        arn: Fact::Known(summary.arn.to_string()),
        status: Fact::Known(BackupStatus::from_aws(summary.status.as_str())),
        backup_type: Fact::Known(BackupType::from_aws(summary.backup_type.as_str())),
        created_at: known(summary.created_at),
        expires_at: Fact::from_option(summary.expires_at),
        table_id: known(summary.table_id.clone()),
        billing_mode: Fact::Known(BillingMode::from_aws(table.billing_mode.as_str())),
        global_indexes: Fact::Known(global_indexes(&table.global_indexes)),
        local_indexes: Fact::Known(
            table
                .local_indexes
                .iter()
                .map(|index| index.name.clone())
                .collect(),
        ),
        time_to_live: Fact::from_option(table.time_to_live.as_ref().map(|ttl| ttl.attribute.clone())),
        stream: Fact::from_option(table.stream.as_ref().map(ToString::to_string)),
    }
}

/// Continuous backups that AWS described.
pub(crate) fn recovery(backups: &ContinuousBackups) -> ObservedRecovery {
    match &backups.point_in_time_recovery {
        None => ObservedRecovery {
            enabled: Fact::Known(false),
            recovery_period_in_days: Fact::Absent,
            earliest: Fact::Absent,
            latest: Fact::Absent,
        },
        Some(recovery) => ObservedRecovery {
            enabled: Fact::Known(true),
            recovery_period_in_days: known(recovery.recovery_period_in_days.map(i64::from)),
            earliest: known(recovery.earliest_restorable_time),
            latest: known(recovery.latest_restorable_time),
        },
    }
}

fn global_indexes(indexes: &[GlobalIndex]) -> Vec<ObservedIndex> {
    let provisioned = |throughput: Throughput| {
        let Throughput { read, write } = throughput;
        let units = ProvisionedThroughput {
            read_capacity_units: Fact::Known(read),
            write_capacity_units: Fact::Known(write),
        };
        Fact::from_option((read > 0 && write > 0).then_some(units))
    };
    indexes
        .iter()
        .map(|index| ObservedIndex {
            name: index.name.clone(),
            provisioned_throughput: provisioned(index.throughput),
        })
        .collect()
}
