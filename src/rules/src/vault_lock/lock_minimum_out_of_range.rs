//! DBK-LCK-003: a least retention that AWS does not take.

use super::configured_on_standard;
use crate::examples::aws_backup::{lock, vault};
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::limits::{LOCK_RETENTION_DAYS_MAX, LOCK_RETENTION_DAYS_MIN};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LCK-003"),
    name: "lock_minimum_out_of_range",
    also: &[],
    area: Area::VaultLock,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Least retention of the lock is out of range",
    why: "A lock demands that recovery points stay for 1 to 36,500 days at least. Without min_retention_days it \
          demands nothing: the lock then only forbids the deletion of what is there.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, PutBackupVaultLockConfiguration",
    firing: || of_at_least(0),
    silent: || of_at_least(1),
    check,
};

/// A vault that demands such a retention.
fn of_at_least(days: i64) -> Facts {
    vault(|it| it.lock = Fact::Known(lock(Some(days), None, None)))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(Fact::Known(days)) = configured_on_standard(facts).map(|it| it.min_retention_days) else {
        return;
    };
    if (LOCK_RETENTION_DAYS_MIN..=LOCK_RETENTION_DAYS_MAX).contains(&days) {
        return;
    }
    let nearest = days.clamp(LOCK_RETENTION_DAYS_MIN, LOCK_RETENTION_DAYS_MAX);
    report.add(
        Subject::LockMinimum,
        format!(
            "min_retention_days is {days}, and AWS takes {LOCK_RETENTION_DAYS_MIN} to {LOCK_RETENTION_DAYS_MAX} days."
        ),
        format!("Write min_retention_days = {nearest}, or leave it out to demand nothing."),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, lock, of_at_least, vault};
    use crate::examples::aws_backup::air_gapped;
    use crate::fact::Fact;
    use crate::facts::{Facts, VaultLock};

    fn fix(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.fix)
    }

    #[test]
    fn both_bounds_are_exact() {
        for (days, fires) in [(-1, true), (0, true), (1, false), (36_500, false), (36_501, true)] {
            assert_eq!(fix(&of_at_least(days)).is_some(), fires, "{days}");
        }
        assert!(
            fix(&of_at_least(0))
                .expect("a finding")
                .contains("min_retention_days = 1,")
        );
        assert!(
            fix(&of_at_least(40_000))
                .expect("a finding")
                .contains("min_retention_days = 36500,")
        );
    }

    #[test]
    fn what_is_not_given_is_not_judged() {
        assert_eq!(
            fix(&vault(|it| it.lock = Fact::Known(VaultLock::default()))),
            None
        );
        assert_eq!(
            fix(&vault(|it| it.lock = Fact::Known(lock(None, None, None)))),
            None
        );
        assert_eq!(
            fix(&air_gapped(
                |it| it.lock = Fact::Known(lock(Some(0), Some(9), None))
            )),
            None
        );
    }
}
