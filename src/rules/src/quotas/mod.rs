//! Rules about quotas.

pub(crate) mod resource_policy_too_large;
pub(crate) mod tags_beyond_limits;
