//! DBK-CPY-010: a copy action that leaves open how long copies stay, while the originals expire.

use crate::examples::aws_backup::{FAR_VAULT_ARN, named, plan, rule};
use crate::fact::Fact;
use crate::facts::{CopyAction, Facts, LifecycleDays, PlanRule};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{DELETE_AFTER_DAYS_MAX, LIFECYCLE_NEVER};
use crate::prose::days;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CPY-010"),
    name: "copy_without_own_expiry",
    also: &[],
    area: Area::Copies,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Copies are not told how long they stay",
    why: "A copy has a lifecycle of its own. AWS documents that one without stays for ever, and is billed for \
          ever; users report that it may take over the one of the rule instead. Only a copy action that says it \
          leaves nothing to chance. A single copy, dynamodb_recovery_point_copy, is set right after it is made.",
    aws_error: None,
    source: "AWS Backup developer guide, copying a backup; reported by users",
    firing: || copying(Fact::Known(35), Fact::Absent),
    silent: || copying(Fact::Known(35), Fact::Known(35)),
    check,
};

/// A plan of which the recovery points and their copies stay for so many days.
fn copying(delete_after: Fact<i64>, copy_delete_after: Fact<i64>) -> Facts {
    let lifecycle = |delete_after_days: Fact<i64>| {
        Fact::Known(LifecycleDays {
            move_to_cold_storage_after_days: Fact::Absent,
            delete_after_days,
        })
    };
    plan(|it| {
        it.rules = named([(
            "daily",
            PlanRule {
                lifecycle: lifecycle(delete_after),
                copy_actions: Fact::Known(vec![CopyAction {
                    lifecycle: lifecycle(copy_delete_after),
                    ..CopyAction::to(FAR_VAULT_ARN)
                }]),
                ..rule()
            },
        )]);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(plan) = facts.backup_plan().filter(|_| !facts.is_destroyed_for_good()) else {
        return;
    };
    for (name, rule) in plan.rules.known().into_iter().flatten() {
        let Fact::Known(LifecycleDays {
            delete_after_days: Fact::Known(original),
            ..
        }) = rule.lifecycle
        else {
            continue;
        };
        if original == LIFECYCLE_NEVER {
            continue;
        }
        for (index, action) in rule.copy_actions.known().into_iter().flatten().enumerate() {
            let is_open = match &action.lifecycle {
                Fact::Absent => true,
                Fact::Known(lifecycle) => lifecycle.delete_after_days.is_absent(),
                Fact::Unknown => false,
            };
            if !is_open {
                continue;
            }
            report.add(
                Subject::CopyDeleteAfter(name.clone(), index),
                format!(
                    "The recovery points of the rule {name:?} are deleted after {}, and copy_actions[{index}] does \
                     not say when their copies are.",
                    days(original)
                ),
                format!(
                    "Say it: lifecycle = {{ delete_after_days = {original} }} in the copy action. To keep copies for \
                     ever, give delete_after_days = {DELETE_AFTER_DAYS_MAX}, a hundred years."
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, copying};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object};
    use crate::finding::Subject;

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    #[test]
    fn only_what_expires_raises_the_question() {
        let at = [Subject::CopyDeleteAfter("daily".to_owned(), 0)];
        assert_eq!(subjects(&copying(Fact::Known(35), Fact::Absent)), at);
        for (original, copy) in [
            (Fact::Known(-1), Fact::Absent),
            (Fact::Absent, Fact::Absent),
            (Fact::Unknown, Fact::Absent),
            (Fact::Known(35), Fact::Known(-1)),
            (Fact::Known(35), Fact::Unknown),
        ] {
            assert_eq!(subjects(&copying(original, copy)), [], "{original:?} {copy:?}");
        }
    }

    #[test]
    fn a_lifecycle_that_is_left_out_whole_is_open_and_an_unknown_one_is_not() {
        let with = |lifecycle| {
            let mut facts = copying(Fact::Known(35), Fact::Known(35));
            if let Object::BackupPlan(plan) = &mut facts.object
                && let Fact::Known(rules) = &mut plan.rules
            {
                for rule in rules.values_mut() {
                    if let Fact::Known(actions) = &mut rule.copy_actions {
                        actions[0].lifecycle = lifecycle;
                    }
                }
            }
            subjects(&facts).len()
        };
        assert_eq!((with(Fact::Absent), with(Fact::Unknown)), (1, 0));
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..copying(Fact::Known(35), Fact::Absent)
        };
        assert_eq!(subjects(&destroyed), []);
    }
}
