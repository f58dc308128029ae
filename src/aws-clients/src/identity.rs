//! Who we are to AWS: asked once per process, and checked against the accounts that may be touched.

use crate::error::{Error, ErrorKind};
use crate::settings::Accounts;

/// What STS says about the credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerIdentity {
    /// Account id, twelve digits.
    pub account: String,
    /// Partition, as in `aws`.
    pub partition: String,
    /// ARN of the user or of the assumed role.
    pub arn: String,
}

impl CallerIdentity {
    pub(crate) fn new(account: Option<String>, arn: Option<String>) -> Option<Self> {
        let (account, arn) = (account?, arn?);
        let partition = arn
            .split(':')
            .nth(1)
            .filter(|partition| !partition.is_empty())?
            .to_owned();
        Some(Self {
            account,
            partition,
            arn,
        })
    }

    /// # Errors
    /// [`ErrorKind::Account`] when the provider block rules this account out.
    pub(crate) fn check(&self, accounts: &Accounts) -> Result<(), Error> {
        let Self { account, arn, .. } = self;
        let ruled_out = |why: String| {
            Err(Error::new(
                ErrorKind::Account,
                format!("checking whether account {account} may be touched"),
            )
            .because(why)
            .with_resource(arn))
        };
        if accounts.forbidden.contains(account) {
            return ruled_out(format!(
                "the credentials are of {arn}, and forbidden_account_ids names its account"
            ));
        }
        if !accounts.allowed.is_empty() && !accounts.allowed.contains(account) {
            let allowed = accounts.allowed.join(", ");
            return ruled_out(format!(
                "the credentials are of {arn}, and allowed_account_ids names only {allowed}"
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::CallerIdentity;
    use crate::error::{ErrorKind, chain};
    use crate::settings::Accounts;

    fn check(allowed: &[&str], forbidden: &[&str]) -> Result<(), String> {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let identity = CallerIdentity::new(
            Some("111122223333".into()),
            Some("arn:aws-cn:sts::111122223333:assumed-role/ci/session".into()),
        )
        .expect("both parts are there");
        assert_eq!(identity.partition, "aws-cn");
        let accounts = Accounts {
            allowed: owned(allowed),
            forbidden: owned(forbidden),
        };
        identity.check(&accounts).map_err(|error| {
            assert_eq!(error.kind(), ErrorKind::Account);
            chain(&error)
        })
    }

    #[test]
    fn accounts_are_allowed_or_forbidden() {
        assert_eq!(check(&[], &[]), Ok(()));
        assert_eq!(check(&["111122223333"], &[]), Ok(()));
        assert_eq!(check(&[], &["444455556666"]), Ok(()));
        let said = check(&["444455556666"], &[]).expect_err("another account is allowed");
        assert!(
            said.contains("account 111122223333") && said.contains("only 444455556666"),
            "{said}"
        );
        let said = check(&[], &["111122223333"]).expect_err("it is forbidden");
        assert!(said.contains("forbidden_account_ids"), "{said}");
    }
}
