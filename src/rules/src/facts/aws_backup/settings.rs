//! Facts about the settings of AWS Backup for DynamoDB in one account and Region.

use crate::fact::Fact;
use crate::facts::ObservedAccount;

/// The settings of AWS Backup for DynamoDB, as configured and as AWS sees their surroundings. What is left out is
/// left as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BackupSettings {
    /// The Region, if the object names one.
    pub region: Fact<String>,
    /// Whether AWS Backup is to back up DynamoDB tables: the opt-in of the account in the Region.
    pub opt_in: Fact<bool>,
    /// Whether AWS Backup is to manage the backups of DynamoDB tables wholly: its advanced features, in the Region.
    pub advanced_features: Fact<bool>,
    /// Whether recovery points may be copied between the accounts of the organization: in all Regions, and only by
    /// the management account.
    pub cross_account_backup: Fact<bool>,
    /// What AWS says.
    pub observed: ObservedAccount,
}

impl BackupSettings {
    /// Settings of which every argument is left out, and about which nothing was observed.
    pub fn unset() -> Self {
        Self {
            region: Fact::Absent,
            opt_in: Fact::Absent,
            advanced_features: Fact::Absent,
            cross_account_backup: Fact::Absent,
            observed: ObservedAccount::default(),
        }
    }
}
