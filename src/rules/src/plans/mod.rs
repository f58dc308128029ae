//! Rules about backup plans: what they hold, and how their rules get on with each other.

pub(crate) mod organization_plan_changed;
pub(crate) mod overlapping_rules;
pub(crate) mod plan_without_rule;
pub(crate) mod plan_without_selection;
pub(crate) mod retention_changed_for_later_points;
pub(crate) mod rule_without_schedule;
pub(crate) mod rule_without_vault;
