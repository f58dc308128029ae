//! Rules about backup jobs of AWS Backup that are started on demand.

pub(crate) mod job_timeout_too_short;
pub(crate) mod table_backed_up_twice_at_once;
