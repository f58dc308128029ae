//! DBK-SSE-002: a kind of encryption or a key beside `enabled = false`.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-002"),
    name: "key_while_disabled",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "KMS key is given while KMS encryption is switched off",
    why: "With enabled = false a table is encrypted by a key that AWS owns; a KMS key beside it has no \
          meaning.",
    aws_error: Some("ValidationException"),
    source: "measured on AWS",
    firing: || {
        examples::restore(|it| {
            it.server_side_encryption = Fact::Known(ServerSideEncryption {
                enabled: Fact::Known(false),
                kms_key: examples::KEY_ARN.into(),
                ..ServerSideEncryption::unset()
            });
        })
    },
    silent: || {
        examples::restore(|it| {
            it.server_side_encryption = Fact::Known(ServerSideEncryption {
                enabled: Fact::Known(false),
                ..ServerSideEncryption::unset()
            });
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(encryption) = super::encryption(facts) else {
        return;
    };
    if encryption.enabled != Fact::Known(false) {
        return;
    }
    let (subject, given) = match (&encryption.kms_key, &encryption.sse_type) {
        (Fact::Known(key), _) => (Subject::EncryptionKey, format!("kms_key_arn is {key:?}")),
        (_, Fact::Known(sse_type)) => (Subject::EncryptionType, format!("sse_type is {sse_type:?}")),
        _ => return,
    };
    report.add(
        subject,
        format!(
            "enabled is false, which means the key that AWS owns, and {given}. The two contradict each \
                 other."
        ),
        "To use the KMS key, set enabled = true. Otherwise write server_side_encryption = { enabled = false \
         } alone.",
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, ServerSideEncryption};
    use crate::examples::{KEY_ARN, restore};
    use crate::fact::Fact;
    use crate::finding::Subject;

    fn subject(enabled: Fact<bool>, kms_key: Fact<String>, sse_type: Fact<String>) -> Option<Subject> {
        let facts = restore(|it| {
            it.server_side_encryption = Fact::Known(ServerSideEncryption {
                enabled,
                sse_type,
                kms_key,
            });
        });
        RULE.findings(&facts).pop().map(|it| it.subject)
    }

    #[test]
    fn a_key_or_a_type_contradicts_the_key_that_aws_owns() {
        let off = Fact::Known(false);
        let key = || Fact::from(KEY_ARN);
        assert_eq!(subject(off, key(), Fact::Absent), Some(Subject::EncryptionKey));
        assert_eq!(subject(off, key(), "KMS".into()), Some(Subject::EncryptionKey));
        assert_eq!(
            subject(off, Fact::Absent, "KMS".into()),
            Some(Subject::EncryptionType)
        );
        assert_eq!(subject(off, Fact::Absent, Fact::Absent), None);
        assert_eq!(subject(off, Fact::Unknown, Fact::Unknown), None);
        for enabled in [Fact::Known(true), Fact::Absent, Fact::Unknown] {
            assert_eq!(subject(enabled, key(), "KMS".into()), None);
        }
    }
}
