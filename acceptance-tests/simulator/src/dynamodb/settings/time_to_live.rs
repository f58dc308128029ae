//! Time to live: the setting and its cool-down. Expired items are never deleted here; AWS, too, may take days.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{find, missing_resource, table_name};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::world::{Context, read};

/// "It can take up to one hour for the change to fully process", and during that hour no other change is taken.
const COOL_DOWN_MILLIS: i64 = 60 * 60 * 1000;

#[derive(Clone, Debug, Default)]
pub(crate) struct TimeToLive {
    attribute: Option<String>,
    change: Option<Change>,
}

#[derive(Clone, Copy, Debug)]
struct Change {
    at: Moment,
    done_at: Moment,
}

impl TimeToLive {
    /// The attribute, while time to live is on.
    pub(crate) fn attribute(&self) -> Option<&str> {
        self.attribute.as_deref()
    }

    fn description(&self, now: Moment) -> Value {
        let changing = self.change.is_some_and(|change| change.done_at > now);
        match (&self.attribute, changing) {
            (Some(attribute), true) => json!({"TimeToLiveStatus": "ENABLING", "AttributeName": attribute}),
            (Some(attribute), false) => json!({"TimeToLiveStatus": "ENABLED", "AttributeName": attribute}),
            (None, true) => json!({"TimeToLiveStatus": "DISABLING"}),
            (None, false) => json!({"TimeToLiveStatus": "DISABLED"}),
        }
    }

    fn set(&mut self, wanted: &Specification, now: Moment, done_at: Moment) -> Result<(), Failure> {
        match (&self.attribute, wanted.enabled) {
            (Some(current), true) if *current != wanted.attribute_name => {
                return Err(Failure::validation(format!(
                    "TimeToLive is active on a different AttributeName: current AttributeName is {current}"
                )));
            }
            (Some(_), true) => return Err(Failure::validation("TimeToLive is already enabled")),
            (None, false) => return Err(Failure::validation("TimeToLive is already disabled")),
            (Some(current), false) if *current != wanted.attribute_name => {
                return Err(Failure::validation(format!(
                    "TimeToLive is active on a different AttributeName: current AttributeName is {current}"
                )));
            }
            _ => {}
        }
        if self
            .change
            .is_some_and(|change| change.at.plus_millis(COOL_DOWN_MILLIS) > now)
        {
            return Err(Failure::validation(
                "Time to live has been modified multiple times within a fixed interval",
            ));
        }
        self.attribute = wanted.enabled.then(|| wanted.attribute_name.clone());
        self.change = Some(Change { at: now, done_at });
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeInput {
    table_name: String,
}

pub(crate) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: DescribeInput = read(input)?;
    let name = table_name(cx, "DescribeTimeToLive", &input.table_name)?;
    let now = cx.now;
    let table = find(cx, &name).ok_or_else(|| missing_resource(&name))?;
    Ok(json!({"TimeToLiveDescription": table.time_to_live.description(now)}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateInput {
    table_name: String,
    time_to_live_specification: Specification,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Specification {
    enabled: bool,
    attribute_name: String,
}

pub(crate) fn update(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: UpdateInput = read(input)?;
    let name = table_name(cx, "UpdateTimeToLive", &input.table_name)?;
    let now = cx.now;
    let done_at = now.plus_millis(cx.world.settings.table_updating_ms);
    let found = find(cx, &name).filter(|table| !table.is_creating());
    let table = found.ok_or_else(|| missing_resource(&name))?;
    if table.is_deleting() {
        return Err(Failure::new(
            "ResourceInUseException",
            format!("Attempt to change a resource which is still in use: Table is being deleted: {name}"),
        ));
    }
    let wanted = input.time_to_live_specification;
    table.time_to_live.set(&wanted, now, done_at)?;
    Ok(
        json!({"TimeToLiveSpecification": {"Enabled": wanted.enabled, "AttributeName": wanted.attribute_name}}),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_change_per_hour() {
        let mut setting = TimeToLive::default();
        let minute = |minutes: i64| Moment::from_millis(minutes * 60_000);
        let mut set = |enabled: bool, at: Moment| {
            let wanted = Specification {
                enabled,
                attribute_name: "expires".to_owned(),
            };
            setting
                .set(&wanted, at, at)
                .err()
                .map(|failure| failure.message)
                .unwrap_or_default()
        };
        assert_eq!(set(false, minute(0)), "TimeToLive is already disabled");
        assert_eq!(set(true, minute(0)), "");
        assert_eq!(set(true, minute(1)), "TimeToLive is already enabled");
        assert!(set(false, minute(59)).contains("multiple times within a fixed interval"));
        assert_eq!(set(false, minute(60)), "");
    }
}
