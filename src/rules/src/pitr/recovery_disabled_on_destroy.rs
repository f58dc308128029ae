//! DBK-PITR-009: recovery that is switched off when its object is destroyed.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Action, Facts, PointInTimeRecovery, PriorRecovery};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PITR-009"),
    name: "recovery_disabled_on_destroy",
    also: &[],
    area: Area::PointInTimeRecovery,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Destroying this object switches recovery off",
    why: "When a table with point-in-time recovery is deleted, DynamoDB keeps a system backup of it for 35 \
          days. A destroy of everything switches recovery off first and deletes the table after that, so no \
          such backup is made and nothing is left to restore from.",
    aws_error: None,
    source: "DynamoDB developer guide, point-in-time recovery; measured on AWS",
    firing: || examples::recovery(|it| it.on_destroy = "disable".into()),
    silent: || examples::recovery(|it| it.on_destroy = "retain".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(recovery) = facts.point_in_time_recovery() else {
        return;
    };
    if !recovery.on_destroy.is_known_and(|it| it == "disable") {
        return;
    }
    match facts.action {
        Fact::Known(Action::Destroy) if recovery.current_enabled() == Fact::Known(true) => report.add(
            Subject::OnDestroy,
            format!(
                "on_destroy is \"disable\": this destroy switches recovery off, and DynamoDB drops {} at \
                 once. If the table is deleted after that, it leaves no system backup.",
                super::recovery_window_discarded::history(&recovery.observed.recovery)
            ),
            "Set on_destroy = \"retain\" and apply that before the destroy, unless the history may go.",
        ),
        Fact::Known(_) if is_new(facts, recovery) && !facts.is_destroyed_for_good() => report.add(
            Subject::OnDestroy,
            "on_destroy is \"disable\". A later destroy of this object drops the history of the table, and \
             where the table is destroyed in the same run, DynamoDB does not make the system backup that \
             would otherwise be kept for 35 days.",
            "Set on_destroy = \"retain\", or leave it out: that is the default.",
        ),
        _ => {}
    }
}

/// Whether this plan is the one that brings the setting in. Later plans do not repeat the warning.
fn is_new(facts: &Facts, recovery: &PointInTimeRecovery) -> bool {
    match &recovery.prior {
        Fact::Known(PriorRecovery { on_destroy, .. }) => on_destroy.is_known_and(|it| it != "disable"),
        Fact::Absent | Fact::Unknown => facts.is_made(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{recovery, recovery_changed};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, PriorRecovery};

    fn fires(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    #[test]
    fn it_is_said_when_it_comes_in_and_when_it_happens_but_not_in_between() {
        let set_before = |before: Fact<String>| {
            recovery_changed(|it| {
                it.on_destroy = "disable".into();
                it.prior = Fact::Known(PriorRecovery {
                    on_destroy: before,
                    ..PriorRecovery::default()
                });
            })
        };
        assert!(fires(&recovery(|it| it.on_destroy = "disable".into())));
        assert!(fires(&set_before("retain".into())));
        assert!(!fires(&set_before("disable".into())));
        assert!(!fires(&set_before(Fact::Unknown)));
        let destroyed = |facts: Facts| Facts {
            action: Fact::Known(Action::Destroy),
            ..facts
        };
        assert!(fires(&destroyed(set_before("disable".into()))));
        let off = recovery(|it| it.on_destroy = "disable".into());
        assert!(!fires(&destroyed(off)), "recovery is off already");
    }
}
