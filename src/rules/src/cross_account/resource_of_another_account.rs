//! DBK-ARN-009: a table or backup of another account.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{DataArn, Facts, Object, Source};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{AccountId, ArnKind};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-009"),
    name: "resource_of_another_account",
    also: &[
        "DBK-BKP-002",
        "DBK-BKP-011",
        "DBK-RPT-012",
        "DBK-XAC-001",
        "DBK-XAC-002",
    ],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Resource belongs to another account",
    why: "No call of DynamoDB for backups, point-in-time recovery or restores reaches into another account; \
          a resource policy on the table does not open it, and a DynamoDB backup cannot be copied. The way \
          across is AWS Backup: back up with its advanced features, copy the recovery point into a vault of \
          the other account, restore there.",
    aws_error: Some(
        "ValidationException: This action is only supported by accounts that match the resource owner's \
         account; or AccessDeniedException",
    ),
    source: "DynamoDB developer guide, cross-account access; AWS Backup developer guide; measured on AWS",
    firing: || {
        examples::restore(|it| {
            it.source = Fact::Known(Source::backup(
                "arn:aws:dynamodb:us-east-1:444455556666:table/orders/backup/01763625600000-a1b2c3d4",
            ));
            it.observed.backup = Fact::Unknown;
        })
    },
    silent: || examples::restore(|it| it.source = Fact::Known(Source::backup(examples::BACKUP_ARN))),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Fact::Known(caller) = &facts.caller.account else {
        return;
    };
    for arn in facts.data_arns() {
        // Partitions have accounts of their own; a foreign partition is the graver fault and has its own
        // rule.
        let same_partition = facts.partition().is_known_and(|it| *it == arn.partition);
        if arn.account == *caller || !same_partition {
            continue;
        }
        let (owner, what) = (&arn.account, arn.kind);
        let (detail, fix) = match facts.object {
            Object::RestoredTable(_) => (
                format!(
                    "{:?} belongs to account {owner}, and you work in account {caller}. {} restores only \
                     within one account, whatever policies say{}.",
                    arn.text,
                    if what == ArnKind::RecoveryPoint {
                        "AWS Backup"
                    } else {
                        "DynamoDB"
                    },
                    if what == ArnKind::Backup {
                        ", and a DynamoDB backup cannot be copied to another"
                    } else {
                        ""
                    }
                ),
                carry_across(facts, &arn, caller),
            ),
            Object::RecoveryPointCopy(_) => (
                format!(
                    "{:?} belongs to account {owner}, and you work in account {caller}. A copy is pushed: \
                     the job runs in the account of the vault that holds the recovery point.",
                    arn.text
                ),
                elsewhere(&arn),
            ),
            Object::RecoveryPoint(_) => (
                format!(
                    "{:?} belongs to account {owner}, and you work in account {caller}. AWS Backup backs up \
                     only tables of the account in which the job runs.",
                    arn.text
                ),
                elsewhere(&arn),
            ),
            _ => (
                format!(
                    "{:?} belongs to account {owner}, and you work in account {caller}. DynamoDB takes \
                     calls for backups and point-in-time recovery only from the account that owns the \
                     table, whatever policies say.",
                    arn.text
                ),
                format!(
                    "{} To keep a copy in account {caller}, use AWS Backup with a cross-account copy.",
                    elsewhere(&arn)
                ),
            ),
        };
        report.add(arn.subject, detail, fix);
    }
}

/// How the data get into the caller's account.
fn carry_across(facts: &Facts, arn: &DataArn<'_>, caller: &AccountId) -> String {
    let owner = &arn.account;
    if arn.kind == ArnKind::RecoveryPoint {
        return format!(
            "Copy it into a vault of account {caller} first, then restore the copy. In account {owner}: aws \
             backup start-copy-job --region {} --recovery-point-arn {} --source-backup-vault-name VAULT \
             --destination-backup-vault-arn arn:{}:backup:{}:{caller}:backup-vault:VAULT --iam-role-arn \
             ROLE_ARN",
            arn.region,
            arn.text,
            arn.partition,
            facts.region().known().unwrap_or(&arn.region)
        );
    }
    format!(
        "Let AWS Backup carry it across. In account {owner}: switch on AWS Backup's advanced features for \
         DynamoDB, back the table up to a vault with a KMS key of your own, and copy that recovery point \
         (aws backup start-copy-job) to a vault of account {caller}. Then restore it there. Both accounts \
         must be in one organization that has cross-account backup switched on.{}",
        if arn.kind == ArnKind::Backup {
            " A backup that exists already cannot be moved."
        } else {
            ""
        }
    )
}

