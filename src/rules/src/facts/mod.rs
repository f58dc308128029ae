//! What the rules are told: who plans, when, in which Regions, and one object with its configuration and what
//! AWS said about its surroundings. Gathering facts is the caller's business; nothing here reads anything.
//!
//! Begin with [`Facts::about`] and an [`Object`]: a [`Backup`], a [`PointInTimeRecovery`] or a [`RestoredTable`]. Each has
//! two beginnings: `default()`, of which nothing is known, and `unset()`, of which every argument is known to be left
//! out. The types whose names begin with `Observed` hold what AWS answers; those with `Prior` what the caller had
//! recorded; those with `Planned`, in [`Neighbours`], what else the same plan makes. Then say who ([`Caller`]), when
//! ([`Facts::now`]) and what is about to happen ([`Action`], [`Stage`]).

mod autoscaling;
mod aws_backup;
mod backup;
mod neighbours;
mod observed;
mod places;
mod point_in_time_recovery;
mod restored_table;
mod tables;

pub use autoscaling::{Autoscaling, Capacity, ScaledCapacity, ScaledIndex, ScaledPlace};
pub(crate) use aws_backup::ConfiguredCopy;
pub use aws_backup::{
    AccessPolicy, BackupPlan, BackupSettings, BackupVault, CopyAction, CopyObserved, LifecycleDays,
    ObservedAccount, ObservedDestination, ObservedRecoveryPoint, ObservedVault, Organization, PlanObserved,
    PlanRule, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement, PolicyVerdict, PriorBackupPlan,
    PriorBackupVault, PriorRecoveryPoint, RecoveryPoint, RecoveryPointCopy, RecoveryPointObserved,
    RecoveryPointStatus, RegionSettings, Requester, Selection, SelectionCondition, SelectionTag,
    StorageClass, VaultLock, VaultObserved, VaultType,
};
pub use backup::{Backup, PriorBackup};
pub use neighbours::{
    Neighbours, PlannedBackup, PlannedFinalBackup, PlannedRecovery, PlannedRestore, PlannedVault,
};
pub use observed::{
    BackupStatus, BackupType, BillingMode, ObservedBackup, ObservedIndex, ObservedKey, ObservedRecovery,
    ObservedReplica, ObservedTable, RunningRestore, Settings, TableStatus, WarmThroughput,
};
pub use places::{Accepts, DataArn, Place};
pub use point_in_time_recovery::{PointInTimeRecovery, PriorRecovery, RecoveryObserved};
pub use restored_table::{
    GlobalIndex, OnDemandThroughput, PointInTime, PriorRestoredTable, ProvisionedThroughput, RestoreObserved,
    RestoredTable, ServerSideEncryption, Setting, Source,
};
pub use tables::NamedTable;

use jiff::Timestamp;

use crate::fact::Fact;
use crate::syntax::{AccountId, Partition, Region, Regions};

/// All that is known about one object that somebody plans.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Who plans.
    pub caller: Caller,
    /// The time of the check. Rules have no clock of their own.
    pub now: Fact<Timestamp>,
    /// What is about to happen. Leave it unknown when only a configuration is at hand: rules about the
    /// making, the changing or the destruction of an object then keep silent, and rules about the arguments
    /// themselves speak.
    pub action: Fact<Action>,
    /// Whether the plan is being made or carried out.
    pub stage: Stage,
    /// Partitions and Regions as far as they are known.
    pub regions: Regions,
    /// The other objects of the same plan, as far as they are seen.
    pub neighbours: Neighbours,
    /// The object.
    pub object: Object,
}

/// Who plans: what `sts:GetCallerIdentity` and the configured Region say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// The account.
    pub account: Fact<AccountId>,
    /// The partition. Left unknown, it is derived from the Region where that is possible.
    pub partition: Fact<Partition>,
    /// The Region that applies to an object without a Region of its own.
    pub region: Fact<Region>,
}

/// What is about to happen to the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// It is made, and nothing of it existed before.
    Create,
    /// It is destroyed and made anew, in either order.
    Replace,
    /// It is changed in place.
    Update,
    /// It stays as it is.
    Keep,
    /// It is destroyed.
    Destroy,
}

