//! DBK-RPT-009: a moment to restore from before the same plan switches recovery on.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, PlannedRecovery};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::restores::clock::{self, Asked, Placement};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-009"),
    name: "restore_time_before_recovery",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Moment to restore lies before recovery is switched on",
    why: "The same plan switches point-in-time recovery of the source table on. Its window begins with that: no moment \
          before can be restored, and every moment that a configuration can name today is before.",
    aws_error: Some("InvalidRestoreTimeException"),
    source: "measured on AWS; inferred from the DynamoDB API model, EarliestRestorableDateTime",
    firing: || beside(true),
    silent: || beside(false),
    check,
};

/// A restore to yesterday, beside a setting of the source table that is switched on by the same plan or was on before.
fn beside(is_switched_on: bool) -> Facts {
    let mut facts = examples::restore_to(|it, _| it.observed.source_recovery = Fact::Unknown);
    facts.neighbours.recoveries = Vec::from_iter(Region::parse("us-east-1").map(|region| PlannedRecovery {
        region,
        table_name: "orders".to_owned(),
        is_switched_on,
        recovery_period_in_days: Fact::Known(35),
    }));
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(asked) = Asked::of(facts) else { return };
    // What no window can hold has rules of its own, and where AWS shows a window, that decides.
    let is_possible = matches!(asked.placement(), Placement::Possible | Placement::TooRecent);
    if !is_possible || clock::window(facts).is_some() || !is_switched_on(facts) {
        return;
    }
    let name = facts.point_in_time_table().map(|it| it.name).unwrap_or_default();
    report.add(
        Subject::SourceTime,
        format!(
            "time is {}, and the same plan switches point-in-time recovery of {name:?} on: the history of the table \
             begins with this apply, {} after that moment at the earliest.",
            prose::moment(asked.time),
            prose::duration(asked.age())
        ),
        "To copy the table as it is, write latest = true instead of time. For an older state, restore a backup: source \
         = { backup_arn = \"arn:…\" }.",
    );
}

/// Whether the same plan switches recovery of the source table on.
pub(super) fn is_switched_on(facts: &Facts) -> bool {
    facts
        .point_in_time_table()
        .and_then(|table| facts.neighbours.recovery_of(&table))
        .is_some_and(|it| it.is_switched_on)
}

#[cfg(test)]
mod tests {
    use super::{RULE, beside};
    use crate::examples::{recovery_off, recovery_on};
    use crate::fact::Fact;
    use crate::facts::{Facts, Object, ObservedRecovery};

    fn fires(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    fn at(time: &str) -> Facts {
        let mut facts = beside(true);
        if let Object::RestoredTable(it) = &mut facts.object
            && let Fact::Known(source) = &mut it.source
            && let Fact::Known(point) = &mut source.point_in_time
        {
            point.time = time.into();
        }
        facts
    }

    fn seen(recovery: ObservedRecovery) -> Facts {
        let mut facts = beside(true);
        if let Object::RestoredTable(it) = &mut facts.object {
            it.observed.source_recovery = Fact::Known(recovery);
        }
        facts
    }

    #[test]
    fn the_setting_must_be_switched_on_and_of_the_source_table() {
        assert!(fires(&beside(true)));
        assert!(!fires(&beside(false)));
        let mut of_another = beside(true);
        of_another.neighbours.recoveries[0].table_name = "others".to_owned();
        assert!(!fires(&of_another));
    }

    #[test]
    fn a_window_that_aws_shows_decides_instead() {
        assert!(fires(&seen(recovery_off())));
        assert!(!fires(&seen(recovery_on())));
    }

    #[test]
    fn what_other_rules_report_is_not_reported_twice() {
        assert!(fires(&at("2025-11-20T08:59:00Z")));
        assert!(!fires(&at("2025-11-20T09:30:00Z")));
        assert!(!fires(&at("2025-01-01T00:00:00Z")));
    }
}
