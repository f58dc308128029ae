//! What the rules are told, made from what Terraform and AWS said. Decides nothing.

use jiff::Timestamp;

use aws_clients::{
    Backup, BackupSummary, ContinuousBackups, Encryption, GlobalIndex, Key, Table, Throughput, Vault,
};
use rules::facts::{
    Action, BackupStatus, BackupType, BillingMode, Caller, Neighbours, Object, ObservedBackup, ObservedIndex,
    ObservedKey, ObservedRecovery, ObservedReplica, ObservedTable, ObservedVault, ProvisionedThroughput,
    RegionSettings, RunningRestore, Settings, TableStatus, VaultType, WarmThroughput,
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

/// A time of the state, as RFC 3339: null is absent, and what is no time is not known.
pub(crate) fn moment(time: &Attr<String>) -> Fact<Timestamp> {
    match time {
        Attr::Null => Fact::Absent,
        Attr::Unknown => Fact::Unknown,
        Attr::Known(text) => known(text.parse().ok()),
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
        provisioned_throughput: provisioned(table.throughput),
        global_indexes: Fact::Known(global_indexes(&table.global_indexes)),
        local_indexes: Fact::Known(
            table
                .local_indexes
                .iter()
                .map(|index| index.name.clone())
                .collect(),
        ),
        size_bytes: size(Some(table.size_bytes)),
        kms_key_arn: key_arn(&table.encryption),
        replicas: Fact::Known(replicas(table)),
        archival_backup_arn: Fact::from_option(table.archival_backup_arn.as_ref().map(ToString::to_string)),
        restore: Fact::from_option(table.restore.as_ref().map(|restore| RunningRestore {
            source_backup_arn: Fact::from_option(restore.source_backup_arn.as_ref().map(ToString::to_string)),
            source_table_arn: Fact::from_option(restore.source_table_arn.as_ref().map(ToString::to_string)),
            restore_time: known(restore.restore_time),
        })),
        settings: Settings {
            stream: Fact::from_option(table.stream.as_ref().map(ToString::to_string)),
            deletion_protection: Fact::from_option(table.deletion_protection.then_some(())),
            table_class: Fact::from_option(Some(table.class.to_string()).filter(|class| class != "STANDARD")),
            warm_throughput: known(table.warm_throughput.map(|warm| WarmThroughput {
                read_units_per_second: known(warm.read),
                write_units_per_second: known(warm.write),
            })),
            ..Settings::default()
        },
    }
}

/// A backup that AWS described.
pub(crate) fn backup(backup: &Backup) -> ObservedBackup {
    let table = &backup.table;
    ObservedBackup {
        kms_key_arn: key_arn(&table.encryption),
        billing_mode: Fact::Known(BillingMode::from_aws(table.billing_mode.as_str())),
        provisioned_throughput: provisioned(table.throughput),
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
        size_bytes: size(backup.summary.size_bytes.or(table.size_bytes)),
        ..listed_backup(&backup.summary)
    }
}

/// A backup as lists show it: without what it recorded of its table.
pub(crate) fn listed_backup(summary: &BackupSummary) -> ObservedBackup {
    ObservedBackup {
        arn: Fact::Known(summary.arn.to_string()),
        status: Fact::Known(BackupStatus::from_aws(summary.status.as_str())),
        backup_type: Fact::Known(BackupType::from_aws(summary.backup_type.as_str())),
        created_at: known(summary.created_at),
        expires_at: Fact::from_option(summary.expires_at),
        size_bytes: size(summary.size_bytes),
        table_id: known(summary.table_id.clone()),
        ..ObservedBackup::default()
    }
}

/// A key that KMS described.
pub(crate) fn key(key: &Key) -> ObservedKey {
    ObservedKey {
        arn: Fact::Known(key.arn.clone()),
        state: Fact::Known(key.state.to_string()),
        spec: Fact::Known(key.spec.clone()),
        usage: if key.encrypts_symmetrically {
            "ENCRYPT_DECRYPT".into()
        } else {
            Fact::Unknown
        },
    }
}

/// The replicas elsewhere. Whether they have point-in-time recovery takes calls of their own.
fn replicas(table: &Table) -> Vec<ObservedReplica> {
    let regions = table.replicas.iter().map(|it| &it.region);
    regions
        .filter(|region| **region != table.arn.region())
        .filter_map(|region| {
            Some(ObservedReplica {
                region: rules::syntax::Region::parse(region.as_str()).ok()?,
                recovery_enabled: Fact::Unknown,
            })
        })
        .collect()
}

/// The KMS key of a table or a backup; absent where AWS owns the key.
fn key_arn(encryption: &Encryption) -> Fact<String> {
    if encryption.uses_kms() {
        known(encryption.kms_key_arn.clone())
    } else {
        Fact::Absent
    }
}

fn size(bytes: Option<i64>) -> Fact<u64> {
    known(bytes.and_then(|bytes| u64::try_from(bytes).ok()))
}

/// A vault that AWS described. Its key and its policy take calls of their own, and stay unknown.
pub(crate) fn vault(vault: &Vault) -> ObservedVault {
    let lock = vault.lock;
    ObservedVault {
        vault_type: Fact::Known(VaultType::from_aws(vault.vault_type.as_str())),
        key_arn: known(vault.key_arn.clone()),
        state: Fact::Known(vault.state.to_string()),
        locked: Fact::Known(lock.is_some()),
        min_retention_days: Fact::from_option(lock.and_then(|it| it.min_retention_days)),
        max_retention_days: Fact::from_option(lock.and_then(|it| it.max_retention_days)),
        lock_date: Fact::from_option(lock.and_then(|it| it.lock_date)),
        recovery_points: Fact::Known(vault.recovery_points),
        ..ObservedVault::default()
    }
}

/// The settings of AWS Backup in a Region, as AWS told them.
pub(crate) fn region_settings(settings: aws_clients::RegionSettings) -> RegionSettings {
    RegionSettings {
        opt_in: known(settings.opt_in),
        advanced_features: known(settings.advanced_features),
        advanced_features_since: Fact::Unknown,
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

/// A table or index that is paid per request has zero units.
fn provisioned(throughput: Throughput) -> Fact<ProvisionedThroughput> {
    let Throughput { read, write } = throughput;
    let units = ProvisionedThroughput {
        read_capacity_units: Fact::Known(read),
        write_capacity_units: Fact::Known(write),
    };
    Fact::from_option((read > 0 && write > 0).then_some(units))
}

fn global_indexes(indexes: &[GlobalIndex]) -> Vec<ObservedIndex> {
    indexes
        .iter()
        .map(|index| ObservedIndex {
            name: index.name.clone(),
            provisioned_throughput: provisioned(index.throughput),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use aws_clients::{Cx, TableRef};
    use rules::Fact;
    use rules::facts::{ObservedBackup, ObservedTable, ProvisionedThroughput, WarmThroughput};
    use serde_json::{Value as Json, json};

    use crate::testing::Aws;

    /// A table that differs in these members, and a backup of it, as the rules are told of them.
    async fn observed(input: Json, updates: &[Json]) -> (ObservedTable, ObservedBackup) {
        let aws = Aws::start().await;
        aws.set(json!({"table_creating_ms": 0, "table_updating_ms": 0, "backup_creating_ms": 0, "continuous_backups_ready_ms": 0}))
            .await;
        let mut whole = json!({
            "TableName": "orders", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        });
        let members = whole.as_object_mut().expect("an object");
        members.extend(input.as_object().cloned().expect("an object"));
        aws.dynamodb("CreateTable", whole).await;
        for update in updates {
            aws.dynamodb("UpdateTable", update.clone()).await;
        }
        let backup = json!({"TableName": "orders", "BackupName": "nightly"});
        let made = aws.dynamodb("CreateBackup", backup).await;
        let arn = made["BackupDetails"]["BackupArn"].as_str().expect("an ARN");
        let clients = aws.clients(0).await;
        let dynamodb = clients.dynamodb(clients.region());
        let name: TableRef = "orders".parse().expect("a table");
        let table = dynamodb.find_table(&Cx::default(), &name).await;
        let backup = dynamodb
            .find_backup(&Cx::default(), &arn.parse().expect("an ARN"))
            .await;
        let found = "both are there";
        (
            super::table(&table.expect(found).expect(found)),
            super::backup(&backup.expect(found).expect(found)),
        )
    }

    fn warm(read: i64, write: i64) -> Fact<WarmThroughput> {
        Fact::Known(WarmThroughput {
            read_units_per_second: Fact::Known(read),
            write_units_per_second: Fact::Known(write),
        })
    }

    #[tokio::test]
    async fn an_ordinary_table_has_neither_key_nor_capacity_nor_replicas() {
        let (table, backup) = observed(json!({}), &[]).await;
        assert_eq!(table.kms_key_arn, Fact::Absent);
        assert_eq!(table.provisioned_throughput, Fact::Absent);
        assert_eq!(table.replicas, Fact::Known(Vec::new()));
        assert_eq!(table.settings.warm_throughput, warm(12_000, 4_000));
        assert_eq!(backup.kms_key_arn, Fact::Absent);
        assert_eq!(backup.provisioned_throughput, Fact::Absent);
    }

    #[tokio::test]
    async fn key_capacity_and_warmth_are_told() {
        let given = json!({
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 3},
            "WarmThroughput": {"ReadUnitsPerSecond": 30_000, "WriteUnitsPerSecond": 10_000},
            "SSESpecification": {"Enabled": true},
        });
        let (table, backup) = observed(given, &[]).await;
        let units = Fact::Known(ProvisionedThroughput {
            read_capacity_units: Fact::Known(7),
            write_capacity_units: Fact::Known(3),
        });
        assert_eq!(
            (&table.provisioned_throughput, &backup.provisioned_throughput),
            (&units, &units)
        );
        let key = table.kms_key_arn.known().expect("a key");
        assert!(key.starts_with("arn:aws:kms:eu-west-1:"), "{key}");
        assert_eq!(table.kms_key_arn, backup.kms_key_arn);
        assert_eq!(table.settings.warm_throughput, warm(30_000, 10_000));
    }

    #[tokio::test]
    async fn replicas_are_told() {
        let replica =
            json!({"TableName": "orders", "ReplicaUpdates": [{"Create": {"RegionName": "us-west-2"}}]});
        let (table, _) = observed(json!({}), &[replica]).await;
        let replicas = table.replicas.known().expect("replicas");
        let replicas: Vec<_> = replicas
            .iter()
            .map(|it| (it.region.as_str(), it.recovery_enabled))
            .collect();
        // Whether it is recoverable there takes a call of its own.
        assert_eq!(replicas, [("us-west-2", Fact::Unknown)]);
    }
}
