//! Kinesis streaming destinations: the setting only, no record is ever sent.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{find, missing_resource, table_name};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::world::{Context, read};

#[derive(Clone, Debug)]
pub(crate) struct Destination {
    pub(crate) stream_arn: String,
    enabled: bool,
    /// Switched on before: only its precision is being changed.
    updating: bool,
    done_at: Moment,
    precision: String,
}

impl Destination {
    fn status(&self, now: Moment) -> &'static str {
        match (self.enabled, self.done_at > now) {
            (true, true) if self.updating => "UPDATING",
            (true, true) => "ENABLING",
            (true, false) => "ACTIVE",
            (false, true) => "DISABLING",
            (false, false) => "DISABLED",
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    table_name: String,
    stream_arn: Option<String>,
    enable_kinesis_streaming_configuration: Option<Configuration>,
    update_kinesis_streaming_configuration: Option<Configuration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    approximate_creation_date_time_precision: Option<String>,
}

pub(crate) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let name = table_name(cx, "DescribeKinesisStreamingDestination", &input.table_name)?;
    let now = cx.now;
    let table = find(cx, &name).ok_or_else(|| missing_resource(&name))?;
    let destinations: Vec<Value> = table
        .kinesis
        .iter()
        .map(|destination| {
            json!({
                "StreamArn": destination.stream_arn,
                "DestinationStatus": destination.status(now),
                "ApproximateCreationDateTimePrecision": destination.precision,
            })
        })
        .collect();
    Ok(json!({"TableName": name, "KinesisDataStreamDestinations": destinations}))
}

pub(crate) fn enable(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let precision = input
        .enable_kinesis_streaming_configuration
        .as_ref()
        .and_then(|configuration| configuration.approximate_creation_date_time_precision.clone());
    change(
        cx,
        "EnableKinesisStreamingDestination",
        &input,
        Some(precision.unwrap_or("MILLISECOND".to_owned())),
    )
}

pub(crate) fn disable(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    change(cx, "DisableKinesisStreamingDestination", &input, None)
}

/// Switches a destination on with a precision, or off without.
fn change(
    cx: &mut Context<'_>,
    operation: &str,
    input: &Input,
    on: Option<String>,
) -> Result<Value, Failure> {
    let name = table_name(cx, operation, &input.table_name)?;
    let stream_arn = input.stream_arn.clone().unwrap_or_default();
    let now = cx.now;
    let done_at = now.plus_millis(cx.world.settings.table_updating_ms);
    let found = find(cx, &name).filter(|table| !table.is_creating());
    let table = found.ok_or_else(|| missing_resource(&name))?;
    let known = table
        .kinesis
        .iter()
        .position(|destination| destination.stream_arn == stream_arn);
    let is_on = known.is_some_and(|at| table.kinesis[at].enabled);
    if on.is_some() == is_on {
        let state = if is_on { "already enabled" } else { "not enabled" };
        return Err(Failure::validation(format!(
            "Table {name} has the Kinesis streaming destination {stream_arn} {state}"
        )));
    }
    let destination = Destination {
        stream_arn: stream_arn.clone(),
        enabled: on.is_some(),
        updating: false,
        done_at,
        precision: on
            .or_else(|| known.map(|at| table.kinesis[at].precision.clone()))
            .unwrap_or_default(),
    };
    let output = json!({
        "TableName": name,
        "StreamArn": stream_arn,
        "DestinationStatus": destination.status(now),
    });
    match known {
        Some(at) => table.kinesis[at] = destination,
        None => table.kinesis.push(destination),
    }
    Ok(output)
}

/// Changes the precision of a destination that is on.
pub(crate) fn update(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let name = table_name(cx, "UpdateKinesisStreamingDestination", &input.table_name)?;
    let stream_arn = input.stream_arn.unwrap_or_default();
    let precision = input
        .update_kinesis_streaming_configuration
        .and_then(|configuration| configuration.approximate_creation_date_time_precision);
    let now = cx.now;
    let done_at = now.plus_millis(cx.world.settings.table_updating_ms);
    let found = find(cx, &name).filter(|table| !table.is_creating());
    let table = found.ok_or_else(|| missing_resource(&name))?;
    let active = table
        .kinesis
        .iter_mut()
        .find(|destination| destination.stream_arn == stream_arn && destination.status(now) == "ACTIVE");
    let (Some(destination), Some(precision)) = (active, precision) else {
        return Err(Failure::validation(format!(
            "Table {name} has no active Kinesis streaming destination {stream_arn} to be updated with a precision"
        )));
    };
    if destination.precision == precision {
        return Err(Failure::validation(format!(
            "The Kinesis streaming destination {stream_arn} of table {name} has the precision {precision} already"
        )));
    }
    destination.updating = true;
    destination.done_at = done_at;
    destination.precision.clone_from(&precision);
    Ok(json!({
        "TableName": name,
        "StreamArn": stream_arn,
        "DestinationStatus": "UPDATING",
        "UpdateKinesisStreamingConfiguration": {"ApproximateCreationDateTimePrecision": precision},
    }))
}
