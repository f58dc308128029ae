//! DBK-SCH-004: a schedule that would run more often than once an hour.

use super::{report_malformed, scheduled};
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-004"),
    name: "schedule_too_often",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Schedule runs more often than once an hour",
    why: "AWS Backup starts a rule once an hour at most, so that the minute field has exactly one value. For finer steps there is point-in-time recovery, which goes back to any second.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup developer guide, backup frequency",
    firing: || scheduled("cron(0/30 * ? * * *)"),
    silent: || scheduled("cron(30 * ? * * *)"),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    report_malformed(RULE.id, facts, report);
}
