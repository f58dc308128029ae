//! DBK-LFC-004: a move to cold storage of a backup that AWS Backup does not manage wholly, which stays warm.

use crate::examples::aws_backup::{lifecycle, recovery_point, region_settings};
use crate::fact::Fact;
use crate::facts::{Facts, LifecyclePlace, Object, RegionSettings};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LFC-004"),
    name: "cold_storage_without_advanced_features",
    also: &[],
    area: Area::Lifecycles,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeRecoveryPoint", "backup:DescribeRegionSettings"],
    title: "Recovery point will not move to cold storage",
    why: "AWS Backup moves backups of DynamoDB tables to cold storage only if it manages them wholly, which it does \
          for those that are made while its advanced features for DynamoDB are on. For others it takes the number \
          and ignores it: they stay warm, at several times the price.",
    aws_error: None,
    source: "AWS Backup developer guide, advanced DynamoDB backup; API, Lifecycle",
    firing: || {
        recovery_point(|it| {
            it.lifecycle = lifecycle(30, 120);
            it.observed.settings = Fact::Known(RegionSettings {
                advanced_features: Fact::Known(false),
                ..region_settings()
            });
        })
    },
    silent: || recovery_point(|it| it.lifecycle = lifecycle(30, 120)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    // That a copy needs the advanced features at all is said by the rules about copies.
    let lifecycles = facts.lifecycles().into_iter().filter(|it| {
        matches!(
            it.place,
            LifecyclePlace::PlanRule(_) | LifecyclePlace::RecoveryPoint
        )
    });
    let Some(reason) = why_it_stays_warm(facts) else {
        return;
    };
    for configured in lifecycles {
        let Fact::Known(after) = configured.days.cold_storage_after() else {
            continue;
        };
        report.add(
            configured.place.cold_storage(),
            format!(
                "{} has move_to_cold_storage_after_days = {after}, and {reason}: recovery points stay warm.",
                configured.place.whole()
            ),
            "Set advanced_features = true in a dynamodb_backup_settings of this Region before the backup is made, or \
             leave move_to_cold_storage_after_days out.",
        );
    }
}

/// Why what the object backs up, or has backed up, stays warm, if it is known to.
fn why_it_stays_warm(facts: &Facts) -> Option<&'static str> {
    let off = |settings: &Fact<RegionSettings>| {
        let is_off = settings.is_known_and(|it| it.advanced_features == Fact::Known(false));
        is_off.then_some("the advanced features of AWS Backup for DynamoDB are switched off")
    };
    match &facts.object {
        Object::BackupPlan(it) => off(&it.observed.account.settings),
        Object::RecoveryPoint(it) if it.prior.is_known() && !facts.is_made() => {
            let is_native = it
                .observed
                .recovery_point
                .is_known_and(|it| it.is_fully_managed == Fact::Known(false));
            is_native.then_some("this one was made without the advanced features of AWS Backup for DynamoDB")
        }
        Object::RecoveryPoint(it) => off(&it.observed.settings),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, lifecycle, recovery_point, region_settings};
    use crate::examples::aws_backup::{
        copy, copy_action, deleted_after, named, observed_recovery_point, plan, recovery_point_changed, rule,
    };
    use crate::fact::Fact;
    use crate::facts::{Action, CopyAction, Facts, LifecycleDays, PlanRule, RegionSettings};
    use crate::finding::Subject;

    fn with(advanced_features: Fact<bool>) -> Fact<RegionSettings> {
        Fact::Known(RegionSettings {
            advanced_features,
            ..region_settings()
        })
    }

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    #[test]
    fn settings_decide_for_what_is_still_to_be_made() {
        let of = |settings: Fact<RegionSettings>, lifecycle: Fact<LifecycleDays>| {
            subjects(&recovery_point(|it| {
                it.observed.settings = settings;
                it.lifecycle = lifecycle;
            }))
        };
        let off = with(Fact::Known(false));
        assert_eq!(of(off, lifecycle(1, 91)), [Subject::ColdStorage]);
        for silent in [with(Fact::Known(true)), with(Fact::Unknown), Fact::Unknown] {
            assert_eq!(of(silent, lifecycle(1, 91)), []);
        }
        for warm in [deleted_after(91), lifecycle(-1, 91), Fact::Absent, Fact::Unknown] {
            assert_eq!(of(off, warm), [], "{warm:?}");
        }
    }

    #[test]
    fn what_exists_is_judged_by_how_it_was_made() {
        let of = |is_fully_managed: Fact<bool>, action: Action| {
            let facts = recovery_point_changed(|it| {
                it.lifecycle = lifecycle(30, 120);
                it.observed.settings = with(Fact::Known(false));
                let mut seen = observed_recovery_point();
                seen.is_fully_managed = is_fully_managed;
                it.observed.recovery_point = Fact::Known(seen);
            });
            let found = RULE.findings(&Facts {
                action: Fact::Known(action),
                ..facts
            });
            found.into_iter().map(|it| it.detail).collect::<Vec<_>>().join("")
        };
        assert!(of(Fact::Known(false), Action::Update).contains("this one was made without"));
        assert_eq!(of(Fact::Known(true), Action::Update), "");
        assert_eq!(of(Fact::Unknown, Action::Keep), "");
        // A replacement is made anew, under the settings of today.
        assert!(of(Fact::Known(true), Action::Replace).contains("are switched off"));
    }

    #[test]
    fn rules_of_plans_are_judged_and_copies_are_not() {
        let cold_copy = CopyAction {
            lifecycle: lifecycle(30, 120),
            ..copy_action("a")
        };
        let of = |on_rule: Fact<LifecycleDays>| {
            subjects(&plan(|it| {
                it.observed.account.settings = with(Fact::Known(false));
                let copying = PlanRule {
                    lifecycle: on_rule,
                    copy_actions: Fact::Known(vec![cold_copy.clone()]),
                    ..rule()
                };
                it.rules = named([("daily", copying)]);
            }))
        };
        assert_eq!(
            of(lifecycle(30, 120)),
            [Subject::PlanRuleColdStorage("daily".to_owned())]
        );
        assert_eq!(of(deleted_after(120)), []);
        let single = copy(|it| {
            it.lifecycle = lifecycle(30, 120);
            it.observed.account.settings = with(Fact::Known(false));
        });
        assert_eq!(subjects(&single), []);
    }
}
