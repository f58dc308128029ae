//! DBK-XAC-011: a copy to another account of a recovery point in cold storage.

use crate::examples::aws_backup::{copy, observed_recovery_point};
use crate::fact::Fact;
use crate::facts::{Facts, ObservedRecoveryPoint, RecoveryPointCopy, StorageClass};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-011"),
    name: "cold_recovery_point_copied",
    also: &["DBK-CPY-011"],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeRecoveryPoint"],
    title: "Recovery point is in cold storage, and cannot leave its account",
    why: "AWS Backup copies only warm recovery points to another account, and a recovery point never becomes \
          warm again. Copies must be made before the move to cold storage.",
    aws_error: Some("InvalidRequestException, or copy job FAILED"),
    source: "AWS Backup developer guide, cross-account backup",
    firing: || copy(|it| set_class(it, Fact::Known(StorageClass::Cold))),
    silent: || copy(|it| set_class(it, Fact::Known(StorageClass::Warm))),
    check,
};

/// Stores the recovery point otherwise.
fn set_class(copy: &mut RecoveryPointCopy, storage_class: Fact<StorageClass>) {
    copy.observed.recovery_point = Fact::Known(ObservedRecoveryPoint {
        storage_class,
        ..observed_recovery_point()
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.cross_account_copies() {
        let Some(single) = copy.single else { continue };
        let is_cold = single
            .observed
            .recovery_point
            .is_known_and(|it| it.storage_class == Fact::Known(StorageClass::Cold));
        let (true, Fact::Known(arn)) = (is_cold, &single.recovery_point_arn) else {
            continue;
        };
        report.add(
            Subject::RecoveryPointArn,
            format!(
                "{arn:?} is in cold storage, and account {} is another account. AWS Backup copies only warm \
                 recovery points there.",
                copy.destination.account
            ),
            "Copy a recovery point that is still warm. To have each one copied in time, give the rule of the \
             backup plan a copy action, which copies as soon as the backup is made.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, copy, set_class};
    use crate::examples::aws_backup::FAR_VAULT_ARN;
    use crate::fact::Fact;
    use crate::facts::StorageClass;

    fn count(class: Fact<StorageClass>) -> usize {
        RULE.findings(&copy(|it| set_class(it, class))).len()
    }

    #[test]
    fn only_what_is_cold_stays() {
        assert_eq!(count(Fact::Known(StorageClass::Cold)), 1);
        assert_eq!(count(Fact::Known(StorageClass::Warm)), 0);
        assert_eq!(count(Fact::Unknown), 0);
        let unseen = copy(|it| it.observed.recovery_point = Fact::Unknown);
        assert_eq!(RULE.findings(&unseen), []);
    }

    #[test]
    fn within_the_account_this_rule_keeps_silent() {
        let near = FAR_VAULT_ARN.replace("444455556666", "111122223333");
        let facts = copy(|it| {
            it.destination_vault_arn = Fact::Known(near);
            set_class(it, Fact::Known(StorageClass::Cold));
        });
        assert_eq!(RULE.findings(&facts), []);
    }
}
