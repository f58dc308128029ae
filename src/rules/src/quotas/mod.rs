//! Rules about quotas.

pub(crate) mod plan_beyond_quotas;
pub(crate) mod plan_tags_beyond_limits;
pub(crate) mod resource_policy_too_large;
pub(crate) mod restores_too_large;
pub(crate) mod tags_beyond_limits;
pub(crate) mod too_many_restores;
pub(crate) mod too_many_tables;
