//! DBK-VLT-005: a KMS key with which no vault can be made.

use crate::examples::aws_backup::vault;
use crate::examples::key;
use crate::fact::Fact;
use crate::facts::{BackupVault, Facts, ObservedKey};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnKind, Resource};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-VLT-005"),
    name: "vault_key_unusable",
    also: &[],
    area: Area::Vaults,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["kms:DescribeKey"],
    title: "KMS key cannot encrypt the backup vault",
    why: "The key of a vault is a symmetric one of the vault's own Region, and enabled when the vault is made. A \
          vault keeps its key: what was encrypted under a key that is gone cannot be restored. For a vault that \
          exists, a key that is not usable any more is a warning. The key of another account will do, where its \
          policy allows it.",
    aws_error: Some("InvalidParameterValueException or AccessDeniedException"),
    source: "AWS Backup developer guide, encryption for backups; KMS API model, KeyState and KeySpec",
    firing: || with_key(|it| it.state = "PendingDeletion".into()),
    silent: || with_key(|it| it.state = "Enabled".into()),
    check,
};

/// A vault about to be made, with a changed key.
fn with_key(change: impl FnOnce(&mut ObservedKey)) -> Facts {
    let mut key = key();
    change(&mut key);
    vault(|it| it.observed.kms_key = Fact::Known(key))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(vault) = facts.backup_vault().filter(|_| !facts.is_destroyed_for_good()) else {
        return;
    };
    let Fact::Known(text) = &vault.kms_key_arn else {
        return;
    };
    if !in_its_region(facts, text, report) {
        return;
    }
    let Some((fault, fix)) = fault(vault, text) else {
        return;
    };
    if facts.is_made() || facts.action.is_unknown() {
        report.add(
            Subject::VaultKey,
            format!(
                "The key {text:?} {fault}. AWS Backup makes a vault only under an enabled symmetric key."
            ),
            fix,
        );
    } else {
        report.add_warning(
            Subject::VaultKey,
            format!(
                "The key {text:?} {fault}. Recovery points in the vault cannot be restored or copied, and none can \
                 be made there, as long as that is so."
            ),
            fix,
        );
    }
}

/// Whether a key is of the Region of the vault, as far as both can be told. Reports it when it is not.
fn in_its_region(facts: &Facts, text: &str, report: &mut Report<'_>) -> bool {
    let (Ok(arn), Fact::Known(here)) = (Arn::parse(text), facts.region()) else {
        return true;
    };
    let (ArnKind::KmsKey | ArnKind::KmsAlias, Some(there)) = (arn.kind(), &arn.region) else {
        return true;
    };
    // An ARN whose Region and partition do not belong together is reported as such.
    let belongs = facts
        .regions
        .partition_of(there)
        .is_none_or(|it| it == arn.partition);
    if *there == here || !belongs {
        return true;
    }
    let fix = match &arn.resource {
        Resource::KmsKey(id) if id.starts_with("mrk-") => format!(
            "This is a multi-Region key: if it has a replica in {here}, give the replica's ARN, {:?}.",
            Arn {
                region: Some(here.clone()),
                ..arn.clone()
            }
            .to_string()
        ),
        _ => format!(
            "Give the ARN of a key in {here}, or leave kms_key_arn out for the key that AWS manages there, \
             aws/backup."
        ),
    };
    report.add(
        Subject::VaultKey,
        format!(
            "kms_key_arn {text:?} is in {there}, and the vault is in {here}. A vault can use only keys of its own \
             Region."
        ),
        fix,
    );
    false
}

