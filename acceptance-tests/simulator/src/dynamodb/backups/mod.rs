//! On-demand backups, and the SYSTEM backups of deleted tables.

pub(crate) mod list;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::continuous_backups::{backed_up, unavailable};
use super::design::Design;
use super::items::Item;
use super::table::{Stream, Table};
use super::{Estate, describe as view, table_name};
use crate::arn::{Arn, is_table_name};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::place::Place;
use crate::world::{Context, read};

/// AWS keeps the backup of a deleted table this long, whatever the recovery period was.
const SYSTEM_BACKUP_DAYS: i64 = 35;

/// What a backup remembers, whatever becomes of its table.
pub(crate) struct Backup {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) backup_type: &'static str,
    pub(crate) created_at: Moment,
    /// Before this, no call sees it.
    pub(crate) visible_at: Moment,
    pub(crate) available_at: Moment,
    pub(crate) expires_at: Option<Moment>,
    pub(crate) size_bytes: usize,
    pub(crate) table_name: String,
    pub(crate) table_id: String,
    pub(crate) table_arn: String,
    pub(crate) table_created_at: Moment,
    pub(crate) design: Design,
    stream: Option<Stream>,
    time_to_live_attribute: Option<String>,
    pub(crate) items: Vec<Arc<Item>>,
}

/// Which backup to make of a table.
pub(crate) enum Kind {
    /// By CreateBackup.
    User {
        name: String,
        suffix: String,
        available_at: Moment,
    },
    /// By deleting a table with point-in-time recovery.
    System { visible_at: Moment },
    /// By AWS Backup without its advanced features.
    AwsBackup { name: String, suffix: String },
}

impl Backup {
    /// The backup of a table as it is now.
    pub(crate) fn of(table: &Table, kind: Kind, now: Moment) -> Self {
        let (name, backup_type, suffix, visible_at, available_at, expires_at) = match kind {
            Kind::User {
                name,
                suffix,
                available_at,
            } => (name, "USER", suffix, now, available_at, None),
            Kind::System { visible_at } => (
                format!("{}$DeletedTableBackup", table.name),
                "SYSTEM",
                "00000000".to_owned(),
                visible_at,
                visible_at,
                Some(now.plus_days(SYSTEM_BACKUP_DAYS)),
            ),
            Kind::AwsBackup { name, suffix } => (name, "AWS_BACKUP", suffix, now, now, None),
        };
        Self {
            arn: format!("{}/backup/{:014}-{suffix}", table.arn, now.as_millis()),
            name,
            backup_type,
            created_at: now,
            visible_at,
            available_at,
            expires_at,
            size_bytes: table.items.size_bytes(),
            table_name: table.name.clone(),
            table_id: table.id.clone(),
            table_arn: table.arn.clone(),
            table_created_at: table.created_at,
            design: table.design.clone(),
            stream: table.stream.clone().filter(|stream| stream.enabled),
            time_to_live_attribute: table.time_to_live.attribute().map(str::to_owned),
            items: table.items.live().cloned().collect(),
        }
    }

    pub(crate) fn is_expired(&self, now: Moment) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    pub(crate) fn is_available(&self, now: Moment) -> bool {
        self.available_at <= now
    }

