//! DBK-SCH-002: a schedule of which not exactly one of the two day fields is a question mark.

use super::{report_malformed, scheduled};
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-002"),
    name: "day_fields_not_exclusive",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Schedule names the day twice or not at all",
    why: "A schedule says its days either by the day of the month or by the day of the week, and has a question mark in the other field. A star in both, as cron of Unix has it, is refused.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup developer guide, cron expressions",
    firing: || scheduled("cron(0 5 * * * *)"),
    silent: || scheduled("cron(0 5 * * ? *)"),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    report_malformed(RULE.id, facts, report);
}
