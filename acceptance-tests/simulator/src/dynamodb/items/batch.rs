//! BatchWriteItem and BatchGetItem. Everything is processed at once; nothing is ever left unprocessed.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::expressions::Placeholders;
use super::key::{check_index_keys, exact_key, key_of};
use super::{Item, projection, refuse, table, value};
use crate::failure::Failure;
use crate::world::Context;

const MOST_WRITES: usize = 25;
const MOST_READS: usize = 100;

fn tables(input: &Value) -> impl Iterator<Item = (&String, &Value)> {
    input["RequestItems"].as_object().into_iter().flatten()
}

pub(crate) fn write(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    refuse(&input, &[])?;
    let requests = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let count: usize = tables(&input).map(|(_, list)| requests(list).len()).sum();
    if count == 0 || count > MOST_WRITES {
        return Err(Failure::validation(format!(
            "1 validation error detected: Member must have length between 1 and {MOST_WRITES}: too many or too few \
             items requested for the BatchWriteItem call"
        )));
    }
    // All is checked before anything is written, as AWS does.
    let now = cx.now;
    let mut plan = Vec::new();
    for (reference, list) in tables(&input) {
        let table = table(cx, "BatchWriteItem", reference)?;
        let mut seen = BTreeSet::new();
        for request in requests(list) {
            let (key, item) = match (request.get("PutRequest"), request.get("DeleteRequest")) {
                (Some(put), None) => {
                    let item = value::checked(&Item::of(&put["Item"]))?;
                    check_index_keys(&table.design, &item)?;
                    (key_of(&table.design, &item)?, Some(Arc::new(item)))
                }
                (None, Some(delete)) => (exact_key(&table.design, &Item::of(&delete["Key"]))?, None),
                _ => {
                    return Err(Failure::validation(
                        "Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest",
                    ));
                }
            };
            if !seen.insert(key.clone()) {
                return Err(Failure::validation(
                    "Provided list of item keys contains duplicates",
                ));
            }
            plan.push((reference, key, item));
        }
    }
    for (reference, key, item) in plan {
        let table = table(cx, "BatchWriteItem", reference)?;
        let horizon = table.horizon(now);
        match item {
            Some(item) => table.items.put(key, item, now, horizon),
            None => table.items.delete(key, now, horizon),
        };
    }
    Ok(json!({"UnprocessedItems": {}}))
}

pub(crate) fn get(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    refuse(&input, &[])?;
    let keys = |request: &Value| request["Keys"].as_array().cloned().unwrap_or_default();
    let count: usize = tables(&input).map(|(_, request)| keys(request).len()).sum();
    if count > MOST_READS {
        return Err(Failure::validation(
            "Too many items requested for the BatchGetItem call",
        ));
    }
    let mut responses = Map::new();
    for (reference, request) in tables(&input) {
        refuse(request, &["AttributesToGet"])?;
        let table = table(cx, "BatchGetItem", reference)?;
        let mut names = Placeholders::of(request)?;
        let paths = projection::parse(request["ProjectionExpression"].as_str(), &mut names)?;
        names.check_all_used()?;
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for given in keys(request) {
            let key = exact_key(&table.design, &Item::of(&given))?;
            found.extend(
                table
                    .items
                    .get(&key)
                    .map(|item| projection::apply(paths.as_deref(), item)),
            );
            if !seen.insert(key) {
                return Err(Failure::validation(
                    "Provided list of item keys contains duplicates",
                ));
            }
        }
        responses.insert(reference.clone(), json!(found));
    }
    Ok(json!({"Responses": responses, "UnprocessedKeys": {}}))
}
