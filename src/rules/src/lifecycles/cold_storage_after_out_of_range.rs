//! DBK-LFC-003: a recovery point that is to move to cold storage before it is made.

use super::report_malformed;
use crate::examples::aws_backup::{lifecycle, recovery_point};
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LFC-003"),
    name: "cold_storage_after_out_of_range",
    also: &[],
    area: Area::Lifecycles,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Move to cold storage is out of range",
    why: "A recovery point moves to cold storage one day after it was made at the earliest, and so stays for 91 days at least where it is deleted at all. Never is said by leaving the number out, or by -1.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API, MoveToColdStorageAfterDays",
    firing: || recovery_point(|it| it.lifecycle = lifecycle(-7, 365)),
    silent: || recovery_point(|it| it.lifecycle = lifecycle(1, 91)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    report_malformed(RULE.id, facts, report);
}
