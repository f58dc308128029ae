//! DBK-ABR-011: a restore of a recovery point that is in cold storage.

use crate::examples::aws_backup::{observed_recovery_point, restore_recovery_point};
use crate::fact::Fact;
use crate::facts::{Facts, ObservedRecoveryPoint, RestoredTable, StorageClass};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ABR-011"),
    name: "recovery_point_in_cold_storage",
    also: &[],
    area: Area::Restores,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeRecoveryPoint"],
    title: "Recovery point is in cold storage",
    why: "A restore from cold storage first brings the data back to warm storage. That takes hours, and each gigabyte \
          is charged at the price of a cold restore.",
    aws_error: None,
    source: "AWS Backup developer guide, storage tiers and pricing",
    firing: || restore_recovery_point(|it| set_class(it, StorageClass::Cold)),
    silent: || restore_recovery_point(|it| set_class(it, StorageClass::Warm)),
    check,
};

/// Puts the recovery point into another storage.
fn set_class(it: &mut RestoredTable, class: StorageClass) {
    it.observed.recovery_point = Fact::Known(ObservedRecoveryPoint {
        storage_class: Fact::Known(class),
        ..observed_recovery_point()
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let (Some(arn), Fact::Known(seen)) = (table.recovery_point_arn(), &table.observed.recovery_point) else {
        return;
    };
    if seen.storage_class != Fact::Known(StorageClass::Cold) {
        return;
    }
    let arn = arn.to_string();
    report.add(
        Subject::SourceRecoveryPointArn,
        format!(
            "{arn:?} is in cold storage. Its restore takes hours, and is charged by the gigabyte beside the \
             restore itself."
        ),
        "Give the apply time, for example timeouts = { create = \"12h\" }. If a recovery point in warm storage is as \
         good, restore that one.",
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, set_class};
    use crate::examples::aws_backup::restore_recovery_point;
    use crate::examples::restore;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, StorageClass};

    fn fires(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    #[test]
    fn only_a_cold_one_is_reported_and_only_before_the_restore() {
        let cold = || restore_recovery_point(|it| set_class(it, StorageClass::Cold));
        assert!(fires(&cold()));
        assert!(!fires(&restore_recovery_point(|it| set_class(
            it,
            StorageClass::Deleted
        ))));
        let kept = Facts {
            action: Fact::Known(Action::Keep),
            ..cold()
        };
        assert!(!fires(&kept));
        // Another source has no recovery point, whatever was seen.
        assert!(!fires(&restore(|it| set_class(it, StorageClass::Cold))));
    }
}