/// How the object is managed in the account that owns the resource.
fn elsewhere(arn: &DataArn<'_>) -> String {
    let owner = &arn.account;
    format!(
        "Manage it with a provider whose credentials belong to account {owner}: add a second provider block \
         with alias = \"owner\" and assume_role {{ role_arn = \"arn:{}:iam::{owner}:role/…\" }}, and set \
         provider = dynamodb.owner on this object.",
        arn.partition
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::aws_backup::{RECOVERY_POINT_ARN, copy, recovery_point};
    use crate::examples::{BACKUP_ARN, TABLE_ARN, backup, recovery, restore, restore_to, restored_changed};
    use crate::fact::Fact;
    use crate::facts::{Facts, Source};

    const OTHER: &str = "444455556666";

    fn fix(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.fix)
    }

    #[test]
    fn what_to_do_depends_on_what_is_planned() {
        let table = TABLE_ARN.replace("111122223333", OTHER);
        for facts in [
            backup(|it| it.table_name = Fact::Known(table.clone())),
            recovery(|it| it.table_name = Fact::Known(table.clone())),
        ] {
            // A block, as the provider's schema has it.
            assert!(
                fix(&facts)
                    .expect("a finding")
                    .contains("assume_role { role_arn = ")
            );
        }
        let source = Fact::Known(Source::backup(BACKUP_ARN.replace("111122223333", OTHER)));
        let restored = restore(|it| it.source = source.clone());
        assert!(fix(&restored).expect("a finding").contains("start-copy-job"));
        assert_eq!(
            fix(&restored_changed(|it| it.source = source)),
            None,
            "the source is only a record now"
        );
    }

    #[test]
    fn a_job_of_aws_backup_runs_where_the_resource_is() {
        let table = TABLE_ARN.replace("111122223333", OTHER);
        let point = Fact::Known(RECOVERY_POINT_ARN.replace("111122223333", OTHER));
        let detail = |facts: &Facts| RULE.findings(facts).pop().map(|it| it.detail).expect("a finding");
        let backed_up = recovery_point(|it| it.table_name = Fact::Known(table));
        assert!(detail(&backed_up).contains("only tables of the account in which the job runs"));
        let copied = copy(|it| it.recovery_point_arn = point.clone());
        assert!(detail(&copied).contains("A copy is pushed"));
        for facts in [&backed_up, &copied] {
            let fix = fix(facts).expect("a finding");
            assert!(
                fix.ends_with("provider = dynamodb.owner on this object."),
                "{fix}"
            );
        }
        let source = Source {
            recovery_point_arn: point,
            ..Source::unset()
        };
        let restored = restore(|it| it.source = Fact::Known(source));
        assert!(
            detail(&restored).contains("AWS Backup restores only within one account, whatever policies say.")
        );
        let fix = fix(&restored).expect("a finding");
        assert!(
            fix.contains(
                "--destination-backup-vault-arn arn:aws:backup:us-east-1:111122223333:backup-vault:VAULT"
            ),
            "{fix}"
        );
    }

    #[test]
    fn what_cannot_be_moved_is_said_only_of_a_backup() {
        let source = Fact::Known(Source::backup(BACKUP_ARN.replace("111122223333", OTHER)));
        let moved = "A backup that exists already cannot be moved.";
        assert!(
            fix(&restore(|it| it.source = source))
                .expect("a finding")
                .ends_with(moved)
        );
        let far = restore_to(|_, point| {
            point.table_name = Fact::Absent;
            point.table_arn = Fact::Known(TABLE_ARN.replace("111122223333", OTHER));
        });
        assert!(!fix(&far).expect("a finding").contains(moved));
        let detail = RULE.findings(&far).pop().expect("a finding").detail;
        assert!(
            detail.ends_with("DynamoDB restores only within one account, whatever policies say."),
            "{detail}"
        );
    }

    #[test]
    fn an_account_of_another_partition_has_its_own_rule() {
        let far = "arn:aws-cn:dynamodb:cn-north-1:444455556666:table/orders";
        assert_eq!(fix(&backup(|it| it.table_name = far.into())), None);
    }
}
