//! DBK-SSE-001: a kind of encryption other than KMS.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-001"),
    name: "sse_type_unsupported",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Kind of encryption is not supported",
    why: "The API lists AES256 and KMS, but only KMS is supported. What AES256 suggests, a key that AWS \
          owns, is had with enabled = false.",
    aws_error: Some("ValidationException"),
    source: "DynamoDB API model, SSEType; measured on AWS",
    firing: || examples::restore(|it| it.server_side_encryption = of_type("AES256")),
    silent: || examples::restore(|it| it.server_side_encryption = of_type("KMS")),
    check,
};

fn of_type(sse_type: &str) -> Fact<ServerSideEncryption> {
    Fact::Known(ServerSideEncryption {
        enabled: Fact::Known(true),
        sse_type: sse_type.into(),
        ..ServerSideEncryption::unset()
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(Fact::Known(sse_type)) = super::encryption(facts).map(|it| &it.sse_type) else {
        return;
    };
    if sse_type != "KMS" {
        report.add(
            Subject::EncryptionType,
            format!("sse_type is {sse_type:?}, and DynamoDB supports only \"KMS\"."),
            "Set sse_type = \"KMS\" or remove it. For the key that AWS owns, write server_side_encryption = \
             { enabled = false }.",
        );
    }
}
