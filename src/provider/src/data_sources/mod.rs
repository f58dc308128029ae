//! Every data source, one folder each. A new one is a folder, a `mod` line and a line in the registry.

pub(crate) mod backup;
mod backup_filter;
pub(crate) mod backup_job;
pub(crate) mod backups;
pub(crate) mod recovery_points;
pub(crate) mod restore_window;
#[cfg(test)]
mod tests;

use tfsdk::{DynDataSource, erase_data_source};

use crate::Client;

/// Every data source, sorted by name.
#[expect(clippy::type_complexity, reason = "it is written down once, here")]
pub const ALL: &[fn() -> Box<dyn DynDataSource<Client>>] = &[
    erase_data_source::<backup::Backup>,
    erase_data_source::<backup_job::BackupJob>,
    erase_data_source::<backups::Backups>,
    erase_data_source::<recovery_points::RecoveryPoints>,
    erase_data_source::<restore_window::RestoreWindow>,
];
