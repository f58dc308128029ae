//! DBK-SCH-001: a schedule that is not AWS Backup's cron expression of six fields.

use super::{report_malformed, scheduled};
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-001"),
    name: "schedule_not_cron",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Schedule is not a cron expression of AWS Backup",
    why: "AWS Backup takes cron(minute hour day-of-month month day-of-week year): six fields, with the word and the parentheses around them. The cron of Unix has five and counts the days of the week from 0, so that it cannot be taken over as it is.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API, ScheduleExpression; developer guide, cron expressions",
    firing: || scheduled("0 5 * * 1-5"),
    silent: || scheduled("cron(0 5 ? * MON-FRI *)"),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    report_malformed(RULE.id, facts, report);
}
