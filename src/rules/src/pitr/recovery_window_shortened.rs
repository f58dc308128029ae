//! DBK-PITR-004: a shorter recovery period, which gives up the history beyond it.

use jiff::Timestamp;

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::RecoveryPeriod;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PITR-004"),
    name: "recovery_window_shortened",
    also: &["DBK-PITR-006"],
    area: Area::PointInTimeRecovery,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeContinuousBackups"],
    title: "Restorable history would be lost by a shorter recovery period",
    why: "When the period is lowered, DynamoDB drops all older history at once. Raising it again brings \
          nothing back: the window then grows by one day per day. AWS accepts the change without a word, so \
          the plan is stopped here unless allow_window_loss says that the loss is meant. A shorter period \
          saves nothing: the price depends on the size of the table alone. Where no history lies beyond the \
          new period yet, this is a warning.",
    aws_error: None,
    source: "DynamoDB developer guide, point-in-time recovery; DynamoDB API model",
    firing: || examples::recovery_changed(|it| it.recovery_period_in_days = Fact::Known(7)),
    silent: || examples::recovery_changed(|it| it.recovery_period_in_days = Fact::Known(35)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(recovery) = facts.point_in_time_recovery() else {
        return;
    };
    let on =
        (recovery.current_enabled(), recovery.planned_enabled()) == (Fact::Known(true), Fact::Known(true));
    let (Fact::Known(old), Fact::Known(new)) = (recovery.current_period(), recovery.planned_period()) else {
        return;
    };
    if !on || new >= old || facts.is_destroyed_for_good() {
        return;
    }
    // A period that AWS would refuse loses nothing; its own rule speaks.
    let Ok(period) = RecoveryPeriod::from_days(new) else {
        return;
    };

    let earliest = recovery.observed.recovery.as_ref().and_then(|it| it.earliest);
    let bound: Option<Timestamp> = facts
        .now
        .known()
        .and_then(|now| now.checked_sub(period.duration()).ok());
    let change = format!("recovery_period_in_days goes from {old} to {new}.");
    let keep = format!("recovery_period_in_days = {old}");

    let lost = match (earliest, bound) {
        (Fact::Known(earliest), Some(bound)) if earliest >= bound => {
            report.add_warning(
                Subject::RecoveryPeriod,
                format!(
                    "{change} Nothing is lost today, because the history of this table begins only at {}. \
                     From now on it reaches back {} instead of {}, at the same price.",
                    prose::moment(earliest),
                    prose::days(new),
                    prose::days(old)
                ),
                format!("Keep {keep} unless a shorter history is meant."),
            );
            return;
        }
        (Fact::Known(earliest), Some(bound)) => format!(
            "every moment from {} to {} ({} of history)",
            prose::moment(earliest),
            prose::moment(bound),
            prose::duration(bound.duration_since(earliest))
        ),
        _ => format!(
            "every moment more than {} ago (up to {} of history)",
            prose::days(new),
            prose::days(old - new)
        ),
    };
    let detail = format!(
        "{change} DynamoDB would drop {lost} at once; raising the period later does not bring it back. A \
         shorter period costs the same."
    );
    match recovery.allow_window_loss {
        Fact::Known(true) => report.add_warning(
            Subject::RecoveryPeriod,
            format!("{detail} allow_window_loss = true permits it."),
            format!(
                "To keep the history, go back to {keep}. Otherwise remove allow_window_loss after this apply."
            ),
        ),
        // Whether the loss is permitted is not known yet.
        Fact::Unknown => {}
        Fact::Known(false) | Fact::Absent => report.add(
            Subject::RecoveryPeriod,
            detail,
            format!("Keep {keep}. If the history may go, add allow_window_loss = true for this apply."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{at, recovery, recovery_changed};
    use crate::fact::Fact;
    use crate::facts::PointInTimeRecovery;
    use crate::finding::Severity;

    fn severities(change: impl FnOnce(&mut PointInTimeRecovery)) -> Vec<Severity> {
        let facts = recovery_changed(|it| {
            it.recovery_period_in_days = Fact::Known(7);
            change(it);
        });
        facts_severities(&facts)
    }

    fn facts_severities(facts: &crate::Facts) -> Vec<Severity> {
        RULE.findings(facts).into_iter().map(|it| it.severity).collect()
    }

    #[test]
    fn permission_makes_it_a_warning_and_an_unknown_permission_defers() {
        assert_eq!(severities(|_| ()), [Severity::Error]);
        assert_eq!(
            severities(|it| it.allow_window_loss = Fact::Known(false)),
            [Severity::Error]
        );
        assert_eq!(
            severities(|it| it.allow_window_loss = Fact::Known(true)),
            [Severity::Warning]
        );
        assert_eq!(severities(|it| it.allow_window_loss = Fact::Unknown), []);
    }

    #[test]
    fn a_young_history_is_not_lost() {
        let begins = |text: &str| {
            severities(|it| {
                if let Fact::Known(seen) = &mut it.observed.recovery {
                    seen.earliest = Fact::Known(at(text));
                }
            })
        };
        // The new bound is 2025-11-13T09:00:00Z.
        assert_eq!(begins("2025-11-13T08:59:59Z"), [Severity::Error]);
        assert_eq!(begins("2025-11-13T09:00:00Z"), [Severity::Warning]);
    }

    #[test]
    fn without_a_read_the_recorded_period_counts() {
        assert_eq!(
            severities(|it| it.observed.recovery = Fact::Unknown),
            [Severity::Error]
        );
        assert_eq!(
            severities(|it| {
                it.observed.recovery = Fact::Unknown;
                it.table_name = "another".into();
            }),
            []
        );
    }

    #[test]
    fn a_first_apply_on_a_table_with_history_is_guarded_too() {
        let facts = recovery(|it| {
            it.recovery_period_in_days = Fact::Known(7);
            it.observed.recovery = Fact::Known(crate::examples::recovery_on());
        });
        assert_eq!(facts_severities(&facts), [Severity::Error]);
    }

    #[test]
    fn an_omitted_period_means_thirty_five_days() {
        assert_eq!(severities(|it| it.recovery_period_in_days = Fact::Absent), []);
        assert_eq!(severities(|it| it.recovery_period_in_days = Fact::Unknown), []);
        assert_eq!(
            severities(|it| it.recovery_period_in_days = Fact::Known(34)),
            [Severity::Error]
        );
    }

    #[test]
    fn what_goes_is_said_as_exactly_as_it_is_known() {
        let detail = |change: fn(&mut PointInTimeRecovery)| {
            let facts = recovery_changed(|it| {
                it.recovery_period_in_days = Fact::Known(7);
                change(it);
            });
            RULE.findings(&facts).pop().expect("a finding").detail
        };
        let seen = detail(|_| ());
        assert!(
            seen.contains(
                "every moment from 2025-10-16T09:00:00Z to 2025-11-13T09:00:00Z (28 days of history)"
            ),
            "{seen}"
        );
        let unseen = detail(|it| it.observed.recovery = Fact::Unknown);
        assert!(
            unseen.contains("every moment more than 7 days ago (up to 28 days of history)"),
            "{unseen}"
        );
    }

    #[test]
    fn recovery_that_is_off_or_goes_off_has_no_period_to_shorten() {
        assert_eq!(severities(|it| it.enabled = Fact::Known(false)), []);
        assert_eq!(severities(|it| it.enabled = Fact::Unknown), []);
        assert_eq!(
            severities(|it| it.observed.recovery = Fact::Known(crate::examples::recovery_off())),
            []
        );
        // A period that AWS refuses loses nothing.
        assert_eq!(severities(|it| it.recovery_period_in_days = Fact::Known(0)), []);
        assert_eq!(severities(|it| it.recovery_period_in_days = Fact::Known(35)), []);
    }
}
