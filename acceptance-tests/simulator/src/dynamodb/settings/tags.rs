//! Tags of tables. Backups take none.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::schema::invalid;
use super::super::table::Table;
use crate::arn::Arn;
use crate::failure::Failure;
use crate::world::{Context, read};

/// AWS: fifty tags per resource.
const MOST: usize = 50;

/// Tags per page of ListTagsOfResource.
const PAGE: usize = 10;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Tag {
    key: String,
    value: String,
}

/// The tags that a table has after `new` were added to `old`.
pub(crate) fn checked(
    new: &[Tag],
    old: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Failure> {
    let keys: BTreeSet<&str> = new.iter().map(|tag| tag.key.as_str()).collect();
    if keys.len() < new.len() {
        return Err(invalid("Tag keys must be unique"));
    }
    if let Some(key) = keys
        .iter()
        .find(|key| key.to_ascii_lowercase().starts_with("aws:"))
    {
        return Err(invalid(format_args!(
            "Tag key {key} begins with aws:, which is reserved for AWS"
        )));
    }
    let mut tags = old.clone();
    tags.extend(new.iter().map(|tag| (tag.key.clone(), tag.value.clone())));
    if tags.len() > MOST {
        return Err(invalid(format_args!(
            "Too many tags: {} exceed the maximum of {MOST}",
            tags.len()
        )));
    }
    Ok(tags)
}

/// The table that a tag operation names. One that is still CREATING can be read but not tagged.
fn table<'a>(cx: &'a mut Context<'_>, operation: &str, text: &str) -> Result<&'a mut Table, Failure> {
    let arn = Arn::parse(text).filter(Arn::is_dynamodb);
    let Some((arn, name)) = arn.and_then(|arn| Some((arn, arn.table()?))) else {
        return Err(Failure::validation(format!(
            "Provided Arn is not a DynamoDB resource arn: {text}"
        )));
    };
    if arn.account != &*cx.place.account {
        let action = format!("dynamodb:{operation}");
        return Err(cx.denied(
            &action,
            text,
            &format!("no resource-based policy allows the {action} action"),
        ));
    }
    if arn.region != &*cx.place.region {
        return Err(Failure::validation(format!("Invalid AWS region in '{text}'")));
    }
    let found = cx.world.dynamodb.region(cx.place).tables.get_mut(name);
    // AWS misspells ResourceArn in this text.
    found
        .filter(|table| operation == "ListTagsOfResource" || !table.is_creating())
        .ok_or_else(|| {
            Failure::new(
                "ResourceNotFoundException",
                format!("Requested resource not found: ResourcArn: {text} not found"),
            )
        })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TagInput {
    resource_arn: String,
    tags: Vec<Tag>,
}

pub(crate) fn tag(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: TagInput = read(input)?;
    let table = table(cx, "TagResource", &input.resource_arn)?;
    table.tags = checked(&input.tags, &table.tags)?;
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UntagInput {
    resource_arn: String,
    tag_keys: Vec<String>,
}

pub(crate) fn untag(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: UntagInput = read(input)?;
    let table = table(cx, "UntagResource", &input.resource_arn)?;
    table.tags.retain(|key, _| !input.tag_keys.contains(key));
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    resource_arn: String,
    next_token: Option<String>,
}

pub(crate) fn list(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: ListInput = read(input)?;
    let table = table(cx, "ListTagsOfResource", &input.resource_arn)?;
    // The token is the last key that was listed: nothing else to remember between pages.
    let after = input.next_token;
    let left: Vec<Tag> = table
        .tags
        .iter()
        .filter(|(key, _)| after.as_ref().is_none_or(|after| *key > after))
        .map(|(key, value)| Tag {
            key: key.clone(),
            value: value.clone(),
        })
        .collect();
    let page = &left[..left.len().min(PAGE)];
    let mut output = json!({"Tags": page});
    if let (true, Some(last)) = (left.len() > PAGE, page.last()) {
        output["NextToken"] = json!(last.key);
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(count: usize) -> Vec<Tag> {
        (0..count)
            .map(|number| Tag {
                key: format!("k{number:02}"),
                value: String::new(),
            })
            .collect()
    }

    #[test]
    fn fifty_tags_and_no_reserved_key() {
        let none = BTreeMap::new();
        assert_eq!(checked(&tags(50), &none).unwrap().len(), 50);
        assert!(checked(&tags(51), &none).is_err());
        let full = checked(&tags(50), &none).unwrap();
        assert!(checked(&tags(3), &full).is_ok(), "replacing tags adds none");
        let reserved = [Tag {
            key: "AWS:x".to_owned(),
            value: String::new(),
        }];
        assert!(
            checked(&reserved, &none)
                .unwrap_err()
                .message
                .contains("reserved")
        );
    }
}
