//! The grammars of AWS as parsed types: what cannot be parsed cannot be written down. Says nothing about
//! whether the named thing exists.

mod account;
mod arn;
mod backup_window;
mod data_arn;
mod lifecycle;
mod name;
mod recovery_period;
mod region;
mod restore_time;
mod role_arn;
mod schedule;
mod vault_arn;

pub use account::{AccountId, AccountIdError};
pub(crate) use arn::is_key_reference;
pub use arn::{Arn, ArnError, ArnKind, Resource};
pub use backup_window::{BackupWindow, BackupWindowError};
pub use data_arn::{BackupArn, TableArn};
pub use lifecycle::{Lifecycle, LifecycleError, LifecycleSetting};
pub use name::{
    BackupName, IndexName, NameError, NameGrammar, PlanName, PlanRuleName, SelectionName, TableName,
    VaultName,
};
pub use recovery_period::{RecoveryPeriod, RecoveryPeriodError};
pub use region::{Partition, Region, RegionError, Regions};
pub use restore_time::{RestoreTime, RestoreTimeError};
pub use role_arn::RoleArn;
pub use schedule::{
    Equivalent, NeverRuns, Schedule, ScheduleError, ScheduleField, ScheduleTimeZone, ScheduleTimeZoneError,
};
pub use vault_arn::VaultArn;
