//! Facts about the other objects of the same plan, as far as they are seen. AWS judges each call alone; what two
//! objects of one plan do to each other, nobody else tells.

use crate::fact::Fact;
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
    /// Backup vaults that are about to be made.
    pub vaults: Vec<PlannedVault>,
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

/// A backup vault that is about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedVault {
    /// The Region in which it is made.
    pub region: Region,
    /// Its name.
    pub name: String,
}
