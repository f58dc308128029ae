//! DBK-VLT-009: a vault policy that denies everyone what it takes to manage the vault.

use crate::examples::aws_backup::{statement, vault};
use crate::fact::Fact;
use crate::facts::{AccessPolicy, BackupVault, Facts, PolicyEffect, PolicyVerdict, Requester};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-VLT-009"),
    name: "vault_locked_out",
    also: &[],
    area: Area::Vaults,
    severity: Severity::Warning,
    when: When::Identity,
    reads: &[],
    title: "Vault policy locks out whoever manages the vault",
    why: "A denial wins over everything that is allowed, to administrators and to Terraform as well. When \
          everyone is denied, without a condition, to read a vault, every later plan fails; when everyone is \
          denied to change its policy, nobody can take the denial back. To deny the deletion of recovery points \
          or of the vault is what such policies are for, and no fault.",
    aws_error: Some("AccessDeniedException, from the next plan on"),
    source: "AWS Backup developer guide, access policies of vaults; IAM user guide, evaluation of policies",
    firing: || vault(|it| deny(it, "backup:*")),
    silent: || vault(|it| deny(it, "backup:DeleteRecoveryPoint")),
    check,
};

/// What it takes to manage a vault, with what happens to whoever is denied it.
const MANAGING: [&str; 4] = [
    "backup:DescribeBackupVault",
    "backup:GetBackupVaultAccessPolicy",
    "backup:PutBackupVaultAccessPolicy",
    "backup:DeleteBackupVaultAccessPolicy",
];

/// Denies everyone an action.
fn deny(vault: &mut BackupVault, action: &str) {
    vault.policy = Fact::Known(AccessPolicy {
        statements: vec![statement(PolicyEffect::Deny, action)],
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(vault) = facts.backup_vault().filter(|_| !facts.is_destroyed_for_good()) else {
        return;
    };
    let (Fact::Known(policy), Fact::Known(account)) = (&vault.policy, &facts.caller.account) else {
        return;
    };
    let requester = Requester {
        account: account.clone(),
        role: Fact::Unknown,
        organization_id: Fact::Unknown,
    };
    let denied: Vec<&str> = MANAGING
        .into_iter()
        .filter(|action| policy.judge(action, &requester) == PolicyVerdict::Denied)
        .collect();
    let [first, ..] = denied.as_slice() else { return };
    // The first two of the list read.
    let what = if MANAGING.iter().take(2).any(|it| it == first) {
        "Terraform could not even read the vault again, and every later plan would fail"
    } else {
        "nobody could change the policy back"
    };
    let account_root = format!("arn:{}:iam::{account}:role/ROLE", partition(facts));
    report.add(
        Subject::VaultPolicy,
        format!(
            "policy denies {} to everyone in account {account}, administrators included, without a condition: \
             {what}.",
            prose::quoted(denied.iter().copied(), "and")
        ),
        format!(
            "Deny only what must not happen, for example Action = [\"backup:DeleteRecoveryPoint\"], or exempt the \
             role of Terraform: Condition = {{ ArnNotLike = {{ \"aws:PrincipalArn\" = \"{account_root}\" }} }}."
        ),
    );
}

/// The partition, for an ARN to paste.
fn partition(facts: &Facts) -> String {
    facts
        .partition()
        .into_known()
        .map_or_else(|| "aws".to_owned(), |it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::{RULE, deny, statement, vault};
    use crate::fact::Fact;
    use crate::facts::{
        AccessPolicy, Action, Caller, Facts, PolicyActions, PolicyEffect, PolicyPrincipals, PolicyStatement,
    };

    fn detail_of(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.detail)
    }

    fn detail(statement: PolicyStatement) -> Option<String> {
        detail_of(&vault(|it| {
            it.policy = Fact::Known(AccessPolicy {
                statements: vec![statement],
            });
        }))
    }

    fn denying(action: &str) -> Option<String> {
        detail(statement(PolicyEffect::Deny, action))
    }

    #[test]
    fn each_action_that_manages_counts_and_others_protect() {
        for (action, words) in [
            ("backup:DescribeBackupVault", "could not even read"),
            ("backup:GetBackupVaultAccessPolicy", "could not even read"),
            ("backup:PutBackupVaultAccessPolicy", "change the policy back"),
            ("backup:DeleteBackupVaultAccessPolicy", "change the policy back"),
            ("backup:*", "could not even read"),
        ] {
            let detail = denying(action).expect("a finding");
            assert!(detail.contains(words), "{action}: {detail}");
        }
        for action in [
            "backup:DeleteRecoveryPoint",
            "backup:DeleteBackupVault",
            "backup:StartBackupJob",
            "backup:UpdateRecoveryPointLifecycle",
        ] {
            assert_eq!(denying(action), None, "{action}");
        }
        let everything_else = PolicyStatement {
            actions: PolicyActions::Except(vec!["backup:List*".to_owned()]),
            ..statement(PolicyEffect::Deny, "")
        };
        assert!(detail(everything_else).is_some());
    }

    #[test]
    fn a_condition_or_another_principal_exempts() {
        let all = || statement(PolicyEffect::Deny, "backup:*");
        for exempted in [
            PolicyStatement {
                is_narrowed: true,
                ..all()
            },
            PolicyStatement {
                organization_ids: vec!["o-exampleorgid".to_owned()],
                ..all()
            },
            PolicyStatement {
                principals: PolicyPrincipals::Only(vec!["444455556666".to_owned()]),
                ..all()
            },
            PolicyStatement {
                principals: PolicyPrincipals::Except(vec!["111122223333".to_owned()]),
                ..all()
            },
            statement(PolicyEffect::Allow, "backup:*"),
        ] {
            assert_eq!(detail(exempted.clone()), None, "{exempted:?}");
        }
        for principals in [
            PolicyPrincipals::Only(vec!["*".to_owned()]),
            PolicyPrincipals::Only(vec!["arn:aws:iam::111122223333:root".to_owned()]),
        ] {
            assert!(
                detail(PolicyStatement {
                    principals: principals.clone(),
                    ..all()
                })
                .is_some(),
                "{principals:?}"
            );
        }
    }

    #[test]
    fn a_stranger_and_a_vault_that_goes_are_not_judged() {
        let facts = vault(|it| deny(it, "backup:*"));
        assert!(detail_of(&facts).is_some());
        let stranger = Facts {
            caller: Caller::default(),
            ..facts.clone()
        };
        assert_eq!(detail_of(&stranger), None);
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..facts
        };
        assert_eq!(detail_of(&destroyed), None);
    }
}
