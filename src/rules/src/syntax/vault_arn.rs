//! ARNs of backup vaults, as a type of their own.

use std::fmt;

use crate::syntax::{AccountId, Arn, ArnError, ArnKind, Partition, Region, Resource, VaultName};

/// The ARN of a backup vault.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VaultArn {
    /// The partition.
    pub partition: Partition,
    /// The Region.
    pub region: Region,
    /// The account.
    pub account: AccountId,
    /// The vault.
    pub vault: VaultName,
}

impl VaultArn {
    /// Reads the ARN of a vault.
    ///
    /// # Errors
    /// When the text is not an ARN or names something else.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let arn = Arn::parse(text)?;
        let given = arn.kind();
        match arn {
            Arn {
                partition,
                region: Some(region),
                account: Some(account),
                resource: Resource::BackupVault(vault),
                ..
            } => Ok(Self {
                partition,
                region,
                account,
                vault,
            }),
            _ => Err(ArnError::Kind {
                wanted: ArnKind::BackupVault,
                given,
            }),
        }
    }
}

impl fmt::Display for VaultArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:backup:{}:{}:backup-vault:{}",
            self.partition, self.region, self.account, self.vault
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::VaultArn;

    proptest! {
        #[test]
        fn what_parses_prints_as_it_was_and_nothing_panics(
            name in "[a-zA-Z0-9_.-]{0,60}",
            any in "\\PC*",
        ) {
            let text = format!("arn:aws:backup:us-east-1:123456789012:backup-vault:{name}");
            let is_name = (2..=50).contains(&name.len()) && !name.contains('.');
            prop_assert_eq!(VaultArn::parse(&text).is_ok(), is_name);
            for text in [text, any] {
                if let Ok(arn) = VaultArn::parse(&text) {
                    prop_assert_eq!(arn.to_string(), text);
                }
            }
        }
    }

    #[test]
    fn only_a_vault_is_a_vault() {
        let arn =
            VaultArn::parse("arn:aws:backup:eu-west-1:123456789012:backup-vault:orders").expect("a vault");
        assert_eq!(
            (arn.region.as_str(), arn.account.as_str(), arn.vault.as_str()),
            ("eu-west-1", "123456789012", "orders")
        );
        let error = |text: &str| VaultArn::parse(text).expect_err("not a vault").explain();
        assert_eq!(
            error("arn:aws:backup:eu-west-1:123456789012:recovery-point:1EB3B5E7"),
            "it is the ARN of an AWS Backup recovery point, not of a backup vault"
        );
        assert_eq!(
            error("arn:aws:backup:eu-west-1:123456789012:backup-vault:x"),
            "the name \"x\" in it is wrong: it has 1 character, and a name has 2 to 50"
        );
        assert_eq!(
            error("arn:aws:backup::123456789012:backup-vault:orders"),
            "the fourth field, the Region, is empty"
        );
    }
}
