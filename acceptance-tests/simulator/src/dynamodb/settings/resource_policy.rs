//! Resource-based policies of tables and streams: kept and answered, never evaluated.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::schema::invalid;
use crate::arn::Arn;
use crate::failure::Failure;
use crate::ids::Ids;
use crate::world::{Context, read};

/// AWS: 20 KB, white space included.
const MOST_BYTES: usize = 20 * 1024;

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    document: String,
    revision: String,
}

impl Policy {
    pub(crate) fn new(ids: &mut Ids, document: String) -> Result<Self, Failure> {
        if document.len() > MOST_BYTES {
            return Err(Failure::new(
                "LimitExceededException",
                format!(
                    "The resource-based policy has {} bytes, more than {MOST_BYTES}",
                    document.len()
                ),
            ));
        }
        if !serde_json::from_str::<Value>(&document).is_ok_and(|document| document.is_object()) {
            return Err(invalid("Invalid policy document"));
        }
        Ok(Self {
            document,
            revision: ids.uuid(),
        })
    }
}

fn missing(arn: &str) -> Failure {
    Failure::new(
        "PolicyNotFoundException",
        format!("Resource-based policy not found for the provided ResourceArn: {arn}"),
    )
}

/// The place of the policy on the table, or on its stream, that the ARN names.
fn slot<'a>(cx: &'a mut Context<'_>, text: &str) -> Result<&'a mut Option<Policy>, Failure> {
    let missing = || {
        Failure::new(
            "ResourceNotFoundException",
            format!("Requested resource not found: ResourceArn: {text} not found"),
        )
    };
    let not_valid = || Failure::validation(format!("Invalid ResourceArn: {text} is not a valid ARN"));
    let arn = Arn::parse(text).filter(Arn::is_dynamodb).ok_or_else(not_valid)?;
    if arn.region != &*cx.place.region {
        return Err(Failure::validation(format!("Invalid AWS region in '{text}'")));
    }
    if arn.account != &*cx.place.account {
        return Err(missing());
    }
    let resource = arn.resource.strip_prefix("table/").ok_or_else(not_valid)?;
    let (name, label) = match resource.split_once("/stream/") {
        Some((name, label)) => (name, Some(label)),
        None => (arn.table().ok_or_else(not_valid)?, None),
    };
    let tables = &mut cx.world.dynamodb.region(cx.place).tables;
    let table = tables
        .get_mut(name)
        .filter(|table| !table.is_creating())
        .ok_or_else(missing)?;
    match label {
        None => Ok(&mut table.policy),
        Some(label) if table.stream.as_ref().is_some_and(|stream| stream.label == label) => {
            Ok(&mut table.stream_policy)
        }
        Some(_) => Err(missing()),
    }
}

fn check_revision(arn: &str, current: Option<&Policy>, expected: Option<&str>) -> Result<(), Failure> {
    match (expected, current) {
        (None, _) | (Some("NO_POLICY"), None) => Ok(()),
        (Some(expected), Some(policy)) if policy.revision == expected => Ok(()),
        (Some(_), _) => Err(missing(arn)),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    resource_arn: String,
    policy: Option<String>,
    expected_revision_id: Option<String>,
}

pub(crate) fn put(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let policy = Policy::new(&mut cx.world.ids, input.policy.unwrap_or_default())?;
    let slot = slot(cx, &input.resource_arn)?;
    check_revision(
        &input.resource_arn,
        slot.as_ref(),
        input.expected_revision_id.as_deref(),
    )?;
    // An unchanged policy keeps its revision.
    let kept = slot.take().filter(|old| old.document == policy.document);
    let policy = slot.insert(kept.unwrap_or(policy));
    Ok(json!({"RevisionId": policy.revision}))
}

pub(crate) fn get(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let policy = slot(cx, &input.resource_arn)?
        .as_ref()
        .ok_or_else(|| missing(&input.resource_arn))?;
    Ok(json!({"Policy": policy.document, "RevisionId": policy.revision}))
}

pub(crate) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let slot = slot(cx, &input.resource_arn)?;
    check_revision(
        &input.resource_arn,
        slot.as_ref(),
        input.expected_revision_id.as_deref(),
    )?;
    match slot.take() {
        Some(policy) => Ok(json!({"RevisionId": policy.revision})),
        // Deleting what is not there succeeds, again and again.
        None => Ok(json!({})),
    }
}
