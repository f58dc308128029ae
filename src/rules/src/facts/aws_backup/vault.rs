//! Facts about a backup vault.

use std::collections::BTreeMap;

use crate::fact::Fact;
use crate::facts::{AccessPolicy, ObservedKey, ObservedVault, RegionSettings, VaultType};

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
    /// The vault that is recorded; before its creation, a vault of that name in the Region. Absent when AWS says that
    /// there is none. Leave it unknown before a creation when it is one that an earlier apply of this object made.
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

impl BackupVault {
    /// The kind of vault that is configured.
    pub(crate) fn kind(&self) -> Fact<VaultType> {
        match &self.vault_type {
            Fact::Known(text) => Fact::Known(VaultType::from_aws(text)),
            Fact::Absent => Fact::Known(VaultType::Standard),
            Fact::Unknown => Fact::Unknown,
        }
    }

    /// Whether a logically air-gapped vault is configured, for certain.
    pub(crate) fn is_air_gapped(&self) -> bool {
        self.kind() == Fact::Known(VaultType::LogicallyAirGapped)
    }

    /// The name of the vault that exists: the recorded one, or before a creation the configured one.
    pub(crate) fn existing_name(&self) -> &Fact<String> {
        match &self.prior {
            Fact::Known(prior) if prior.name.is_known() => &prior.name,
            _ => &self.name,
        }
    }

    /// Whether another name is configured than the vault has.
    pub(crate) fn is_renamed(&self) -> bool {
        let recorded = self.prior.known().and_then(|it| it.name.known());
        match (recorded, &self.name) {
            (Some(recorded), Fact::Known(name)) => recorded != name,
            _ => false,
        }
    }
}

impl VaultLock {
    /// Whether it certainly differs from another one in some number.
    pub(crate) fn differs(&self, other: &Self) -> bool {
        differ(self.min_retention_days, other.min_retention_days)
            || differ(self.max_retention_days, other.max_retention_days)
            || differ(self.changeable_for_days, other.changeable_for_days)
    }
}

/// Whether two numbers are certainly not the same.
pub(crate) fn differ(one: Fact<i64>, other: Fact<i64>) -> bool {
    !one.is_unknown() && !other.is_unknown() && one != other
}

#[cfg(test)]
mod tests {
    use super::{BackupVault, PriorBackupVault, VaultLock, differ};
    use crate::fact::Fact;
    use crate::facts::VaultType;

    #[test]
    fn a_vault_is_an_ordinary_one_unless_it_says_otherwise() {
        let of = |vault_type: Fact<String>| BackupVault {
            vault_type,
            ..BackupVault::unset()
        };
        assert_eq!(of(Fact::Absent).kind(), Fact::Known(VaultType::Standard));
        assert_eq!(of(Fact::Unknown).kind(), Fact::Unknown);
        assert!(of("LOGICALLY_AIR_GAPPED_BACKUP_VAULT".into()).is_air_gapped());
        assert!(!of("BACKUP_VAULT".into()).is_air_gapped());
        assert!(!of(Fact::Unknown).is_air_gapped());
    }

    #[test]
    fn the_vault_that_exists_has_the_recorded_name() {
        let vault = |name: Fact<String>, recorded: Option<Fact<String>>| BackupVault {
            name,
            prior: recorded.map_or(Fact::Absent, |name| {
                Fact::Known(PriorBackupVault {
                    name,
                    lock: Fact::Absent,
                })
            }),
            ..BackupVault::unset()
        };
        let existing = |it: &BackupVault| (it.existing_name().clone(), it.is_renamed());
        assert_eq!(existing(&vault("new".into(), None)), ("new".into(), false));
        assert_eq!(
            existing(&vault("new".into(), Some("old".into()))),
            ("old".into(), true)
        );
        assert_eq!(
            existing(&vault("old".into(), Some("old".into()))),
            ("old".into(), false)
        );
        assert_eq!(
            existing(&vault(Fact::Unknown, Some("old".into()))),
            ("old".into(), false)
        );
        assert_eq!(
            existing(&vault("new".into(), Some(Fact::Unknown))),
            ("new".into(), false)
        );
    }

    #[test]
    fn locks_differ_in_what_is_known_of_both() {
        assert!(differ(Fact::Known(7), Fact::Known(8)) && differ(Fact::Absent, Fact::Known(8)));
        assert!(!differ(Fact::Known(7), Fact::Known(7)) && !differ(Fact::Absent, Fact::Absent));
        assert!(!differ(Fact::Unknown, Fact::Known(7)) && !differ(Fact::Known(7), Fact::Unknown));
        let lock = |min, max, changeable| VaultLock {
            min_retention_days: Fact::Known(min),
            max_retention_days: Fact::Known(max),
            changeable_for_days: Fact::Known(changeable),
        };
        let one = lock(7, 30, 3);
        assert!(!one.differs(&one));
        for other in [lock(8, 30, 3), lock(7, 31, 3), lock(7, 30, 4)] {
            assert!(one.differs(&other), "{other:?}");
        }
        assert!(!one.differs(&VaultLock::default()));
    }
}
