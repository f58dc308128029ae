//! Replicas of global tables, version 2019.11.21: UpdateTable makes one, which begins with the items of that moment, and
//! every member shows the others. Not played: that later writes arrive elsewhere, overrides of a replica, its change and
//! its removal by UpdateTable, witnesses, and the older version.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::design::{Encryption, IndexStatus};
use super::super::items::key_of;
use super::super::schema::invalid;
use super::super::table::{NewTable, Phase, Table};
use super::super::{describe, encryption, missing_resource};
use super::check_quota;
use crate::failure::Failure;
use crate::world::{Context, read};

/// For how long a table from which a replica was filled cannot be deleted.
const SOURCE_HOURS: i64 = 24;

/// One of `ReplicaUpdates`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Change {
    create: Option<Creation>,
}

#[derive(Deserialize)]
struct Creation {
    #[serde(rename = "RegionName")]
    region: String,
    #[serde(flatten)]
    overrides: Map<String, Value>,
}

/// Makes a replica of an active table. The table is UPDATING until it is there.
pub(super) fn add(cx: &mut Context<'_>, name: &str, changes: Vec<Change>) -> Result<Value, Failure> {
    let refused = |text: &str| Err(Failure::validation(format!("The simulator does not play {text}")));
    let [Change { create: Some(wanted) }] = changes.as_slice() else {
        return refused("anything but one new replica in ReplicaUpdates");
    };
    if let Some(member) = wanted.overrides.keys().next() {
        return refused(&format!("{member} of a replica"));
    }
    let home = cx.place.clone();
    let place = home.in_region(&wanted.region);
    let is_there = cx.world.dynamodb.region(&place).tables.contains_key(name);
    if is_there || place == home {
        return Err(Failure::validation(format!(
            "Failed to create a the new replica of table with name: '{name}' because one or more replicas already existed \
             as tables."
        )));
    }
    let now = cx.now;
    let ready_at = now.plus_millis(cx.world.settings.table_creating_ms);
    let id = cx.world.ids.uuid();
    let source = cx.world.dynamodb.region(&home).tables.get(name);
    let source = source.ok_or_else(|| missing_resource(name))?;
    let stream = source
        .stream
        .clone()
        .filter(|stream| stream.enabled && stream.view_type == "NEW_AND_OLD_IMAGES")
        .ok_or_else(|| {
            invalid("Table must have a stream with the view type NEW_AND_OLD_IMAGES to have replicas")
        })?;
    let mut design = source.design.clone();
    for index in &mut design.global_indexes {
        index.status = IndexStatus::Creating;
    }
    let items: Vec<_> = source.items.live().cloned().collect();
    let members: Vec<String> = source.replicas.keys().cloned().collect();
    let mut there = Context {
        world: &mut *cx.world,
        caller: cx.caller,
        place: &place,
        now,
        host: cx.host,
    };
    check_quota(&mut there)?;
    if matches!(design.encryption, Encryption::Kms { .. }) {
        // A key of the table's own Region is of no use elsewhere.
        design.encryption = encryption::resolve(&mut there, &read(json!({"Enabled": true}))?)?;
    }
    let mut replica = Table::new(
        NewTable {
            name: name.to_owned(),
            arn: place.table_arn(name),
            id,
            design,
            ready_at,
            continuous_backups_at: ready_at.plus_millis(cx.world.settings.continuous_backups_ready_ms),
        },
        now,
    );
    for item in items {
        let key = key_of(&replica.design, &item)?;
        replica.items.put(key, item, now, now);
    }
    replica.stream = Some(stream);
    replica.replicas = members.iter().map(|region| (region.clone(), None)).collect();
    replica.replicas.insert(home.region.to_string(), None);
    cx.world
        .dynamodb
        .region(&place)
        .tables
        .insert(name.to_owned(), replica);
    for region in members.iter().map(String::as_str).chain([&*home.region]) {
        let place = home.in_region(region);
        if let Some(member) = cx.world.dynamodb.region(&place).tables.get_mut(name) {
            member.replicas.insert(wanted.region.clone(), Some(ready_at));
        }
    }
    let world = &mut *cx.world;
    let source = world.dynamodb.region(&home).tables.get_mut(name);
    let source = source.ok_or_else(|| missing_resource(name))?;
    source.phase = Phase::Updating { until: ready_at };
    source.source_of_replica_until = Some(now.plus_millis(SOURCE_HOURS * 3_600_000));
    Ok(json!({"TableDescription": describe::table(source, &world.keys)}))
}

/// Refuses to delete a table from which a replica was filled a short while ago.
pub(super) fn check_deletion(table: &Table, now: crate::clock::Moment) -> Result<(), Failure> {
    if table.source_of_replica_until.is_none_or(|until| until <= now) {
        return Ok(());
    }
    Err(Failure::validation(
        "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in \
         the last 24 hours.",
    ))
}

/// Takes the table at the caller's place out of the others' lists.
pub(super) fn leave(cx: &mut Context<'_>, name: &str, members: &[String]) {
    for region in members {
        let place = cx.place.in_region(region);
        if let Some(member) = cx.world.dynamodb.region(&place).tables.get_mut(name) {
            member.replicas.remove(&*cx.place.region);
        }
    }
}
