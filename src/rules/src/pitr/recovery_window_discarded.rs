//! DBK-PITR-008: recovery that is switched off, which gives up the whole history.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedRecovery};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PITR-008"),
    name: "recovery_window_discarded",
    also: &["DBK-PITR-007"],
    area: Area::PointInTimeRecovery,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeContinuousBackups"],
    title: "Restorable history would be lost by switching recovery off",
    why: "Switching point-in-time recovery off drops the whole history of the table. Switched on again, it \
          starts with an empty window, in which only the latest moment can be restored. A table that is \
          deleted while it is off leaves no system backup. AWS accepts the change without a word, so the \
          plan is stopped here unless allow_window_loss says that the loss is meant.",
    aws_error: None,
    source: "DynamoDB developer guide, point-in-time recovery; measured on AWS",
    firing: || {
        examples::recovery_changed(|it| {
            it.enabled = Fact::Known(false);
            it.recovery_period_in_days = Fact::Absent;
        })
    },
    silent: || examples::recovery_changed(|it| it.enabled = Fact::Known(true)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(recovery) = facts.point_in_time_recovery() else {
        return;
    };
    let goes_off = (recovery.current_enabled(), recovery.enabled) == (Fact::Known(true), Fact::Known(false));
    if !goes_off || facts.is_destroyed_for_good() {
        return;
    }
    let detail = format!(
        "enabled goes from true to false. DynamoDB would drop {} at once. Switched on again later, recovery \
         starts with an empty window, and a table deleted in the meantime leaves no system backup.",
        history(&recovery.observed.recovery)
    );
    match recovery.allow_window_loss {
        Fact::Known(true) => report.add_warning(
            Subject::Enabled,
            format!("{detail} allow_window_loss = true permits it."),
            "To keep the history, go back to enabled = true. Otherwise remove allow_window_loss after this \
             apply.",
        ),
        // Whether the loss is permitted is not known yet.
        Fact::Unknown => {}
        Fact::Known(false) | Fact::Absent => report.add(
            Subject::Enabled,
            detail,
            "Keep enabled = true. If the history may go, add allow_window_loss = true for this apply, and \
             consider a backup before it.",
        ),
    }
}

/// The history that would go, in words.
pub(crate) fn history(seen: &Fact<ObservedRecovery>) -> String {
    match seen {
        Fact::Known(ObservedRecovery {
            earliest: Fact::Known(earliest),
            latest: Fact::Known(latest),
            ..
        }) => format!(
            "every restorable moment from {} to {} ({} of history)",
            prose::moment(*earliest),
            prose::moment(*latest),
            prose::duration(latest.duration_since(*earliest))
        ),
        _ => "the whole restorable history of the table".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{recovery_changed, recovery_off};
    use crate::fact::Fact;
    use crate::facts::PointInTimeRecovery;
    use crate::finding::Severity;

    fn severities(change: impl FnOnce(&mut PointInTimeRecovery)) -> Vec<Severity> {
        let facts = recovery_changed(|it| {
            it.enabled = Fact::Known(false);
            it.recovery_period_in_days = Fact::Absent;
            change(it);
        });
        RULE.findings(&facts).into_iter().map(|it| it.severity).collect()
    }

    #[test]
    fn permission_makes_it_a_warning_and_an_unknown_permission_defers() {
        assert_eq!(severities(|_| ()), [Severity::Error]);
        assert_eq!(
            severities(|it| it.allow_window_loss = Fact::Known(true)),
            [Severity::Warning]
        );
        assert_eq!(severities(|it| it.allow_window_loss = Fact::Unknown), []);
    }

    #[test]
    fn recovery_that_is_off_already_has_nothing_to_lose() {
        assert_eq!(
            severities(|it| it.observed.recovery = Fact::Known(recovery_off())),
            []
        );
    }

    #[test]
    fn without_a_read_the_record_counts() {
        assert_eq!(
            severities(|it| it.observed.recovery = Fact::Unknown),
            [Severity::Error]
        );
        assert_eq!(
            severities(|it| {
                it.observed.recovery = Fact::Unknown;
                it.prior = Fact::Absent;
            }),
            []
        );
    }

    #[test]
    fn the_history_that_would_go_is_named_where_it_is_known() {
        use super::history;
        use crate::examples::recovery_on;
        use crate::facts::ObservedRecovery;

        assert_eq!(
            history(&Fact::Known(recovery_on())),
            "every restorable moment from 2025-10-16T09:00:00Z to 2025-11-20T08:55:00Z (34 days 23 hours of history)"
        );
        let half = ObservedRecovery {
            latest: Fact::Unknown,
            ..recovery_on()
        };
        for seen in [Fact::Known(half), Fact::Unknown] {
            assert_eq!(history(&seen), "the whole restorable history of the table");
        }
    }
}
