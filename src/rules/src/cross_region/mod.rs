//! Rules about restores into another Region.

pub(crate) mod cross_region_timeout_too_short;
pub(crate) mod cross_region_without_encryption;
pub(crate) mod region_closed_to_restores;
pub(crate) mod source_in_another_partition;
