//! DBK-LFC-002: a recovery point that would be deleted less than 90 days after its move to cold storage.

use super::{keeping, report_malformed};
use crate::examples::aws_backup::lifecycle;
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LFC-002"),
    name: "cold_storage_too_short",
    also: &[],
    area: Area::Lifecycles,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Recovery point would leave cold storage too soon",
    why: "What AWS Backup moves to cold storage stays there for 90 days at least, and is billed for them. The deletion must therefore be at least 90 days after the move.",
    aws_error: Some(
        "InvalidParameterValueException: Error in rule daily : Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays",
    ),
    source: "AWS Backup API, Lifecycle; error text of AWS Backup",
    firing: || keeping(lifecycle(30, 60)),
    silent: || keeping(lifecycle(30, 120)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    report_malformed(RULE.id, facts, report);
}