    fn status(&self, now: Moment) -> &'static str {
        if self.is_available(now) {
            "AVAILABLE"
        } else {
            "CREATING"
        }
    }

    fn details(&self, status: &str) -> Value {
        let mut details = json!({
            "BackupArn": self.arn,
            "BackupName": self.name,
            "BackupSizeBytes": self.size_bytes,
            "BackupStatus": status,
            "BackupType": self.backup_type,
            "BackupCreationDateTime": self.created_at.to_epoch_seconds(),
        });
        if let Some(at) = self.expires_at {
            details["BackupExpiryDateTime"] = at.to_epoch_seconds();
        }
        details
    }

    fn description(&self, status: &str) -> Value {
        let design = &self.design;
        let mut source = json!({
            "TableName": self.table_name,
            "TableId": self.table_id,
            "TableArn": self.table_arn,
            "TableSizeBytes": self.size_bytes,
            "KeySchema": design.key_schema,
            "TableCreationDateTime": self.table_created_at.to_epoch_seconds(),
            "ProvisionedThroughput": design.throughput,
            "ItemCount": self.items.len(),
            "BillingMode": design.billing_mode,
        });
        if let Some(limits) = view::on_demand(design.on_demand) {
            source["OnDemandThroughput"] = limits;
        }
        json!({
            "BackupDetails": self.details(status),
            "SourceTableDetails": source,
            "SourceTableFeatureDetails": self.features(),
        })
    }

    fn features(&self) -> Value {
        let mut features = Map::new();
        let design = &self.design;
        if !design.local_indexes.is_empty() {
            let indexes = design.local_indexes.iter().map(|index| {
                json!({"IndexName": index.name, "KeySchema": index.key_schema, "Projection": index.projection})
            });
            features.insert("LocalSecondaryIndexes".to_owned(), indexes.collect());
        }
        if !design.global_indexes.is_empty() {
            let indexes = design.global_indexes.iter().map(|index| {
                let mut info = json!({
                    "IndexName": index.name,
                    "KeySchema": index.key_schema,
                    "Projection": index.projection,
                    "ProvisionedThroughput": index.throughput,
                });
                if let Some(limits) = view::on_demand(index.on_demand) {
                    info["OnDemandThroughput"] = limits;
                }
                info
            });
            features.insert("GlobalSecondaryIndexes".to_owned(), indexes.collect());
        }
        if let Some(stream) = &self.stream {
            let stream = json!({"StreamEnabled": true, "StreamViewType": stream.view_type});
            features.insert("StreamDescription".to_owned(), stream);
        }
        if let Some(attribute) = &self.time_to_live_attribute {
            let description = json!({"TimeToLiveStatus": "ENABLED", "AttributeName": attribute});
            features.insert("TimeToLiveDescription".to_owned(), description);
        }
        if let Some(description) = design.encryption.describe() {
            features.insert("SSEDescription".to_owned(), description);
        }
        Value::Object(features)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Create {
    table_name: String,
    backup_name: String,
}

pub(crate) fn create(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Create = read(input)?;
    let name = table_name(cx, "CreateBackup", &input.table_name)?;
    let now = cx.now;
    let kind = Kind::User {
        name: input.backup_name,
        suffix: cx.world.ids.backup_suffix(),
        available_at: now.plus_millis(cx.world.settings.backup_creating_ms),
    };
    let table = backed_up(cx, &name)?;
    if !table.has_continuous_backups(now) {
        return Err(unavailable(&name));
    }
    let backup = Backup::of(table, kind, now);
    let output = json!({"BackupDetails": backup.details(backup.status(now))});
    cx.world
        .dynamodb
        .region(cx.place)
        .backups
        .insert(backup.arn.clone(), backup);
    Ok(output)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    backup_arn: String,
}

pub(crate) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let arn = local_arn(cx, "DescribeBackup", &input.backup_arn)?;
    let now = cx.now;
    let backup = visible(cx, cx.place, &arn).ok_or_else(|| missing(&input.backup_arn))?;
    Ok(json!({"BackupDescription": backup.description(backup.status(now))}))
}

pub(crate) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let arn = local_arn(cx, "DeleteBackup", &input.backup_arn)?;
    let now = cx.now;
    let backup = visible(cx, cx.place, &arn).ok_or_else(|| missing(&input.backup_arn))?;
    match backup.backup_type {
        "SYSTEM" => {
            let expires = backup.expires_at.map(Moment::to_java_date).unwrap_or_default();
            return Err(Failure::validation(format!(
                "User is not allowed to delete the system backup with arn {arn}. It will automatically expire on \
                 {expires}"
            )));
        }
        "AWS_BACKUP" => {
            return Err(Failure::validation(format!(
                "User is not allowed to delete the backup with arn {arn}: it was created by AWS Backup, which alone \
                 can delete it"
            )));
        }
        _ => {}
    }
    if !backup.is_available(now) {
        return Err(in_use(&format!("Backup is being created: {arn}")));
    }
    let output = json!({"BackupDescription": backup.description("DELETED")});
    if cx.world.dynamodb.restore_from(&cx.place.account, &arn).is_some() {
        return Err(in_use(&format!("Backup is being used to restore table: {arn}")));
    }
    cx.world.dynamodb.region(cx.place).backups.remove(&arn);
    Ok(output)
}

