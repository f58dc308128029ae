//! Rules about tables that are deleted, with what goes along and what stays.

pub(crate) mod protected_table_deleted;
pub(crate) mod recovery_history_deleted;
pub(crate) mod unrecoverable_table_deleted;
