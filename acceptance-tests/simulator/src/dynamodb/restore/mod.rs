//! Restores: what both operations share. A restore makes a new table with the source's items and design; every other
//! setting (tags, stream, time to live, point-in-time recovery, deletion protection, table class, policy, insights,
//! streaming destinations) is at its default afterwards.

pub(crate) mod from_backup;
mod overrides;
pub(crate) mod to_point_in_time;

use std::sync::Arc;

use serde_json::{Value, json};

use self::overrides::Overrides;
use super::design::{Design, IndexStatus};
use super::items::{Item, key_of};
use super::table::{NewTable, RestoreOrigin, Table};
use super::{describe, encryption, tables};
use crate::failure::Failure;
use crate::world::Context;

/// Regions that AWS documents as excluded from cross-Region restores.
const NO_CROSS_REGION: [&str; 2] = ["ap-east-1", "me-south-1"];

/// What the caller must be allowed to do on the target, besides the restore itself.
const ITEM_ACTIONS: [&str; 7] = [
    "BatchWriteItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "GetItem",
    "Query",
    "Scan",
];

/// What a restore reads.
struct Source {
    design: Design,
    items: Vec<Arc<Item>>,
    origin: RestoreOrigin,
}

/// Checks what a restore into another Region asks for besides.
fn check_cross_region(cx: &Context<'_>, source_region: &str, overrides: &Overrides) -> Result<(), Failure> {
    if source_region == &*cx.place.region {
        return Ok(());
    }
    for region in [source_region, &*cx.place.region] {
        if NO_CROSS_REGION.contains(&region) {
            return Err(Failure::validation(format!(
                "Cross-region restore is not supported for region {region}"
            )));
        }
    }
    if overrides.encryption.is_none() {
        return Err(Failure::validation(
            "sseSpecificationOverride must be provided for cross-region restores",
        ));
    }
    Ok(())
}

/// The target's name must be free, and not even a table that is being deleted may hold it.
fn check_target(cx: &mut Context<'_>, target: &str) -> Result<(), Failure> {
    let Some(table) = cx.world.dynamodb.region(cx.place).tables.get(target) else {
        return Ok(());
    };
    let Some(origin) = &table.restore else {
        return Err(Failure::new(
            "TableAlreadyExistsException",
            format!("Table already exists: {target}"),
        ));
    };
    Err(Failure::new(
        "TableInUseException",
        being_restored(target, origin),
    ))
}

fn being_restored(target: &str, origin: &RestoreOrigin) -> String {
    match &origin.backup_arn {
        Some(arn) => format!("Table: {target} is already being restored from backup: {arn}"),
        None => format!(
            "Table: {target} is already being restored from table: {}",
            origin.table_arn
        ),
    }
}

/// Checks permissions and quotas, builds the target's design and starts the restore.
fn start(
    cx: &mut Context<'_>,
    target: &str,
    mut source: Source,
    overrides: &Overrides,
) -> Result<Value, Failure> {
    for action in ITEM_ACTIONS {
        cx.check_allowed(&format!("dynamodb:{action}"), &cx.place.table_arn(target))?;
    }
    let most = cx.world.settings.max_concurrent_restores;
    let running = cx
        .world
        .dynamodb
        .tables_of(&cx.place.account)
        .filter(|table| table.restore.is_some())
        .count();
    if running >= most {
        return Err(Failure::new(
            "LimitExceededException",
            format!("Only {most} restore operations can be in progress at a time"),
        ));
    }
    tables::check_quota(cx)?;
    overrides.apply(&mut source.design)?;
    match &overrides.encryption {
        Some(specification) => source.design.encryption = encryption::resolve(cx, specification)?,
        // The recorded key encrypts the new table too, so it must still be usable.
        None => encryption::check_recorded(cx, cx.place, &source.design.encryption)?,
    }
    source.design.prune_attributes();
    for index in &mut source.design.global_indexes {
        index.status = IndexStatus::Creating;
    }
    let ready_at = cx.now.plus_millis(cx.world.settings.restore_ms);
    let new = NewTable {
        name: target.to_owned(),
        arn: cx.place.table_arn(target),
        id: cx.world.ids.uuid(),
        design: source.design,
        ready_at,
        continuous_backups_at: ready_at.plus_millis(cx.world.settings.continuous_backups_ready_ms),
    };
    let mut table = Table::new(new, cx.now);
    for item in source.items {
        let key = key_of(&table.design, &item)?;
        table.items.put(key, item, cx.now, cx.now);
    }
    let answer = if overrides.is_on_demand_trap() {
        // AWS starts the restore and answers this all the same.
        Err(Failure::new(
            "TableInUseException",
            being_restored(target, &source.origin),
        ))
    } else {
        Ok(())
    };
    table.restore = Some(source.origin);
    let output = json!({"TableDescription": describe::table(&table, &cx.world.keys)});
    cx.world
        .dynamodb
        .region(cx.place)
        .tables
        .insert(target.to_owned(), table);
    answer.map(|()| output)
}
