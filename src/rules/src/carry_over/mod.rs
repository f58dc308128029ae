//! Rules about settings of the source that a restore drops and that the restored table is not given.

pub(crate) mod autoscaling_dropped;
pub(crate) mod contributor_insights_dropped;
pub(crate) mod deletion_protection_dropped;
pub(crate) mod deletion_protection_not_given;
pub(crate) mod kinesis_stream_dropped;
pub(crate) mod recovery_dropped;
pub(crate) mod replicas_dropped;
pub(crate) mod resource_policy_dropped;
pub(crate) mod stream_dropped;
pub(crate) mod table_class_dropped;
pub(crate) mod tags_dropped;
pub(crate) mod time_to_live_dropped;
pub(crate) mod warm_throughput_dropped;

mod dropped;
