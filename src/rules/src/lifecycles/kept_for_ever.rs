//! DBK-LFC-011: recovery points that are never deleted, because nothing says when.

use crate::examples::aws_backup::{deleted_after, named, plan, rule};
use crate::fact::Fact;
use crate::facts::{CopyAction, Facts, LifecycleDays, LifecyclePlace, Object, PlanRule};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

/// A destination of copies, for the examples.
const VAULT_ARN: &str = "arn:aws:backup:us-west-2:111122223333:backup-vault:orders-copies";

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LFC-011"),
    name: "kept_for_ever",
    also: &["DBK-LFC-016"],
    area: Area::Lifecycles,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Recovery points are kept for ever",
    why: "AWS Backup deletes nothing of which the lifecycle does not say when. Each run adds a recovery point that is \
          billed until somebody deletes it, and each copy action has a lifecycle of its own; one that is left out \
          beside a rule that does delete is DBK-CPY-010. A single recovery point goes with the object that made it, unless it is to outlive that. \
          Where something is kept for ever on purpose, -1 says so.",
    aws_error: None,
    source: "AWS Backup API, Lifecycle; hashicorp/terraform-provider-aws#37862",
    firing: || copying(Fact::Absent, deleted_after(35)),
    silent: || copying(deleted_after(35), deleted_after(35)),
    check,
};

/// A plan with a rule and a copy action of these lifecycles.
fn copying(of_rule: Fact<LifecycleDays>, of_copy: Fact<LifecycleDays>) -> Facts {
    let action = CopyAction {
        lifecycle: of_copy,
        ..CopyAction::to(VAULT_ARN)
    };
    plan(|it| {
        it.rules = named([(
            "daily",
            PlanRule {
                lifecycle: of_rule,
                copy_actions: Fact::Known(vec![action]),
                ..rule()
            },
        )]);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for configured in facts.lifecycles() {
        if !configured.days.delete_after_days.is_absent() {
            continue;
        }
        let place = &configured.place;
        let lifecycle = place.whole();
        let what = match place {
            LifecyclePlace::PlanRule(rule) => {
                format!("Each recovery point that the rule {rule:?} makes is kept, and billed, for ever")
            }
            LifecyclePlace::CopyAction(rule, _) if stays_for_ever(facts, rule) => {
                format!("Each copy that the rule {rule:?} makes there is kept, and billed, for ever")
            }
            LifecyclePlace::RecoveryPoint | LifecyclePlace::Copy if outlives_its_object(facts) => {
                "With retain_on_destroy = true it is kept, and billed, for ever once this object is destroyed, whatever \
                 the lifecycles of plans are"
                    .to_owned()
            }
            _ => continue,
        };
        report.add(
            place.delete_after(),
            format!("{what}: {lifecycle} does not say when it is deleted."),
            "Set delete_after_days, for example to 35; or to -1 where it is kept for ever on purpose.",
        );
    }
}

/// Whether it is known that the recovery points of a rule are not deleted themselves. Copies beside those that are have a
/// rule of their own.
fn stays_for_ever(facts: &Facts, name: &str) -> bool {
    let place = LifecyclePlace::PlanRule(name.to_owned());
    let of_rule = facts.lifecycles().into_iter().find(|it| it.place == place);
    of_rule.is_some_and(|it| it.days.delete_after().is_absent())
}

/// Whether it is known that a recovery point or a copy stays when its object goes.
fn outlives_its_object(facts: &Facts) -> bool {
    let retain_on_destroy = match &facts.object {
        Object::RecoveryPoint(it) => it.retain_on_destroy,
        Object::RecoveryPointCopy(it) => it.retain_on_destroy,
        _ => Fact::Absent,
    };
    retain_on_destroy == Fact::Known(true)
}

#[cfg(test)]
mod tests {
    use super::{RULE, copying, deleted_after, named, plan, rule};
    use crate::examples::aws_backup::{copy, lifecycle, recovery_point};
    use crate::fact::Fact;
    use crate::facts::{Facts, LifecycleDays, PlanRule};
    use crate::finding::Subject;

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    fn of_rule(lifecycle: Fact<LifecycleDays>) -> Vec<Subject> {
        let daily = PlanRule { lifecycle, ..rule() };
        subjects(&plan(|it| it.rules = named([("daily", daily)])))
    }

    #[test]
    fn only_what_is_left_out_is_taken_for_forgotten() {
        let expected = [Subject::PlanRuleDeleteAfter("daily".to_owned())];
        assert_eq!(of_rule(Fact::Absent), expected);
        let cold_only = LifecycleDays {
            move_to_cold_storage_after_days: Fact::Known(30),
            delete_after_days: Fact::Absent,
        };
        assert_eq!(of_rule(Fact::Known(cold_only)), expected);
        for silent in [
            Fact::Unknown,
            deleted_after(-1),
            deleted_after(1),
            lifecycle(30, -1),
            Fact::Known(LifecycleDays::default()),
        ] {
            assert_eq!(of_rule(silent), [], "{silent:?}");
        }
    }

    #[test]
    fn copies_of_what_is_deleted_are_left_to_their_own_rule() {
        let at_copy = Subject::CopyDeleteAfter("daily".to_owned(), 0);
        let at_rule = Subject::PlanRuleDeleteAfter("daily".to_owned());
        let of = |of_rule, of_copy| subjects(&copying(of_rule, of_copy));
        assert_eq!(
            of(deleted_after(-1), Fact::Absent),
            [Subject::CopyDeleteAfter("daily".to_owned(), 0)]
        );
        assert_eq!(of(Fact::Absent, Fact::Absent), [at_rule, at_copy]);
        assert_eq!(of(deleted_after(-1), deleted_after(-1)), []);
        assert_eq!(of(deleted_after(-1), deleted_after(35)), []);
        assert_eq!(of(deleted_after(35), Fact::Absent), []);
        assert_eq!(of(Fact::Unknown, Fact::Absent), []);
        let text = RULE
            .findings(&copying(deleted_after(-1), Fact::Absent))
            .remove(0)
            .detail;
        assert_eq!(
            text,
            "Each copy that the rule \"daily\" makes there is kept, and billed, for ever: \
             rules[\"daily\"].copy_actions[0].lifecycle does not say when it is deleted."
        );
    }

    #[test]
    fn a_single_one_goes_with_its_object_or_stays() {
        let of_point = |retain: Fact<bool>| subjects(&recovery_point(|it| it.retain_on_destroy = retain));
        let of_copy = |retain: Fact<bool>| subjects(&copy(|it| it.retain_on_destroy = retain));
        assert_eq!(of_point(Fact::Known(true)), [Subject::DeleteAfter]);
        assert_eq!(of_copy(Fact::Known(true)), [Subject::DeleteAfter]);
        for silent in [Fact::Known(false), Fact::Absent, Fact::Unknown] {
            assert_eq!(of_point(silent), []);
            assert_eq!(of_copy(silent), []);
        }
        let kept = recovery_point(|it| {
            it.retain_on_destroy = Fact::Known(true);
            it.lifecycle = deleted_after(-1);
        });
        assert_eq!(subjects(&kept), []);
    }
}
