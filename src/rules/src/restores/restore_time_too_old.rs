//! DBK-RPT-004: a moment to restore before the longest history that there is.

use crate::examples;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::limits::RECOVERY_PERIOD_DAYS_MAX;
use crate::prose;
use crate::restores::clock::{self, Asked, Placement, days};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-004"),
    name: "restore_time_too_old",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Moment to restore is too long ago",
    why: "Whatever the recovery period of a table, DynamoDB keeps its history for 35 days at most. What is \
          older exists only in backups.",
    aws_error: Some("InvalidRestoreTimeException"),
    source: "DynamoDB API model, RecoveryPeriodInDays",
    firing: || examples::restore_to(|_, point| point.time = "2025-09-30T09:00:00Z".into()),
    silent: || examples::restore_to(|_, point| point.time = "2025-10-17T09:00:00Z".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(asked) = Asked::of(facts) else { return };
    if asked.placement() != Placement::TooOld {
        return;
    }
    let bound = asked
        .now
        .checked_sub(days(RECOVERY_PERIOD_DAYS_MAX))
        .unwrap_or(asked.now);
    let table = facts
        .restored_table()
        .and_then(|it| it.source_table_name())
        .unwrap_or("TABLE".to_owned());
    report.add(
        Subject::SourceTime,
        format!(
            "time is {}, {} ago. DynamoDB keeps the history of a table for {RECOVERY_PERIOD_DAYS_MAX} days \
             at most, so today nothing before {} can be restored.",
            clock::written(facts, asked),
            prose::duration(asked.age()),
            prose::moment(bound)
        ),
        format!(
            "Look for a backup of that time and write source = {{ backup_arn = \"arn:…\" }}: aws dynamodb \
             list-backups --table-name {table} --backup-type ALL"
        ),
    );
}
