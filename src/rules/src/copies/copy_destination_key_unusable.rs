//! DBK-CPY-016: a copy into a vault whose key cannot be used.

use crate::examples::aws_backup::copy;
use crate::examples::key;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedKey, RecoveryPointCopy};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CPY-016"),
    name: "copy_destination_key_unusable",
    also: &[],
    area: Area::Copies,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault", "kms:DescribeKey"],
    title: "Key of the destination vault cannot encrypt the copy",
    why: "A copy is encrypted by the key of the vault that takes it. The role of the copy needs \
          kms:CreateGrant, kms:GenerateDataKey, kms:Decrypt and kms:DescribeKey on that key; whether it has \
          them, only AWS can tell, and the job fails if not. A key that is not enabled serves nobody.",
    aws_error: Some("copy job FAILED, with a text about KMS access"),
    source: "AWS Backup developer guide, encryption",
    firing: || copy(|it| set_state(it, "Disabled")),
    silent: || copy(|it| set_state(it, "Enabled")),
    check,
};

/// Gives the key of the destination vault another state.
fn set_state(copy: &mut RecoveryPointCopy, state: &str) {
    if let Fact::Known(vault) = &mut copy.observed.destination.vault {
        vault.key = Fact::Known(ObservedKey {
            state: state.into(),
            ..key()
        });
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.copies() {
        let Some(vault) = copy.at_destination.and_then(|it| it.vault.known()) else {
            continue;
        };
        let (fault, command) = match &vault.key {
            Fact::Known(ObservedKey {
                state: Fact::Known(state),
                ..
            }) if state != "Enabled" => (
                format!("is {state}"),
                if state == "Disabled" {
                    "enable-key"
                } else {
                    "describe-key"
                },
            ),
            Fact::Absent => ("does not exist any more".to_owned(), "describe-key"),
            Fact::Known(_) | Fact::Unknown => continue,
        };
        let key = vault.key_arn.known().map_or("KEY_ARN", String::as_str);
        let there = &copy.destination;
        let act = if command == "enable-key" {
            "Enable the key"
        } else {
            "Make the key usable, and see what is wrong with it"
        };
        report.add(
            copy.subject.clone(),
            format!(
                "The key {key} of the vault {:?}, which takes the copy, {fault}. Nothing can be encrypted with it.",
                there.vault.as_str()
            ),
            format!(
                "{act}, in account {}: aws kms {command} --region {} --key-id {key}. Or copy into another vault: \
                 the key of a vault cannot be changed.",
                there.account, there.region
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, copy, set_state};
    use crate::examples::KEY_ARN;
    use crate::fact::Fact;
    use crate::facts::{ObservedKey, ObservedVault, RecoveryPointCopy};

    fn fix(change: impl FnOnce(&mut RecoveryPointCopy)) -> Option<String> {
        RULE.findings(&copy(change)).pop().map(|it| it.fix)
    }

    fn of(change: impl FnOnce(&mut ObservedVault)) -> Option<String> {
        fix(|it| {
            if let Fact::Known(vault) = &mut it.observed.destination.vault {
                change(vault);
            }
        })
    }

    #[test]
    fn what_is_said_depends_on_the_state() {
        let disabled = fix(|it| set_state(it, "Disabled")).expect("a finding");
        assert!(
            disabled.starts_with("Enable the key, in account 444455556666: aws kms enable-key")
                && disabled.contains(KEY_ARN),
            "{disabled}"
        );
        let pending = fix(|it| set_state(it, "PendingDeletion")).expect("a finding");
        assert!(pending.contains("describe-key"), "{pending}");
        assert_eq!(fix(|it| set_state(it, "Enabled")), None);
    }

    #[test]
    fn a_key_that_is_gone_is_as_bad_and_one_that_was_not_seen_is_not() {
        assert!(
            of(|it| it.key = Fact::Absent)
                .expect("a finding")
                .contains("describe-key")
        );
        assert_eq!(of(|it| it.key = Fact::Unknown), None);
        assert_eq!(of(|it| it.key = Fact::Known(ObservedKey::default())), None);
        let unnamed = of(|it| {
            it.key_arn = Fact::Unknown;
            it.key = Fact::Absent;
        });
        assert!(unnamed.expect("a finding").contains("--key-id KEY_ARN."));
    }

    #[test]
    fn within_the_account_the_same_holds() {
        let near = "arn:aws:backup:eu-west-1:111122223333:backup-vault:orders-copies";
        let found = fix(|it| {
            it.destination_vault_arn = near.into();
            set_state(it, "Disabled");
        });
        assert!(found.expect("a finding").contains("--region eu-west-1"));
    }
}
