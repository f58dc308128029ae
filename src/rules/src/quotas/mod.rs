//! Rules about quotas.

pub(crate) mod tags_beyond_limits;