/// How near the work is. A table that is missing may still be made by another part of the same plan; once the
/// work begins, it may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Stage {
    /// The plan is being made.
    #[default]
    Plan,
    /// The plan is about to be carried out, and all that this object depends on is done.
    Apply,
}

/// The object that is planned. One variant per kind of object.
#[derive(Debug, Clone, PartialEq)]
pub enum Object {
    /// An on-demand backup.
    Backup(Box<Backup>),
    /// The point-in-time recovery setting of one table in one Region.
    PointInTimeRecovery(Box<PointInTimeRecovery>),
    /// A table made by a restore.
    RestoredTable(Box<RestoredTable>),
    /// The settings of AWS Backup in one account and Region.
    BackupSettings(Box<BackupSettings>),
    /// A vault of AWS Backup.
    BackupVault(Box<BackupVault>),
    /// A plan of AWS Backup, with its selections.
    BackupPlan(Box<BackupPlan>),
    /// A recovery point of AWS Backup, made on demand.
    RecoveryPoint(Box<RecoveryPoint>),
    /// The copy of a recovery point of AWS Backup into another vault.
    RecoveryPointCopy(Box<RecoveryPointCopy>),
}

impl Facts {
    /// Starts from an object of which nothing else is known: no caller, no time, no action.
    pub fn about(object: impl Into<Object>) -> Self {
        Self {
            caller: Caller::default(),
            now: Fact::Unknown,
            action: Fact::Unknown,
            stage: Stage::Plan,
            regions: Regions::default(),
            neighbours: Neighbours::default(),
            object: object.into(),
        }
    }

    /// The Region in which the object lives: its own, or the caller's.
    pub fn region(&self) -> Fact<Region> {
        let own = match &self.object {
            Object::Backup(it) => &it.region,
            Object::PointInTimeRecovery(it) => &it.region,
            Object::RestoredTable(it) => &it.region,
            Object::BackupSettings(it) => &it.region,
            Object::BackupVault(it) => &it.region,
            Object::BackupPlan(it) => &it.region,
            Object::RecoveryPoint(it) => &it.region,
            Object::RecoveryPointCopy(it) => &it.region,
        };
        match own.as_ref() {
            Fact::Known(text) => Region::parse(text).map_or(Fact::Unknown, Fact::Known),
            Fact::Absent => self.caller.region.clone(),
            Fact::Unknown => Fact::Unknown,
        }
    }

    /// The partition in which the object lives: the caller's, or that of the object's Region.
    pub fn partition(&self) -> Fact<Partition> {
        match &self.caller.partition {
            Fact::Known(partition) => Fact::Known(partition.clone()),
            Fact::Absent | Fact::Unknown => match self.region() {
                Fact::Known(region) => self
                    .regions
                    .partition_of(&region)
                    .map_or(Fact::Unknown, Fact::Known),
                Fact::Absent | Fact::Unknown => Fact::Unknown,
            },
        }
    }

    /// Whether it is known that the object is about to be made, whether or not another one goes before.
    pub fn is_made(&self) -> bool {
        matches!(self.action, Fact::Known(Action::Create | Action::Replace))
    }

    /// Whether it is known that the object is about to be destroyed for good or to make room.
    pub fn is_destroyed(&self) -> bool {
        matches!(self.action, Fact::Known(Action::Destroy | Action::Replace))
    }

    /// Whether it is known that the object is about to be destroyed for good: what its configuration says has no effect
    /// any more.
    pub fn is_destroyed_for_good(&self) -> bool {
        self.action == Fact::Known(Action::Destroy)
    }

    /// Whether the source of a restore or of a copy still has any effect: it has none once the table or the copy
    /// exists, when it is provenance.
    pub fn source_matters(&self) -> bool {
        let has_source = matches!(
            self.object,
            Object::RestoredTable(_) | Object::RecoveryPointCopy(_)
        );
        !has_source || self.action.is_unknown() || self.is_made()
    }

    /// The object as a backup, if it is one.
    pub fn backup(&self) -> Option<&Backup> {
        match &self.object {
            Object::Backup(it) => Some(it),
            _ => None,
        }
    }

    /// The object as a point-in-time recovery setting, if it is one.
    pub fn point_in_time_recovery(&self) -> Option<&PointInTimeRecovery> {
        match &self.object {
            Object::PointInTimeRecovery(it) => Some(it),
            _ => None,
        }
    }

