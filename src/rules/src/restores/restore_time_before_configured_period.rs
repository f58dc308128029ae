//! DBK-RPT-005: a moment to restore before the history that the same configuration asks for.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, PlannedRecovery};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::restores::clock::{self, Asked, Placement, days};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

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
    firing: || restore_to("2025-11-05T09:00:00Z"),
    silent: || restore_to("2025-11-15T09:00:00Z"),
    check,
};

/// A restore to this moment of a table for which the same plan has a recovery period of seven days.
fn restore_to(time: &str) -> Facts {
    let mut facts = examples::restore_to(|it, point| {
        point.time = time.into();
        it.observed.source_recovery = Fact::Unknown;
    });
    facts.neighbours.recoveries = Vec::from_iter(Region::parse("us-east-1").map(|region| PlannedRecovery {
        region,
        table_name: "orders".to_owned(),
        is_switched_on: false,
        recovery_period_in_days: Fact::Known(7),
    }));
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(asked) = Asked::of(facts) else { return };
    let planned = facts
        .point_in_time_table()
        .and_then(|table| facts.neighbours.recovery_of(&table));
    let Some(&PlannedRecovery {
        is_switched_on,
        recovery_period_in_days: Fact::Known(period),
        ..
    }) = planned
    else {
        return;
    };
    let is_outside = asked.placement() == Placement::Possible && asked.age() > days(period);
    // Recovery that is only switched on has no history at all, which is another rule's case.
    if !is_outside || is_switched_on || clock::window(facts).is_some() {
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
    use super::{RULE, restore_to};
    use crate::examples::recovery_on;
    use crate::fact::Fact;
    use crate::facts::{Facts, Object, PlannedRecovery};

    fn fires(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    fn beside(change: impl FnOnce(&mut PlannedRecovery)) -> Facts {
        let mut facts = restore_to("2025-11-05T09:00:00Z");
        change(&mut facts.neighbours.recoveries[0]);
        facts
    }

    #[test]
    fn the_bound_is_one_period_ago() {
        assert!(!fires(&restore_to("2025-11-13T09:00:00Z")));
        assert!(fires(&restore_to("2025-11-13T08:59:59Z")));
        // What no period reaches is reported by another rule.
        assert!(!fires(&restore_to("2025-01-01T00:00:00Z")));
    }

    #[test]
    fn only_a_known_period_of_the_source_table_counts() {
        assert!(fires(&beside(|_| ())));
        assert!(!fires(&beside(|it| it.table_name = "others".to_owned())));
        assert!(!fires(&beside(|it| it.recovery_period_in_days = Fact::Unknown)));
        assert!(!fires(&beside(|it| it.recovery_period_in_days = Fact::Absent)));
        assert!(!fires(&beside(|it| it.is_switched_on = true)));
    }

    #[test]
    fn a_window_that_aws_shows_decides_instead() {
        let mut facts = beside(|_| ());
        if let Object::RestoredTable(it) = &mut facts.object {
            it.observed.source_recovery = Fact::Known(recovery_on());
        }
        assert!(!fires(&facts));
    }
}
