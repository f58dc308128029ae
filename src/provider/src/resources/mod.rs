//! Every managed resource, one folder each. A new one is a folder, a `mod` line and a line in the registry.

pub(crate) mod backup;
mod backup_name;
pub(crate) mod backup_plan;
pub(crate) mod backup_settings;
pub(crate) mod backup_vault;
mod creating_table;
pub(crate) mod final_backup;
mod jobs;
mod making_backup;
pub(crate) mod point_in_time_recovery;
mod policy_document;
pub(crate) mod recovery_point;
pub(crate) mod recovery_point_copy;
pub(crate) mod restored_table;
mod tags;

use tfsdk::{DynResource, erase};

use crate::Client;

/// Every resource, sorted by name.
#[expect(clippy::type_complexity, reason = "it is written down once, here")]
pub const ALL: &[fn() -> Box<dyn DynResource<Client>>] = &[
    erase::<backup::Backup>,
    erase::<backup_plan::BackupPlan>,
    erase::<backup_settings::BackupSettings>,
    erase::<backup_vault::BackupVault>,
    erase::<final_backup::FinalBackup>,
    erase::<point_in_time_recovery::PointInTimeRecovery>,
    erase::<recovery_point::RecoveryPoint>,
    erase::<recovery_point_copy::RecoveryPointCopy>,
    erase::<restored_table::RestoredTable>,
];