pub(crate) fn in_use(text: &str) -> Failure {
    Failure::new("BackupInUseException", text)
}

pub(crate) fn missing(arn: &str) -> Failure {
    Failure::new("BackupNotFoundException", format!("Backup not found: {arn}"))
}

/// A backup that a call can see.
pub(crate) fn visible<'a>(cx: &'a mut Context<'_>, place: &Place, arn: &str) -> Option<&'a Backup> {
    let now = cx.now;
    let backup = cx.world.dynamodb.region(place).backups.get(arn)?;
    (backup.visible_at <= now).then_some(backup)
}

/// Reads a backup's ARN. It must be of the caller's account; its Region is the business of the operation.
pub(crate) fn parse<'a>(cx: &Context<'_>, operation: &str, text: &'a str) -> Result<Arn<'a>, Failure> {
    let not_valid = || Failure::validation(format!("BackupArn is not valid: {text}"));
    let arn = Arn::parse(text).filter(Arn::is_dynamodb).ok_or_else(not_valid)?;
    if arn.backup().is_none() {
        return Err(Failure::validation(format!("Invalid Backup ARN: {text}")));
    }
    if arn.account != &*cx.place.account {
        let action = format!("dynamodb:{operation}");
        return Err(cx.denied(
            &action,
            text,
            &format!("no resource-based policy allows the {action} action"),
        ));
    }
    Ok(arn)
}

/// DescribeBackup and DeleteBackup do not look at the Region in the ARN: they look for the rest of it in the Region
/// that is called. So an ARN with a rewritten Region finds, and deletes, the backup here.
fn local_arn(cx: &Context<'_>, operation: &str, text: &str) -> Result<String, Failure> {
    let arn = parse(cx, operation, text)?;
    let (table, id) = arn.backup().ok_or_else(|| missing(text))?;
    Ok(format!("{}/backup/{id}", cx.place.table_arn(table)))
}

/// A backup to make as AWS Backup would, for tests of what DynamoDB refuses on such backups.
pub(crate) struct PlantedBackup {
    pub(crate) table: String,
    pub(crate) name: String,
    pub(crate) suffix: String,
}

impl Estate {
    /// Makes a backup of AWS Backup's. Answers its ARN, or why it cannot be made.
    pub(crate) fn plant_backup(
        &mut self,
        place: &Place,
        wanted: PlantedBackup,
        now: Moment,
    ) -> Result<String, String> {
        let PlantedBackup { table, name, suffix } = wanted;
        if !is_table_name(&name) {
            return Err(format!("{name} is not a valid backup name"));
        }
        let region = self.region(place);
        let found = region
            .tables
            .get(&table)
            .ok_or_else(|| format!("there is no table {table} of {place}"))?;
        let backup = Backup::of(found, Kind::AwsBackup { name, suffix }, now);
        let arn = backup.arn.clone();
        region.backups.insert(arn.clone(), backup);
        Ok(arn)
    }
}

/// A backup in the control interface's dump.
pub(crate) fn dump(place: &Place, backup: &Backup, now: Moment) -> Value {
    json!({
        "account": &*place.account,
        "region": &*place.region,
        "arn": backup.arn,
        "name": backup.name,
        "type": backup.backup_type,
        "status": backup.status(now),
        "visible": backup.visible_at <= now,
        "table_name": backup.table_name,
        "table_id": backup.table_id,
        "item_count": backup.items.len(),
        "created_at": backup.created_at.to_rfc3339(),
        "expires_at": backup.expires_at.map(Moment::to_rfc3339),
    })
}
