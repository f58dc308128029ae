//! DBK-CPY-003: two copy actions of one rule into the same vault.

use crate::examples::aws_backup::{FAR_VAULT_ARN, named, plan, rule};
use crate::fact::Fact;
use crate::facts::{CopyAction, Facts, LifecycleDays, PlanRule};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CPY-003"),
    name: "copy_destination_given_twice",
    also: &[],
    area: Area::Copies,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Rule copies into the same vault twice",
    why: "The copy actions of a rule each name another vault. How many there may be is the business of the rule \
          about quotas, DBK-QTA-008.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup developer guide, copy actions; the error is inferred",
    firing: || copying_into(&[FAR_VAULT_ARN, FAR_VAULT_ARN]),
    silent: || copying_into(&[FAR_VAULT_ARN, SECOND_VAULT_ARN]),
    check,
};

/// Another vault of the second account.
const SECOND_VAULT_ARN: &str = "arn:aws:backup:us-east-1:444455556666:backup-vault:orders-copies-2";

/// A plan with a rule that copies into these vaults.
fn copying_into(vaults: &[&str]) -> Facts {
    let action = |vault: &&str| CopyAction {
        lifecycle: Fact::Known(LifecycleDays {
            move_to_cold_storage_after_days: Fact::Absent,
            delete_after_days: Fact::Known(35),
        }),
        ..CopyAction::to(*vault)
    };
    plan(|it| {
        it.rules = named([(
            "daily",
            PlanRule {
                copy_actions: Fact::Known(vaults.iter().map(action).collect()),
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
        let actions = rule.copy_actions.known().map_or(&[][..], Vec::as_slice);
        for (index, action) in actions.iter().enumerate() {
            let Fact::Known(vault) = &action.destination_vault_arn else {
                continue;
            };
            let first = actions
                .iter()
                .position(|it| it.destination_vault_arn.is_known_and(|it| it == vault));
            let Some(first) = first.filter(|first| *first < index) else {
                continue;
            };
            report.add(
                Subject::CopyDestination(name.clone(), index),
                format!(
                    "copy_actions[{first}] and copy_actions[{index}] of the rule {name:?} both copy into {vault:?}."
                ),
                format!("Remove one of the two, or give copy_actions[{index}] another vault."),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FAR_VAULT_ARN, RULE, SECOND_VAULT_ARN, copying_into};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object};
    use crate::finding::Subject;

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    #[test]
    fn each_repetition_is_told_and_refers_to_the_first() {
        let thrice = copying_into(&[FAR_VAULT_ARN, SECOND_VAULT_ARN, FAR_VAULT_ARN, FAR_VAULT_ARN]);
        let at = |index| Subject::CopyDestination("daily".to_owned(), index);
        assert_eq!(subjects(&thrice), [at(2), at(3)]);
        let details: Vec<_> = RULE.findings(&thrice).into_iter().map(|it| it.detail).collect();
        assert!(
            details.iter().all(|it| it.starts_with("copy_actions[0] and")),
            "{details:?}"
        );
    }

    #[test]
    fn what_is_not_known_may_be_another_and_what_goes_is_left_alone() {
        let mut facts = copying_into(&[FAR_VAULT_ARN, FAR_VAULT_ARN]);
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..facts.clone()
        };
        assert_eq!(subjects(&destroyed), []);
        if let Object::BackupPlan(plan) = &mut facts.object
            && let Fact::Known(rules) = &mut plan.rules
        {
            for rule in rules.values_mut() {
                if let Fact::Known(actions) = &mut rule.copy_actions {
                    actions[0].destination_vault_arn = Fact::Unknown;
                }
            }
        }
        assert_eq!(subjects(&facts), []);
    }
}
