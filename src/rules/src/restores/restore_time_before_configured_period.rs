//! DBK-RPT-005: a moment to restore before the history that the same configuration asks for.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::restores::clock::{self, Asked, Placement, days};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-005"),
    name: "restore_time_before_configured_period",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Moment to restore lies before the recovery period of the source",
    why: "The same configuration gives the source table a recovery period, and the moment is older than \
          that. Where AWS was asked for the real window, that decides instead.",
    aws_error: Some("InvalidRestoreTimeException"),
    source: "inferred from the DynamoDB API model, RecoveryPeriodInDays",
    firing: || {
        examples::restore_to(|it, point| {
            point.time = "2025-11-05T09:00:00Z".into();
            it.source_recovery_period_in_days = Fact::Known(7);
            it.observed.source_recovery = Fact::Unknown;
        })
    },
    silent: || {
        examples::restore_to(|it, point| {
            point.time = "2025-11-15T09:00:00Z".into();
            it.source_recovery_period_in_days = Fact::Known(7);
            it.observed.source_recovery = Fact::Unknown;
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(asked) = Asked::of(facts) else { return };
    let Some(Fact::Known(period)) = facts.restored_table().map(|it| it.source_recovery_period_in_days) else {
        return;
    };
    let is_outside = asked.placement() == Placement::Possible && asked.age() > days(period);
    if !is_outside || clock::window(facts).is_some() {
        return;
    }
    let bound = asked.now.checked_sub(days(period)).unwrap_or(asked.now);
    report.add(
        Subject::SourceTime,
        format!(
            "time is {}, {} ago, and the source table keeps {} of history: nothing before {} can be \
             restored.",
            clock::written(facts, asked),
            prose::duration(asked.age()),
            prose::days(period),
            prose::moment(bound)
        ),
        "Choose a later time, or restore a backup of that time: source = { backup_arn = \"arn:…\" }. A \
         longer recovery period does not bring older history back.",
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{recovery_on, restore_to};
    use crate::fact::Fact;
    use crate::facts::ObservedRecovery;

    /// Whether a moment is refused for a table with seven days of history, of which AWS has said this.
    fn fires(time: &str, recovery: Fact<ObservedRecovery>) -> bool {
        let facts = restore_to(|it, point| {
            it.source_recovery_period_in_days = Fact::Known(7);
            it.observed.source_recovery = recovery;
            point.time = time.into();
        });
        !RULE.findings(&facts).is_empty()
    }

    #[test]
    fn the_bound_is_the_period_to_the_second() {
        // Now is 2025-11-20T09:00:00Z.
        assert!(!fires("2025-11-13T09:00:00Z", Fact::Unknown));
        assert!(fires("2025-11-13T08:59:59Z", Fact::Unknown));
        // Older than any history: another rule says so.
        assert!(!fires("2025-10-01T09:00:00Z", Fact::Unknown));
    }

    #[test]
    fn the_window_counts_more_than_the_configuration() {
        assert!(!fires("2025-11-13T08:59:59Z", Fact::Known(recovery_on())));
    }
}
