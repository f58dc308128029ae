//! DBK-RPT-006: a moment to restore within the last minutes, when the real window is not known.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::limits::LATEST_RESTORABLE_LAG_SECONDS;
use crate::prose;
use crate::restores::clock::{self, Asked, Placement};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-006"),
    name: "restore_time_too_recent",
    also: &["DBK-PITR-015"],
    area: Area::Restores,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Moment to restore is probably too recent",
    why: "The latest moment that can be restored trails the present by about five minutes. Where AWS was \
          asked for the real window, that decides instead.",
    aws_error: Some("InvalidRestoreTimeException"),
    source: "DynamoDB developer guide, point-in-time recovery; measured on AWS",
    firing: || {
        examples::restore_to(|it, point| {
            point.time = "2025-11-20T08:58:00Z".into();
            it.observed.source_recovery = Fact::Unknown;
        })
    },
    silent: || {
        examples::restore_to(|it, point| {
            point.time = "2025-11-20T08:55:00Z".into();
            it.observed.source_recovery = Fact::Unknown;
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(asked) = Asked::of(facts) else { return };
    if asked.placement() != Placement::TooRecent || clock::window(facts).is_some() {
        return;
    }
    let lag = jiff::SignedDuration::from_secs(LATEST_RESTORABLE_LAG_SECONDS);
    let ready = asked.time.checked_add(lag).unwrap_or(asked.time);
    report.add(
        Subject::SourceTime,
        format!(
            "time is {}, and it is {} now. The latest moment that can be restored trails the present by \
             about five minutes, so this one can probably be restored from {} on.",
            clock::written(facts, asked),
            prose::moment(asked.now),
            prose::moment(ready)
        ),
        "Apply after that moment, choose an earlier time, or write latest = true instead.",
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{recovery_on, restore_to};
    use crate::fact::Fact;
    use crate::facts::ObservedRecovery;

    fn detail(time: &str, recovery: Fact<ObservedRecovery>) -> Option<String> {
        let facts = restore_to(|it, point| {
            it.observed.source_recovery = recovery;
            point.time = time.into();
        });
        RULE.findings(&facts).pop().map(|it| it.detail)
    }

    #[test]
    fn the_last_five_minutes_are_too_recent_unless_the_window_is_known() {
        // Now is 2025-11-20T09:00:00Z.
        let said = detail("2025-11-20T08:57:00Z", Fact::Unknown).expect("a finding");
        assert!(
            said.contains("can probably be restored from 2025-11-20T09:02:00Z on"),
            "{said}"
        );
        assert_eq!(detail("2025-11-20T08:57:00Z", Fact::Known(recovery_on())), None);
        assert_eq!(detail("2025-11-20T08:55:00Z", Fact::Unknown), None);
    }
}
