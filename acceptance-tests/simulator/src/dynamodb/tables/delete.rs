//! DeleteTable, and the SYSTEM backup that a table with point-in-time recovery leaves behind.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::backups::{Backup, Kind};
use super::super::table::Phase;
use super::super::{describe, missing_resource, table_name};
use super::replicas;
use crate::failure::Failure;
use crate::world::{Context, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    table_name: String,
}

pub(crate) fn serve(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let name = table_name(cx, "DeleteTable", &input.table_name)?;
    let now = cx.now;
    let settings = &cx.world.settings;
    let gone_at = now.plus_millis(settings.table_deleting_ms);
    let backup_at = now.plus_millis(settings.system_backup_ms);
    let region = cx.world.dynamodb.region(cx.place);
    let table = region
        .tables
        .get_mut(&name)
        .ok_or_else(|| missing_resource(&name))?;
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
        Phase::Active => {}
    }
    if table.deletion_protection {
        return Err(Failure::validation(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection \
             first.",
        ));
    }
    replicas::check_deletion(table, now)?;
    table.phase = Phase::Deleting { until: gone_at };
    let members: Vec<String> = std::mem::take(&mut table.replicas).into_keys().collect();
    let backup = table.recovery.map(|_| {
        Backup::of(
            table,
            Kind::System {
                visible_at: backup_at,
            },
            now,
        )
    });
    let mut description = describe::table(table, &cx.world.keys);
    // The answer to DeleteTable leaves out what is already being taken down.
    for member in ["KeySchema", "AttributeDefinitions", "CreationDateTime"] {
        description
            .as_object_mut()
            .and_then(|description| description.remove(member));
    }
    replicas::leave(cx, &name, &members);
    if let Some(backup) = backup {
        cx.world
            .dynamodb
            .region(cx.place)
            .backups
            .insert(backup.arn.clone(), backup);
    }
    Ok(json!({"TableDescription": description}))
}
