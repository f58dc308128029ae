//! Facts about the other objects of the same plan, as far as they are seen. AWS judges each call alone; what two
//! objects of one plan do to each other, nobody else tells.

use crate::fact::Fact;
use crate::facts::{Facts, VaultLock, VaultType};
use crate::syntax::Region;

/// The other objects that the same plan makes, switches on or destroys, in the same account. The object that is judged
/// is not among them.
///
/// The lists hold what was seen so far and claim no completeness: an empty list says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Neighbours {
    /// Backups that are about to be made.
    pub backups: Vec<PlannedBackup>,
    /// Tables that are about to be made by a restore.
    pub restores: Vec<PlannedRestore>,
    /// Point-in-time recovery settings, as they will be.
    pub recoveries: Vec<PlannedRecovery>,
    /// Tables of which a final backup is about to be taken.
    pub final_backups: Vec<PlannedFinalBackup>,
    /// Settings of AWS Backup, as they will be.
    pub settings: Vec<PlannedBackupSettings>,
    /// Recovery points of AWS Backup that are about to be made on demand.
    pub recovery_points: Vec<PlannedRecoveryPoint>,
    /// Vaults of AWS Backup that are about to be made, changed or destroyed, as they will be.
    pub vaults: Vec<PlannedVault>,
    /// What is about to put recovery points into a vault from now on.
    pub vault_fillers: Vec<PlannedVaultFiller>,
}

/// A backup that is about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedBackup {
    /// The Region in which it is made.
    pub region: Region,
    /// The name of the table.
    pub table_name: String,
    /// The name of the backup.
    pub name: String,
}

/// A table that is about to be made by a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRestore {
    /// The Region in which it is made.
    pub region: Region,
    /// Its name.
    pub name: String,
    /// The size of the data to restore, in bytes; unknown where AWS did not say.
    pub size_bytes: Fact<u64>,
    /// Whether AWS Backup restores it, from a recovery point.
    pub is_from_recovery_point: bool,
}

/// Point-in-time recovery of a table, as it will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRecovery {
    /// The Region of the table.
    pub region: Region,
    /// The name of the table.
    pub table_name: String,
    /// Whether it is off now and is about to be switched on.
    pub is_switched_on: bool,
    /// The recovery period that will hold, in days; absent when recovery will be off.
    pub recovery_period_in_days: Fact<i64>,
}

/// A table of which a final backup is about to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFinalBackup {
    /// The Region of the table.
    pub region: Region,
    /// The name of the table.
    pub table_name: String,
}

/// Settings of AWS Backup for DynamoDB in one Region, as an object will set them. Absent where it leaves them alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedBackupSettings {
    /// The Region of the object.
    pub region: Region,
    /// Whether AWS Backup backs up DynamoDB tables in the Region.
    pub opt_in: Fact<bool>,
    /// Whether it manages their backups wholly, in the Region.
    pub advanced_features: Fact<bool>,
    /// Whether recovery points may be copied between the accounts of the organization, in every Region.
    pub cross_account_backup: Fact<bool>,
}

impl Neighbours {
    /// Whether another object of the plan switches cross-account backup on, or may.
    pub(crate) fn switch_cross_account_backup_on(&self) -> bool {
        self.settings.iter().any(|it| may_be_on(it.cross_account_backup))
    }
}

impl Facts {
    /// Whether another object of the plan switches a setting of AWS Backup on in the Region of this object, or may.
    pub(crate) fn region_switched_on_beside(
        &self,
        setting: impl Fn(&PlannedBackupSettings) -> Fact<bool>,
    ) -> bool {
        let region = self.region();
        let here = |it: &&PlannedBackupSettings| region.is_known_and(|region| *region == it.region);
        let mut planned = self.neighbours.settings.iter().filter(here);
        planned.any(|it| may_be_on(setting(it)))
    }
}

/// Whether a setting is on, or may be where it is not known yet.
fn may_be_on(setting: Fact<bool>) -> bool {
    matches!(setting, Fact::Known(true) | Fact::Unknown)
}

/// A recovery point of AWS Backup that is about to be made on demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRecoveryPoint {
    /// The Region of the table.
    pub region: Region,
    /// The name of the table.
    pub table_name: String,
}

/// A vault of AWS Backup, as it will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedVault {
    /// The Region of the vault.
    pub region: Region,
    /// Its name.
    pub name: String,
    /// Its kind; absent when it is about to be destroyed.
    pub vault_type: Fact<VaultType>,
    /// The lock that it will have. For a logically air-gapped vault, the bounds that it is made with.
    pub lock: Fact<VaultLock>,
    /// Whether it is about to be destroyed for good.
    pub is_destroyed: bool,
}

/// A plan of AWS Backup that fills a vault, as it will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedVaultFiller {
    /// The Region of both.
    pub region: Region,
    /// The name of the vault.
    pub vault_name: String,
    /// The name of the plan.
    pub plan_name: String,
}
