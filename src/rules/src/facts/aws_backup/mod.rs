//! Facts about the objects of AWS Backup: its settings, vaults, plans, recovery points and their copies.

mod access_policy;
mod copies;
mod observed;
mod plan;
mod recovery_point;
mod settings;
mod vault;

pub use access_policy::{
    AccessPolicy, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement, PolicyVerdict, Requester,
};
pub(crate) use copies::ConfiguredCopy;
pub use observed::{
    ObservedAccount, ObservedDestination, ObservedRecoveryPoint, ObservedVault, Organization,
    RecoveryPointStatus, RegionSettings, StorageClass, VaultType,
};
pub use plan::{
    BackupPlan, CopyAction, PlanObserved, PlanRule, PriorBackupPlan, Selection, SelectionCondition,
    SelectionTag,
};
pub use recovery_point::{
    CopyObserved, LifecycleDays, PriorRecoveryPoint, RecoveryPoint, RecoveryPointCopy, RecoveryPointObserved,
};
pub use settings::BackupSettings;
pub use vault::{BackupVault, VaultLock, VaultObserved};
