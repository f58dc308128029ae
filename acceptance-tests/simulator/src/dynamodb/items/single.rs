//! PutItem, GetItem, DeleteItem, UpdateItem.

use std::sync::Arc;

use serde_json::{Value, json};

use super::expressions::{Placeholders, condition, update};
use super::key::{check_index_keys, exact_key, key_of};
use super::{Item, projection, refuse, table, value};
use crate::failure::Failure;
use crate::world::Context;

const LEGACY_WRITE: [&str; 3] = ["Expected", "ConditionalOperator", "AttributeUpdates"];

fn text<'a>(input: &'a Value, name: &str) -> &'a str {
    input[name].as_str().unwrap_or_default()
}

pub(crate) fn get(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    refuse(&input, &["AttributesToGet"])?;
    let table = table(cx, "GetItem", text(&input, "TableName"))?;
    let key = exact_key(&table.design, &Item::of(&input["Key"]))?;
    let mut names = Placeholders::of(&input)?;
    let paths = projection::parse(input["ProjectionExpression"].as_str(), &mut names)?;
    names.check_all_used()?;
    match table.items.get(&key) {
        None => Ok(json!({})),
        Some(item) => Ok(json!({"Item": projection::apply(paths.as_deref(), item)})),
    }
}

/// Checks the condition of a write against the item that is there.
fn check_condition(
    input: &Value,
    placeholders: &mut Placeholders,
    old: Option<&Arc<Item>>,
) -> Result<(), Failure> {
    let Some(text) = input["ConditionExpression"].as_str() else {
        return Ok(());
    };
    let condition = condition::parse("ConditionExpression", text, placeholders)?;
    let empty = Item::default();
    if condition.holds(old.map_or(&empty, |item| item)) {
        return Ok(());
    }
    Err(Failure::new(
        "ConditionalCheckFailedException",
        "The conditional request failed",
    ))
}

fn return_values(input: &Value, allowed: &[&str]) -> Result<String, Failure> {
    let wanted = input["ReturnValues"].as_str().unwrap_or("NONE");
    if allowed.contains(&wanted) {
        return Ok(wanted.to_owned());
    }
    Err(Failure::validation(format!(
        "ReturnValues can only be {}",
        allowed.join(" or ")
    )))
}

pub(crate) fn put(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    refuse(&input, &LEGACY_WRITE)?;
    let returned = return_values(&input, &["NONE", "ALL_OLD"])?;
    let now = cx.now;
    let table = table(cx, "PutItem", text(&input, "TableName"))?;
    let item = value::checked(&Item::of(&input["Item"]))?;
    let key = key_of(&table.design, &item)?;
    check_index_keys(&table.design, &item)?;
    let mut placeholders = Placeholders::of(&input)?;
    check_condition(&input, &mut placeholders, table.items.get(&key))?;
    placeholders.check_all_used()?;
    let horizon = table.horizon(now);
    let old = table.items.put(key, Arc::new(item), now, horizon);
    Ok(attributes(
        old.filter(|_| returned == "ALL_OLD").map(|old| (*old).clone()),
    ))
}

pub(crate) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    refuse(&input, &LEGACY_WRITE)?;
    let returned = return_values(&input, &["NONE", "ALL_OLD"])?;
    let now = cx.now;
    let table = table(cx, "DeleteItem", text(&input, "TableName"))?;
    let key = exact_key(&table.design, &Item::of(&input["Key"]))?;
    let mut placeholders = Placeholders::of(&input)?;
    check_condition(&input, &mut placeholders, table.items.get(&key))?;
    placeholders.check_all_used()?;
    let horizon = table.horizon(now);
    let old = table.items.delete(key, now, horizon);
    Ok(attributes(
        old.filter(|_| returned == "ALL_OLD").map(|old| (*old).clone()),
    ))
}

fn attributes(item: Option<Item>) -> Value {
    match item {
        Some(item) if !item.is_empty() => json!({"Attributes": item}),
        _ => json!({}),
    }
}

pub(crate) fn update(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    refuse(&input, &LEGACY_WRITE)?;
    let returned = return_values(
        &input,
        &["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"],
    )?;
    let now = cx.now;
    let table = table(cx, "UpdateItem", text(&input, "TableName"))?;
    let given = Item::of(&input["Key"]);
    let key = exact_key(&table.design, &given)?;
    let old = table.items.get(&key).cloned();
    let mut placeholders = Placeholders::of(&input)?;
    check_condition(&input, &mut placeholders, old.as_ref())?;
    let changes = match input["UpdateExpression"].as_str() {
        Some(text) => update::parse(text, &mut placeholders)?,
        None => update::Update::default(),
    };
    placeholders.check_all_used()?;
    for name in changes.names() {
        if table
            .design
            .key_schema
            .iter()
            .any(|element| element.attribute_name == name)
        {
            return Err(Failure::validation(format!(
                "One or more parameter values were invalid: Cannot update attribute {name}. This attribute is part \
                 of the key"
            )));
        }
    }
    let before = old.as_deref().cloned().unwrap_or_else(|| given.clone());
    let after = value::checked(&changes.apply(&before)?)?;
    check_index_keys(&table.design, &after)?;
    let horizon = table.horizon(now);
    table.items.put(key, Arc::new(after.clone()), now, horizon);
    let touched = |item: &Item| -> Item {
        let kept = changes
            .names()
            .filter_map(|name| Some((name.to_owned(), item.get(name)?.clone())));
        kept.collect::<Item>()
    };
    Ok(attributes(match returned.as_str() {
        "ALL_OLD" => old.as_deref().cloned(),
        "UPDATED_OLD" => old.as_deref().map(touched),
        "ALL_NEW" => Some(after),
        "UPDATED_NEW" => Some(touched(&after)),
        _ => None,
    }))
}
