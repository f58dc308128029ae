//! A table's settings beyond its design: what a restore does not carry, and the account's limits.

pub(crate) mod contributor_insights;
pub(crate) mod kinesis;
pub(crate) mod limits;
pub(crate) mod resource_policy;
pub(crate) mod tags;
pub(crate) mod time_to_live;
