//! Resource-based policies of tables and streams: kept and answered, never evaluated.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::schema::invalid;
use crate::arn::Arn;
use crate::clock::Moment;
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

/// The policy of one table or stream. A change is accepted at once and shows a while later.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attached {
    current: Option<Policy>,
    /// What is shown until the last change shows.
    before: Option<Policy>,
    change: Option<Change>,
}

#[derive(Clone, Copy, Debug)]
struct Change {
    at: Moment,
    shown_at: Moment,
}

impl Attached {
    /// The policy of a new table, which is in force from the beginning.
    pub(crate) fn from_the_beginning(policy: Option<Policy>) -> Self {
        Self {
            current: policy,
            ..Self::default()
        }
    }

    pub(crate) fn is_attached(&self) -> bool {
        self.current.is_some()
    }

    fn shown(&self, now: Moment) -> Option<&Policy> {
        match self.change {
            Some(change) if change.shown_at > now => self.before.as_ref(),
            _ => self.current.as_ref(),
        }
    }

    fn set(&mut self, policy: Option<Policy>, arn: &str, pace: &Pace) -> Result<(), Failure> {
        let too_soon = self
            .change
            .is_some_and(|change| change.at.plus_millis(pace.interval_ms) > pace.now);
        if too_soon {
            return Err(Failure::new(
                "LimitExceededException",
                format!("The resource-based policy of {arn} was changed only moments ago"),
            ));
        }
        self.before = std::mem::replace(&mut self.current, policy);
        self.change = Some(Change {
            at: pace.now,
            shown_at: pace.now.plus_millis(pace.showing_ms),
        });
        Ok(())
    }
}

/// When a change is made, how long it takes to show, and how soon the next one is taken.
struct Pace {
    now: Moment,
    showing_ms: i64,
    interval_ms: i64,
}

impl Pace {
    fn of(cx: &Context<'_>) -> Self {
        Self {
            now: cx.now,
            showing_ms: cx.world.settings.table_updating_ms,
            interval_ms: cx.world.settings.policy_interval_ms,
        }
    }
}

fn missing(arn: &str) -> Failure {
    Failure::new(
        "PolicyNotFoundException",
        format!("Resource-based policy not found for the provided ResourceArn: {arn}"),
    )
}

/// The place of the policy on the table, or on its stream, that the ARN names.
fn slot<'a>(cx: &'a mut Context<'_>, text: &str) -> Result<&'a mut Attached, Failure> {
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
    let pace = Pace::of(cx);
    let slot = slot(cx, &input.resource_arn)?;
    check_revision(
        &input.resource_arn,
        slot.current.as_ref(),
        input.expected_revision_id.as_deref(),
    )?;
    match &slot.current {
        // An unchanged policy keeps its revision.
        Some(kept) if kept.document == policy.document => Ok(json!({"RevisionId": kept.revision})),
        _ => {
            let answer = json!({"RevisionId": policy.revision});
            slot.set(Some(policy), &input.resource_arn, &pace)?;
            Ok(answer)
        }
    }
}

pub(crate) fn get(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let now = cx.now;
    let policy = slot(cx, &input.resource_arn)?
        .shown(now)
        .ok_or_else(|| missing(&input.resource_arn))?;
    Ok(json!({"Policy": policy.document, "RevisionId": policy.revision}))
}

pub(crate) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let pace = Pace::of(cx);
    let slot = slot(cx, &input.resource_arn)?;
    check_revision(
        &input.resource_arn,
        slot.current.as_ref(),
        input.expected_revision_id.as_deref(),
    )?;
    match slot.current.as_ref().map(|policy| policy.revision.clone()) {
        Some(revision) => {
            slot.set(None, &input.resource_arn, &pace)?;
            Ok(json!({"RevisionId": revision}))
        }
        // Deleting what is not there succeeds, again and again.
        None => Ok(json!({})),
    }
}
