//! Delete: takes the backup and waits until it is there. Whatever fails, the object stays, and the table with it.

use aws_clients::{
    Backup, BackupFilter, BackupSummary, BackupType, DynamoDb, Error, ErrorKind, Region, Seen, Table,
    TableRef, TableStatus,
};
use tfsdk::{Cx, Diagnostic, Diagnostics, Operation, Timeouts};

use super::{DELETE_TIMEOUT, Model, OLDEST, parse_table};
use crate::Client;
use crate::diagnostics;
use crate::journal::{Key, Record};
use crate::resources::making_backup::{Accepted, Order, Purpose};
use crate::rfc3339::rfc3339;

const PURPOSE: Purpose = Purpose {
    cannot_create: CANNOT_CREATE,
    command: "destroy",
    oldest: Some(OLDEST),
    taken_over: "is the final backup: what was written to the table since then is not in it.",
    refused: Some(NOTHING_DELETED),
};

const CANNOT_CREATE: &str = "Final backup cannot be taken";

/// What any failure before the backup was accepted means.
const NOTHING_DELETED: &str = "Nothing was deleted: this object stays in the state, and what it depends on is not \
    destroyed. Run the same command again when the cause is gone. To destroy without a backup, set enabled = false and \
    apply first.";

/// Key of the private state: the record of an attempt that came to no end.
const ATTEMPT: &str = "attempt";

pub(super) async fn delete(client: &Client, state: &Model, cx: &Cx) -> Result<(), Diagnostics> {
    if !state.takes_backup() {
        return Ok(());
    }
    let table = parse_table(state)?;
    let region = client.region(state.region.known());
    let default = tfsdk::parse_duration(DELETE_TIMEOUT).expect("the constant is a duration");
    let aws = client.cx_with_timeout(cx, Timeouts::of(&state.timeouts, Operation::Delete, default));
    let recorded = state.account_id.known().map(String::as_str);
    let account = client.account_of(&aws, recorded).await?;
    let dynamodb = client.aws.dynamodb(&region);
    let table_id = match find_settled(&dynamodb, &aws, &table).await {
        Ok(Found::Table(found)) => found.id,
        Ok(Found::Nothing) => {
            cx.warn(table_gone(&dynamodb, &aws, &table).await);
            return Ok(());
        }
        // Whoever may not describe the table goes without its id.
        Err(err) if err.kind() == ErrorKind::Denied => None,
        Err(err) => return Err(diagnostics::aws_after(CANNOT_CREATE, &err, NOTHING_DELETED).into()),
    };

    let key = key(&region, &table);
    let earlier = earlier(cx, &key).filter(|record| record.is_of_account(recorded));
    let order = Order {
        purpose: &PURPOSE,
        client,
        dynamodb: &dynamodb,
        aws: &aws,
        account,
        table,
        table_id,
        name: state.name.known().cloned(),
        key,
        earlier,
    };
    let Accepted { attempt, summary } = order.accepted(cx).await?;
    match dynamodb.wait_backup_available(&aws, &summary.arn).await {
        Ok(backup) => {
            attempt.finish();
            cx.warn(taken(&backup));
            Ok(())
        }
        Err(err) if err.is_not_found() => {
            attempt.discard();
            cx.remove_private(ATTEMPT);
            Err(diagnostics::aws_after(CANNOT_CREATE, &err, NOTHING_DELETED).into())
        }
        Err(err) => {
            if let Ok(record) = serde_json::to_value(attempt.record()) {
                cx.set_private(ATTEMPT, record);
            }
            // The record stays in the journal, too.
            drop(attempt);
            Err(unfinished(&summary, &err).into())
        }
    }
}

/// What makes two attempts one: the same table. A destroy wants one backup of it, however it is named by now.
pub(super) fn key(region: &Region, table: &TableRef) -> Key {
    let table = table.table_name();
    Key::of(["final_backup", region.as_str(), table.as_str()].map(Some))
}

/// The attempt of an earlier destroy that the private state knows.
fn earlier(cx: &Cx, key: &Key) -> Option<Record> {
    let record: Record = serde_json::from_value(cx.private(ATTEMPT)?).ok()?;
    (record.version <= Record::VERSION && record.key == *key).then_some(record)
}

/// A table that is to be backed up.
enum Found {
    Table(Box<Table>),
    /// There is none, or it is on its way out.
    Nothing,
}

