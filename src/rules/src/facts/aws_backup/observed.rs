//! What AWS said about AWS Backup: organizations, settings, vaults, recovery points. As everywhere, every field is a
//! fact of its own.

use std::fmt;

use jiff::Timestamp;

use crate::fact::Fact;
use crate::facts::observed::aws_words;
use crate::facts::{AccessPolicy, ObservedKey};
use crate::syntax::{AccountId, Region};

aws_words! {
    /// What kind of vault it is.
    VaultType {
        /// A vault of the ordinary kind.
        Standard = "BACKUP_VAULT",
        /// A logically air-gapped vault.
        LogicallyAirGapped = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
        /// A view of a logically air-gapped vault, for restores.
        RestoreAccess = "RESTORE_ACCESS_BACKUP_VAULT",
    }
}

aws_words! {
    /// Where a recovery point is in its life.
    RecoveryPointStatus {
        /// Being made.
        Creating = "CREATING",
        /// Ready to be restored.
        Completed = "COMPLETED",
        /// Ready, as newer answers call it.
        Available = "AVAILABLE",
        /// Made, but not of everything.
        Partial = "PARTIAL",
        /// Past its life, and AWS Backup could not delete it.
        Expired = "EXPIRED",
        /// Being deleted.
        Deleting = "DELETING",
        /// No longer kept up to date; only continuous ones.
        Stopped = "STOPPED",
    }
}

aws_words! {
    /// How a recovery point is stored.
    StorageClass {
        /// Ready at once.
        Warm = "WARM",
        /// Cheaper, and hours away.
        Cold = "COLD",
        /// Gone.
        Deleted = "DELETED",
    }
}

/// An account and one of its Regions, as AWS Backup and AWS Organizations see them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObservedAccount {
    /// The organization of the account, from organizations:DescribeOrganization; absent when it is in none.
    pub organization: Fact<Organization>,
    /// Whether the organization has cross-account backup switched on: `isCrossAccountBackupEnabled` of
    /// backup:DescribeGlobalSettings.
    pub cross_account_backup: Fact<bool>,
    /// The settings of AWS Backup in the Region.
    pub settings: Fact<RegionSettings>,
}

/// Where a copy goes, as far as it can be seen from there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObservedDestination {
    /// The organization of the account; absent when it is in none.
    pub organization: Fact<Organization>,
    /// The settings of AWS Backup in the Region.
    pub settings: Fact<RegionSettings>,
    /// The vault; absent when AWS says that there is none.
    pub vault: Fact<ObservedVault>,
}

/// An organization, from organizations:DescribeOrganization.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organization {
    /// Its id: `o-exampleorgid`.
    pub id: Fact<String>,
    /// The account that manages it.
    pub management_account: Fact<AccountId>,
}

/// The settings of AWS Backup for DynamoDB in one account and Region, from backup:DescribeRegionSettings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RegionSettings {
    /// Whether AWS Backup backs up DynamoDB tables: `ResourceTypeOptInPreference`.
    pub opt_in: Fact<bool>,
    /// Whether it manages their backups wholly: `ResourceTypeManagementPreference`, the advanced features.
    pub advanced_features: Fact<bool>,
    /// Since when the advanced features have been on, where the caller knows that; AWS does not say.
    pub advanced_features_since: Fact<Timestamp>,
}

/// A vault, from backup:DescribeBackupVault and the calls around it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObservedVault {
    /// Its kind.
    pub vault_type: Fact<VaultType>,
    /// Its KMS key: `EncryptionKeyArn`.
    pub key_arn: Fact<String>,
    /// Whether AWS manages that key: `KeyManager` of kms:DescribeKey.
    pub has_aws_managed_key: Fact<bool>,
    /// That key; absent when KMS says that there is none.
    pub key: Fact<ObservedKey>,
    /// Its state, as AWS calls it: `CREATING`, `AVAILABLE` or `FAILED`.
    pub state: Fact<String>,
    /// Whether it is locked.
    pub locked: Fact<bool>,
    /// The shortest retention that its lock allows, in days; absent when it sets none.
    pub min_retention_days: Fact<i64>,
    /// The longest retention that its lock allows, in days; absent when it sets none.
    pub max_retention_days: Fact<i64>,
    /// From when on nobody can change the lock; absent in governance mode and without a lock.
    pub lock_date: Fact<Timestamp>,
    /// How many recovery points it holds.
    pub recovery_points: Fact<i64>,
    /// When its recovery points are all gone by their own lifecycles; absent when one of them has no end. From
    /// backup:ListRecoveryPointsByBackupVault.
    pub emptied_at: Fact<Timestamp>,
    /// Its access policy, from backup:GetBackupVaultAccessPolicy; absent when it has none.
    pub access_policy: Fact<AccessPolicy>,
}

/// A recovery point, from backup:DescribeRecoveryPoint.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ObservedRecoveryPoint {
    /// Its status.
    pub status: Fact<RecoveryPointStatus>,
    /// How it is stored.
    pub storage_class: Fact<StorageClass>,
    /// Whether AWS Backup manages it wholly: whether it was made with the advanced features. Its ARN tells.
    pub is_fully_managed: Fact<bool>,
    /// When it was made.
    pub created_at: Fact<Timestamp>,
    /// Its size in bytes.
    pub size_bytes: Fact<u64>,
    /// The vault that holds it, by name.
    pub vault_name: Fact<String>,
    /// The account that holds it.
    pub account: Fact<AccountId>,
    /// The Region that holds it.
    pub region: Fact<Region>,
}
