//! Rules about how long recovery points stay, and when they move to cold storage.

pub(crate) mod cold_recovery_point_changed;
pub(crate) mod cold_storage_after_out_of_range;
pub(crate) mod cold_storage_too_short;
pub(crate) mod cold_storage_without_advanced_features;
pub(crate) mod delete_after_out_of_range;
pub(crate) mod kept_for_ever;
pub(crate) mod zero_for_never;

use crate::examples::aws_backup::{named, plan, rule};
use crate::fact::Fact;
use crate::facts::{Facts, LifecycleDays, PlanRule};
use crate::finding::Report;
use crate::rule::RuleId;
use crate::syntax::{Lifecycle, LifecycleSetting};

/// Reports what breaks this rule among all that is wrong with the numbers of every lifecycle. A number that is unknown is
/// not judged, and the other one by itself.
fn report_malformed(id: RuleId, facts: &Facts, report: &mut Report<'_>) {
    for configured in facts.lifecycles() {
        let faults = Lifecycle::faults(
            configured.days.move_to_cold_storage_after_days.into_known(),
            configured.days.delete_after_days.into_known(),
        );
        for fault in faults.into_iter().filter(|it| it.rule() == id.as_str()) {
            let subject = match fault.setting() {
                LifecycleSetting::ColdStorageAfter => configured.place.cold_storage(),
                LifecycleSetting::DeleteAfter => configured.place.delete_after(),
            };
            report.add(
                subject,
                format!("In {}, {fault}.", configured.place.whole()),
                fault.fix(),
            );
        }
    }
}

/// A plan of which the only rule has this lifecycle, for the examples.
fn keeping(lifecycle: Fact<LifecycleDays>) -> Facts {
    plan(|it| it.rules = named([("daily", PlanRule { lifecycle, ..rule() })]))
}

#[cfg(test)]
mod tests {
    use crate::examples::aws_backup::{
        copy, copy_action, deleted_after, lifecycle, named, plan, recovery_point, rule,
    };
    use crate::fact::Fact;
    use crate::facts::{Action, CopyAction, Facts, LifecycleDays, PlanRule};
    use crate::finding::Severity;
    use crate::registry::RULES;

    /// The errors of the rules of this area: the id and the place of each.
    fn errors(facts: &Facts) -> Vec<String> {
        RULES
            .iter()
            .filter(|it| it.id.as_str().starts_with("DBK-LFC-"))
            .flat_map(|it| it.findings(facts))
            .filter(|it| it.severity == Severity::Error)
            .map(|it| format!("{} {}", it.rule, it.subject))
            .collect()
    }

    fn at_recovery_point(lifecycle: Fact<LifecycleDays>) -> Vec<String> {
        errors(&recovery_point(|it| it.lifecycle = lifecycle))
    }

    const DELETE: &str = "recovery_point_lifecycle.delete_after_days";
    const COLD: &str = "recovery_point_lifecycle.move_to_cold_storage_after_days";

    #[test]
    fn each_bound_is_exact() {
        for days in [1, 36_500, -1] {
            assert_eq!(at_recovery_point(deleted_after(days)), [""; 0], "{days}");
        }
        for days in [-2, 36_501] {
            assert_eq!(
                at_recovery_point(deleted_after(days)),
                [format!("DBK-LFC-001 {DELETE}")],
                "{days}"
            );
        }
        for (cold, delete) in [(1, 91), (30, 120), (8, -1), (-1, 1)] {
            assert_eq!(at_recovery_point(lifecycle(cold, delete)), [""; 0]);
        }
        for (cold, delete) in [(1, 90), (30, 119)] {
            assert_eq!(
                at_recovery_point(lifecycle(cold, delete)),
                [format!("DBK-LFC-002 {DELETE}")]
            );
        }
        assert_eq!(
            at_recovery_point(lifecycle(-2, -1)),
            [format!("DBK-LFC-003 {COLD}")]
        );
        assert_eq!(
            at_recovery_point(lifecycle(0, 0)),
            [format!("DBK-LFC-010 {COLD}"), format!("DBK-LFC-010 {DELETE}")]
        );
    }

    #[test]
    fn what_is_unknown_is_not_judged_and_has_no_distance() {
        assert_eq!(at_recovery_point(Fact::Unknown), [""; 0]);
        assert_eq!(at_recovery_point(Fact::Absent), [""; 0]);
        let with = |cold, delete| {
            at_recovery_point(Fact::Known(LifecycleDays {
                move_to_cold_storage_after_days: cold,
                delete_after_days: delete,
            }))
        };
        assert_eq!(with(Fact::Unknown, Fact::Known(1)), [""; 0]);
        assert_eq!(
            with(Fact::Unknown, Fact::Known(0)),
            [format!("DBK-LFC-010 {DELETE}")]
        );
        assert_eq!(
            with(Fact::Known(0), Fact::Unknown),
            [format!("DBK-LFC-010 {COLD}")]
        );
        assert_eq!(with(Fact::Known(5), Fact::Unknown), [""; 0]);
    }

    #[test]
    fn lifecycles_are_judged_wherever_they_stand() {
        assert_eq!(
            errors(&copy(|it| it.lifecycle = deleted_after(0))),
            [format!("DBK-LFC-010 {DELETE}")]
        );
        let short = CopyAction {
            lifecycle: lifecycle(30, 60),
            ..copy_action("a")
        };
        let both = PlanRule {
            lifecycle: deleted_after(40_000),
            copy_actions: Fact::Known(vec![copy_action("b"), short]),
            ..rule()
        };
        let facts = plan(|it| it.rules = named([("daily", both)]));
        let expected = [
            "DBK-LFC-001 rules[\"daily\"].lifecycle.delete_after_days",
            "DBK-LFC-002 rules[\"daily\"].copy_actions[1].lifecycle.delete_after_days",
        ];
        assert_eq!(errors(&facts), expected);
        for action in [Action::Keep, Action::Update] {
            let facts = Facts {
                action: Fact::Known(action),
                ..facts.clone()
            };
            assert_eq!(errors(&facts), expected, "{action:?}");
        }
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..facts
        };
        assert_eq!(errors(&destroyed), [""; 0]);
    }

    #[test]
    fn the_whole_lifecycle_is_named_and_the_way_out_told() {
        let facts = plan(|it| {
            it.rules = named([(
                "daily",
                PlanRule {
                    lifecycle: lifecycle(30, 60),
                    ..rule()
                },
            )]);
        });
        let found = crate::check(&facts).remove(0);
        assert_eq!(
            found.detail,
            "In rules[\"daily\"].lifecycle, a recovery point moved to cold storage after 30 days and deleted after 60 \
             days would stay there for 30 days, and AWS requires 90 days there at least."
        );
        assert!(
            found.fix.starts_with("Set delete_after_days to 120 or more"),
            "{}",
            found.fix
        );
    }
}
