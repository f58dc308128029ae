//! DBK-SSE-003: a key without saying that KMS encryption is on.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-003"),
    name: "key_without_enabled",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "KMS key is given without switching KMS encryption on",
    why: "A key takes effect only together with enabled = true; AWS refuses one without the other.",
    aws_error: Some("ValidationException: SSEType KMS is required if KMSMasterKeyId is specified"),
    source: "measured on AWS",
    firing: || {
        examples::restore(|it| {
            it.server_side_encryption = Fact::Known(ServerSideEncryption {
                kms_key: examples::KEY_ARN.into(),
                ..ServerSideEncryption::unset()
            });
        })
    },
    silent: || examples::restore(|it| it.server_side_encryption = super::with_key(examples::KEY_ARN)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(encryption) = super::encryption(facts) else {
        return;
    };
    if let (Fact::Known(key), Fact::Absent) = (&encryption.kms_key, encryption.enabled) {
        report.add(
            Subject::EncryptionKey,
            format!(
                "kms_key_arn is {key:?}, and enabled is missing. A key takes effect only with enabled = true."
            ),
            format!("Write server_side_encryption = {{ enabled = true, kms_key_arn = {key:?} }}."),
        );
    }
}
