//! DBK-XAC-014: the destruction of a recovery point in a vault whose policy denies deletions.

use crate::examples::aws_backup::{observed_vault, recovery_point_destroyed, statement};
use crate::fact::Fact;
use crate::facts::{
    AccessPolicy, Facts, ObservedVault, PolicyEffect, PolicyVerdict, RecoveryPoint, Requester,
};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-014"),
    name: "deletion_denied_by_vault_policy",
    also: &[],
    area: Area::CrossAccount,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:GetBackupVaultAccessPolicy"],
    title: "Vault policy denies the deletion of recovery points",
    why: "A policy that denies backup:DeleteRecoveryPoint to everyone protects against accidents and \
          attackers, and against a destroy as well: a denial wins over everything that an administrator is \
          allowed.",
    aws_error: Some("AccessDeniedException"),
    source: "AWS Backup developer guide, access policies of vaults",
    firing: || recovery_point_destroyed(|it| deny(it, ACTION)),
    silent: || recovery_point_destroyed(|it| deny(it, "backup:UpdateRecoveryPointLifecycle")),
    check,
};

const ACTION: &str = "backup:DeleteRecoveryPoint";

/// Puts the recovery point into a vault that denies everyone an action.
fn deny(it: &mut RecoveryPoint, action: &str) {
    it.observed.vault = Fact::Known(ObservedVault {
        access_policy: Fact::Known(AccessPolicy {
            statements: vec![statement(PolicyEffect::Deny, action)],
        }),
        ..observed_vault()
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let (Some(deletion), Fact::Known(account)) = (facts.deletion(), &facts.caller.account) else {
        return;
    };
    let Fact::Known(vault) = deletion.vault else {
        return;
    };
    let requester = Requester {
        account: account.clone(),
        role: Fact::Unknown,
        organization_id: Fact::Unknown,
    };
    let is_denied = vault
        .access_policy
        .is_known_and(|it| it.judge(ACTION, &requester) == PolicyVerdict::Denied);
    if !is_denied {
        return;
    }
    let (what, name) = (deletion.what, deletion.vault_name);
    report.add(
        Subject::RetainOnDestroy,
        format!(
            "{what} is to be deleted, and the access policy of its vault, {name:?}, denies {ACTION} to account \
             {account}, its administrators included. The destroy fails and changes nothing."
        ),
        format!(
            "To leave it in AWS, set retain_on_destroy = true and apply that first. To delete it, take the \
             statement out of the policy first; see it with: aws backup get-backup-vault-access-policy \
             --backup-vault-name {name}"
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{ACTION, RULE, deny, recovery_point_destroyed};
    use crate::examples::aws_backup::{copy, statement};
    use crate::fact::Fact;
    use crate::facts::{
        AccessPolicy, Action, Caller, Facts, PolicyEffect, PolicyPrincipals, PolicyStatement, RecoveryPoint,
    };
    use crate::finding::Finding;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn destroyed(change: impl FnOnce(&mut RecoveryPoint)) -> Facts {
        recovery_point_destroyed(|it| {
            deny(it, ACTION);
            change(it);
        })
    }

    #[test]
    fn only_a_deletion_that_is_surely_denied_is_reported() {
        assert!(
            finding(&destroyed(|_| ()))
                .expect("a finding")
                .detail
                .contains("recovery-point:1EB3B5E7")
        );
        assert!(finding(&destroyed(|it| it.retain_on_destroy = Fact::Known(false))).is_some());
        assert_eq!(
            finding(&destroyed(|it| it.retain_on_destroy = Fact::Known(true))),
            None
        );
        assert_eq!(
            finding(&destroyed(|it| it.retain_on_destroy = Fact::Unknown)),
            None
        );
        assert_eq!(finding(&destroyed(|it| it.observed.vault = Fact::Unknown)), None);
        let narrowed = destroyed(|it| {
            let only = PolicyStatement {
                principals: PolicyPrincipals::Only(vec!["arn:aws:iam::111122223333:role/x".to_owned()]),
                ..statement(PolicyEffect::Deny, ACTION)
            };
            if let Fact::Known(vault) = &mut it.observed.vault {
                vault.access_policy = Fact::Known(AccessPolicy {
                    statements: vec![only],
                });
            }
        });
        assert_eq!(finding(&narrowed), None);
    }

    #[test]
    fn a_recovery_point_that_stays_is_left_alone() {
        let of = |action: Action| Facts {
            action: Fact::Known(action),
            ..destroyed(|_| ())
        };
        assert_eq!(finding(&of(Action::Keep)), None);
        assert!(finding(&of(Action::Replace)).is_some());
        let stranger = Facts {
            caller: Caller::default(),
            ..destroyed(|_| ())
        };
        assert_eq!(finding(&stranger), None);
        let nameless = destroyed(|it| {
            it.prior = Fact::Unknown;
            it.vault_name = Fact::Unknown;
        });
        let found = finding(&nameless).expect("a finding");
        assert!(
            found.detail.starts_with("This recovery point is"),
            "{}",
            found.detail
        );
        assert!(found.fix.ends_with("--backup-vault-name VAULT"), "{}", found.fix);
    }

    #[test]
    fn a_copy_lives_in_its_destination() {
        let facts = copy(|it| {
            let denial = AccessPolicy {
                statements: vec![statement(PolicyEffect::Deny, "backup:Delete*")],
            };
            if let Fact::Known(vault) = &mut it.observed.destination.vault {
                vault.access_policy = Fact::Known(denial);
            }
        });
        assert_eq!(finding(&facts), None);
        let facts = Facts {
            action: Fact::Known(Action::Destroy),
            ..facts
        };
        assert!(
            finding(&facts)
                .expect("a finding")
                .detail
                .contains("\"orders-copies\"")
        );
    }
}
