//! Query: one partition of a table or an index, in the order of its sort key.

use serde_json::Value;

use super::expressions::Placeholders;
use super::expressions::condition;
use super::key::hash_names;
use super::page::{Direction, Page};
use super::{refuse, table};
use crate::failure::Failure;
use crate::world::Context;

const LEGACY: [&str; 4] = [
    "AttributesToGet",
    "QueryFilter",
    "ConditionalOperator",
    "KeyConditions",
];

pub(crate) fn serve(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    refuse(&input, &LEGACY)?;
    let table = table(cx, "Query", input["TableName"].as_str().unwrap_or_default())?;
    let mut placeholders = Placeholders::of(&input)?;
    let text = input["KeyConditionExpression"].as_str().ok_or_else(|| {
        Failure::validation(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
        )
    })?;
    let keys = condition::parse("KeyConditionExpression", text, &mut placeholders)?;
    let page = Page::of(&input, &table.design, &mut placeholders)?;
    placeholders.check_all_used()?;
    let index = input["IndexName"].as_str();
    let schema = index
        .and_then(|index| table.design.index_key_schema(index))
        .unwrap_or(&table.design.key_schema);
    let hashes: Vec<&str> = hash_names(schema).collect();
    let ranges: Vec<&str> = schema
        .iter()
        .map(|element| &*element.attribute_name)
        .filter(|name| !hashes.contains(name))
        .collect();
    keys.check_key_condition(&hashes, &ranges)?;
    let direction = match input["ScanIndexForward"].as_bool() {
        Some(false) => Direction::Backward,
        _ => Direction::Forward,
    };
    let held = table.items.live().filter(|item| keys.holds(item));
    let candidates = held
        .filter_map(|item| Some((page.position(item)?, item)))
        .collect();
    Ok(page.read(candidates, direction))
}
