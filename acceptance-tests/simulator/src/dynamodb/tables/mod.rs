//! Tables themselves: create, update, delete, describe, list.

pub(crate) mod create;
pub(crate) mod delete;
mod replicas;
pub(crate) mod update;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{describe as view, missing_resource, table_name};
use crate::failure::Failure;
use crate::world::{Context, read};

/// AWS's page of ListTables when no limit is sent, and its largest.
const PAGE: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Describe {
    table_name: String,
}

pub(crate) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Describe = read(input)?;
    let name = table_name(cx, "DescribeTable", &input.table_name)?;
    let world = &mut *cx.world;
    let table = world
        .dynamodb
        .region(cx.place)
        .tables
        .get(&name)
        .ok_or_else(|| missing_resource(&name))?;
    Ok(json!({"Table": view::table(table, &world.keys)}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    exclusive_start_table_name: Option<String>,
    limit: Option<usize>,
}

pub(crate) fn list(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let start = input.exclusive_start_table_name.unwrap_or_default();
    let limit = input.limit.unwrap_or(PAGE);
    let tables = &cx.world.dynamodb.region(cx.place).tables;
    let mut names: Vec<&String> = tables
        .keys()
        .filter(|name| **name > start)
        .take(limit + 1)
        .collect();
    let more = names.len() > limit;
    names.truncate(limit);
    let mut output = json!({"TableNames": names});
    if let (true, Some(last)) = (more, names.last()) {
        output["LastEvaluatedTableName"] = json!(last);
    }
    Ok(output)
}

/// Refuses one table too many.
pub(crate) fn check_quota(cx: &mut Context<'_>) -> Result<(), Failure> {
    let most = cx.world.settings.max_tables;
    if cx.world.dynamodb.region(cx.place).tables.len() < most {
        return Ok(());
    }
    Err(Failure::new(
        "LimitExceededException",
        format!("Subscriber limit exceeded: There is a limit of {most} tables per subscriber"),
    ))
}
