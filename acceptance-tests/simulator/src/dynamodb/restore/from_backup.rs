//! RestoreTableFromBackup. The call is made where the table is to be; the backup may lie in another Region of the
//! same account and partition.

use serde::Deserialize;
use serde_json::Value;

use super::super::table::RestoreOrigin;
use super::super::{backups, encryption};
use super::overrides::Overrides;
use super::{Source, check_cross_region, check_target, start};
use crate::failure::Failure;
use crate::world::{Context, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    target_table_name: String,
    backup_arn: String,
}

pub(crate) fn serve(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let overrides: Overrides = read(input.clone())?;
    let input: Input = read(input)?;
    overrides.check()?;
    let arn = backups::parse(cx, "RestoreTableFromBackup", &input.backup_arn)?;
    if arn.partition != cx.place.partition() {
        return Err(Failure::validation(format!(
            "BackupArn is not valid: {} is not a valid ARN",
            input.backup_arn
        )));
    }
    check_cross_region(cx, arn.region, &overrides)?;
    let place = cx.place.in_region(arn.region);
    let now = cx.now;
    let found = backups::visible(cx, &place, &input.backup_arn);
    let backup = found.ok_or_else(|| backups::missing(&input.backup_arn))?;
    if !backup.is_available(now) {
        return Err(backups::in_use(&format!(
            "Backup is being created: {}",
            input.backup_arn
        )));
    }
    let source = Source {
        design: backup.design.clone(),
        items: backup.items.clone(),
        origin: RestoreOrigin {
            backup_arn: Some(backup.arn.clone()),
            table_arn: backup.table_arn.clone(),
            at: backup.created_at,
        },
    };
    check_target(cx, &input.target_table_name)?;
    if cx
        .world
        .dynamodb
        .restore_from(&cx.place.account, &input.backup_arn)
        .is_some()
    {
        return Err(backups::in_use(&format!(
            "Backup is being used to restore another table: {}",
            input.backup_arn
        )));
    }
    // Whatever key the new table gets, the data must be read under that of the backup.
    encryption::check_recorded(cx, &place, &source.design.encryption)?;
    start(cx, &input.target_table_name, source, &overrides)
}
