//! Amazon DynamoDB: tables, backups, point-in-time recovery, restores, their settings, and a small data plane.
//! Not played: replication between the replicas of a global table, streams' records, exports and imports, transactions, PartiQL, and time-to-live's
//! deletions (an expired item stays, as it may for days on AWS).

mod archival;
mod backups;
mod change_limit;
mod continuous_backups;
mod describe;
mod design;
mod encryption;
mod items;
mod replicas;
mod restore;
mod schema;
mod settings;
mod snapshot;
mod table;
mod tables;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::backups::Backup;
pub(crate) use self::backups::PlantedBackup;
pub(crate) use self::design::BillingMode;
pub(crate) use self::snapshot::{Snapshot, Target, restore as restore_snapshot};
use self::table::Table;
use crate::arn::{Arn, is_table_name};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::ids::Ids;
use crate::kms::Keys;
use crate::place::Place;
use crate::world::Context;

/// Everything that DynamoDB keeps, by account and Region.
#[derive(Default)]
pub(crate) struct Estate {
    regions: BTreeMap<Place, Region>,
}

/// What one account has in one Region.
#[derive(Default)]
pub(crate) struct Region {
    /// By name.
    pub(crate) tables: BTreeMap<String, Table>,
    /// By ARN.
    pub(crate) backups: BTreeMap<String, Backup>,
}

impl Estate {
    /// Finishes everything that is due.
    pub(crate) fn settle(&mut self, keys: &Keys, ids: &mut Ids, now: Moment) {
        for region in self.regions.values_mut() {
            region.tables.retain(|_, table| table.settle(now));
            for table in region.tables.values_mut() {
                if let Some(backup) = archival::settle(table, keys, ids, now) {
                    region.backups.insert(backup.arn.clone(), backup);
                }
            }
            region.backups.retain(|_, backup| !backup.is_expired(now));
        }
    }

    pub(crate) fn region(&mut self, place: &Place) -> &mut Region {
        self.regions.entry(place.clone()).or_default()
    }

    /// Every table that an account has, in whatever Region.
    pub(crate) fn tables_of<'a>(&'a self, account: &'a str) -> impl Iterator<Item = &'a Table> {
        let regions = self
            .regions
            .iter()
            .filter(move |(place, _)| &*place.account == account);
        regions.flat_map(|(_, region)| region.tables.values())
    }

    /// The running restore that reads a backup. A backup is busy in every Region at once.
    pub(crate) fn restore_from<'a>(&'a self, account: &'a str, backup_arn: &'a str) -> Option<&'a Table> {
        self.tables_of(account).find(|table| {
            table
                .restore
                .as_ref()
                .is_some_and(|restore| restore.backup_arn.as_deref() == Some(backup_arn))
        })
    }

    /// Makes the running restore of a table fail: the table disappears. Answers whether there was one.
    pub(crate) fn fail_restore(&mut self, place: &Place, table: &str) -> bool {
        let region = self.region(place);
        let restoring = region
            .tables
            .get(table)
            .is_some_and(|table| table.restore.is_some());
        if restoring {
            region.tables.remove(table);
        }
        restoring
    }

    /// A readable dump for assertions and debugging.
    pub(crate) fn dump(&self, account: Option<&str>, region: Option<&str>, now: Moment) -> Value {
        let wanted = |place: &Place| {
            account.is_none_or(|account| account == &*place.account)
                && region.is_none_or(|region| region == &*place.region)
        };
        let mut tables = Vec::new();
        let mut backups = Vec::new();
        for (place, region) in self.regions.iter().filter(|(place, _)| wanted(place)) {
            tables.extend(
                region
                    .tables
                    .values()
                    .map(|table| describe::dump_table(place, table, now)),
            );
            backups.extend(
                region
                    .backups
                    .values()
                    .map(|backup| backups::dump(place, backup, now)),
            );
        }
        json!({"tables": tables, "backups": backups})
    }
}

