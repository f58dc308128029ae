//! How a table is shown: `TableDescription`, and the control interface's dump.

use serde_json::{Map, Value, json};

use super::archival::has_lost_its_key;
use super::design::{
    BillingMode, Encryption, GlobalIndex, IndexStatus, KeyElement, OnDemandThroughput, Throughput,
};
use super::items::{key, value};
use super::replicas;
use super::table::{Phase, Table};
use crate::clock::Moment;
use crate::kms::Keys;
use crate::place::Place;

/// A table without provisioned capacity starts with this much, as AWS documents for new on-demand tables.
const DEFAULT_WARM: Throughput = Throughput {
    read_capacity_units: 12_000,
    write_capacity_units: 4_000,
};

pub(crate) fn status(table: &Table) -> &'static str {
    match table.phase {
        Phase::Creating { .. } => "CREATING",
        Phase::Active => "ACTIVE",
        Phase::Updating { .. } => "UPDATING",
        Phase::Deleting { .. } => "DELETING",
        Phase::Archived => "ARCHIVED",
    }
}

/// The status that also knows the table's key: without a usable key an ACTIVE table cannot be read.
fn status_with_key(table: &Table, keys: &Keys) -> &'static str {
    if table.phase == Phase::Active && has_lost_its_key(table, keys) {
        "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
    } else {
        status(table)
    }
}

/// The `TableDescription` of AWS.
pub(crate) fn table(table: &Table, keys: &Keys) -> Value {
    let design = &table.design;
    let creating = table.is_creating();
    let items_shown = !creating;
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    put("AttributeDefinitions", json!(design.attributes));
    put("TableName", json!(table.name));
    put("KeySchema", json!(design.key_schema));
    put("TableStatus", json!(status_with_key(table, keys)));
    put("CreationDateTime", table.created_at.to_epoch_seconds());
    put("ProvisionedThroughput", throughput(design.throughput));
    put(
        "TableSizeBytes",
        json!(if items_shown { table.items.size_bytes() } else { 0 }),
    );
    put(
        "ItemCount",
        json!(if items_shown { table.items.len() } else { 0 }),
    );
    put("TableArn", json!(table.arn));
    put("TableId", json!(table.id));
    if let Some(since) = table.on_demand_since {
        let mode = json!(design.billing_mode);
        put(
            "BillingModeSummary",
            json!({"BillingMode": mode, "LastUpdateToPayPerRequestDateTime": since.to_epoch_seconds()}),
        );
    }
    if !design.local_indexes.is_empty() {
        let indexes = design.local_indexes.iter().map(|index| {
            let (count, bytes) = contents(table, &index.key_schema);
            json!({
                "IndexName": index.name,
                "KeySchema": index.key_schema,
                "Projection": index.projection,
                "IndexSizeBytes": bytes,
                "ItemCount": count,
                "IndexArn": format!("{}/index/{}", table.arn, index.name),
            })
        });
        put("LocalSecondaryIndexes", indexes.collect());
    }
    if !design.global_indexes.is_empty() {
        let indexes = design
            .global_indexes
            .iter()
            .map(|index| global_index(table, index));
        put("GlobalSecondaryIndexes", indexes.collect());
    }
    if let Some(stream) = &table.stream {
        if stream.enabled {
            put(
                "StreamSpecification",
                json!({"StreamEnabled": true, "StreamViewType": stream.view_type}),
            );
        }
        put("LatestStreamLabel", json!(stream.label));
        put(
            "LatestStreamArn",
            json!(format!("{}/stream/{}", table.arn, stream.label)),
        );
    }
    if let Some((replicas, version)) = replicas::describe(table) {
        put("Replicas", replicas);
        put("GlobalTableVersion", json!(version));
    }
    if let Some(archival) = &table.archival {
        put("ArchivalSummary", archival.describe());
    }
    if let Some(restore) = &table.restore {
        let mut summary = json!({
            "SourceTableArn": restore.table_arn,
            "RestoreDateTime": restore.at.to_epoch_seconds(),
            "RestoreInProgress": true,
        });
        if let Some(arn) = &restore.backup_arn {
            summary["SourceBackupArn"] = json!(arn);
        }
        put("RestoreSummary", summary);
    }
    if let Some(description) = design.encryption.describe() {
        put("SSEDescription", description);
    }
    if let Some(class) = &table.table_class {
        let mut summary = json!({"TableClass": class});
        if let Some(at) = table.table_class_changed_at {
            summary["LastUpdateDateTime"] = at.to_epoch_seconds();
        }
        put("TableClassSummary", summary);
    }
    put("DeletionProtectionEnabled", json!(table.deletion_protection));
    if let Some(limits) = on_demand(design.on_demand) {
        put("OnDemandThroughput", limits);
    }
    put(
        "WarmThroughput",
        warm(
            table.warm_throughput.as_ref(),
            design.billing_mode,
            design.throughput,
            warm_status(!creating),
        ),
    );
    Value::Object(out)
}

