//! Validation rules for DynamoDB backup, point-in-time recovery and restore. Pure: no async, clock or I/O.
//!
//! Start with [`check`]; what it wants to know is in [`facts`], what it says in [`Finding`], and all rules are in
//! [`RULES`]. What follows is the README.
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod examples;
mod fact;
pub mod facts;
mod finding;
#[cfg(test)]
mod forgetting;
pub mod limits;
mod page;
mod prose;
mod registry;
mod rule;
pub mod syntax;

// The rules, by area.
mod arns;
mod backups;
mod capacity;
mod carry_over;
mod cross_account;
mod cross_region;
mod deletion;
mod encryption;
mod indexes;
mod names;
mod pitr;
mod quotas;
mod restores;

pub use fact::Fact;
pub use facts::Facts;
pub use finding::{Finding, Report, Severity, Subject};
pub use registry::{RULES, check, find_rule, rules_reading};
pub use rule::{Area, Rule, RuleId, When};
