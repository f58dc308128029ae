//! Every function, one folder each. A new one is a folder, a `mod` line and a line in the registry.
//!
//! Functions are pure: they read no clock, no AWS and no configuration of the provider. Terraform calls them from
//! version 1.8 on; to an older one they are not there. It takes care of unknown arguments, which make the result
//! unknown, and of null where a parameter does not take it.

mod arguments;
pub(crate) mod backup_created_at;
pub(crate) mod lifecycle_dates;
pub(crate) mod parse_arn;
pub(crate) mod schedule_next;
#[cfg(test)]
mod tests;

use tfsdk::{DynFunction, erase_function};

/// Every function, sorted by name.
pub const ALL: &[fn() -> Box<dyn DynFunction>] = &[
    erase_function::<backup_created_at::BackupCreatedAt>,
    erase_function::<lifecycle_dates::LifecycleDates>,
    erase_function::<parse_arn::ParseArn>,
    erase_function::<schedule_next::ScheduleNext>,
];
