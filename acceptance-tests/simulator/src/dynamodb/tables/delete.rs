//! DeleteTable, and the SYSTEM backup that a table with point-in-time recovery leaves behind.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::backups::{Backup, Kind};
use super::super::table::Phase;
use super::super::{describe, missing_resource, replicas, table_name};
use crate::failure::Failure;
use crate::place::Place;
use crate::world::{Context, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    table_name: String,
}

pub(crate) fn serve(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let name = table_name(cx, "DeleteTable", &input.table_name)?;
    let region = cx.world.dynamodb.region(cx.place);
    let table = region.tables.get(&name).ok_or_else(|| missing_resource(&name))?;
    let busy = |doing: &str| {
        Failure::new(
            "ResourceInUseException",
            format!("Attempt to change a resource which is still in use: Table is being {doing}: {name}"),
        )
    };
    match table.phase {
        Phase::Creating { .. } => return Err(busy("created")),
        Phase::Updating { .. } => return Err(busy("updated")),
        Phase::Deleting { .. } => return Err(busy("deleted")),
        Phase::Active | Phase::Archived => {}
    }
    if table.deletion_protection {
        return Err(Failure::validation(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection \
             first.",
        ));
    }
    let place = cx.place.clone();
    let mut description = take_down(cx, &place, &name);
    // The answer to DeleteTable leaves out what is already being taken down.
    for member in ["KeySchema", "AttributeDefinitions", "CreationDateTime"] {
        description
            .as_object_mut()
            .and_then(|description| description.remove(member));
    }
    Ok(json!({"TableDescription": description}))
}

/// Begins the deletion of a table, which leaves a SYSTEM backup where it had point-in-time recovery. Answers its
/// description; nothing where there is no such table.
pub(crate) fn take_down(cx: &mut Context<'_>, place: &Place, name: &str) -> Value {
    let now = cx.now;
    let world = &mut *cx.world;
    let until = now.plus_millis(world.settings.table_deleting_ms);
    let visible_at = now.plus_millis(world.settings.system_backup_ms);
    replicas::leave(&mut world.dynamodb, place, name);
    let region = world.dynamodb.region(place);
    let Some(table) = region.tables.get_mut(name) else {
        return Value::Null;
    };
    table.phase = Phase::Deleting { until };
    if table.recovery.is_some() {
        let backup = Backup::of(table, Kind::System { visible_at }, now);
        region.backups.insert(backup.arn.clone(), backup);
    }
    describe::table(table, &world.keys)
}
