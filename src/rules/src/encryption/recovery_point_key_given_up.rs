//! DBK-ABR-007: a restore by AWS Backup that names no key, of data that were under a KMS key.

use crate::examples;
use crate::examples::aws_backup::restore_recovery_point;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedTable, RestoredTable};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, Region};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ABR-007"),
    name: "recovery_point_key_given_up",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "AWS Backup restores under the key that AWS owns",
    why: "DynamoDB's own restores keep the kind of key of the source. A restore job of AWS Backup does not: where no \
          key is named, the table comes back under the key that AWS owns, which nobody can disable, audit or restrict.",
    aws_error: None,
    source: "AWS Backup developer guide, restoring DynamoDB",
    firing: || {
        restore_recovery_point(|it| {
            under_key(it, examples::KEY_ARN.into());
            it.server_side_encryption = Fact::Absent;
        })
    },
    silent: || {
        restore_recovery_point(|it| {
            under_key(it, examples::KEY_ARN.into());
            it.server_side_encryption = super::with_key(examples::KEY_ARN);
        })
    },
    check,
};

/// Shows the table that was backed up, with all settings that a restore drops spelled out.
fn under_key(it: &mut RestoredTable, key: Fact<String>) {
    it.observed.source_table = Fact::Known(ObservedTable {
        kms_key_arn: key,
        ..ObservedTable::default()
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    if !table.is_from_recovery_point() || !table.server_side_encryption.is_absent() {
        return;
    }
    // What the backup recorded counts; where AWS Backup keeps it, the live table is the best guess.
    let of_table = || table.live_source().map(|it| it.kms_key_arn.clone());
    let ((Fact::Known(key), _) | (Fact::Unknown, Some(Fact::Known(key)))) =
        (table.source_kms_key_arn(), of_table())
    else {
        return;
    };
    let here = facts.region();
    let fix = match (key_region(&key), &here) {
        (Some(there), Fact::Known(here)) if there != *here => format!(
            "Write server_side_encryption = {{ enabled = true, kms_key_arn = … }} with a key of {here}: for a \
             multi-Region key, its replica there. If the key that AWS owns is good enough, say so: \
             server_side_encryption = {{ enabled = false }}."
        ),
        _ => format!(
            "Write server_side_encryption = {{ enabled = true, kms_key_arn = {key:?} }}. If the key that AWS owns is \
             good enough, say so: server_side_encryption = {{ enabled = false }}."
        ),
    };
    report.add(
        Subject::Encryption,
        format!(
            "server_side_encryption is not given, and the table that was backed up is under the KMS key {key}. The \
             restored table would be under the key that AWS owns."
        ),
        fix,
    );
}

fn key_region(key: &str) -> Option<Region> {
    Arn::parse(key).ok()?.region
}

#[cfg(test)]
mod tests {
    use super::{RULE, under_key};
    use crate::examples::aws_backup::restore_recovery_point;
    use crate::examples::{BACKUP_ARN, KEY_ARN, observed_backup, restore};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedBackup, Source};

    fn fix(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.fix)
    }

    #[test]
    fn a_key_of_the_live_table_is_given_up_where_no_key_is_named() {
        let of = |key: Fact<String>| fix(&restore_recovery_point(|it| under_key(it, key)));
        assert!(of(KEY_ARN.into()).expect("a finding").contains(KEY_ARN));
        let far = of(KEY_ARN.replace("us-east-1", "eu-west-1").into()).expect("a finding");
        assert!(far.contains("with a key of us-east-1"), "{far}");
        assert_eq!(of(Fact::Absent), None);
        assert_eq!(of(Fact::Unknown), None);
        for given in [super::super::with_key(KEY_ARN), Fact::Unknown] {
            let facts = restore_recovery_point(|it| {
                under_key(it, KEY_ARN.into());
                it.server_side_encryption = given;
            });
            assert_eq!(fix(&facts), None);
        }
    }

    #[test]
    fn what_a_backup_recorded_counts_more_than_the_live_table() {
        let of = |recorded: Fact<String>| {
            fix(&restore_recovery_point(|it| {
                under_key(it, KEY_ARN.into());
                if let Fact::Known(source) = &mut it.source {
                    source.recovery_point_arn = BACKUP_ARN.into();
                }
                it.observed.recovery_point = Fact::Unknown;
                it.observed.backup = Fact::Known(ObservedBackup {
                    kms_key_arn: recorded,
                    ..observed_backup()
                });
            }))
        };
        assert!(of(KEY_ARN.into()).is_some());
        assert_eq!(of(Fact::Absent), None);
    }

    #[test]
    fn restores_by_dynamodb_and_of_long_ago_are_left_alone() {
        assert_eq!(fix(&restore(|it| under_key(it, KEY_ARN.into()))), None);
        let two_sources = restore_recovery_point(|it| {
            under_key(it, KEY_ARN.into());
            if let Fact::Known(source) = &mut it.source {
                source.backup_arn = Source::backup(BACKUP_ARN).backup_arn;
            }
        });
        assert_eq!(fix(&two_sources), None);
        let kept = Facts {
            action: Fact::Known(Action::Update),
            ..restore_recovery_point(|it| under_key(it, KEY_ARN.into()))
        };
        assert_eq!(fix(&kept), None);
    }
}
