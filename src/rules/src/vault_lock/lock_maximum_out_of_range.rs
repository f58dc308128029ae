//! DBK-LCK-004: a longest retention that AWS does not take, or that is shorter than the least one.

use super::configured_on_standard;
use crate::examples::aws_backup::{lock, vault};
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::limits::{LOCK_RETENTION_DAYS_MAX, LOCK_RETENTION_DAYS_MIN};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LCK-004"),
    name: "lock_maximum_out_of_range",
    also: &[],
    area: Area::VaultLock,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Longest retention of the lock is out of range",
    why: "A lock lets recovery points stay for 36,500 days at most, about a hundred years, and no retention fits \
          when the longest one is shorter than the least. Without max_retention_days any retention does, also for \
          ever.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, PutBackupVaultLockConfiguration",
    firing: || between(30, 29),
    silent: || between(30, 30),
    check,
};

/// A vault with these bounds.
fn between(min: i64, max: i64) -> Facts {
    vault(|it| it.lock = Fact::Known(lock(Some(min), Some(max), None)))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(lock) = configured_on_standard(facts) else {
        return;
    };
    let Fact::Known(max) = lock.max_retention_days else {
        return;
    };
    let bounds = LOCK_RETENTION_DAYS_MIN..=LOCK_RETENTION_DAYS_MAX;
    if !bounds.contains(&max) {
        let nearest = max.clamp(LOCK_RETENTION_DAYS_MIN, LOCK_RETENTION_DAYS_MAX);
        return report.add(
            Subject::LockMaximum,
            format!(
                "max_retention_days is {max}, and AWS takes {LOCK_RETENTION_DAYS_MIN} to {LOCK_RETENTION_DAYS_MAX} \
                 days."
            ),
            format!("Write max_retention_days = {nearest}, or leave it out to set no limit."),
        );
    }
    // A least retention that is itself out of range has a rule of its own.
    if let Fact::Known(min) = lock.min_retention_days
        && bounds.contains(&min)
        && max < min
    {
        report.add(
            Subject::LockMaximum,
            format!(
                "max_retention_days is {max} and min_retention_days is {min}: no retention is both long and short \
                 enough, and nothing could be backed up into the vault."
            ),
            format!("Write max_retention_days = {min} or more, or leave it out to set no limit."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, between, lock, vault};
    use crate::examples::aws_backup::air_gapped;
    use crate::fact::Fact;
    use crate::facts::{Facts, VaultLock};

    fn fix(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.fix)
    }

    #[test]
    fn all_bounds_are_exact() {
        for (min, max, fires) in [
            (1, 0, true),
            (1, 1, false),
            (1, 36_500, false),
            (1, 36_501, true),
            (30, 29, true),
            (30, 30, false),
            (30, 31, false),
            // The other rule says what is wrong with the least retention.
            (0, 30, false),
            (40_000, 36_500, false),
        ] {
            assert_eq!(fix(&between(min, max)).is_some(), fires, "{min} to {max}");
        }
        assert!(
            fix(&between(1, 0))
                .expect("a finding")
                .contains("max_retention_days = 1,")
        );
        assert!(
            fix(&between(1, 40_000))
                .expect("a finding")
                .contains("max_retention_days = 36500,")
        );
        assert!(
            fix(&between(30, 29))
                .expect("a finding")
                .contains("max_retention_days = 30 or more")
        );
    }

    #[test]
    fn what_is_not_given_is_not_judged() {
        let with = |lock: VaultLock| fix(&vault(|it| it.lock = Fact::Known(lock)));
        assert_eq!(with(lock(Some(7), None, None)), None);
        assert_eq!(with(lock(None, Some(1), None)), None);
        let unknown = VaultLock {
            min_retention_days: Fact::Unknown,
            ..lock(None, Some(1), None)
        };
        assert_eq!(with(unknown), None);
        assert_eq!(
            fix(&air_gapped(
                |it| it.lock = Fact::Known(lock(Some(9), Some(8), None))
            )),
            None
        );
    }
}
