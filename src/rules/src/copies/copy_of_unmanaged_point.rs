//! DBK-CPY-007: a copy within the account of what was not made with the advanced features for DynamoDB.

use crate::examples::BACKUP_ARN;
use crate::examples::aws_backup::{RECOVERY_POINT_ARN, copy};
use crate::fact::Fact;
use crate::facts::{Facts, RecoveryPointCopy};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnKind};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CPY-007"),
    name: "copy_of_unmanaged_point",
    also: &[],
    area: Area::Copies,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeRecoveryPoint"],
    title: "Backup was not made with the advanced features, and stays in its Region",
    why: "Without the advanced features of AWS Backup for DynamoDB, a backup stays with DynamoDB, in the Region \
          of its table, and its ARN is that of a DynamoDB backup. Switching the features on makes a difference \
          only to backups that are made afterwards. Copies to other accounts are the business of DBK-XAC-006.",
    aws_error: Some("copy job FAILED"),
    source: "AWS Backup developer guide, advanced DynamoDB backup",
    firing: || {
        copy(|it| {
            within_account(it);
            it.recovery_point_arn = BACKUP_ARN.into();
            it.observed.recovery_point = Fact::Unknown;
        })
    },
    silent: || {
        copy(|it| {
            within_account(it);
            it.recovery_point_arn = RECOVERY_POINT_ARN.into();
        })
    },
    check,
};

/// Copies to another Region of the same account.
fn within_account(copy: &mut RecoveryPointCopy) {
    copy.destination_vault_arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:orders-copies".into();
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.copies_within_account() {
        let Some(single) = copy.single else { continue };
        let Fact::Known(text) = &single.recovery_point_arn else {
            continue;
        };
        let is_backup = Arn::parse(text).is_ok_and(|it| it.kind() == ArnKind::Backup);
        let is_unmanaged = single
            .observed
            .recovery_point
            .is_known_and(|it| it.is_fully_managed == Fact::Known(false));
        if !is_backup && !is_unmanaged {
            continue;
        }
        let region = copy
            .region
            .known()
            .map_or(String::new(), |it| format!(" --region {it}"));
        report.add(
            Subject::RecoveryPointArn,
            format!(
                "{text:?} is a backup that DynamoDB keeps, made without the advanced features of AWS Backup. It \
                 cannot be copied into the vault {:?} in {}, nor into any other.",
                copy.destination.vault.as_str(),
                copy.destination.region
            ),
            format!(
                "Switch the advanced features on (advanced_features = true in a dynamodb_backup_settings, or aws \
                 backup update-region-settings{region} --resource-type-management-preference DynamoDB=true), make \
                 a new recovery point of the table with AWS Backup, and copy that one."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{BACKUP_ARN, RULE, copy, within_account};
    use crate::fact::Fact;
    use crate::facts::{Facts, ObservedRecoveryPoint, RecoveryPointCopy};

    fn count(change: impl FnOnce(&mut RecoveryPointCopy)) -> usize {
        let facts: Facts = copy(|it| {
            within_account(it);
            change(it);
        });
        RULE.findings(&facts).len()
    }

    fn seen(is_fully_managed: Fact<bool>) -> impl FnOnce(&mut RecoveryPointCopy) {
        move |it| {
            it.observed.recovery_point = Fact::Known(ObservedRecoveryPoint {
                is_fully_managed,
                ..ObservedRecoveryPoint::default()
            });
        }
    }

    #[test]
    fn the_arn_tells_or_else_aws_does() {
        assert_eq!(count(|it| it.recovery_point_arn = BACKUP_ARN.into()), 1);
        assert_eq!(count(|it| it.recovery_point_arn = Fact::Unknown), 0);
        assert_eq!(count(seen(Fact::Known(false))), 1);
        assert_eq!(count(seen(Fact::Known(true))), 0);
        assert_eq!(count(seen(Fact::Unknown)), 0);
    }

    #[test]
    fn another_account_has_a_rule_of_its_own() {
        let facts = copy(|it| it.recovery_point_arn = BACKUP_ARN.into());
        assert_eq!(RULE.findings(&facts), []);
    }
}