    /// The object as a restored table, if it is one.
    pub fn restored_table(&self) -> Option<&RestoredTable> {
        match &self.object {
            Object::RestoredTable(it) => Some(it),
            _ => None,
        }
    }

    /// The object as the settings of AWS Backup, if it is one.
    pub fn backup_settings(&self) -> Option<&BackupSettings> {
        match &self.object {
            Object::BackupSettings(it) => Some(it),
            _ => None,
        }
    }

    /// The object as a vault of AWS Backup, if it is one.
    pub fn backup_vault(&self) -> Option<&BackupVault> {
        match &self.object {
            Object::BackupVault(it) => Some(it),
            _ => None,
        }
    }

    /// The object as a plan of AWS Backup, if it is one.
    pub fn backup_plan(&self) -> Option<&BackupPlan> {
        match &self.object {
            Object::BackupPlan(it) => Some(it),
            _ => None,
        }
    }

    /// The object as a recovery point made on demand, if it is one.
    pub fn recovery_point(&self) -> Option<&RecoveryPoint> {
        match &self.object {
            Object::RecoveryPoint(it) => Some(it),
            _ => None,
        }
    }

    /// The object as the copy of a recovery point, if it is one.
    pub fn recovery_point_copy(&self) -> Option<&RecoveryPointCopy> {
        match &self.object {
            Object::RecoveryPointCopy(it) => Some(it),
            _ => None,
        }
    }
}

impl From<Backup> for Object {
    fn from(it: Backup) -> Self {
        Self::Backup(Box::new(it))
    }
}

impl From<PointInTimeRecovery> for Object {
    fn from(it: PointInTimeRecovery) -> Self {
        Self::PointInTimeRecovery(Box::new(it))
    }
}

impl From<RestoredTable> for Object {
    fn from(it: RestoredTable) -> Self {
        Self::RestoredTable(Box::new(it))
    }
}

impl From<BackupSettings> for Object {
    fn from(it: BackupSettings) -> Self {
        Self::BackupSettings(Box::new(it))
    }
}

impl From<BackupVault> for Object {
    fn from(it: BackupVault) -> Self {
        Self::BackupVault(Box::new(it))
    }
}

impl From<BackupPlan> for Object {
    fn from(it: BackupPlan) -> Self {
        Self::BackupPlan(Box::new(it))
    }
}

impl From<RecoveryPoint> for Object {
    fn from(it: RecoveryPoint) -> Self {
        Self::RecoveryPoint(Box::new(it))
    }
}

impl From<RecoveryPointCopy> for Object {
    fn from(it: RecoveryPointCopy) -> Self {
        Self::RecoveryPointCopy(Box::new(it))
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, BackupType};
    use crate::examples;
    use crate::fact::Fact;

    #[test]
    fn what_is_only_destroyed_has_no_places() {
        let destroyed = examples::backup_destroyed(|_| ());
        assert!(destroyed.is_destroyed() && destroyed.is_destroyed_for_good() && !destroyed.is_made());
        assert_eq!(destroyed.places(), []);
        let mut replaced = destroyed.clone();
        replaced.action = Fact::Known(Action::Replace);
        assert!(replaced.is_destroyed() && !replaced.is_destroyed_for_good() && replaced.is_made());
        assert_eq!(replaced.places().len(), 2);
    }

    #[test]
    fn a_source_matters_until_the_table_is_made() {
        let mut restore = examples::restore(|_| ());
        for (action, matters) in [
            (Fact::Unknown, true),
            (Fact::Known(Action::Create), true),
            (Fact::Known(Action::Replace), true),
            (Fact::Known(Action::Update), false),
            (Fact::Known(Action::Keep), false),
            (Fact::Known(Action::Destroy), false),
        ] {
            restore.action = action;
            assert_eq!(restore.source_matters(), matters, "{action:?}");
        }
        // What other objects name is no provenance.
        let backup = examples::backup(|_| ());
        assert!(backup.source_matters());
        assert!(examples::recovery_changed(|_| ()).source_matters());
    }

    #[test]
    fn words_of_aws_are_kept_as_they_are() {
        for word in ["USER", "SYSTEM", "AWS_BACKUP", "NEW_TYPE"] {
            assert_eq!(BackupType::from_aws(word).to_string(), word);
        }
    }
}
