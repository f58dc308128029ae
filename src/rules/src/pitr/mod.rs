//! Rules about point-in-time recovery settings.

pub(crate) mod recovery_disabled_on_destroy;
pub(crate) mod recovery_period_out_of_range;
pub(crate) mod recovery_period_without_recovery;
pub(crate) mod recovery_window_discarded;
pub(crate) mod recovery_window_shortened;
pub(crate) mod replica_without_recovery;
pub(crate) mod table_without_key;