/// Finds the table, and waits while it is being made or changed: AWS backs up no table in the making and deletes none
/// that is being changed, and the later the backup, the more of the data is in it.
async fn find_settled(dynamodb: &DynamoDb, aws: &aws_clients::Cx, table: &TableRef) -> Result<Found, Error> {
    let Some(found) = dynamodb.find_table(aws, table).await? else {
        return Ok(Found::Nothing);
    };
    match found.status {
        TableStatus::Deleting => Ok(Found::Nothing),
        TableStatus::Creating | TableStatus::Updating => {
            tracing::info!(table = %table, status = %found.status, "waiting until the table can be backed up");
            match dynamodb
                .wait_table_active(aws, &table.table_name(), Seen::Before)
                .await
            {
                Ok(found) => Ok(Found::Table(Box::new(found))),
                Err(err) if err.is_not_found() => Ok(Found::Nothing),
                Err(err) => Err(err),
            }
        }
        _ => Ok(Found::Table(Box::new(found))),
    }
}

/// The table of an object, for messages.
pub(super) fn in_words(state: &Model) -> String {
    let table = state.table_name.known().map(String::as_str).unwrap_or_default();
    match state.region.known() {
        Some(region) => format!("table {table:?} in {region}"),
        None => format!("table {table:?}"),
    }
}

/// Tells in a plan that there will be no backup; `what` is said of the table. What AWS has kept of it is told at the
/// apply.
pub(super) fn too_late(state: &Model, what: &str) -> Diagnostic {
    Diagnostic::warning(
        "Final backup comes too late",
        format!(
            "{what} {}. Destroying this object takes no backup, and only removes it from the state.\n\nIf table_name or \
             region is wrong, correct it and apply, then destroy. If the table is another resource of this configuration, \
             refer to it (table_name = aws_dynamodb_table.NAME.arn), so that it goes last.",
            in_words(state),
        ),
    )
    .at(tfsdk::Path::of("table_name"))
}

/// Tells that the table has gone without a final backup, and what AWS has kept of it.
pub(super) async fn table_gone(dynamodb: &DynamoDb, aws: &aws_clients::Cx, table: &TableRef) -> Diagnostic {
    let (name, region) = (table.table_name(), dynamodb.region());
    let kept = match find_system_backup(dynamodb, aws, table).await {
        Some(backup) => format!(
            "DynamoDB has kept a system backup of a table of this name, taken at {} and kept until {}: {}\n\nTo bring \
             the data back, restore it before then: dynamodb_restored_table with source = {{ backup_arn = {:?} }}.",
            rfc3339(backup.created_at).known().map_or("?", String::as_str),
            rfc3339(backup.expires_at).known().map_or("?", String::as_str),
            backup.arn,
            backup.arn.as_str(),
        ),
        None => format!(
            "If point-in-time recovery was on, DynamoDB keeps a system backup of it for 35 days.\n\nTo find it: aws \
             dynamodb list-backups --table-name {name} --backup-type SYSTEM --region {region}"
        ),
    };
    Diagnostic::warning(
        "Table has gone without a final backup",
        format!(
            "Table {:?} in {region} was deleted before this object could take its final backup: outside Terraform, or \
             because this object does not refer to the resource of the table. {kept}",
            name.as_str(),
        ),
    )
    .at(tfsdk::Path::of("table_name"))
}

/// The newest system backup of a table that has gone. Whoever may not list backups learns how to look for it.
async fn find_system_backup(
    dynamodb: &DynamoDb,
    aws: &aws_clients::Cx,
    table: &TableRef,
) -> Option<BackupSummary> {
    let filter = BackupFilter {
        table: Some(table.clone()),
        backup_type: Some(BackupType::System),
        ..BackupFilter::default()
    };
    let listed = dynamodb.list_backups(aws, &filter).await.ok()?;
    listed.into_iter().max_by_key(|backup| backup.created_at)
}

fn taken(backup: &Backup) -> Diagnostic {
    let Backup { summary, .. } = backup;
    let (arn, region) = (&summary.arn, summary.arn.region());
    Diagnostic::warning(
        "Final backup was taken",
        format!(
            "{arn}, named {:?}, is AVAILABLE. Terraform does not manage it: it stays, and is billed by size, until it is \
             deleted.\n\nTo bring the table back: dynamodb_restored_table with source = {{ backup_arn = {:?} }}. When \
             you do not need it any more: aws dynamodb delete-backup --backup-arn {arn} --region {region}",
            summary.name,
            arn.as_str(),
        ),
    )
}

fn unfinished(summary: &BackupSummary, err: &Error) -> Diagnostic {
    let interrupted = if err.kind() == ErrorKind::Cancelled {
        "The run was interrupted. "
    } else {
        ""
    };
    let oldest = tfsdk::format_duration(OLDEST.unsigned_abs());
    let aftermath = format!(
        "{interrupted}AWS has accepted the backup and goes on making it: {}. Nothing was deleted: this object stays in the \
         state, and what it depends on is not destroyed. Run the same command again within {oldest}: it waits for this \
         same backup, and no second one is made.",
        summary.arn,
    );
    diagnostics::aws_after("Final backup is not finished", err, &aftermath)
}
