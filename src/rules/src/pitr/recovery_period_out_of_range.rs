//! DBK-PITR-001: a recovery period outside 1 to 35 days.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::limits::{RECOVERY_PERIOD_DAYS_DEFAULT, RECOVERY_PERIOD_DAYS_MAX, RECOVERY_PERIOD_DAYS_MIN};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::RecoveryPeriod;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PITR-001"),
    name: "recovery_period_out_of_range",
    also: &[],
    area: Area::PointInTimeRecovery,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Recovery period is out of range",
    why: "DynamoDB keeps the history of a table for 1 to 35 days. Data of longer ago need on-demand \
          backups, or AWS Backup where they shall expire by themselves.",
    aws_error: Some("ValidationException: … Member must have value less than or equal to 35"),
    source: "DynamoDB API model, RecoveryPeriodInDays; measured on AWS",
    firing: || examples::recovery(|it| it.recovery_period_in_days = Fact::Known(40)),
    silent: || examples::recovery(|it| it.recovery_period_in_days = Fact::Known(35)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(recovery) = facts.point_in_time_recovery() else {
        return;
    };
    let Fact::Known(days) = recovery.recovery_period_in_days else {
        return;
    };
    if facts.is_destroyed_for_good() || RecoveryPeriod::from_days(days).is_ok() {
        return;
    }
    let nearest = days.clamp(RECOVERY_PERIOD_DAYS_MIN, RECOVERY_PERIOD_DAYS_MAX);
    let advice = if nearest == RECOVERY_PERIOD_DAYS_MAX {
        " To keep data for longer, take on-demand backups beside it."
    } else {
        " To switch recovery off, write enabled = false instead."
    };
    let or_omit = if nearest == RECOVERY_PERIOD_DAYS_DEFAULT {
        ", or leave it out: that is the default".to_owned()
    } else {
        format!(", or leave it out for the default of {RECOVERY_PERIOD_DAYS_DEFAULT}")
    };
    report.add(
        Subject::RecoveryPeriod,
        format!(
            "recovery_period_in_days is {days}, and must be between {RECOVERY_PERIOD_DAYS_MIN} and \
             {RECOVERY_PERIOD_DAYS_MAX}. DynamoDB keeps the history of a table for {} at most and refuses \
             any other period.",
            prose::days(RECOVERY_PERIOD_DAYS_MAX)
        ),
        format!("Set recovery_period_in_days = {nearest}{or_omit}.{advice}"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::recovery;
    use crate::fact::Fact;

    fn fix(days: i64) -> Option<String> {
        let facts = recovery(|it| it.recovery_period_in_days = Fact::Known(days));
        RULE.findings(&facts).pop().map(|it| it.fix)
    }

    #[test]
    fn the_nearest_period_is_offered() {
        let too_long = "Set recovery_period_in_days = 35, or leave it out: that is the default. To keep data for longer, \
                        take on-demand backups beside it.";
        let too_short = "Set recovery_period_in_days = 1, or leave it out for the default of 35. To switch recovery off, \
                         write enabled = false instead.";
        for (days, expected) in [
            (i64::MIN, Some(too_short)),
            (0, Some(too_short)),
            (1, None),
            (35, None),
            (36, Some(too_long)),
            (i64::MAX, Some(too_long)),
        ] {
            assert_eq!(fix(days).as_deref(), expected, "{days}");
        }
    }
}
