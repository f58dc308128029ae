//! The clients against a stub of AWS at the HTTP line, with a clock that jumps.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod backup_plans;
mod backup_settings;
mod backups;
mod calls;
mod connecting;
mod continuous_backups;
mod copy_jobs;
mod credentials;
mod listing;
mod logging;
mod restore_jobs;
mod restores;
mod stub;
mod table_count;
mod tables;
mod waits;