/// Serves one operation whose request has passed the wire check.
pub(crate) fn serve(cx: &mut Context<'_>, operation: &str, input: Value) -> Result<Value, Failure> {
    match operation {
        "BatchGetItem" => items::batch::get(cx, input),
        "BatchWriteItem" => items::batch::write(cx, input),
        "CreateBackup" => backups::create(cx, input),
        "CreateTable" => tables::create::serve(cx, input),
        "DeleteBackup" => backups::delete(cx, input),
        "DeleteItem" => items::single::delete(cx, input),
        "DeleteResourcePolicy" => settings::resource_policy::delete(cx, input),
        "DeleteTable" => tables::delete::serve(cx, input),
        "DescribeBackup" => backups::describe(cx, input),
        "DescribeContinuousBackups" => continuous_backups::describe(cx, input),
        "DescribeContributorInsights" => settings::contributor_insights::describe(cx, input),
        "DescribeEndpoints" => Ok(settings::limits::endpoints(cx)),
        "DescribeKinesisStreamingDestination" => settings::kinesis::describe(cx, input),
        "DescribeLimits" => Ok(settings::limits::limits()),
        "DescribeTable" => tables::describe(cx, input),
        "DescribeTimeToLive" => settings::time_to_live::describe(cx, input),
        "DisableKinesisStreamingDestination" => settings::kinesis::disable(cx, input),
        "EnableKinesisStreamingDestination" => settings::kinesis::enable(cx, input),
        "GetItem" => items::single::get(cx, input),
        "GetResourcePolicy" => settings::resource_policy::get(cx, input),
        "ListBackups" => backups::list::serve(cx, input),
        "ListTables" => tables::list(cx, input),
        "ListTagsOfResource" => settings::tags::list(cx, input),
        "PutItem" => items::single::put(cx, input),
        "PutResourcePolicy" => settings::resource_policy::put(cx, input),
        "Query" => items::query::serve(cx, input),
        "RestoreTableFromBackup" => restore::from_backup::serve(cx, input),
        "RestoreTableToPointInTime" => restore::to_point_in_time::serve(cx, input),
        "Scan" => items::scan::serve(cx, input),
        "TagResource" => settings::tags::tag(cx, input),
        "UntagResource" => settings::tags::untag(cx, input),
        "UpdateContinuousBackups" => continuous_backups::update(cx, input),
        "UpdateContributorInsights" => settings::contributor_insights::update(cx, input),
        "UpdateItem" => items::single::update(cx, input),
        "UpdateKinesisStreamingDestination" => settings::kinesis::update(cx, input),
        "UpdateTable" => tables::update::serve(cx, input),
        "UpdateTimeToLive" => settings::time_to_live::update(cx, input),
        _ => Err(Failure::new("UnknownOperationException", "")),
    }
}

/// The members in which a request names what it is about, the most telling first.
const TARGETS: [&str; 10] = [
    "TargetTableName",
    "BackupArn",
    "ResourceArn",
    "ResourceId",
    "TableName",
    "TableArn",
    "SourceTableName",
    "SourceTableArn",
    "KeyId",
    "RoleArn",
];

/// The table or ARN that a request names, for the log.
pub(crate) fn target(input: &Value) -> Option<String> {
    TARGETS
        .iter()
        .find_map(|member| input[*member].as_str())
        .map(str::to_owned)
}

/// The ARN on which an action is refused.
pub(crate) fn resource(place: &Place, input: &Value) -> String {
    match target(input) {
        Some(arn) if arn.starts_with("arn:") => arn,
        Some(name) => place.table_arn(&name),
        None => place.table_arn("*"),
    }
}

/// Reads a parameter that is a table's name or ARN, and answers the name.
fn table_name(cx: &Context<'_>, operation: &str, reference: &str) -> Result<String, Failure> {
    if reference.starts_with("arn:") {
        let arn = Arn::parse(reference).filter(Arn::is_dynamodb);
        let table = arn.and_then(|arn| Some((arn, arn.table()?)));
        let Some((arn, name)) = table else {
            return Err(Failure::validation(format!(
                "Invalid table ARN: {reference} is not a valid ARN"
            )));
        };
        if arn.account != &*cx.place.account {
            let action = format!("dynamodb:{operation}");
            return Err(cx.denied(
                &action,
                reference,
                &format!("no resource-based policy allows the {action} action"),
            ));
        }
        if arn.region != &*cx.place.region {
            return Err(Failure::validation(format!(
                "Invalid AWS region in '{reference}'"
            )));
        }
        return Ok(name.to_owned());
    }
    if is_table_name(reference) {
        return Ok(reference.to_owned());
    }
    if reference.contains(':') {
        return Err(Failure::validation(format!(
            "ARNs must start with 'arn:': {reference}"
        )));
    }
    let constraint = match reference.chars().count() {
        0..3 => "Member must have length greater than or equal to 3",
        3..=255 => "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        _ => "Member must have length less than or equal to 255",
    };
    Err(Failure::validation(format!(
        "1 validation error detected: Value '{reference}' at 'tableName' failed to satisfy constraint: {constraint}"
    )))
}

fn find<'a>(cx: &'a mut Context<'_>, name: &str) -> Option<&'a mut Table> {
    cx.world.dynamodb.region(cx.place).tables.get_mut(name)
}

/// The refusal of the backup operations.
fn missing_table(name: &str) -> Failure {
    Failure::new("TableNotFoundException", format!("Table not found: {name}"))
}

/// The refusal of the table operations.
fn missing_resource(name: &str) -> Failure {
    Failure::new(
        "ResourceNotFoundException",
        format!("Requested resource not found: Table: {name} not found"),
    )
}
