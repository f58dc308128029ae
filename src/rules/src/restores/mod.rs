//! Rules about restores, from a backup or to a point in time.

pub(crate) mod backup_not_available;
pub(crate) mod create_timeout_too_short;
pub(crate) mod not_exactly_one_source;
pub(crate) mod not_exactly_one_time;
pub(crate) mod recovery_point_in_cold_storage;
pub(crate) mod recovery_point_not_restorable;
pub(crate) mod restore_time_before_configured_period;
pub(crate) mod restore_time_before_recovery;
pub(crate) mod restore_time_in_future;
pub(crate) mod restore_time_malformed;
pub(crate) mod restore_time_outside_window;
pub(crate) mod restore_time_too_old;
pub(crate) mod restore_time_too_recent;
pub(crate) mod source_edited_after_restore;
pub(crate) mod source_recovery_off;
pub(crate) mod source_table_archived;
pub(crate) mod source_table_missing;
pub(crate) mod target_planned_twice;
pub(crate) mod target_table_being_restored;
pub(crate) mod target_table_exists;
pub(crate) mod time_for_backup;

mod clock;
