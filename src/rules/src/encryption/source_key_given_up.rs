//! DBK-SSE-013: data of a source under a KMS key, restored under a key that AWS owns.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-013"),
    name: "source_key_given_up",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "Restored table gives up the KMS key of its source",
    why: "Nobody can disable, audit or restrict a key that AWS owns. Whoever was kept from the data by the policy of the \
          source's key may read them in the restored table.",
    aws_error: None,
    source: "DynamoDB developer guide, encryption at rest",
    firing: || {
        examples::restore(|it| {
            under_key(it);
            it.server_side_encryption = disabled();
        })
    },
    silent: || {
        examples::restore(|it| {
            under_key(it);
            it.server_side_encryption = super::with_key(examples::KEY_ARN);
        })
    },
    check,
};

fn under_key(it: &mut crate::facts::RestoredTable) {
    if let Fact::Known(backup) = &mut it.observed.backup {
        backup.kms_key_arn = examples::KEY_ARN.into();
    }
}

fn disabled() -> Fact<ServerSideEncryption> {
    Fact::Known(ServerSideEncryption {
        enabled: Fact::Known(false),
        ..ServerSideEncryption::unset()
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    // AWS Backup gives the key up unless another is named: to say that it is to be so is the only way to agree.
    let is_disabled = !table.is_from_recovery_point()
        && table
            .server_side_encryption
            .is_known_and(|it| it.enabled == Fact::Known(false));
    let (true, Fact::Known(key)) = (is_disabled, table.source_kms_key_arn()) else {
        return;
    };
    let fix = match facts.far_source() {
        None => format!(
            "Write server_side_encryption = {{ enabled = true, kms_key_arn = {key:?} }}, or remove \
             server_side_encryption to keep the key of the source."
        ),
        Some(_) => {
            let here = facts
                .region()
                .into_known()
                .map_or("that Region".to_owned(), |it| it.to_string());
            format!(
                "Write server_side_encryption = {{ enabled = true, kms_key_arn = … }} with a key of {here}: for a \
                 multi-Region key, its replica there."
            )
        }
    };
    report.add(
        Subject::EncryptionEnabled,
        format!(
            "The source is encrypted by the KMS key {key}, and enabled = false restores it under a key that AWS owns, which \
             nobody can disable, audit or restrict."
        ),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, disabled, under_key};
    use crate::encryption::with_key;
    use crate::examples::{KEY_ARN, restore, restore_to, restored_changed, table};
    use crate::fact::Fact;
    use crate::facts::{Facts, ObservedTable, RestoredTable, ServerSideEncryption};

    #[test]
    fn aws_backup_keeps_no_key_and_has_a_rule_of_its_own() {
        let facts = restore(|it| {
            it.source = Fact::Known(crate::facts::Source {
                recovery_point_arn: crate::examples::BACKUP_ARN.into(),
                ..crate::facts::Source::unset()
            });
            under_key(it);
            it.server_side_encryption = disabled();
        });
        assert_eq!(fixes(&facts), [""; 0]);
    }

    fn fixes(facts: &Facts) -> Vec<String> {
        RULE.findings(facts).into_iter().map(|it| it.fix).collect()
    }

    fn of(encryption: Fact<ServerSideEncryption>) -> Vec<String> {
        fixes(&restore(|it| {
            under_key(it);
            it.server_side_encryption = encryption;
        }))
    }

    #[test]
    fn only_a_certain_loss_is_told() {
        assert_eq!(of(disabled()).len(), 1);
        assert_eq!(of(Fact::Absent), [""; 0]);
        assert_eq!(of(Fact::Unknown), [""; 0]);
        assert_eq!(of(Fact::Known(ServerSideEncryption::default())), [""; 0]);
        assert_eq!(of(with_key(KEY_ARN)), [""; 0]);
        let without = |key: Fact<String>| {
            fixes(&restore(|it| {
                if let Fact::Known(backup) = &mut it.observed.backup {
                    backup.kms_key_arn = key;
                }
                it.server_side_encryption = disabled();
            }))
        };
        assert_eq!(without(Fact::Absent), [""; 0]);
        assert_eq!(without(Fact::Unknown), [""; 0]);
        let exists = restored_changed(|it| {
            it.observed.backup = Fact::Known(crate::examples::observed_backup());
            under_key(it);
            it.server_side_encryption = disabled();
        });
        assert_eq!(fixes(&exists), [""; 0]);
    }

    #[test]
    fn a_point_in_time_asks_the_table() {
        let facts = restore_to(|it, _| {
            it.observed.source_table = Fact::Known(ObservedTable {
                kms_key_arn: KEY_ARN.into(),
                ..table()
            });
            it.server_side_encryption = disabled();
        });
        assert_eq!(fixes(&facts).len(), 1);
    }

    #[test]
    fn the_key_of_the_source_serves_only_in_its_region() {
        assert!(of(disabled()).join("").contains(KEY_ARN));
        let far = |change: fn(&mut RestoredTable)| {
            fixes(&restore(|it| {
                under_key(it);
                it.region = "eu-west-1".into();
                it.server_side_encryption = disabled();
                change(it);
            }))
            .join("")
        };
        let fix = far(|_| ());
        assert!(
            fix.contains("with a key of eu-west-1:") && !fix.contains(KEY_ARN),
            "{fix}"
        );
    }
}
