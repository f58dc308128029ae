//! CloudWatch Contributor Insights: on or off, per table and per index.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{find, missing_resource, table_name};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::world::{Context, read};

/// The setting of one table or index. Absence means that it was never switched on.
#[derive(Clone, Debug)]
pub(crate) struct Insights {
    enabled: bool,
    changed_at: Moment,
    done_at: Moment,
    mode: Option<String>,
}

impl Insights {
    fn status(&self, now: Moment) -> &'static str {
        match (self.enabled, self.done_at > now) {
            (true, true) => "ENABLING",
            (true, false) => "ENABLED",
            (false, true) => "DISABLING",
            (false, false) => "DISABLED",
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    table_name: String,
    index_name: Option<String>,
    contributor_insights_action: Option<String>,
    contributor_insights_mode: Option<String>,
}

pub(crate) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let name = table_name(cx, "DescribeContributorInsights", &input.table_name)?;
    let now = cx.now;
    let table = find(cx, &name).ok_or_else(|| missing_resource(&name))?;
    check_index(
        table
            .design
            .index_key_schema(input.index_name.as_deref().unwrap_or_default()),
        &input,
    )?;
    let setting = table.insights.get(&input.index_name);
    let mut output = json!({
        "TableName": name,
        "ContributorInsightsStatus": setting.map_or("DISABLED", |setting| setting.status(now)),
    });
    if let Some(setting) = setting {
        output["LastUpdateDateTime"] = setting.changed_at.to_epoch_seconds();
        if setting.enabled {
            let subject = input
                .index_name
                .as_ref()
                .map_or(name.clone(), |index| format!("{name}-{index}"));
            let rules = ["PKC", "PKT", "SKC", "SKT"];
            output["ContributorInsightsRuleList"] = rules
                .map(|rule| {
                    format!(
                        "DynamoDBContributorInsights-{rule}-{subject}-{}",
                        setting.changed_at.as_millis()
                    )
                })
                .into_iter()
                .collect();
            if let Some(mode) = &setting.mode {
                output["ContributorInsightsMode"] = json!(mode);
            }
        }
    }
    if let Some(index) = input.index_name {
        output["IndexName"] = json!(index);
    }
    Ok(output)
}

fn check_index<T>(schema: Option<T>, input: &Input) -> Result<(), Failure> {
    match (&input.index_name, schema) {
        (Some(index), None) => Err(Failure::new(
            "ResourceNotFoundException",
            format!("Requested resource not found: Index: {index} not found"),
        )),
        _ => Ok(()),
    }
}

pub(crate) fn update(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let name = table_name(cx, "UpdateContributorInsights", &input.table_name)?;
    let now = cx.now;
    let done_at = now.plus_millis(cx.world.settings.table_updating_ms);
    let found = find(cx, &name).filter(|table| !table.is_creating());
    let table = found.ok_or_else(|| missing_resource(&name))?;
    check_index(
        table
            .design
            .index_key_schema(input.index_name.as_deref().unwrap_or_default()),
        &input,
    )?;
    let enabled = input.contributor_insights_action.as_deref() == Some("ENABLE");
    let mode = input.contributor_insights_mode;
    let setting = Insights {
        enabled,
        changed_at: now,
        done_at,
        mode,
    };
    let mut output = json!({"TableName": name, "ContributorInsightsStatus": setting.status(now)});
    if let Some(mode) = setting.mode.as_ref().filter(|_| enabled) {
        output["ContributorInsightsMode"] = json!(mode);
    }
    if let Some(index) = &input.index_name {
        output["IndexName"] = json!(index);
    }
    table.insights.insert(input.index_name, setting);
    Ok(output)
}
