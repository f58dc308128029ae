//! Tags of vaults, plans and recovery points.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{invalid, missing};
use crate::arn::Arn;
use crate::failure::Failure;
use crate::world::{Context, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    resource_arn: String,
    tags: BTreeMap<String, String>,
}

pub(super) fn tag(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Tag = read(input)?;
    let tags = find(cx, &input.resource_arn)?;
    let new = input.tags.keys().filter(|key| !tags.contains_key(*key)).count();
    if tags.len() + new > 50 {
        return Err(Failure::new(
            "LimitExceededException",
            "A resource has at most 50 tags.",
        ));
    }
    tags.extend(input.tags);
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Untag {
    resource_arn: String,
    tag_key_list: Vec<String>,
}

pub(super) fn untag(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Untag = read(input)?;
    let tags = find(cx, &input.resource_arn)?;
    tags.retain(|key, _| !input.tag_key_list.contains(key));
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    resource_arn: String,
}

pub(super) fn list(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let tags = find(cx, &input.resource_arn)?;
    Ok(json!({"Tags": tags}))
}

/// The tags of whatever an ARN of the caller's account and Region means.
fn find<'a>(cx: &'a mut Context<'_>, text: &str) -> Result<&'a mut BTreeMap<String, String>, Failure> {
    let not_found = || missing(format!("The resource {text} does not exist."));
    // Recovery points without the advanced features are DynamoDB's, and have no tags.
    let arn = Arn::parse(text)
        .filter(|arn| arn.service == "backup")
        .ok_or_else(|| invalid(format!("Invalid ARN: {text}")))?;
    if arn.account != &*cx.place.account || arn.region != &*cx.place.region {
        return Err(not_found());
    }
    let region = cx.world.backup.region(cx.place);
    if let Some(name) = arn.resource.strip_prefix("backup-vault:") {
        return region
            .vaults
            .get_mut(name)
            .map(|vault| &mut vault.tags)
            .ok_or_else(not_found);
    }
    if let Some(id) = arn.resource.strip_prefix("backup-plan:") {
        return region
            .plans
            .get_mut(id)
            .map(|plan| &mut plan.tags)
            .ok_or_else(not_found);
    }
    region
        .vaults
        .values_mut()
        .find_map(|vault| vault.points.get_mut(text))
        .map(|point| &mut point.tags)
        .ok_or_else(not_found)
}
