//! Validation rules for DynamoDB backup, point-in-time recovery and restore. Pure: no async, clock or I/O.
//!
//! | to | see |
//! | --- | --- |
//! | judge what is planned | [`check`], with [`Facts`] about one object |
//! | tell what is known, absent and unknown | [`Fact`] |
//! | describe an object, and what AWS said of it | [`facts`] |
//! | show what was found | [`Finding`], its [`Severity`] and its [`Subject`] |
//! | look at the rules themselves | [`RULES`], [`find_rule`], [`rules_reading`], [`Rule`] |
//! | read ARNs, names, Regions and times | [`syntax`] |
//! | use a number of AWS | [`limits`] |
//! | find the ids that rules may have | [`catalogue`] |
//!
//! What follows is the README.
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod catalogue;
mod examples;
mod fact;
pub mod facts;
mod finding;
#[cfg(test)]
mod forgetting;
pub mod limits;
mod page;
pub mod policy;
mod prose;
mod registry;
mod rule;
mod segment;
pub mod syntax;

// The rules, by area.
mod air_gapped_vaults;
mod arns;
mod backup_jobs;
mod backup_settings;
mod backups;
mod capacity;
mod carry_over;
mod copies;
mod cross_account;
mod cross_region;
mod deletion;
mod encryption;
mod indexes;
mod lifecycles;
mod names;
mod pitr;
mod plans;
mod quotas;
mod recovery_point_tags;
mod restores;
mod schedules;
mod selections;
mod vault_lock;
mod vaults;

pub use fact::Fact;
pub use facts::Facts;
pub use finding::{Finding, Regraded, Report, Severity, Subject};
pub use policy::Policy;
pub use registry::{RULES, check, find_rule, rules_reading};
pub use rule::{Area, Rule, RuleId, When, reference};
pub use segment::Segment;