fn global_index(table: &Table, index: &GlobalIndex) -> Value {
    let creating = table.is_creating();
    let status = if creating {
        IndexStatus::Creating
    } else {
        index.status
    };
    let (count, bytes) = contents(table, &index.key_schema);
    let mut out = json!({
        "IndexName": index.name,
        "KeySchema": index.key_schema,
        "Projection": index.projection,
        "IndexStatus": status,
        "ProvisionedThroughput": throughput(index.throughput),
        "IndexSizeBytes": bytes,
        "ItemCount": count,
        "IndexArn": format!("{}/index/{}", table.arn, index.name),
        "WarmThroughput": warm(None, table.design.billing_mode, index.throughput, warm_status(status == IndexStatus::Active)),
    });
    if status == IndexStatus::Creating && !creating {
        out["Backfilling"] = json!(true);
    }
    if let Some(limits) = on_demand(index.on_demand) {
        out["OnDemandThroughput"] = limits;
    }
    out
}

/// How many items are in an index, and the size of them. Whole items are counted, whatever the index projects.
fn contents(table: &Table, key_schema: &[KeyElement]) -> (usize, usize) {
    if table.is_creating() {
        return (0, 0);
    }
    let held = table
        .items
        .live()
        .filter(|item| key::key_in(key_schema, item).is_some());
    held.fold((0, 0), |(count, bytes), item| {
        (count + 1, bytes + value::item_bytes(item))
    })
}

fn throughput(throughput: Throughput) -> Value {
    json!({
        "NumberOfDecreasesToday": 0,
        "ReadCapacityUnits": throughput.read_capacity_units,
        "WriteCapacityUnits": throughput.write_capacity_units,
    })
}

/// The maxima of an on-demand table, as descriptions show them: nothing without one, -1 for the other without.
pub(crate) fn on_demand(limits: OnDemandThroughput) -> Option<Value> {
    (!limits.is_unlimited()).then(|| {
        json!({
            "MaxReadRequestUnits": limits.max_read_request_units.unwrap_or(-1),
            "MaxWriteRequestUnits": limits.max_write_request_units.unwrap_or(-1),
        })
    })
}

fn warm_status(is_settled: bool) -> &'static str {
    if is_settled { "ACTIVE" } else { "UPDATING" }
}

fn warm(set: Option<&Value>, mode: BillingMode, provisioned: Throughput, status: &str) -> Value {
    let default = if mode == BillingMode::PayPerRequest {
        DEFAULT_WARM
    } else {
        provisioned
    };
    let units = |name: &str, default: i64| set.and_then(|set| set[name].as_i64()).unwrap_or(default);
    json!({
        "ReadUnitsPerSecond": units("ReadUnitsPerSecond", default.read_capacity_units.max(1)),
        "WriteUnitsPerSecond": units("WriteUnitsPerSecond", default.write_capacity_units.max(1)),
        "Status": status,
    })
}

/// A table in the control interface's dump.
pub(crate) fn dump_table(place: &Place, table: &Table, now: Moment) -> Value {
    let design = &table.design;
    json!({
        "account": &*place.account,
        "region": &*place.region,
        "name": table.name,
        "arn": table.arn,
        "table_id": table.id,
        "status": status(table),
        "created_at": table.created_at.to_rfc3339(),
        "item_count": table.items.len(),
        "billing_mode": design.billing_mode,
        "provisioned_throughput": design.throughput,
        "on_demand_throughput": design.on_demand,
        "key_schema": design.key_schema,
        "global_secondary_indexes": design.global_indexes.iter().map(|index| &index.name).collect::<Vec<_>>(),
        "local_secondary_indexes": design.local_indexes.iter().map(|index| &index.name).collect::<Vec<_>>(),
        "kms_key_arn": match &design.encryption {
            Encryption::AwsOwned => None,
            Encryption::Kms { key_arn } => Some(key_arn),
        },
        "continuous_backups_ready": table.has_continuous_backups(now),
        "point_in_time_recovery": table.recovery.map(|window| json!({
            "recovery_period_in_days": window.period_days,
            "earliest": window.earliest(now).to_rfc3339(),
            "latest": window.latest(now).to_rfc3339(),
        })),
        "restore": table.restore.as_ref().map(|restore| json!({
            "source_backup_arn": restore.backup_arn,
            "source_table_arn": restore.table_arn,
            "restore_date_time": restore.at.to_rfc3339(),
        })),
        "stream": table.stream.as_ref().filter(|stream| stream.enabled).map(|stream| &stream.view_type),
        "time_to_live_attribute": table.time_to_live.attribute(),
        "deletion_protection_enabled": table.deletion_protection,
        "table_class": table.table_class.as_deref().unwrap_or("STANDARD"),
        "tags": table.tags,
        "has_resource_policy": table.policy.is_attached(),
        "kinesis_streams": table.kinesis.iter().map(|destination| &destination.stream_arn).collect::<Vec<_>>(),
    })
}
