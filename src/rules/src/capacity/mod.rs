//! Rules about billing mode and throughput of a restored table.

pub(crate) mod autoscaling_out_of_range;
pub(crate) mod autoscaling_without_provisioned;
pub(crate) mod billing_mode_unknown;
pub(crate) mod capacity_for_recovery_point;
pub(crate) mod capacity_incomplete;
pub(crate) mod index_throughput_kept;
pub(crate) mod on_demand_maxima_empty;
pub(crate) mod on_demand_maximum_below_one;
pub(crate) mod on_demand_maximum_without_on_demand;
pub(crate) mod provisioned_without_throughput;
pub(crate) mod throughput_beyond_quota;
pub(crate) mod throughput_without_provisioned;
