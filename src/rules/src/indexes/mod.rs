//! Rules about the secondary indexes that a restore brings back.

pub(crate) mod index_choice_for_recovery_point;
pub(crate) mod index_named_twice;
pub(crate) mod index_throughput_against_billing_mode;
pub(crate) mod local_index_left_out;
pub(crate) mod too_many_indexes;
pub(crate) mod unknown_global_index;
pub(crate) mod unknown_local_index;
