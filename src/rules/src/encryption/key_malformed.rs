//! DBK-ARN-017: a text where a KMS key belongs that is neither id, ARN nor alias.

use crate::examples;
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnError, ArnKind};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-017"),
    name: "key_malformed",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "KMS key is not valid",
    why: "DynamoDB takes a KMS key by its id, its ARN, its alias (\"alias/NAME\") or the ARN of its alias.",
    aws_error: Some("ValidationException: KMS validation error … / Invalid arn"),
    source: "DynamoDB API model, KMSMasterKeyId; KMS API model",
    firing: || examples::restore(|it| it.server_side_encryption = super::with_key("orders-key")),
    silent: || examples::restore(|it| it.server_side_encryption = super::with_key(examples::KEY_ARN)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::KmsKey)
    {
        let text = place.text;
        let reason = if text.starts_with("arn:") {
            match Arn::parse(text) {
                Ok(arn) if matches!(arn.kind(), ArnKind::KmsKey | ArnKind::KmsAlias) => continue,
                Ok(arn) => ArnError::Kind {
                    wanted: ArnKind::KmsKey,
                    given: arn.kind(),
                }
                .to_string(),
                Err(error) => error.explain(),
            }
        } else if crate::syntax::is_key_reference(text) {
            continue;
        } else {
            "it has the form neither of a key's id nor of an alias".to_owned()
        };
        let looks_like_alias = crate::syntax::is_key_reference(&format!("alias/{text}"));
        let guess = if looks_like_alias {
            format!("For the alias of that name, write \"alias/{text}\". ")
        } else {
            String::new()
        };
        report.add(
            place.subject,
            format!("{text:?} does not name a KMS key: {reason}."),
            format!(
                "{guess}Give the key's ARN, like \
                 \"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::encryption::with_key;
    use crate::examples::{KEY_ARN, TABLE_ARN, restore};

    fn is_valid(key: &str) -> bool {
        RULE.findings(&restore(|it| it.server_side_encryption = with_key(key)))
            .is_empty()
    }

    #[test]
    fn a_key_has_four_forms() {
        for key in [
            KEY_ARN,
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "mrk-1234abcd12ab34cd56ef1234567890ab",
            "alias/orders",
            "arn:aws:kms:us-east-1:111122223333:alias/orders",
        ] {
            assert!(is_valid(key), "{key}");
        }
        for key in [
            "",
            "orders",
            "alias/",
            "alias/or ders",
            TABLE_ARN,
            "arn:aws:kms:us-east-1:111122223333:key/1",
        ] {
            assert!(!is_valid(key), "{key}");
        }
    }
}
