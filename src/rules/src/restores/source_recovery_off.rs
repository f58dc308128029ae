//! DBK-RPT-008: a restore to a point in time of a table without point-in-time recovery.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedRecovery, Stage};
use crate::finding::{Report, Severity, Subject};
use crate::restores::restore_time_before_recovery::is_switched_on;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-008"),
    name: "source_recovery_off",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeContinuousBackups"],
    title: "Point-in-time recovery of the source table is off",
    why: "Only a table with point-in-time recovery can be restored to a moment, and only to moments since \
          it was switched on. While a plan is made that switches it on, a restore of the latest moment is only a \
          warning; once the restore is about to begin, it is an error.",
    aws_error: Some(
        "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table 'orders'",
    ),
    source: "DynamoDB API model, RestoreTableToPointInTime; measured on AWS",
    firing: || {
        examples::restore_to(|it, _| it.observed.source_recovery = Fact::Known(examples::recovery_off()))
    },
    silent: || {
        examples::restore_to(|it, _| it.observed.source_recovery = Fact::Known(examples::recovery_on()))
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let is_off = matches!(
        table.observed.source_recovery,
        Fact::Known(ObservedRecovery {
            enabled: Fact::Known(false),
            ..
        })
    );
    if !is_off || table.point_in_time().is_none() {
        return;
    }
    let name = table.source_table_name().unwrap_or_default();
    if facts.stage == Stage::Plan && is_switched_on(facts) {
        // Any other moment is before recovery is on, which has a rule of its own.
        if table.restore_time().is_none() {
            report.add_warning(
                Subject::SourcePointInTime,
                format!(
                    "The table {name:?} has point-in-time recovery switched off, and the same plan switches it on. \
                     Unless this apply does that first, the restore fails."
                ),
                "Make sure of the order: depends_on = [dynamodb_point_in_time_recovery.NAME].",
            );
        }
        return;
    }
    report.add(
        Subject::SourcePointInTime,
        format!(
            "The table {name:?} has point-in-time recovery switched off, so DynamoDB keeps no history of \
             it. Switching it on now opens a window that begins now: no earlier moment can be restored."
        ),
        format!(
            "Restore a backup instead: source = {{ backup_arn = \"arn:…\" }}; to see what there is: aws \
             dynamodb list-backups --table-name {name} --backup-type ALL. To copy the table as it is today, \
             switch recovery on, apply, and then plan this restore with latest = true."
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{recovery_off, recovery_on, restore, restore_to};
    use crate::fact::Fact;
    use crate::facts::{Facts, ObservedRecovery, PlannedRecovery, PointInTime, Stage};
    use crate::finding::Severity;
    use crate::syntax::Region;

    /// The verdict where the same plan has a setting for the source table.
    fn severities(
        is_switched_on: bool,
        stage: Stage,
        change: impl FnOnce(&mut PointInTime),
    ) -> Vec<Severity> {
        let mut facts = restore_to(|it, point| {
            it.observed.source_recovery = Fact::Known(recovery_off());
            change(point);
        });
        facts.neighbours.recoveries.push(PlannedRecovery {
            region: Region::parse("us-east-1").expect("a Region"),
            table_name: "orders".to_owned(),
            is_switched_on,
            recovery_period_in_days: Fact::Known(35),
        });
        let facts = Facts { stage, ..facts };
        RULE.findings(&facts).into_iter().map(|it| it.severity).collect()
    }

    fn latest(point: &mut PointInTime) {
        point.time = Fact::Absent;
        point.latest = Fact::Known(true);
    }

    #[test]
    fn recovery_that_the_same_plan_switches_on_is_on_in_time_or_not() {
        assert_eq!(severities(true, Stage::Plan, latest), [Severity::Warning]);
        assert_eq!(severities(true, Stage::Apply, latest), [Severity::Error]);
        assert_eq!(severities(false, Stage::Plan, latest), [Severity::Error]);
    }

    #[test]
    fn a_moment_before_that_is_left_to_its_own_rule() {
        assert_eq!(severities(true, Stage::Plan, |_| ()), []);
        assert_eq!(severities(true, Stage::Apply, |_| ()), [Severity::Error]);
    }

    #[test]
    fn only_a_restore_to_a_moment_needs_recovery() {
        let fires = |recovery: Fact<ObservedRecovery>| {
            !RULE
                .findings(&restore_to(|it, _| it.observed.source_recovery = recovery))
                .is_empty()
        };
        assert!(fires(Fact::Known(recovery_off())));
        assert!(!fires(Fact::Known(recovery_on())));
        assert!(!fires(Fact::Known(ObservedRecovery::default())));
        assert!(!fires(Fact::Absent) && !fires(Fact::Unknown));
        let backup = restore(|it| it.observed.source_recovery = Fact::Known(recovery_off()));
        assert!(RULE.findings(&backup).is_empty());
    }
}
