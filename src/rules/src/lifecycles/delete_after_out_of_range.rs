//! DBK-LFC-001: a recovery point that is to be deleted sooner or later than AWS Backup can.

use super::{keeping, report_malformed};
use crate::examples::aws_backup::deleted_after;
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LFC-001"),
    name: "delete_after_out_of_range",
    also: &[],
    area: Area::Lifecycles,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Retention of a recovery point is out of range",
    why: "AWS Backup deletes a recovery point 1 to 36500 days after it was made. One that is to stay for longer is kept until somebody deletes it, which is said by leaving the number out, or by -1.",
    aws_error: Some(
        "InvalidParameterValueException: Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days",
    ),
    source: "AWS Backup API, DeleteAfterDays; error text of AWS Backup",
    firing: || keeping(deleted_after(36_501)),
    silent: || keeping(deleted_after(36_500)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    report_malformed(RULE.id, facts, report);
}
