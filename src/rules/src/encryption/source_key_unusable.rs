//! DBK-BKP-020: a restore of data whose KMS key is missing or not enabled.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedBackup, ObservedKey};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Arn;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-BKP-020"),
    name: "source_key_unusable",
    also: &["DBK-SSE-011"],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Observed,
    reads: &[
        "dynamodb:DescribeBackup",
        "dynamodb:DescribeTable",
        "kms:DescribeKey",
    ],
    title: "KMS key of the data to restore cannot be used",
    why: "A backup stays under the key that its table had when it was taken, whatever key the table has today: \
          without that key nobody can read it. A restore to a point in time within one Region gives the new table the \
          key of the source, unless another is given.",
    aws_error: Some("ValidationException: KMS key disabled error …"),
    source: "DynamoDB developer guide, encryption at rest; measured on AWS",
    firing: || with_state("Disabled"),
    silent: || with_state("Enabled"),
    check,
};

/// A restore from a backup under a key in this state.
fn with_state(state: &str) -> Facts {
    examples::restore(|it| {
        it.observed.backup = Fact::Known(ObservedBackup {
            kms_key_arn: examples::KEY_ARN.into(),
            ..examples::observed_backup()
        });
        it.observed.source_key = Fact::Known(ObservedKey {
            state: state.into(),
            ..examples::key()
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Fact::Known(key) = table.source_key_arn() else {
        return;
    };
    let (subject, whose) = if table.backup_arn().is_some() {
        (Subject::SourceBackupArn, "The backup is encrypted under")
    } else if table.is_from_recovery_point() {
        (
            Subject::SourceRecoveryPointArn,
            "The recovery point is encrypted under",
        )
    } else if facts.far_source().is_none() {
        (
            Subject::SourcePointInTime,
            "The restored table would have the key of its source,",
        )
    } else {
        // A restore from another Region needs a key of its own, which a rule demands.
        return;
    };
    let option = match Arn::parse(&key).ok().and_then(|it| it.region) {
        Some(region) => format!(" --region {region}"),
        None => String::new(),
    };
    let enable = format!("aws kms enable-key --key-id {key}{option}");
    let (state, fix) = match &table.observed.source_key {
        Fact::Unknown => return,
        Fact::Absent => (
            "which no longer exists".to_owned(),
            match subject {
                Subject::SourceBackupArn | Subject::SourceRecoveryPointArn => {
                    "Nothing brings the key or the data of this backup back. Restore another \
                                             backup, taken under another key."
                        .to_owned()
                }
                _ => "Give the new table another key: server_side_encryption = { kms_key_arn = \"arn:…\" }."
                    .to_owned(),
            },
        ),
        Fact::Known(seen) => match seen.state.known().map(String::as_str) {
            None | Some("Enabled") => return,
            Some(state) => (
                format!("which is in the state {state}"),
                match state {
                    "Disabled" => format!("Enable it: {enable}"),
                    "PendingDeletion" => format!(
                        "Stop its deletion and enable it: aws kms cancel-key-deletion --key-id {key}{option} && \
                         {enable}"
                    ),
                    _ => "Wait until it is Enabled.".to_owned(),
                },
            ),
        },
    };
    report.add(
        subject,
        format!("{whose} {key:?}, {state}. DynamoDB would refuse the restore."),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_state};
    use crate::encryption::with_key;
    use crate::examples::{KEY_ARN, key, restore_to, table};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object, ObservedKey, ObservedTable, RestoredTable};
    use crate::finding::{Finding, Subject};

    fn found(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    #[test]
    fn a_recovery_point_that_dynamodb_keeps_is_pointed_at() {
        let of_point = |state: Fact<ObservedKey>| {
            found(&changed(|it| {
                it.source = Fact::Known(crate::facts::Source {
                    recovery_point_arn: crate::examples::BACKUP_ARN.into(),
                    ..crate::facts::Source::unset()
                });
                it.observed.source_key = state;
            }))
        };
        let disabled = of_point(Fact::Known(ObservedKey {
            state: "Disabled".into(),
            ..key()
        }))
        .expect("a finding");
        assert_eq!(disabled.subject, Subject::SourceRecoveryPointArn);
        assert!(
            disabled
                .detail
                .starts_with("The recovery point is encrypted under")
        );
        let gone = of_point(Fact::Absent).expect("a finding");
        assert!(gone.fix.starts_with("Nothing brings"), "{}", gone.fix);
    }

    fn changed(change: impl FnOnce(&mut RestoredTable)) -> Facts {
        let mut facts = with_state("Disabled");
        if let Object::RestoredTable(it) = &mut facts.object {
            change(it);
        }
        facts
    }

    /// A restore to a point in time of a table under a key that is disabled.
    fn of_table(change: impl FnOnce(&mut RestoredTable)) -> Facts {
        restore_to(|it, _| {
            it.observed.source_table = Fact::Known(ObservedTable {
                kms_key_arn: KEY_ARN.into(),
                ..table()
            });
            it.observed.source_key = Fact::Known(ObservedKey {
                state: "Disabled".into(),
                ..key()
            });
            change(it);
        })
    }

    #[test]
    fn each_state_has_its_way_out() {
        let fix = |state: &str| found(&with_state(state)).map(|it| it.fix);
        assert_eq!(fix("Enabled"), None);
        assert_eq!(
            fix("Disabled").as_deref(),
            Some(&*format!(
                "Enable it: aws kms enable-key --key-id {KEY_ARN} --region us-east-1"
            ))
        );
        assert!(
            fix("PendingDeletion")
                .expect("a finding")
                .contains("cancel-key-deletion")
        );
        assert!(fix("Updating").expect("a finding").starts_with("Wait"));
    }

    #[test]
    fn a_key_that_is_gone_takes_the_backup_along_but_not_the_table() {
        let gone = found(&changed(|it| it.observed.source_key = Fact::Absent)).expect("a finding");
        assert_eq!(gone.subject, Subject::SourceBackupArn);
        assert!(gone.fix.contains("another backup"), "{}", gone.fix);
        let gone = found(&of_table(|it| it.observed.source_key = Fact::Absent)).expect("a finding");
        assert_eq!(gone.subject, Subject::SourcePointInTime);
        assert!(gone.fix.contains("kms_key_arn"), "{}", gone.fix);
    }

    #[test]
    fn a_backup_is_under_its_key_whatever_key_the_new_table_gets() {
        assert!(found(&changed(|it| it.server_side_encryption = with_key(KEY_ARN))).is_some());
        assert!(found(&of_table(|_| ())).is_some());
        assert!(found(&of_table(|it| it.server_side_encryption = with_key(KEY_ARN))).is_none());
        assert!(found(&of_table(|it| it.server_side_encryption = Fact::Unknown)).is_none());
    }

    #[test]
    fn a_key_of_aws_and_one_that_was_not_read_are_left_alone() {
        let own = changed(|it| {
            if let Fact::Known(backup) = &mut it.observed.backup {
                backup.kms_key_arn = Fact::Absent;
            }
        });
        assert!(found(&own).is_none());
        assert!(found(&changed(|it| it.observed.source_key = Fact::Unknown)).is_none());
        let unknown_state = changed(|it| it.observed.source_key = Fact::Known(ObservedKey::default()));
        assert!(found(&unknown_state).is_none());
    }

    #[test]
    fn a_table_of_another_region_lends_no_key() {
        let far = restore_to(|it, point| {
            point.table_name = Fact::Absent;
            point.table_arn = crate::examples::TABLE_ARN
                .replace("us-east-1", "eu-west-1")
                .into();
            it.observed.source_table = Fact::Known(ObservedTable {
                kms_key_arn: KEY_ARN.into(),
                ..table()
            });
            it.observed.source_key = Fact::Absent;
        });
        assert!(found(&far).is_none());
    }

    #[test]
    fn a_table_that_is_restored_already_needs_the_key_no_more() {
        let facts = Facts {
            action: Fact::Known(Action::Update),
            ..with_state("Disabled")
        };
        assert!(found(&facts).is_none());
    }
}
