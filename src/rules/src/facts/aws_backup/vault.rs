//! Facts about a backup vault.

use std::collections::BTreeMap;

use crate::fact::Fact;
use crate::facts::{AccessPolicy, ObservedKey, ObservedVault, RegionSettings};

/// A backup vault, as configured and as AWS sees its surroundings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BackupVault {
    /// The Region, if the object names one.
    pub region: Fact<String>,
    /// The name of the vault.
    pub name: Fact<String>,
    /// The kind of vault, as written: `BACKUP_VAULT` or `LOGICALLY_AIR_GAPPED_BACKUP_VAULT`. Absent means the former.
    pub vault_type: Fact<String>,
    /// The KMS key, as written. Absent means the key that AWS manages, `aws/backup`.
    pub kms_key_arn: Fact<String>,
    /// The access policy.
    pub policy: Fact<AccessPolicy>,
    /// The lock.
    pub lock: Fact<VaultLock>,
    /// The tags of the vault.
    pub tags: Fact<BTreeMap<String, Fact<String>>>,
    /// Whether the recovery points in the vault are deleted with it. When it is destroyed or replaced, the recorded
    /// value, which is the one that counts.
    pub force_destroy: Fact<bool>,
    /// The vault that exists already, as recorded. Absent before the creation.
    pub prior: Fact<PriorBackupVault>,
    /// What AWS says.
    pub observed: VaultObserved,
}

/// A vault that exists, as the caller recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriorBackupVault {
    /// Its name.
    pub name: Fact<String>,
    /// Its lock.
    pub lock: Fact<VaultLock>,
}

/// The lock of a vault, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VaultLock {
    /// The shortest retention that the vault takes, in days.
    pub min_retention_days: Fact<i64>,
    /// The longest retention that the vault takes, in days.
    pub max_retention_days: Fact<i64>,
    /// For how many days the lock can still be changed. Absent means always: governance mode.
    pub changeable_for_days: Fact<i64>,
}

/// What AWS says about the surroundings of a vault.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VaultObserved {
    /// A vault of that name in the Region; absent when AWS says that there is none.
    pub vault: Fact<ObservedVault>,
    /// The KMS key that is configured; absent when KMS says that there is none.
    pub kms_key: Fact<ObservedKey>,
    /// The settings of AWS Backup in the Region.
    pub settings: Fact<RegionSettings>,
}

impl BackupVault {
    /// A vault of which every argument is left out, and about which nothing was observed.
    pub fn unset() -> Self {
        Self {
            region: Fact::Absent,
            name: Fact::Absent,
            vault_type: Fact::Absent,
            kms_key_arn: Fact::Absent,
            policy: Fact::Absent,
            lock: Fact::Absent,
            tags: Fact::Absent,
            force_destroy: Fact::Absent,
            prior: Fact::Absent,
            observed: VaultObserved::default(),
        }
    }
}