/// What is wrong with the key as KMS describes it, and what to do.
fn fault(vault: &BackupVault, text: &str) -> Option<(String, String)> {
    const ANOTHER: &str = "Give a symmetric encryption key: aws kms create-key (its defaults are right), or leave \
                           kms_key_arn out for the key that AWS manages, aws/backup.";
    let key = match &vault.observed.kms_key {
        Fact::Known(key) => key,
        Fact::Absent => {
            return Some((
                "does not exist".to_owned(),
                "Give one that exists: aws kms list-keys".to_owned(),
            ));
        }
        Fact::Unknown => return None,
    };
    match (&key.spec, &key.usage, &key.state) {
        (Fact::Known(spec), _, _) if spec != "SYMMETRIC_DEFAULT" => Some((
            format!("has the key spec {spec}, and is not symmetric"),
            ANOTHER.to_owned(),
        )),
        (_, Fact::Known(usage), _) if usage != "ENCRYPT_DECRYPT" => {
            Some((format!("has the usage {usage}"), ANOTHER.to_owned()))
        }
        (_, _, Fact::Known(state)) if state != "Enabled" => {
            let fix = match state.as_str() {
                "Disabled" => format!("Enable it: aws kms enable-key --key-id {text}"),
                "PendingDeletion" => format!(
                    "Stop its deletion and enable it: aws kms cancel-key-deletion --key-id {text} && aws kms \
                     enable-key --key-id {text}"
                ),
                _ => "Wait until it is Enabled, or give another key.".to_owned(),
            };
            Some((format!("is in the state {state}"), fix))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, vault, with_key};
    use crate::examples::KEY_ARN;
    use crate::examples::aws_backup::vault_changed;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedKey};
    use crate::finding::{Finding, Severity};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn of(change: fn(&mut ObservedKey)) -> Option<Finding> {
        finding(&with_key(change))
    }

    #[test]
    fn a_key_is_symmetric_for_encryption_and_enabled() {
        assert_eq!(of(|_| ()), None);
        assert_eq!(
            of(|it| {
                it.state = Fact::Unknown;
                it.spec = Fact::Unknown;
                it.usage = Fact::Unknown;
            }),
            None
        );
        for (change, words) in [
            (
                (|it| it.spec = "RSA_2048".into()) as fn(&mut ObservedKey),
                "RSA_2048",
            ),
            (|it| it.usage = "SIGN_VERIFY".into(), "SIGN_VERIFY"),
            (|it| it.state = "Disabled".into(), "Disabled"),
        ] {
            let detail = of(change).expect("a finding").detail;
            assert!(detail.contains(words), "{detail}");
        }
        let gone = finding(&vault(|it| it.observed.kms_key = Fact::Absent)).expect("a finding");
        assert!(gone.detail.contains("does not exist"), "{}", gone.detail);
        assert_eq!(finding(&vault(|it| it.observed.kms_key = Fact::Unknown)), None);
        assert_eq!(
            finding(&vault(|it| {
                it.kms_key_arn = Fact::Absent;
                it.observed.kms_key = Fact::Absent;
            })),
            None
        );
    }

    #[test]
    fn each_state_has_its_way_out() {
        let fix = |state: &'static str| {
            finding(&with_key(|it| it.state = state.into()))
                .expect("a finding")
                .fix
        };
        assert!(fix("Disabled").contains("kms enable-key"));
        assert!(fix("PendingDeletion").contains("cancel-key-deletion"));
        assert!(fix("Updating").starts_with("Wait"));
    }

    #[test]
    fn for_a_vault_that_exists_it_is_a_warning() {
        let disabled = |action: Option<Action>| {
            let facts = vault_changed(|it| {
                it.observed.kms_key = Fact::Known(ObservedKey {
                    state: "Disabled".into(),
                    ..crate::examples::key()
                });
            });
            finding(&Facts {
                action: action.map_or(Fact::Unknown, Fact::Known),
                ..facts
            })
            .map(|it| it.severity)
        };
        assert_eq!(disabled(Some(Action::Update)), Some(Severity::Warning));
        assert_eq!(disabled(Some(Action::Keep)), Some(Severity::Warning));
        assert_eq!(disabled(Some(Action::Create)), Some(Severity::Error));
        assert_eq!(disabled(Some(Action::Replace)), Some(Severity::Error));
        assert_eq!(disabled(None), Some(Severity::Error));
        assert_eq!(disabled(Some(Action::Destroy)), None);
    }

    #[test]
    fn a_key_is_of_the_region_of_its_vault() {
        let with = |arn: &str| {
            finding(&vault(|it| {
                it.kms_key_arn = arn.into();
                it.observed.kms_key = Fact::Unknown;
            }))
        };
        assert_eq!(with(KEY_ARN), None);
        let far = with(&KEY_ARN.replace("us-east-1", "eu-west-1")).expect("a finding");
        assert!(
            far.detail
                .contains("is in eu-west-1, and the vault is in us-east-1"),
            "{}",
            far.detail
        );
        assert!(far.fix.contains("leave kms_key_arn out"), "{}", far.fix);
        let alias = with("arn:aws:kms:eu-west-1:111122223333:alias/orders");
        assert!(alias.is_some());
        let replica = "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
        assert_eq!(with(replica), None);
        let primary = with(&replica.replace("us-east-1", "eu-west-1")).expect("a finding");
        assert!(primary.fix.contains(replica), "{}", primary.fix);
        // Another account's key will do, and a Region of another partition has its own rule.
        assert_eq!(with(&KEY_ARN.replace("111122223333", "444455556666")), None);
        assert_eq!(with(&KEY_ARN.replace("us-east-1", "cn-north-1")), None);
        assert_eq!(with("arn:aws:iam::111122223333:role/orders"), None);
        assert_eq!(with("alias/orders"), None);
    }

    #[test]
    fn a_key_in_another_region_is_said_once() {
        let facts = vault(|it| {
            it.kms_key_arn = Fact::Known(KEY_ARN.replace("us-east-1", "eu-west-1"));
            it.observed.kms_key = Fact::Absent;
        });
        assert_eq!(RULE.findings(&facts).len(), 1);
    }
}
