//! What a backup is to the other objects of the same plan.

use aws_clients::Region;
use rules::facts::{Neighbours, PlannedBackup};
use tfsdk::Change;

use super::Model;
use crate::ledger::named_table;

/// The backup that a change makes. A replacement ends in a create, and says it there. A backup whose name is made up at
/// apply shares it with none.
pub(super) fn made(change: &Change<Model>, region: impl FnOnce(&Model) -> Region) -> Neighbours {
    let Change::Create { config, .. } = change else {
        return Neighbours::default();
    };
    let (Some(table), Some(name), false) = (
        config.table_name.known(),
        config.name.known(),
        config.region.is_unknown(),
    ) else {
        return Neighbours::default();
    };
    let backups = named_table(table, &region(config)).map(|(region, table_name)| PlannedBackup {
        region,
        table_name,
        name: name.clone(),
    });
    Neighbours {
        backups: Vec::from_iter(backups),
        ..Neighbours::default()
    }
}
