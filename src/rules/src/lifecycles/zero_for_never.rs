//! DBK-LFC-010: a zero in a lifecycle, which some tools read as never.

use super::report_malformed;
use crate::examples::aws_backup::{copy, deleted_after};
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LFC-010"),
    name: "zero_for_never",
    also: &[],
    area: Area::Lifecycles,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Zero days in a lifecycle do not mean never",
    why: "Other tools drop a zero, so that recovery points stay for ever, where AWS Backup itself refuses it. Here it is refused, because nobody can tell whether \"at once\" or \"never\" was meant.",
    aws_error: Some(
        "InvalidParameterValueException: Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days",
    ),
    source: "AWS Backup API, Lifecycle; how Terraform and the AWS CDK treat zero",
    firing: || copy(|it| it.lifecycle = deleted_after(0)),
    silent: || copy(|it| it.lifecycle = deleted_after(1)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    report_malformed(RULE.id, facts, report);
}
