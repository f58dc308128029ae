//! DBK-XAC-008: a vault policy that grants another account what vault policies cannot grant.

use crate::examples::aws_backup::{statement, vault};
use crate::fact::Fact;
use crate::facts::{
    AccessPolicy, BackupVault, Facts, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement,
};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::AccountId;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-008"),
    name: "vault_policy_opens_too_much",
    also: &["DBK-VLT-008"],
    area: Area::CrossAccount,
    severity: Severity::Warning,
    when: When::Identity,
    reads: &[],
    title: "Vault policy grants another account what it cannot grant",
    why: "The access policy of a vault can let another account do one thing: copy recovery points into the \
          vault. AWS Backup takes other grants to other accounts and ignores them, so that nobody there can \
          restore or look into the vault as the policy says.",
    aws_error: None,
    source: "AWS Backup developer guide, access policies of vaults",
    firing: || vault(|it| grant(it, "backup:StartRestoreJob")),
    silent: || vault(|it| grant(it, ACTION)),
    check,
};

const ACTION: &str = "backup:CopyIntoBackupVault";

/// Grants an action to the second account.
fn grant(vault: &mut BackupVault, action: &str) {
    vault.policy = Fact::Known(AccessPolicy {
        statements: vec![PolicyStatement {
            principals: PolicyPrincipals::Only(vec!["arn:aws:iam::444455556666:root".to_owned()]),
            ..statement(PolicyEffect::Allow, action)
        }],
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let (Some(vault), Fact::Known(caller)) = (facts.backup_vault(), &facts.caller.account) else {
        return;
    };
    let Fact::Known(policy) = &vault.policy else {
        return;
    };
    if facts.is_destroyed_for_good() {
        return;
    }
    let allowing = policy
        .statements
        .iter()
        .filter(|it| it.effect == PolicyEffect::Allow);
    for statement in allowing {
        let mut foreign: Vec<AccountId> = statement.principals.accounts();
        foreign.retain(|it| it != caller);
        foreign.dedup();
        let Some(ignored) = ignored(&statement.actions).filter(|_| !foreign.is_empty()) else {
            continue;
        };
        report.add(
            Subject::VaultPolicy,
            format!(
                "policy allows {ignored} to {}. A vault of account {caller} can let other accounts copy into it, \
                 and nothing else; AWS Backup ignores the rest.",
                prose::quoted(foreign.iter().map(AccountId::as_str), "and")
            ),
            format!(
                "Leave Action = [\"{ACTION}\"] to those accounts. To let them restore, copy the recovery points \
                 into a vault of theirs."
            ),
        );
    }
}

/// What a statement grants besides copies, in words.
fn ignored(actions: &PolicyActions) -> Option<String> {
    match actions {
        PolicyActions::Only(actions) => {
            let others: Vec<&str> = actions
                .iter()
                .map(String::as_str)
                .filter(|it| !it.eq_ignore_ascii_case(ACTION))
                .collect();
            (!others.is_empty()).then(|| prose::quoted(others, "and"))
        }
        PolicyActions::Except(actions) => Some(format!(
            "everything but {}",
            prose::quoted(actions.iter().map(String::as_str), "and")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{ACTION, RULE, grant, statement, vault};
    use crate::fact::Fact;
    use crate::facts::{
        AccessPolicy, Action, Caller, Facts, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement,
    };

    fn details(statement: PolicyStatement) -> Vec<String> {
        let facts = vault(|it| {
            it.policy = Fact::Known(AccessPolicy {
                statements: vec![statement],
            });
        });
        RULE.findings(&facts).into_iter().map(|it| it.detail).collect()
    }

    fn to(principals: &[&str], actions: PolicyActions) -> PolicyStatement {
        PolicyStatement {
            principals: PolicyPrincipals::Only(principals.iter().map(|it| (*it).to_owned()).collect()),
            actions,
            ..statement(PolicyEffect::Allow, ACTION)
        }
    }

    fn only(actions: &[&str]) -> PolicyActions {
        PolicyActions::Only(actions.iter().map(|it| (*it).to_owned()).collect())
    }

    #[test]
    fn other_accounts_may_copy_and_nothing_else() {
        let far = "444455556666";
        assert_eq!(details(to(&[far], only(&[ACTION]))), [""; 0]);
        assert_eq!(
            details(to(&[far], only(&["BACKUP:copyintobackupvault"]))),
            [""; 0]
        );
        let [detail] = &details(to(&[far], only(&[ACTION, "backup:*"])))[..] else {
            panic!("not one finding")
        };
        assert!(
            detail.starts_with("policy allows \"backup:*\" to \"444455556666\"."),
            "{detail}"
        );
        let except = PolicyActions::Except(vec!["backup:DeleteRecoveryPoint".to_owned()]);
        assert!(details(to(&[far], except))[0].contains("everything but \"backup:DeleteRecoveryPoint\""));
    }

    #[test]
    fn only_accounts_that_are_named_and_foreign_count() {
        let all = || only(&["backup:*"]);
        assert_eq!(
            details(to(&["111122223333", "backup.amazonaws.com"], all())),
            [""; 0]
        );
        assert_eq!(details(statement(PolicyEffect::Allow, "backup:*")), [""; 0]);
        let denial = PolicyStatement {
            effect: PolicyEffect::Deny,
            ..to(&["444455556666"], all())
        };
        assert_eq!(details(denial), [""; 0]);
        let both = to(
            &["444455556666", "arn:aws:iam::444455556666:root", "111122223333"],
            all(),
        );
        assert!(details(both)[0].contains("to \"444455556666\"."));
    }

    #[test]
    fn who_works_must_be_known_and_the_vault_must_stay() {
        let facts = vault(|it| grant(it, "backup:*"));
        assert_eq!(RULE.findings(&facts).len(), 1);
        let stranger = Facts {
            caller: Caller::default(),
            ..facts.clone()
        };
        assert_eq!(RULE.findings(&stranger), []);
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..facts
        };
        assert_eq!(RULE.findings(&destroyed), []);
    }
}
