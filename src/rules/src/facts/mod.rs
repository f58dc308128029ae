//! What the rules are told: who plans, when, in which Regions, and one object with its configuration and what
//! AWS said about its surroundings. Gathering facts is the caller's business; nothing here reads anything.

mod autoscaling;
mod backup;
mod neighbours;
mod observed;
mod places;
mod point_in_time_recovery;
mod restored_table;

pub use autoscaling::{Autoscaling, Capacity, ScaledCapacity, ScaledIndex, ScaledPlace};
pub use backup::{Backup, PriorBackup};
pub use neighbours::{Neighbours, PlannedBackup, PlannedFinalBackup, PlannedRecovery, PlannedRestore};
pub use observed::{
    BackupStatus, BackupType, BillingMode, ObservedBackup, ObservedIndex, ObservedKey, ObservedRecovery,
    ObservedTable, RunningRestore, Settings, TableStatus,
};
pub use places::{Accepts, DataArn, Place};
pub use point_in_time_recovery::{PointInTimeRecovery, PriorRecovery, RecoveryObserved};
pub use restored_table::{
    GlobalIndex, OnDemandThroughput, PointInTime, PriorRestoredTable, ProvisionedThroughput, RestoreObserved,
    RestoredTable, ServerSideEncryption, Setting, Source,
};

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

    /// Whether the source of a restore still has any effect: it has none once the table exists, when it is
    /// provenance.
    pub fn source_matters(&self) -> bool {
        self.restored_table().is_none() || self.action.is_unknown() || self.is_made()
    }

    /// The object as a backup, if it is one.
    pub fn backup(&self) -> Option<&Backup> {
        match &self.object {
            Object::Backup(it) => Some(it),
            Object::PointInTimeRecovery(_) | Object::RestoredTable(_) => None,
        }
    }

    /// The object as a point-in-time recovery setting, if it is one.
    pub fn point_in_time_recovery(&self) -> Option<&PointInTimeRecovery> {
        match &self.object {
            Object::PointInTimeRecovery(it) => Some(it),
            Object::Backup(_) | Object::RestoredTable(_) => None,
        }
    }

    /// The object as a restored table, if it is one.
    pub fn restored_table(&self) -> Option<&RestoredTable> {
        match &self.object {
            Object::RestoredTable(it) => Some(it),
            Object::Backup(_) | Object::PointInTimeRecovery(_) => None,
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
