//! Every lifecycle that is configured, wherever it stands: in a rule of a plan, in a copy action, at a recovery point or
//! at the copy of one. A rule about lifecycles goes through these instead of knowing the objects.

use crate::fact::Fact;
use crate::facts::{Facts, LifecycleDays, Object};
use crate::finding::Subject;
use crate::limits::LIFECYCLE_NEVER;

/// A lifecycle as configured. One that is left out has neither number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfiguredLifecycle {
    /// Where it stands.
    pub(crate) place: LifecyclePlace,
    /// Its numbers.
    pub(crate) days: LifecycleDays,
}

/// Where a lifecycle stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LifecyclePlace {
    /// At a recovery point that is made on demand.
    RecoveryPoint,
    /// At the copy of a recovery point.
    Copy,
    /// In a rule of a plan, by its name.
    PlanRule(String),
    /// In a copy action of a plan: the name of the rule and the position of the action, from zero.
    CopyAction(String, usize),
}

impl LifecyclePlace {
    /// The lifecycle as a whole.
    pub(crate) fn whole(&self) -> Subject {
        match self {
            Self::RecoveryPoint | Self::Copy => Subject::Lifecycle,
            Self::PlanRule(rule) => Subject::PlanRuleLifecycle(rule.clone()),
            Self::CopyAction(rule, index) => Subject::CopyLifecycle(rule.clone(), *index),
        }
    }

    /// When the move to cold storage is.
    pub(crate) fn cold_storage(&self) -> Subject {
        match self {
            Self::RecoveryPoint | Self::Copy => Subject::ColdStorage,
            Self::PlanRule(rule) => Subject::PlanRuleColdStorage(rule.clone()),
            Self::CopyAction(rule, index) => Subject::CopyColdStorage(rule.clone(), *index),
        }
    }

    /// When the deletion is.
    pub(crate) fn delete_after(&self) -> Subject {
        match self {
            Self::RecoveryPoint | Self::Copy => Subject::DeleteAfter,
            Self::PlanRule(rule) => Subject::PlanRuleDeleteAfter(rule.clone()),
            Self::CopyAction(rule, index) => Subject::CopyDeleteAfter(rule.clone(), *index),
        }
    }
}

impl Facts {
    /// Lists every lifecycle. Empty when the object is only destroyed.
    pub(crate) fn lifecycles(&self) -> Vec<ConfiguredLifecycle> {
        if self.is_destroyed_for_good() {
            return Vec::new();
        }
        let of = |place: LifecyclePlace, lifecycle: &Fact<LifecycleDays>| ConfiguredLifecycle {
            place,
            days: LifecycleDays::of(lifecycle),
        };
        match &self.object {
            Object::BackupPlan(plan) => {
                let mut lifecycles = Vec::new();
                for (name, rule) in plan.rules.known().into_iter().flatten() {
                    lifecycles.push(of(LifecyclePlace::PlanRule(name.clone()), &rule.lifecycle));
                    for (index, action) in rule.copy_actions.known().into_iter().flatten().enumerate() {
                        let place = LifecyclePlace::CopyAction(name.clone(), index);
                        lifecycles.push(of(place, &action.lifecycle));
                    }
                }
                lifecycles
            }
            Object::RecoveryPoint(it) => vec![of(LifecyclePlace::RecoveryPoint, &it.lifecycle)],
            Object::RecoveryPointCopy(it) => vec![of(LifecyclePlace::Copy, &it.lifecycle)],
            _ => Vec::new(),
        }
    }
}

impl LifecycleDays {
    /// The numbers of a lifecycle as a whole: one that is left out has neither.
    pub(crate) fn of(lifecycle: &Fact<Self>) -> Self {
        match lifecycle {
            Fact::Known(days) => *days,
            Fact::Absent => Self {
                move_to_cold_storage_after_days: Fact::Absent,
                delete_after_days: Fact::Absent,
            },
            Fact::Unknown => Self::default(),
        }
    }

    /// Days until the move to cold storage; absent if there is none, whichever way that is written.
    pub(crate) fn cold_storage_after(self) -> Fact<i64> {
        unless_never(self.move_to_cold_storage_after_days)
    }

