//! DBK-RPT-007: a moment to restore outside the window that AWS reports for the source.

use jiff::{SignedDuration, Timestamp};

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedRecovery};
use crate::finding::{Report, Severity, Subject};
use crate::limits::LATEST_RESTORABLE_LAG_SECONDS;
use crate::prose;
use crate::restores::clock::{self, Asked, Placement, days};
use crate::rule::{Area, Rule, RuleId, When};

/// Nearer than this to the moving edge of the window, a restore may come too late, in hours. Ours, not AWS's.
const EDGE_HOURS: i64 = 1;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-007"),
    name: "restore_time_outside_window",
    also: &["DBK-PITR-016"],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeContinuousBackups"],
    title: "Moment to restore lies outside the restorable window",
    why: "The window begins when recovery was switched on, or one recovery period ago, whichever is later, \
          and ends about five minutes ago. A moment that leaves the window within the hour is a warning, \
          because the apply may come too late.",
    aws_error: Some("InvalidRestoreTimeException"),
    source: "DynamoDB API model, EarliestRestorableDateTime; measured on AWS",
    firing: || {
        examples::restore_to(|it, point| {
            point.time = "2025-11-05T09:00:00Z".into();
            it.observed.source_recovery = Fact::Known(ObservedRecovery {
                recovery_period_in_days: Fact::Known(7),
                earliest: Fact::Known(examples::at("2025-11-13T09:00:00Z")),
                ..examples::recovery_on()
            });
        })
    },
    silent: || {
        examples::restore_to(|it, point| {
            point.time = "2025-11-15T09:00:00Z".into();
            it.observed.source_recovery = Fact::Known(ObservedRecovery {
                recovery_period_in_days: Fact::Known(7),
                earliest: Fact::Known(examples::at("2025-11-13T09:00:00Z")),
                ..examples::recovery_on()
            });
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(asked) = Asked::of(facts) else { return };
    let Some((earliest, latest)) = clock::window(facts) else {
        return;
    };
    // What no window can hold has rules of its own.
    if matches!(asked.placement(), Placement::Future | Placement::TooOld) {
        return;
    }
    let window = format!(
        "The table can be restored to any second from {} to {}",
        prose::moment(earliest),
        prose::moment(latest)
    );
    if asked.time < earliest {
        report.add(
            Subject::SourceTime,
            format!(
                "time is {}. {window}: the time is {} too early. The history before was never kept, or is \
                 gone.",
                clock::written(facts, asked),
                prose::duration(earliest.duration_since(asked.time))
            ),
            format!(
                "Set time = \"{}\" or later, or restore a backup of that time: source = {{ backup_arn = \
                 \"arn:…\" }}.",
                prose::moment(ceil(earliest))
            ),
        );
    } else if asked.time > latest {
        let ready = asked
            .time
            .checked_add(SignedDuration::from_secs(LATEST_RESTORABLE_LAG_SECONDS));
        report.add(
            Subject::SourceTime,
            format!(
                "time is {}. {window}: the time is {} too late. The window trails the present by about five \
                 minutes.",
                clock::written(facts, asked),
                prose::duration(asked.time.duration_since(latest))
            ),
            format!(
                "Plan again after {}, set time = \"{}\" or earlier, or write latest = true instead.",
                prose::moment(ready.unwrap_or(asked.time)),
                prose::moment(latest)
            ),
        );
    } else if let Some(end) = leaves_window(facts, asked) {
        report.add_warning(
            Subject::SourceTime,
            format!(
                "time is {}, close to the early edge of what can be restored. That edge moves with the \
                 clock and passes this moment at {}, in {}; after that it is gone.",
                clock::written(facts, asked),
                prose::moment(end),
                prose::duration(end.duration_since(asked.now))
            ),
            format!("Apply before {}, or choose a later time.", prose::moment(end)),
        );
    }
}

/// When the moment falls out of the window, if that is soon.
fn leaves_window(facts: &Facts, asked: Asked) -> Option<Timestamp> {
    let Fact::Known(seen) = facts.restored_table()?.observed.source_recovery else {
        return None;
    };
    let end = asked
        .time
        .checked_add(days(seen.recovery_period_in_days.into_known()?))
        .ok()?;
    let left = end.duration_since(asked.now);
    (left < SignedDuration::from_hours(EDGE_HOURS)).then_some(end)
}

/// The first whole second not before a moment.
fn ceil(moment: Timestamp) -> Timestamp {
    let second = moment.as_second() + i64::from(moment.subsec_nanosecond() > 0);
    Timestamp::from_second(second).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{at, restore_to};
    use crate::fact::Fact;
    use crate::facts::ObservedRecovery;
    use crate::finding::Severity;

    /// The verdict on a moment in the window from the 13th, 09:00:00, to the 20th, 08:55:00, with a period of
    /// 7 days.
    fn severities(time: &str) -> Vec<Severity> {
        let facts = restore_to(|it, point| {
            point.time = time.into();
            it.observed.source_recovery = Fact::Known(ObservedRecovery {
                enabled: Fact::Known(true),
                recovery_period_in_days: Fact::Known(7),
                earliest: Fact::Known(at("2025-11-13T09:00:00Z")),
                latest: Fact::Known(at("2025-11-20T08:55:00Z")),
            });
        });
        RULE.findings(&facts).into_iter().map(|it| it.severity).collect()
    }

    #[test]
    fn both_bounds_belong_to_the_window() {
        assert_eq!(severities("2025-11-13T08:59:59Z"), [Severity::Error]);
        assert_eq!(severities("2025-11-13T10:00:00Z"), []);
        assert_eq!(severities("2025-11-20T08:55:00Z"), []);
        assert_eq!(severities("2025-11-20T08:55:01Z"), [Severity::Error]);
    }

    #[test]
    fn near_the_early_edge_it_warns() {
        assert_eq!(severities("2025-11-13T09:00:00Z"), [Severity::Warning]);
        assert_eq!(severities("2025-11-13T09:59:59Z"), [Severity::Warning]);
    }

    #[test]
    fn what_other_rules_report_is_not_reported_twice() {
        assert_eq!(severities("2025-11-20T09:30:00Z"), []);
        assert_eq!(severities("2025-01-01T00:00:00Z"), []);
    }

    #[test]
    fn a_fraction_of_the_bound_is_rounded_up_in_the_fix() {
        assert_eq!(
            super::ceil(at("2025-11-13T09:00:00.25Z")),
            at("2025-11-13T09:00:01Z")
        );
        assert_eq!(
            super::ceil(at("2025-11-13T09:00:00Z")),
            at("2025-11-13T09:00:00Z")
        );
    }

    #[test]
    fn the_distance_and_the_moment_to_come_back_are_said() {
        let found = |time: &str, recovery: ObservedRecovery| {
            let facts = restore_to(|it, point| {
                point.time = time.into();
                it.observed.source_recovery = Fact::Known(recovery);
            });
            RULE.findings(&facts).pop()
        };
        let window = || ObservedRecovery {
            enabled: Fact::Known(true),
            recovery_period_in_days: Fact::Known(7),
            earliest: Fact::Known(at("2025-11-13T09:00:00Z")),
            latest: Fact::Known(at("2025-11-20T08:50:00Z")),
        };
        let early = found("2025-11-12T07:00:00Z", window()).expect("a finding");
        assert!(
            early.detail.contains("the time is 1 day 2 hours too early"),
            "{early}"
        );
        let late = found("2025-11-20T08:52:00Z", window()).expect("a finding");
        assert!(late.detail.contains("the time is 2 minutes too late"), "{late}");
        assert!(
            late.fix.starts_with("Plan again after 2025-11-20T08:57:00Z,"),
            "{late}"
        );
        let edge = found("2025-11-13T09:20:00Z", window()).expect("a finding");
        assert!(
            edge.detail
                .contains("passes this moment at 2025-11-20T09:20:00Z, in 20 minutes"),
            "{edge}"
        );
        let half = ObservedRecovery {
            latest: Fact::Unknown,
            ..window()
        };
        assert_eq!(found("2025-11-12T07:00:00Z", half), None);
    }
}
