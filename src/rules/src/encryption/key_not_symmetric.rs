//! DBK-SSE-006: a key that cannot encrypt tables.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedKey};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-006"),
    name: "key_not_symmetric",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["kms:DescribeKey"],
    title: "KMS key cannot encrypt a table",
    why: "DynamoDB needs a symmetric key for encryption. With an RSA, elliptic-curve or HMAC key AWS fails \
          with an internal error, each time anew.",
    aws_error: Some("InternalServerError (HTTP 500), each time anew"),
    source: "measured on AWS; KMS API model, KeySpec",
    firing: || {
        examples::restore(|it| {
            it.server_side_encryption = super::with_key(examples::KEY_ARN);
            it.observed.kms_key = Fact::Known(ObservedKey {
                spec: "RSA_2048".into(),
                ..examples::key()
            });
        })
    },
    silent: || {
        examples::restore(|it| {
            it.server_side_encryption = super::with_key(examples::KEY_ARN);
            it.observed.kms_key = Fact::Known(examples::key());
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(text) = super::key(facts) else { return };
    let Some(Fact::Known(key)) = facts.restored_table().map(|it| &it.observed.kms_key) else {
        return;
    };
    let fault = match (&key.spec, &key.usage) {
        (Fact::Known(spec), _) if spec != "SYMMETRIC_DEFAULT" => format!("has the key spec {spec}"),
        (_, Fact::Known(usage)) if usage != "ENCRYPT_DECRYPT" => format!("has the usage {usage}"),
        _ => return,
    };
    report.add(
        Subject::EncryptionKey,
        format!(
            "The key {text:?} {fault}. DynamoDB needs the key spec SYMMETRIC_DEFAULT and the usage \
             ENCRYPT_DECRYPT; with any other key AWS fails with an internal error."
        ),
        "Give a symmetric encryption key: aws kms create-key (its defaults are right), or write \
         server_side_encryption = { enabled = true } for the key that AWS manages.",
    );
}

#[cfg(test)]
mod tests {
    use super::{ObservedKey, RULE};
    use crate::examples::{self, restore};
    use crate::fact::Fact;

    fn detail(change: fn(&mut ObservedKey)) -> Option<String> {
        let facts = restore(|it| {
            let mut key = examples::key();
            change(&mut key);
            it.server_side_encryption = super::super::with_key(examples::KEY_ARN);
            it.observed.kms_key = Fact::Known(key);
        });
        RULE.findings(&facts).pop().map(|it| it.detail)
    }

    #[test]
    fn spec_and_usage_are_both_judged() {
        assert_eq!(detail(|_| ()), None);
        let spec = detail(|it| it.spec = "HMAC_256".into()).expect("a finding");
        assert!(spec.contains("has the key spec HMAC_256"), "{spec}");
        let usage = detail(|it| it.usage = "SIGN_VERIFY".into()).expect("a finding");
        assert!(usage.contains("has the usage SIGN_VERIFY"), "{usage}");
    }

    #[test]
    fn what_kms_did_not_say_is_left_alone() {
        assert_eq!(detail(|it| it.spec = Fact::Unknown), None);
        assert_eq!(detail(|it| it.usage = Fact::Unknown), None);
        assert!(
            detail(|it| {
                it.spec = Fact::Unknown;
                it.usage = "SIGN_VERIFY".into();
            })
            .is_some()
        );
    }
}