    /// Days until the deletion; absent if there is none, whichever way that is written.
    pub(crate) fn delete_after(self) -> Fact<i64> {
        unless_never(self.delete_after_days)
    }
}

fn unless_never(days: Fact<i64>) -> Fact<i64> {
    if days == Fact::Known(LIFECYCLE_NEVER) {
        Fact::Absent
    } else {
        days
    }
}

#[cfg(test)]
mod tests {
    use super::{ConfiguredLifecycle, LifecyclePlace};
    use crate::examples::aws_backup::{copy, lifecycle, named, plan, recovery_point, rule, vault};
    use crate::fact::Fact;
    use crate::facts::{Action, CopyAction, Facts, LifecycleDays, PlanRule};

    fn copying() -> Facts {
        let action = |lifecycle| CopyAction {
            lifecycle,
            ..CopyAction::to("a")
        };
        let copying = PlanRule {
            lifecycle: Fact::Absent,
            copy_actions: Fact::Known(vec![action(Fact::Unknown), action(lifecycle(30, 120))]),
            ..rule()
        };
        plan(|it| it.rules = named([("daily", copying)]))
    }

    #[test]
    fn a_plan_has_those_of_its_rules_and_their_copies() {
        let expected = [
            (
                LifecyclePlace::PlanRule("daily".to_owned()),
                LifecycleDays {
                    move_to_cold_storage_after_days: Fact::Absent,
                    delete_after_days: Fact::Absent,
                },
            ),
            (
                LifecyclePlace::CopyAction("daily".to_owned(), 0),
                LifecycleDays::default(),
            ),
            (
                LifecyclePlace::CopyAction("daily".to_owned(), 1),
                LifecycleDays {
                    move_to_cold_storage_after_days: Fact::Known(30),
                    delete_after_days: Fact::Known(120),
                },
            ),
        ]
        .map(|(place, days)| ConfiguredLifecycle { place, days });
        assert_eq!(copying().lifecycles(), expected);
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..copying()
        };
        assert_eq!(destroyed.lifecycles(), []);
    }

    #[test]
    fn recovery_points_and_copies_have_one_and_vaults_none() {
        let places = |facts: &Facts| -> Vec<String> {
            facts
                .lifecycles()
                .into_iter()
                .map(|it| format!("{:?} {}", it.place, it.place.whole()))
                .collect()
        };
        assert_eq!(
            places(&recovery_point(|_| ())),
            ["RecoveryPoint recovery_point_lifecycle"]
        );
        assert_eq!(places(&copy(|_| ())), ["Copy recovery_point_lifecycle"]);
        assert_eq!(places(&vault(|_| ())), [""; 0]);
    }

    #[test]
    fn each_place_has_its_arguments() {
        let of = |place: LifecyclePlace| {
            [place.whole(), place.cold_storage(), place.delete_after()].map(|it| it.to_string())
        };
        let under = |path: &str| {
            [
                path.to_owned(),
                format!("{path}.move_to_cold_storage_after_days"),
                format!("{path}.delete_after_days"),
            ]
        };
        assert_eq!(
            of(LifecyclePlace::RecoveryPoint),
            under("recovery_point_lifecycle")
        );
        assert_eq!(of(LifecyclePlace::Copy), under("recovery_point_lifecycle"));
        assert_eq!(
            of(LifecyclePlace::PlanRule("daily".to_owned())),
            under("rules[\"daily\"].lifecycle")
        );
        assert_eq!(
            of(LifecyclePlace::CopyAction("daily".to_owned(), 2)),
            under("rules[\"daily\"].copy_actions[2].lifecycle")
        );
    }

    #[test]
    fn minus_one_is_never() {
        let days = LifecycleDays {
            move_to_cold_storage_after_days: Fact::Known(-1),
            delete_after_days: Fact::Known(-1),
        };
        assert_eq!(
            (days.cold_storage_after(), days.delete_after()),
            (Fact::Absent, Fact::Absent)
        );
        let days = LifecycleDays {
            move_to_cold_storage_after_days: Fact::Known(1),
            delete_after_days: Fact::Unknown,
        };
        assert_eq!(
            (days.cold_storage_after(), days.delete_after()),
            (Fact::Known(1), Fact::Unknown)
        );
    }
}
