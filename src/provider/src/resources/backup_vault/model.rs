//! The typed object, and the one mapping from AWS's description of a vault to it. Calls nothing.

use std::collections::BTreeMap;

use aws_clients::{LockChoice, RetentionDays, Vault, VaultArn, VaultType};
use rules::Fact;
use rules::facts::{BackupVault, PriorBackupVault, VaultLock, VaultObserved};
use tfsdk::{Attr, Timeouts, model};

use crate::facts::fact;
use crate::resources::policy_document;
use crate::rfc3339::rfc3339;

/// The word for vaults of which AWS keeps the recovery points in an account of its own.
pub(super) const AIR_GAPPED: &str = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";
/// The word for all others.
pub(super) const STANDARD: &str = "BACKUP_VAULT";

model! {
    /// A vault as configuration, plan and state show it.
    pub(crate) struct Model {
        /// Name, unique in the account and Region.
        name: String,
        /// AWS's word.
        vault_type: String,
        /// ARN of the KMS key, as it was written.
        kms_key_arn: String,
        /// JSON, as it was written.
        policy: String,
        /// Null without a lock.
        lock: Lock,
        /// The tags that the resource block gives.
        tags: BTreeMap<String, tfsdk::Attr<String>>,
        /// The tags of the vault, as far as they are not ignored.
        tags_all: BTreeMap<String, tfsdk::Attr<String>>,
        /// Whether recovery points are deleted with the vault.
        force_destroy: bool,
        /// Region of the vault.
        region: String,
        /// How long operations may wait.
        timeouts: Timeouts,
        /// ARN.
        arn: String,
        /// `GOVERNANCE`, `COMPLIANCE`, or null without a lock.
        lock_mode: String,
        /// RFC 3339. From when on nobody can change the lock.
        lock_date: String,
        /// RFC 3339.
        created_at: String,
        /// Whether something of the creation is still to be done.
        unfinished: bool,
    }
}

model! {
    /// The lock of a vault; of a logically air-gapped one, its retention.
    pub(crate) struct Lock {
        /// Days.
        min_retention_days: i64,
        /// Days.
        max_retention_days: i64,
        /// Days; null in governance mode and for a logically air-gapped vault. AWS never tells it: see `grace`.
        changeable_for_days: i64,
    }
}

impl Lock {
    /// As AWS takes it.
    pub(super) fn choice(&self) -> LockChoice {
        LockChoice {
            min_retention_days: self.min_retention_days.known().copied(),
            max_retention_days: self.max_retention_days.known().copied(),
            changeable_for_days: self.changeable_for_days.known().copied(),
        }
    }

    /// Whether the bounds of retention are the same.
    pub(super) fn has_bounds_of(&self, other: &Self) -> bool {
        self.min_retention_days == other.min_retention_days
            && self.max_retention_days == other.max_retention_days
    }

    fn facts(&self) -> VaultLock {
        VaultLock {
            min_retention_days: fact(&self.min_retention_days),
            max_retention_days: fact(&self.max_retention_days),
            changeable_for_days: fact(&self.changeable_for_days),
        }
    }
}

impl Model {
    /// Whether the vault is a logically air-gapped one.
    pub(super) fn is_air_gapped(&self) -> bool {
        self.vault_type.known().is_some_and(|it| it == AIR_GAPPED)
    }

    /// The name, which a configuration must give.
    pub(super) fn name(&self) -> &str {
        self.name.known().map(String::as_str).unwrap_or_default()
    }

    /// The vault that the state names.
    pub(super) fn vault_arn(&self) -> Option<VaultArn> {
        self.arn.known()?.parse().ok()
    }

    /// The bounds that a logically air-gapped vault is made with. The rules see to it that both are there.
    pub(super) fn retention(&self) -> Option<RetentionDays> {
        let lock = self.lock.known().filter(|_| self.is_air_gapped())?;
        Some(RetentionDays {
            min: lock.min_retention_days.known().copied().unwrap_or_default(),
            max: lock.max_retention_days.known().copied().unwrap_or_default(),
        })
    }

    /// What the rules are told of the arguments.
    pub(super) fn facts(&self) -> BackupVault {
        BackupVault {
            region: fact(&self.region),
            name: fact(&self.name),
            vault_type: fact(&self.vault_type),
            kms_key_arn: fact(&self.kms_key_arn),
            policy: match &self.policy {
                Attr::Null => Fact::Absent,
                Attr::Unknown => Fact::Unknown,
                Attr::Known(text) => policy_document::access_policy(text).map_or(Fact::Unknown, Fact::Known),
            },
            lock: fact(&self.lock).map(|it| it.facts()),
            tags: fact(&self.tags).map(|tags| {
                tags.iter()
                    .map(|(key, value)| (key.clone(), fact(value)))
                    .collect()
            }),
            force_destroy: fact(&self.force_destroy),
            prior: Fact::Absent,
            observed: VaultObserved::default(),
        }
    }

    /// What the rules are told of the vault that is recorded.
    pub(super) fn prior_facts(&self) -> PriorBackupVault {
        PriorBackupVault {
            name: fact(&self.name),
            lock: fact(&self.lock).map(|it| it.facts()),
        }
    }

    /// Takes over what a description says, but for the lock, of which AWS does not tell all.
    pub(super) fn update_from(&mut self, vault: &Vault) {
        self.name = vault.name.clone().into();
        self.region = vault.arn.region().to_string().into();
        self.arn = vault.arn.to_string().into();
        self.vault_type = vault.vault_type.to_string().into();
        // A key cannot be changed, so that one that was named in another way, by an alias, is still the same.
        if !self.kms_key_arn.known().is_some_and(|it| it.contains("alias/")) {
            self.kms_key_arn = vault.key_arn.clone().into();
        }
        self.created_at = rfc3339(vault.created_at);
        let date = vault.lock.and_then(|lock| lock.lock_date);
        self.lock_mode = match vault.lock {
            None => Attr::Null,
            // A logically air-gapped vault is locked for good from the beginning, with or without a date.
            Some(_) if date.is_some() || vault.vault_type == VaultType::LogicallyAirGapped => {
                "COMPLIANCE".into()
            }
            Some(_) => "GOVERNANCE".into(),
        };
        self.lock_date = rfc3339(date);
    }
}
