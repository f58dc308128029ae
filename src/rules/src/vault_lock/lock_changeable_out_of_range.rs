//! DBK-LCK-001: a time in which a lock can be changed that AWS does not take.

use super::configured_on_standard;
use crate::examples::aws_backup::{lock, vault_changed};
use crate::fact::Fact;
use crate::facts::{Facts, PriorBackupVault};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{LOCK_CHANGEABLE_DAYS_MAX, LOCK_CHANGEABLE_DAYS_MIN};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LCK-001"),
    name: "lock_changeable_out_of_range",
    also: &[],
    area: Area::VaultLock,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Time in which the lock can be changed is out of range",
    why: "AWS insists on 72 hours in which a lock in compliance mode can still be taken away, and takes 3 to 36,500 \
          days. Without changeable_for_days the lock is in governance mode and can be changed at any time.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, PutBackupVaultLockConfiguration",
    firing: || changeable_for(2),
    silent: || changeable_for(3),
    check,
};

/// A vault that has such a lock already.
fn changeable_for(days: i64) -> Facts {
    vault_changed(|it| {
        let lock = || Fact::Known(lock(Some(7), None, Some(days)));
        it.lock = lock();
        it.prior = Fact::Known(PriorBackupVault {
            name: "orders".into(),
            lock: lock(),
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(Fact::Known(days)) = configured_on_standard(facts).map(|it| it.changeable_for_days) else {
        return;
    };
    if (LOCK_CHANGEABLE_DAYS_MIN..=LOCK_CHANGEABLE_DAYS_MAX).contains(&days) {
        return;
    }
    let nearest = days.clamp(LOCK_CHANGEABLE_DAYS_MIN, LOCK_CHANGEABLE_DAYS_MAX);
    report.add(
        Subject::LockChangeable,
        format!(
            "changeable_for_days is {days}, and AWS takes {LOCK_CHANGEABLE_DAYS_MIN} to {LOCK_CHANGEABLE_DAYS_MAX} days."
        ),
        format!(
            "Write changeable_for_days = {nearest}: after {} nobody can take the lock away again. To be able to at any \
             time, leave it out.",
            prose::days(nearest)
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, changeable_for, lock};
    use crate::examples::aws_backup::{air_gapped, vault};
    use crate::fact::Fact;
    use crate::facts::{Facts, VaultLock};

    fn fix(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.fix)
    }

    #[test]
    fn both_bounds_are_exact() {
        for (days, fires) in [
            (i64::MIN, true),
            (0, true),
            (2, true),
            (3, false),
            (36_500, false),
            (36_501, true),
        ] {
            assert_eq!(fix(&changeable_for(days)).is_some(), fires, "{days}");
        }
        assert!(
            fix(&changeable_for(2))
                .expect("a finding")
                .contains("changeable_for_days = 3:")
        );
        assert!(
            fix(&changeable_for(40_000))
                .expect("a finding")
                .contains("changeable_for_days = 36500:")
        );
    }

    #[test]
    fn what_is_not_given_is_not_judged() {
        let unknown = VaultLock {
            changeable_for_days: Fact::Unknown,
            ..lock(None, None, None)
        };
        assert_eq!(fix(&vault(|it| it.lock = Fact::Known(unknown))), None);
        assert_eq!(
            fix(&vault(|it| it.lock = Fact::Known(lock(None, None, None)))),
            None
        );
        // It has none at all there, which another rule says.
        assert_eq!(
            fix(&air_gapped(|it| it.lock = Fact::Known(lock(None, None, Some(1))))),
            None
        );
    }
}
