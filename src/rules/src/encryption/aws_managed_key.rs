//! DBK-SSE-009: a key that AWS manages for another service.

use crate::examples;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-009"),
    name: "aws_managed_key",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "KMS key is one that AWS manages for another service",
    why: "Each service may use only the managed key that AWS made for it: for DynamoDB that is \
          alias/aws/dynamodb.",
    aws_error: Some("AccessDeniedException: … kms:CreateGrant"),
    source: "measured on AWS",
    firing: || examples::restore(|it| it.server_side_encryption = super::with_key("alias/aws/s3")),
    silent: || examples::restore(|it| it.server_side_encryption = super::with_key(examples::KEY_ARN)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(text) = super::key(facts) else { return };
    let Some((before, service)) = text.split_once("alias/aws/") else {
        return;
    };
    let is_alias = before.is_empty() || before.starts_with("arn:");
    if is_alias && service != "dynamodb" {
        report.add(
            Subject::EncryptionKey,
            format!(
                "kms_key_arn is {text:?}, the key that AWS manages for {service}. DynamoDB may use only \
                 alias/aws/dynamodb among the managed keys."
            ),
            "For DynamoDB's managed key, write server_side_encryption = { enabled = true } without a key. \
             Otherwise give a key of your own.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::encryption::with_key;
    use crate::examples::restore;

    #[test]
    fn only_dynamodbs_own_managed_key_is_open() {
        let fires = |key: &str| {
            !RULE
                .findings(&restore(|it| it.server_side_encryption = with_key(key)))
                .is_empty()
        };
        assert!(fires("alias/aws/s3"));
        assert!(fires("arn:aws:kms:us-east-1:111122223333:alias/aws/ebs"));
        assert!(!fires("alias/aws/dynamodb"));
        assert!(!fires("alias/orders"));
        assert!(!fires("my-alias/aws/s3"));
    }
}
