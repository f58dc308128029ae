//! Replicas of a table in other Regions (global tables version 2019.11.21), as far as their descriptions show: a replica
//! begins as a copy, with settings of its own. What is written later is not carried from one to the other.

use serde::Deserialize;
use serde_json::{Value, json};

use super::design::{Encryption, IndexStatus};
use super::items::key_of;
use super::table::{NewTable, Phase, Stream, Table};
use super::tables::delete::take_down;
use super::{Estate, find, missing_resource};
use crate::failure::Failure;
use crate::place::Place;
use crate::world::{Context, read};

/// The only version that is made today.
const VERSION: &str = "2019.11.21";

/// What the records of the stream must show that carries changes to the replicas.
const VIEW_TYPE: &str = "NEW_AND_OLD_IMAGES";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    create: Option<Named>,
    delete: Option<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    region_name: String,
}

/// Makes or removes one replica of an ACTIVE table.
pub(crate) fn update(cx: &mut Context<'_>, name: &str, updates: Vec<Value>) -> Result<(), Failure> {
    let Ok([update]) = <[Value; 1]>::try_from(updates) else {
        return Err(invalid("Only one replica update is taken at a time"));
    };
    let change: Change = read(update)?;
    match (change.create, change.delete) {
        (Some(Named { region_name }), None) => create(cx, name, &region_name),
        (None, Some(Named { region_name })) => delete(cx, name, &region_name),
        _ => Err(invalid("The simulator plays Create and Delete of a replica")),
    }
}

fn create(cx: &mut Context<'_>, name: &str, region: &str) -> Result<(), Failure> {
    let there = cx.place.in_region(region);
    let now = cx.now;
    let ready_at = now.plus_millis(cx.world.settings.table_creating_ms);
    let (id, here) = (cx.world.ids.uuid(), cx.place.region.to_string());
    let taken = cx.world.dynamodb.region(&there).tables.contains_key(name);
    let home = find(cx, name).ok_or_else(|| missing_resource(name))?;
    if taken {
        return Err(invalid(&format!(
            "Failed to create a replica of the table '{name}': a table of that name already exists in \
             the Region {region}"
        )));
    }
    let streams = |stream: &Stream| stream.enabled && stream.view_type == VIEW_TYPE;
    if !home.stream.as_ref().is_some_and(streams) {
        return Err(invalid(&format!(
            "Table must have a stream of {VIEW_TYPE} to have replicas"
        )));
    }
    if home.design.encryption != Encryption::AwsOwned {
        return Err(invalid(
            "The simulator plays replicas only of tables under a key that AWS owns",
        ));
    }
    let mut design = home.design.clone();
    for index in &mut design.global_indexes {
        index.status = IndexStatus::Creating;
    }
    let mut replica = Table::new(
        NewTable {
            name: name.to_owned(),
            arn: there.table_arn(name),
            id,
            design,
            ready_at,
            continuous_backups_at: ready_at,
        },
        now,
    );
    replica.stream = home.stream.clone();
    for item in home.items.live() {
        let key = key_of(&home.design, item)?;
        replica.items.put(key, item.clone(), now, now);
    }
    let group: Vec<String> = home.replicas.iter().cloned().chain([here]).collect();
    for other in &group {
        if let Some(table) = member(&mut cx.world.dynamodb, &cx.place.in_region(other), name) {
            table.replicas.insert(region.to_owned());
        }
    }
    replica.replicas = group.into_iter().collect();
    cx.world
        .dynamodb
        .region(&there)
        .tables
        .insert(name.to_owned(), replica);
    Ok(())
}

fn delete(cx: &mut Context<'_>, name: &str, region: &str) -> Result<(), Failure> {
    let there = cx.place.in_region(region);
    let is_replica = find(cx, name).is_some_and(|home| home.replicas.contains(region));
    if !is_replica {
        return Err(invalid(&format!("Replica not found in Region {region}")));
    }
    take_down(cx, &there, name);
    Ok(())
}

/// Takes a table that is going out of the group, wherever it is known.
pub(crate) fn leave(estate: &mut Estate, place: &Place, name: &str) {
    let Some(table) = member(estate, place, name) else {
        return;
    };
    let others = std::mem::take(&mut table.replicas);
    for other in others {
        if let Some(table) = member(estate, &place.in_region(&other), name) {
            table.replicas.remove(&*place.region);
        }
    }
}

/// What a description shows of the replicas: nothing for a table without.
pub(crate) fn describe(table: &Table) -> Option<(Value, &'static str)> {
    if table.replicas.is_empty() {
        return None;
    }
    let status = match table.phase {
        Phase::Updating { .. } => "UPDATING",
        _ => "ACTIVE",
    };
    let replicas = table
        .replicas
        .iter()
        .map(|region| json!({"RegionName": region, "ReplicaStatus": status}));
    Some((replicas.collect(), VERSION))
}

fn member<'a>(estate: &'a mut Estate, place: &Place, name: &str) -> Option<&'a mut Table> {
    estate.region(place).tables.get_mut(name)
}

fn invalid(text: &str) -> Failure {
    Failure::validation(text)
}
