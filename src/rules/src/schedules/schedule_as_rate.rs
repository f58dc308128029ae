//! DBK-SCH-003: a schedule as a rate, which other services of AWS take.

use super::{report_malformed, scheduled};
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-003"),
    name: "schedule_as_rate",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Schedule is a rate, and AWS Backup takes cron alone",
    why: "Amazon EventBridge takes rate(1 day) as well as cron expressions; AWS Backup documents cron expressions alone.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup developer guide, cron expressions",
    firing: || scheduled("rate(1 day)"),
    silent: || scheduled("cron(0 5 ? * * *)"),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    report_malformed(RULE.id, facts, report);
}
