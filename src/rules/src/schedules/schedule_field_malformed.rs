//! DBK-SCH-005: a schedule with a field that has a value or a form that it does not take.

use super::{report_malformed, scheduled};
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-005"),
    name: "schedule_field_malformed",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Field of a schedule is not valid",
    why: "Each field of a schedule has its range and its wildcards: minutes 0 to 59, hours 0 to 23, days 1 to 31 or SUN to SAT (1 is Sunday), months 1 to 12 or JAN to DEC, years 1970 to 2199; L and W stand only in fields of days, # only in that of the week.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup developer guide, cron expressions",
    firing: || scheduled("cron(0 24 ? * * *)"),
    silent: || scheduled("cron(0 0 ? * * *)"),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    report_malformed(RULE.id, facts, report);
}
