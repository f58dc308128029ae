//! Facts about a recovery point that an on-demand job makes, and about the copy of one into another vault.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use jiff::Timestamp;

use crate::fact::Fact;
use crate::facts::{
    ObservedAccount, ObservedDestination, ObservedRecoveryPoint, ObservedTable, ObservedVault, RegionSettings,
};

/// A recovery point made by an on-demand job, as configured, as it was, and as AWS sees its surroundings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecoveryPoint {
    /// The Region, if the object names one.
    pub region: Fact<String>,
    /// The table to back up: a name or an ARN.
    pub table_name: Fact<String>,
    /// The vault that takes the recovery point, by name.
    pub vault_name: Fact<String>,
    /// The role that AWS Backup assumes.
    pub role_arn: Fact<String>,
    /// For how long a job may wait before it starts, in minutes. Absent means eight hours.
    pub start_window_minutes: Fact<i64>,
    /// For how long a job may run, in minutes. Absent means seven days.
    pub completion_window_minutes: Fact<i64>,
    /// How long the recovery point stays. Absent means for ever.
    pub lifecycle: Fact<LifecycleDays>,
    /// The tags of the recovery point.
    pub tags: Fact<BTreeMap<String, Fact<String>>>,
    /// Whether the recovery point stays when the object is destroyed. When it is destroyed or replaced, the recorded
    /// value, which is the one that counts.
    pub retain_on_destroy: Fact<bool>,
    /// How long the creation may take. Absent means the default of the caller.
    pub create_timeout: Fact<SignedDuration>,
    /// The recovery point that exists already, as recorded. Absent before the creation.
    pub prior: Fact<PriorRecoveryPoint>,
    /// What AWS says.
    pub observed: RecoveryPointObserved,
}

/// How long a recovery point stays and when it moves to cold storage, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LifecycleDays {
    /// Days until it moves to cold storage.
    pub move_to_cold_storage_after_days: Fact<i64>,
    /// Days until it is deleted.
    pub delete_after_days: Fact<i64>,
}

/// A recovery point that exists, as the caller recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriorRecoveryPoint {
    /// Its ARN.
    pub arn: Fact<String>,
    /// How long it stays. Absent means for ever.
    pub lifecycle: Fact<LifecycleDays>,
    /// When AWS deletes it. Absent means never.
    pub deletes_at: Fact<Timestamp>,
}

/// What AWS says about the surroundings of an on-demand job.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecoveryPointObserved {
    /// The table to back up; absent when AWS says that there is none.
    pub table: Fact<ObservedTable>,
    /// The settings of AWS Backup in the Region.
    pub settings: Fact<RegionSettings>,
    /// The vault; absent when AWS says that there is none.
    pub vault: Fact<ObservedVault>,
    /// The recovery point that exists already.
    pub recovery_point: Fact<ObservedRecoveryPoint>,
}

/// The copy of a recovery point into another vault, as configured, as it was, and as AWS sees its surroundings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecoveryPointCopy {
    /// The Region, if the object names one: that of the recovery point.
    pub region: Fact<String>,
    /// The recovery point to copy.
    pub recovery_point_arn: Fact<String>,
    /// The vault that holds it, by name.
    pub source_vault_name: Fact<String>,
    /// The vault that takes the copy, by ARN.
    pub destination_vault_arn: Fact<String>,
    /// The role that AWS Backup assumes.
    pub role_arn: Fact<String>,
    /// How long the copy stays.
    pub lifecycle: Fact<LifecycleDays>,
    /// Whether the copy stays when the object is destroyed. When it is destroyed or replaced, the recorded value,
    /// which is the one that counts.
    pub retain_on_destroy: Fact<bool>,
    /// The copy that exists already, as recorded. Absent before the creation.
    pub prior: Fact<PriorRecoveryPoint>,
    /// What AWS says.
    pub observed: CopyObserved,
}

/// What AWS says about both ends of a copy.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CopyObserved {
    /// The account and the Region of the recovery point.
    pub account: ObservedAccount,
    /// The vault that holds it; absent when AWS says that there is none.
    pub source_vault: Fact<ObservedVault>,
    /// The recovery point; absent when AWS says that there is none.
    pub recovery_point: Fact<ObservedRecoveryPoint>,
    /// Where the copy goes.
    pub destination: ObservedDestination,
}

impl RecoveryPoint {
    /// A recovery point of which every argument is left out, that does not exist, and about which nothing was
    /// observed.
    pub fn unset() -> Self {
        Self {
            region: Fact::Absent,
            table_name: Fact::Absent,
            vault_name: Fact::Absent,
            role_arn: Fact::Absent,
            start_window_minutes: Fact::Absent,
            completion_window_minutes: Fact::Absent,
            lifecycle: Fact::Absent,
            tags: Fact::Absent,
            retain_on_destroy: Fact::Absent,
            create_timeout: Fact::Absent,
            prior: Fact::Absent,
            observed: RecoveryPointObserved::default(),
        }
    }
}

impl RecoveryPointCopy {
    /// A copy of which every argument is left out, that does not exist, and about which nothing was observed.
    pub fn unset() -> Self {
        Self {
            region: Fact::Absent,
            recovery_point_arn: Fact::Absent,
            source_vault_name: Fact::Absent,
            destination_vault_arn: Fact::Absent,
            role_arn: Fact::Absent,
            lifecycle: Fact::Absent,
            retain_on_destroy: Fact::Absent,
            prior: Fact::Absent,
            observed: CopyObserved::default(),
        }
    }
}
