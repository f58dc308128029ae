//! Facts about an on-demand backup.

use crate::fact::Fact;
use crate::facts::{ObservedBackup, ObservedTable};

/// An on-demand backup, as configured, as it was, and as AWS sees its surroundings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Backup {
    /// The Region, if the object names one.
    pub region: Fact<String>,
    /// The table to back up: a name or an ARN.
    pub table_name: Fact<String>,
    /// The name of the backup.
    pub name: Fact<String>,
    /// Whether the backup stays when the object is destroyed. When it is destroyed or replaced, the recorded
    /// value, which is the one that counts.
    pub retain_on_destroy: Fact<bool>,
    /// The backup that exists already, as recorded. Absent before the creation.
    pub prior: Fact<PriorBackup>,
    /// The table to back up, as AWS describes it; absent when AWS says that there is none.
    pub table: Fact<ObservedTable>,
    /// The backup that exists already, as AWS describes it.
    pub backup: Fact<ObservedBackup>,
}

/// A backup that exists, as the caller recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriorBackup {
    /// Its ARN.
    pub arn: Fact<String>,
    /// Its table's name.
    pub table_name: Fact<String>,
    /// Its name.
    pub name: Fact<String>,
}

impl Backup {
    /// A backup of which every argument is left out, that does not exist, and about which nothing was
    /// observed.
    pub fn unset() -> Self {
        Self {
            region: Fact::Absent,
            table_name: Fact::Absent,
            name: Fact::Absent,
            retain_on_destroy: Fact::Absent,
            prior: Fact::Absent,
            table: Fact::Unknown,
            backup: Fact::Unknown,
        }
    }
}
