//! DBK-ARN-018: a KMS key that is given to AWS Backup otherwise than by its ARN.

use crate::examples::KEY_ARN;
use crate::examples::aws_backup::vault;
use crate::facts::{Accepts, Facts, Place};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnError, ArnKind, is_key_reference};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-018"),
    name: "key_not_an_arn",
    also: &[],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "KMS key is not given by its ARN",
    why: "DynamoDB itself takes a KMS key by id, alias or ARN; AWS Backup takes only the ARN, for the key of \
          a vault and for the key of a table that it restores. The ARN of an alias is a warning: AWS Backup \
          does not promise to take it, and an alias can be moved to another key later.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, CreateBackupVault; developer guide, restoring DynamoDB",
    firing: || vault(|it| it.kms_key_arn = "alias/orders-backups".into()),
    silent: || vault(|it| it.kms_key_arn = KEY_ARN.into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts.places() {
        let judged = match place.accepts {
            Accepts::KmsKeyArn => true,
            Accepts::KmsKey => is_for_aws_backup(facts, &place),
            _ => false,
        };
        if !judged {
            continue;
        }
        match Arn::parse(place.text) {
            Ok(arn) if arn.kind() == ArnKind::KmsKey => {}
            Ok(arn) if arn.kind() == ArnKind::KmsAlias => report.add_warning(
                place.subject,
                format!(
                    "{:?} is the ARN of an alias. AWS Backup asks for the ARN of a key, and does not follow \
                     an alias that is moved later.",
                    place.text
                ),
                describe_key(place.text),
            ),
            Ok(arn) => {
                let error = ArnError::Kind {
                    wanted: ArnKind::KmsKey,
                    given: arn.kind(),
                };
                malformed(place, &error, report);
            }
            Err(error) => malformed(place, &error, report),
        }
    }
}

/// Whether a key of a restored table goes to AWS Backup. What names no key in any form has its own rule.
fn is_for_aws_backup(facts: &Facts, place: &Place<'_>) -> bool {
    let is_recovery_point = facts
        .restored_table()
        .and_then(|it| it.source.known())
        .is_some_and(|it| it.recovery_point_arn.is_known());
    let is_alias_arn = Arn::parse(place.text).is_ok_and(|it| it.kind() == ArnKind::KmsAlias);
    place.subject == Subject::EncryptionKey
        && is_recovery_point
        && facts.source_matters()
        && (is_alias_arn || is_key_reference(place.text))
}

fn malformed(place: Place<'_>, error: &ArnError, report: &mut Report<'_>) {
    let fix = if is_key_reference(place.text) {
        describe_key(place.text)
    } else {
        format!("Give the ARN of a key, like {KEY_ARN:?}.")
    };
    report.add(
        place.subject,
        format!(
            "{:?} is not the ARN of a KMS key: {}. AWS Backup takes a key in no other form.",
            place.text,
            error.explain()
        ),
        fix,
    );
}

fn describe_key(reference: &str) -> String {
    format!(
        "Give the ARN of the key itself, which this command prints: aws kms describe-key --key-id {reference} \
         --query KeyMetadata.Arn --output text"
    )
}

#[cfg(test)]
mod tests {
    use super::{KEY_ARN, RULE, vault};
    use crate::examples::aws_backup::restore_recovery_point;
    use crate::examples::{TABLE_ARN, restore};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, RestoredTable, ServerSideEncryption};
    use crate::finding::Severity;

    const ALIAS_ARN: &str = "arn:aws:kms:us-east-1:111122223333:alias/orders";

    fn severities(facts: &Facts) -> Vec<Severity> {
        RULE.findings(facts).into_iter().map(|it| it.severity).collect()
    }

    #[test]
    fn a_vault_takes_the_arn_of_a_key() {
        let of = |key: &str| severities(&vault(|it| it.kms_key_arn = key.into()));
        assert_eq!(of(KEY_ARN), []);
        assert_eq!(of(ALIAS_ARN), [Severity::Warning]);
        for key in [
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "alias/orders",
            "orders",
            TABLE_ARN,
        ] {
            assert_eq!(of(key), [Severity::Error], "{key}");
        }
    }

    fn encrypted(key: &str) -> impl FnOnce(&mut RestoredTable) + '_ {
        move |it| {
            it.server_side_encryption = Fact::Known(ServerSideEncryption {
                enabled: Fact::Known(true),
                kms_key: key.into(),
                ..ServerSideEncryption::unset()
            });
        }
    }

    #[test]
    fn so_does_a_restore_by_aws_backup() {
        let of = |key: &str| severities(&restore_recovery_point(encrypted(key)));
        assert_eq!(of(KEY_ARN), []);
        assert_eq!(of(ALIAS_ARN), [Severity::Warning]);
        assert_eq!(of("alias/orders"), [Severity::Error]);
        // What names no key at all is reported by the rule about keys of tables.
        assert_eq!(of("orders"), []);
        assert_eq!(of(TABLE_ARN), []);
    }

    #[test]
    fn a_restore_by_dynamodb_and_a_table_that_exists_take_any_form() {
        assert_eq!(severities(&restore(encrypted("alias/orders"))), []);
        let exists = Facts {
            action: Fact::Known(Action::Keep),
            ..restore_recovery_point(encrypted("alias/orders"))
        };
        assert_eq!(severities(&exists), []);
    }

    #[test]
    fn the_command_names_the_key() {
        let fix = |key: &str| {
            RULE.findings(&vault(|it| it.kms_key_arn = key.into()))
                .remove(0)
                .fix
        };
        assert!(fix("alias/orders").contains("--key-id alias/orders "));
        assert!(fix("orders").contains(KEY_ARN));
    }
}
