//! DBK-XAC-009: a copy into a vault of another account whose key AWS manages.

use crate::examples::aws_backup::{FAR_VAULT_ARN, copy};
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-009"),
    name: "destination_key_managed_by_aws",
    also: &[],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault", "kms:DescribeKey"],
    title: "Destination vault of another account has a key that AWS manages",
    why: "The key that AWS manages for AWS Backup, aws/backup, cannot be shared with another account. The vault \
          \"Default\", which the console makes, always has that key, and the key of a vault cannot be changed.",
    aws_error: Some("copy job FAILED, with a text about KMS access"),
    source: "AWS Backup developer guide, cross-account backup",
    firing: || {
        copy(|it| {
            if let Fact::Known(vault) = &mut it.observed.destination.vault {
                vault.has_aws_managed_key = Fact::Known(true);
            }
        })
    },
    silent: || copy(|it| it.destination_vault_arn = FAR_VAULT_ARN.into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.cross_account_copies() {
        let vault = &copy.destination;
        let managed = copy
            .at_destination
            .and_then(|it| it.vault.known())
            .map_or(Fact::Unknown, |it| it.has_aws_managed_key);
        let reason = match managed {
            Fact::Known(true) => "is encrypted by the key that AWS manages",
            Fact::Known(false) => continue,
            Fact::Absent | Fact::Unknown if vault.vault.as_str() == "Default" => {
                "is the one that the console makes, with the key that AWS manages"
            }
            Fact::Absent | Fact::Unknown => continue,
        };
        report.add(
            copy.subject.clone(),
            format!(
                "The vault {:?} of account {} {reason}, aws/backup. That key cannot be shared, so that nothing \
                 from account {} can be copied into the vault.",
                vault.vault.as_str(),
                vault.account,
                copy.source_account()
            ),
            format!(
                "Copy into a vault with a KMS key of the account's own. To make one in account {}: aws backup \
                 create-backup-vault --region {} --backup-vault-name copies --encryption-key-arn KEY_ARN",
                vault.account, vault.region
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{FAR_VAULT_ARN, RULE, copy};
    use crate::fact::Fact;
    use crate::facts::{Facts, RecoveryPointCopy};

    fn count(facts: &Facts) -> usize {
        RULE.findings(facts).len()
    }

    fn into(vault: &str, managed: Fact<bool>) -> usize {
        count(&copy(|it: &mut RecoveryPointCopy| {
            it.destination_vault_arn = Fact::Known(FAR_VAULT_ARN.replace("orders-copies", vault));
            if let Fact::Known(vault) = &mut it.observed.destination.vault {
                vault.has_aws_managed_key = managed;
            }
        }))
    }

    #[test]
    fn the_key_tells_or_else_the_name_default() {
        assert_eq!(into("orders", Fact::Known(true)), 1);
        assert_eq!(into("orders", Fact::Known(false)), 0);
        assert_eq!(into("orders", Fact::Unknown), 0);
        assert_eq!(into("Default", Fact::Unknown), 1);
        assert_eq!(into("Default", Fact::Known(true)), 1);
        assert_eq!(into("Default", Fact::Known(false)), 0);
        assert_eq!(into("default", Fact::Unknown), 0);
        let unseen = copy(|it| {
            it.destination_vault_arn = Fact::Known(FAR_VAULT_ARN.replace("orders-copies", "Default"));
            it.observed.destination.vault = Fact::Unknown;
        });
        assert_eq!(count(&unseen), 1);
    }

    #[test]
    fn within_the_account_any_key_will_do() {
        let near = FAR_VAULT_ARN.replace(
            "444455556666:backup-vault:orders-copies",
            "111122223333:backup-vault:Default",
        );
        let facts = copy(|it| {
            it.destination_vault_arn = Fact::Known(near);
            it.observed.destination.vault = Fact::Unknown;
        });
        assert_eq!(count(&facts), 0);
    }
}
