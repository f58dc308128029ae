//! DBK-PITR-003: a recovery period for recovery that is off.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PITR-003"),
    name: "recovery_period_without_recovery",
    also: &[],
    area: Area::PointInTimeRecovery,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Recovery period is given for recovery that is switched off",
    why: "DynamoDB takes no period together with the order to switch off, and it forgets the old one: \
          recovery that is switched on again without a period has 35 days.",
    aws_error: Some(
        "ValidationException: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.",
    ),
    source: "measured on AWS",
    firing: || {
        examples::recovery(|it| {
            it.enabled = Fact::Known(false);
            it.recovery_period_in_days = Fact::Known(7);
        })
    },
    silent: || examples::recovery(|it| it.enabled = Fact::Known(false)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(recovery) = facts.point_in_time_recovery() else {
        return;
    };
    let (Fact::Known(false), Fact::Known(days)) = (recovery.enabled, recovery.recovery_period_in_days) else {
        return;
    };
    if facts.is_destroyed_for_good() {
        return;
    }
    report.add(
        Subject::RecoveryPeriod,
        format!(
            "enabled is false and recovery_period_in_days is {days}. DynamoDB refuses a period for recovery \
             that is off, and keeps none for later."
        ),
        format!(
            "Remove recovery_period_in_days, or set enabled = true to keep {} of history.",
            crate::prose::days(days)
        ),
    );
}
