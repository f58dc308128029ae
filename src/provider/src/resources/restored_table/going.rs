//! What a plan reads of a restored table that is about to go: what would be left to restore it from. Decides nothing.
//!
//! One DescribeContinuousBackups, and where that is off the list of the table's backups; nothing else is known of them
//! in the state.

use aws_clients::{BackupFilter, BackupStatus, BackupSummary, DynamoDb, Region, TableRef};
use rules::Fact;
use rules::facts::{ObservedRecovery, RestoreObserved};
use tfsdk::Diagnostics;

use super::model::Model;
use super::observe::Look;
use crate::facts;

/// Reads what is left of a table that goes. Gives AWS's time of the answers, where there were any.
pub(super) async fn observe(
    look: &mut Look<'_>,
    prior: &Model,
    observed: &mut RestoreObserved,
) -> Result<Fact<jiff::Timestamp>, Diagnostics> {
    let table: Option<TableRef> = prior.name.known().and_then(|name| name.parse().ok());
    let (Some(table), Some(region)) = (table, prior.region.known()) else {
        return Ok(Fact::Unknown);
    };
    let dynamodb = look.client.aws.dynamodb(&Region::new(region));
    let recovery = dynamodb.find_continuous_backups(&look.cx, &table).await;
    let recovery = look.fact("anything would be left to restore the table from", recovery)?;
    observed.own_recovery = recovery.map(|backups| facts::recovery(&backups));
    if observed.own_recovery.is_known_and(is_off) {
        let newest = newest_backup(look, &dynamodb, table, prior).await;
        let newest = look.fact("there is a recent backup of the table that goes", newest)?;
        observed.newest_backup = newest.map(|backup| facts::listed_backup(&backup));
    }
    Ok(match observed.own_recovery {
        Fact::Unknown => Fact::Unknown,
        Fact::Known(_) | Fact::Absent => Fact::Known(dynamodb.now()),
    })
}

fn is_off(recovery: &ObservedRecovery) -> bool {
    recovery.enabled == Fact::Known(false)
}

/// The newest backup of this very table, not of one that had its name before, that can be restored.
async fn newest_backup(
    look: &Look<'_>,
    dynamodb: &DynamoDb,
    table: TableRef,
    prior: &Model,
) -> Result<Option<BackupSummary>, aws_clients::Error> {
    let filter = BackupFilter {
        table: Some(table),
        ..BackupFilter::default()
    };
    let is_of_table = |backup: &BackupSummary| match (&backup.table_id, prior.table_id.known()) {
        (Some(listed), Some(id)) => listed == id,
        _ => true,
    };
    let listed = dynamodb.list_backups(&look.cx, &filter).await?;
    Ok(listed
        .into_iter()
        .filter(|backup| backup.status == BackupStatus::Available && is_of_table(backup))
        .max_by_key(|backup| backup.created_at))
}
