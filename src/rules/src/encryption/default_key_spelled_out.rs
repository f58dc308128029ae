//! DBK-SSE-004: the key that AWS manages for DynamoDB, given although it is the default.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-004"),
    name: "default_key_spelled_out",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "KMS key is the default",
    why: "With enabled = true and no key, a table is encrypted by the key that AWS manages for DynamoDB in the account, \
          alias/aws/dynamodb. The API asks for a key only where it is another one.",
    aws_error: None,
    source: "DynamoDB API model, SSESpecification",
    firing: || examples::restore(|it| it.server_side_encryption = super::with_key(super::DEFAULT_KEY)),
    silent: || {
        examples::restore(|it| {
            it.server_side_encryption = Fact::Known(ServerSideEncryption {
                enabled: Fact::Known(true),
                ..ServerSideEncryption::unset()
            });
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(text) = super::key(facts).filter(|_| facts.is_made()) else {
        return;
    };
    if super::alias(text) == Some(super::DEFAULT_KEY) {
        report.add(
            Subject::EncryptionKey,
            format!(
                "kms_key_arn is {text:?}, the key that AWS manages for DynamoDB. It is the one that is taken where none is \
                 given."
            ),
            "Remove kms_key_arn and write server_side_encryption = { enabled = true }.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::encryption::with_key;
    use crate::examples::{KEY_ARN, restore, restored_changed};

    #[test]
    fn the_default_has_two_forms() {
        let count = |key: &str| {
            RULE.findings(&restore(|it| it.server_side_encryption = with_key(key)))
                .len()
        };
        assert_eq!(count("alias/aws/dynamodb"), 1);
        assert_eq!(count("arn:aws:kms:us-east-1:111122223333:alias/aws/dynamodb"), 1);
        assert_eq!(count("alias/aws/dynamodb-2"), 0);
        assert_eq!(count("alias/aws/s3"), 0);
        assert_eq!(count("alias/orders"), 0);
        assert_eq!(count(KEY_ARN), 0);
    }

    #[test]
    fn a_table_that_is_there_may_keep_it() {
        let exists = restored_changed(|it| it.server_side_encryption = with_key("alias/aws/dynamodb"));
        assert_eq!(RULE.findings(&exists), []);
    }
}
