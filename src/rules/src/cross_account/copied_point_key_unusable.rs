//! DBK-XAC-010: a copy to another account out of a vault whose key cannot serve it.

use crate::examples::aws_backup::copy;
use crate::examples::key;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedKey, ObservedVault, VaultType};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-010"),
    name: "copied_point_key_unusable",
    also: &[],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault", "kms:DescribeKey"],
    title: "Key of the source vault cannot serve the copy",
    why: "A recovery point made with the advanced features is encrypted by the key of its vault, and a copy \
          decrypts it with that key first. The policy of a key that AWS manages cannot be changed, so that the \
          other account can never be let in: that is a warning.",
    aws_error: Some("copy job FAILED, with a text about KMS access"),
    source: "AWS Backup developer guide, encryption",
    firing: || copy(|it| set_key(&mut it.observed.source_vault, "Disabled")),
    silent: || copy(|it| set_key(&mut it.observed.source_vault, "Enabled")),
    check,
};

/// Gives the key of a vault another state.
fn set_key(vault: &mut Fact<ObservedVault>, state: &str) {
    if let Fact::Known(vault) = vault {
        vault.key = Fact::Known(ObservedKey {
            state: state.into(),
            ..key()
        });
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.cross_account_copies() {
        let Some(vault) = copy.source_vault else { continue };
        let name = copy.source_vault_name.unwrap_or("VAULT");
        let key = match &vault.key_arn {
            Fact::Known(arn) => arn.as_str(),
            Fact::Absent | Fact::Unknown => "KEY_ARN",
        };
        let fault = match &vault.key {
            Fact::Known(seen) => match &seen.state {
                Fact::Known(state) if state != "Enabled" => Some(format!("is {state}")),
                _ => None,
            },
            Fact::Absent => Some("does not exist any more".to_owned()),
            Fact::Unknown => None,
        };
        if let Some(fault) = fault {
            let is_disabled = vault
                .key
                .is_known_and(|it| it.state.is_known_and(|it| it == "Disabled"));
            let fix = if is_disabled {
                format!("Enable it: aws kms enable-key --key-id {key}")
            } else {
                format!(
                    "Make the key usable, and see what is wrong with it: aws kms describe-key --key-id {key}"
                )
            };
            report.add(
                copy.subject.clone(),
                format!(
                    "The key {key} of the vault {name:?}, out of which the copy comes, {fault}. Nothing in the \
                     vault can be decrypted without it."
                ),
                fix,
            );
        } else if vault.has_aws_managed_key == Fact::Known(true)
            // Nothing at all leaves such a vault under that key, which has a rule of its own.
            && vault.vault_type != Fact::Known(VaultType::LogicallyAirGapped)
        {
            report.add_warning(
                copy.subject.clone(),
                format!(
                    "The vault {name:?}, out of which the copy comes, is encrypted by the key that AWS manages, \
                     aws/backup. Its policy cannot be changed, so that account {} can never be allowed to use \
                     it; AWS may refuse the copy.",
                    copy.destination.account
                ),
                "Back up into a vault with a KMS key of your own, whose policy lets the other account use it \
                 (kms:CreateGrant, kms:GenerateDataKey, kms:Decrypt, kms:DescribeKey), and copy from there.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, copy, set_key};
    use crate::examples::KEY_ARN;
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copying_plan, observed_vault};
    use crate::fact::Fact;
    use crate::facts::{Facts, ObservedKey, ObservedVault};
    use crate::finding::{Finding, Severity};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn of(change: impl FnOnce(&mut ObservedVault)) -> Option<Finding> {
        let mut vault = observed_vault();
        change(&mut vault);
        finding(&copy(|it| it.observed.source_vault = Fact::Known(vault)))
    }

    #[test]
    fn a_key_must_be_enabled() {
        let disabled =
            finding(&copy(|it| set_key(&mut it.observed.source_vault, "Disabled"))).expect("a finding");
        assert_eq!(disabled.severity, Severity::Error);
        assert_eq!(
            disabled.fix,
            format!("Enable it: aws kms enable-key --key-id {KEY_ARN}")
        );
        let pending = finding(&copy(|it| {
            set_key(&mut it.observed.source_vault, "PendingDeletion")
        }))
        .expect("a finding");
        assert!(pending.fix.contains("describe-key"), "{}", pending.fix);
        assert!(
            of(|it| it.key = Fact::Absent)
                .expect("a finding")
                .detail
                .contains("does not exist any more")
        );
        assert_eq!(of(|it| it.key = Fact::Unknown), None);
        assert_eq!(of(|it| it.key = Fact::Known(ObservedKey::default())), None);
        let unnamed = of(|it| {
            it.key_arn = Fact::Unknown;
            it.key = Fact::Absent;
        });
        assert!(unnamed.expect("a finding").fix.ends_with("--key-id KEY_ARN"));
    }

    #[test]
    fn a_key_that_aws_manages_is_a_doubt() {
        let found = of(|it| it.has_aws_managed_key = Fact::Known(true)).expect("a finding");
        assert_eq!(found.severity, Severity::Warning);
        assert_eq!(of(|it| it.has_aws_managed_key = Fact::Unknown), None);
    }

    #[test]
    fn a_plan_is_judged_by_the_vault_that_each_rule_fills() {
        let plan = |name: &str| {
            finding(&copying_plan(FAR_VAULT_ARN, |it| {
                let vault = ObservedVault {
                    has_aws_managed_key: Fact::Known(true),
                    ..observed_vault()
                };
                it.observed.vaults = [(name.to_owned(), Fact::Known(vault))].into();
            }))
        };
        assert!(
            plan("orders")
                .expect("a finding")
                .detail
                .contains("The vault \"orders\"")
        );
        assert_eq!(plan("others"), None);
    }

    #[test]
    fn within_the_account_the_key_serves() {
        let near = FAR_VAULT_ARN.replace("444455556666", "111122223333");
        let facts = copy(|it| {
            it.destination_vault_arn = Fact::Known(near);
            set_key(&mut it.observed.source_vault, "Disabled");
        });
        assert_eq!(finding(&facts), None);
    }
}
