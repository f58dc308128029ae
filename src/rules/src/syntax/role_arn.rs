//! ARNs of IAM roles, as a type of their own.

use std::fmt;

use crate::syntax::{AccountId, Arn, ArnError, ArnKind, Partition, Resource};

/// The ARN of an IAM role.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleArn {
    /// The partition.
    pub partition: Partition,
    /// The account.
    pub account: AccountId,
    /// The path, if there is one, and the name: `service-role/backup`.
    pub path_and_name: String,
}

impl RoleArn {
    /// Reads the ARN of a role.
    ///
    /// # Errors
    /// When the text is not an ARN or names something else: a user, a policy, the session of an assumed role.
    pub fn parse(text: &str) -> Result<Self, ArnError> {
        let arn = Arn::parse(text)?;
        let given = arn.kind();
        match arn {
            Arn {
                partition,
                account: Some(account),
                resource: Resource::Role(path_and_name),
                ..
            } => Ok(Self {
                partition,
                account,
                path_and_name,
            }),
            _ => Err(ArnError::Kind {
                wanted: ArnKind::Role,
                given,
            }),
        }
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:iam::{}:role/{}",
            self.partition, self.account, self.path_and_name
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::RoleArn;

    proptest! {
        #[test]
        fn what_parses_prints_as_it_was_and_nothing_panics(
            path in "([!-~]{1,9}/)?",
            name in "[\\w+=,.@-]{1,70}",
            any in "\\PC*",
        ) {
            for text in [format!("arn:aws:iam::123456789012:role/{path}{name}"), any] {
                if let Ok(arn) = RoleArn::parse(&text) {
                    prop_assert_eq!(arn.to_string(), text);
                }
            }
        }
    }

    #[test]
    fn a_role_has_a_name_of_64_characters_at_most_and_no_region() {
        let of = |rest: &str| RoleArn::parse(&format!("arn:aws:iam:{rest}"));
        assert!(of(":123456789012:role/backup").is_ok());
        assert!(of(":123456789012:role/service-role/backup").is_ok());
        assert!(of(&format!(":123456789012:role/{}", "x".repeat(64))).is_ok());
        assert!(of(&format!(":123456789012:role/{}", "x".repeat(65))).is_err());
        assert!(of(":123456789012:role//").is_err());
        assert!(of(":123456789012:role/a b").is_err());
        assert!(of("::role/backup").is_err());
        let error = |rest: &str| of(rest).expect_err("not a role").explain();
        assert_eq!(
            error("us-east-1:123456789012:role/backup"),
            "the fourth field, the Region, is \"us-east-1\", and this kind of ARN has none"
        );
        assert_eq!(
            error(":123456789012:user/somebody"),
            "it is the ARN of something else, not of an IAM role"
        );
    }
}
