//! ListBackups: filters and pages.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::table_name;
use super::Backup;
use crate::arn::Arn;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::world::{Context, read};

/// AWS's largest page, and the one that it takes by itself.
const PAGE: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    table_name: Option<String>,
    limit: Option<usize>,
    time_range_lower_bound: Option<f64>,
    time_range_upper_bound: Option<f64>,
    exclusive_start_backup_arn: Option<String>,
    backup_type: Option<String>,
}

pub(crate) fn serve(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Input = read(input)?;
    let table = match &input.table_name {
        Some(reference) => Some(table_name(cx, "ListBackups", reference)?),
        None => None,
    };
    let lower = input.time_range_lower_bound.map(Moment::from_epoch_seconds);
    let upper = input.time_range_upper_bound.map(Moment::from_epoch_seconds);
    if let (Some(lower), Some(upper)) = (lower, upper)
        && lower >= upper
    {
        return Err(Failure::validation(
            "TimeRangeLowerBound must be earlier than TimeRangeUpperBound",
        ));
    }
    let start = input.exclusive_start_backup_arn.unwrap_or_default();
    if !start.is_empty() {
        check_start(cx, &start)?;
    }
    // Backups that AWS Backup made are documented as left out, whatever the filter.
    let types: &[&str] = match input.backup_type.as_deref() {
        None | Some("USER") => &["USER"],
        Some("SYSTEM") => &["SYSTEM"],
        Some("ALL") => &["USER", "SYSTEM"],
        Some(_) => &[],
    };
    let limit = input.limit.unwrap_or(PAGE);
    let now = cx.now;
    // A table's name is looked up in the backups, not in the tables: they outlive it, and several tables may have
    // had it one after the other.
    let fits = |backup: &&Backup| {
        backup.visible_at <= now
            && types.contains(&backup.backup_type)
            && table.as_ref().is_none_or(|table| *table == backup.table_name)
            && lower.is_none_or(|lower| backup.created_at >= lower)
            && upper.is_none_or(|upper| backup.created_at < upper)
            && backup.arn > start
    };
    let backups = &cx.world.dynamodb.region(cx.place).backups;
    let mut page: Vec<&Backup> = backups.values().filter(fits).take(limit + 1).collect();
    let more = page.len() > limit;
    page.truncate(limit);
    let summaries: Vec<Value> = page.iter().map(|backup| summary(backup, now)).collect();
    let mut output = json!({"BackupSummaries": summaries});
    if let (true, Some(last)) = (more, page.last()) {
        output["LastEvaluatedBackupArn"] = json!(last.arn);
    }
    Ok(output)
}

fn check_start(cx: &Context<'_>, start: &str) -> Result<(), Failure> {
    let arn = Arn::parse(start).filter(|arn| arn.is_dynamodb() && arn.backup().is_some());
    let arn =
        arn.ok_or_else(|| Failure::validation(format!("ExclusiveStartBackupArn is not valid: {start}")))?;
    if arn.region != &*cx.place.region {
        return Err(Failure::validation(format!(
            "The region of ExclusiveStartBackupArn {start} does not match the region {}",
            cx.place.region
        )));
    }
    Ok(())
}

fn summary(backup: &Backup, now: Moment) -> Value {
    let mut summary = backup.details(backup.status(now));
    summary["TableName"] = json!(backup.table_name);
    summary["TableId"] = json!(backup.table_id);
    summary["TableArn"] = json!(backup.table_arn);
    summary
}
