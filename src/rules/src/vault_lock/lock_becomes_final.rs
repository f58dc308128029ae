//! DBK-LCK-002: a lock that nobody will be able to take away again.

use jiff::SignedDuration;

use super::{configured, is_put};
use crate::examples::aws_backup::{lock, vault};
use crate::fact::Fact;
use crate::facts::{BackupVault, Facts, VaultLock};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{LOCK_CHANGEABLE_DAYS_MAX, LOCK_CHANGEABLE_DAYS_MIN};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LCK-002"),
    name: "lock_becomes_final",
    also: &["DBK-LAG-002", "DBK-LCK-008"],
    area: Area::VaultLock,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Nobody can undo this lock later, not even root or AWS",
    why: "changeable_for_days puts a lock into compliance mode. After those days neither the root user nor AWS can \
          remove or change it, and a recovery point under it is paid until its retention ends. Those that are in \
          the vault already keep their own retention, within the bounds or not. A logically air-gapped vault is \
          locked in that way from its making on.",
    aws_error: None,
    source: "AWS Backup developer guide, Vault Lock; API reference, PutBackupVaultLockConfiguration",
    firing: || locked(Some(3)),
    silent: || locked(None),
    check,
};

/// A vault about to be made with a lock that can be changed for so long.
fn locked(changeable: Option<i64>) -> Facts {
    vault(|it| it.lock = Fact::Known(lock(Some(7), Some(365), changeable)))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some((vault, lock)) = configured(facts) else {
        return;
    };
    if vault.is_air_gapped() {
        return air_gapped(facts, lock, report);
    }
    let Fact::Known(days) = lock.changeable_for_days else {
        return;
    };
    let is_taken = (LOCK_CHANGEABLE_DAYS_MIN..=LOCK_CHANGEABLE_DAYS_MAX).contains(&days);
    if !is_taken || !is_put(facts, vault, lock) {
        return;
    }
    let date = facts
        .now
        .known()
        .and_then(|now| now.checked_add(SignedDuration::from_hours(24 * days)).ok());
    let from = match date {
        Some(date) => format!(
            "From {} on ({} after this apply, if you apply now)",
            prose::moment(date),
            prose::days(days)
        ),
        None => format!("From {} after the apply on", prose::days(days)),
    };
    report.add(
        Subject::LockChangeable,
        format!(
            "changeable_for_days = {days} puts the lock into compliance mode. {from}, nobody can remove the lock or \
             change its bounds: no administrator, not the root user of the account, and not AWS. {CONSEQUENCE}{}",
            already_there(vault)
        ),
        "Apply only if that is meant; until that day the lock can be changed or removed. To keep it removable, \
         leave changeable_for_days out: in governance mode whoever is allowed \
         backup:DeleteBackupVaultLockConfiguration can take the lock away.",
    );
}

const CONSEQUENCE: &str = "No recovery point in the vault can be deleted before its retention ends, each is paid until \
                           then, and the vault itself can be deleted only when it is empty.";

fn air_gapped(facts: &Facts, lock: &VaultLock, report: &mut Report<'_>) {
    if !facts.is_made() {
        return;
    }
    let bounds = match (lock.min_retention_days, lock.max_retention_days) {
        (Fact::Known(min), Fact::Known(max)) => format!(", {min} to {max} days,"),
        _ => String::new(),
    };
    report.add(
        Subject::VaultType,
        format!(
            "A logically air-gapped vault is locked in compliance mode from its making on. Nobody can remove the lock \
             or change its bounds{bounds} ever: no administrator, not the root user of the account, and not AWS. \
             {CONSEQUENCE}"
        ),
        "Apply only if that is meant. To try the bounds first, make a vault of the type BACKUP_VAULT with them.",
    );
}

/// What the lock means for the recovery points that are in the vault already.
fn already_there(vault: &BackupVault) -> String {
    let seen = vault.observed.vault.known();
    match seen.map(|it| it.recovery_points) {
        Some(Fact::Known(number @ 1..)) => format!(
            " The vault holds {} already: what has no end of its retention stays, and is paid, for ever.",
            prose::count(number, "recovery point")
        ),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, lock, locked, vault};
    use crate::examples::aws_backup::{self, vault_changed};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, PriorBackupVault, VaultLock};
    use crate::finding::{Finding, Subject};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    #[test]
    fn the_date_is_computed_from_now() {
        let detail = finding(&locked(Some(3))).expect("a finding").detail;
        assert!(
            detail.contains("From 2025-11-23T09:00:00Z on (3 days after this apply"),
            "{detail}"
        );
        let detail = finding(&locked(Some(36_500))).expect("a finding").detail;
        assert!(detail.contains("From 2125-10-27T09:00:00Z on"), "{detail}");
        let timeless = Facts {
            now: Fact::Unknown,
            ..locked(Some(3))
        };
        let detail = finding(&timeless).expect("a finding").detail;
        assert!(detail.contains("From 3 days after the apply on"), "{detail}");
    }

    #[test]
    fn days_that_aws_refuses_are_left_to_their_rule() {
        for (days, said) in [(2, false), (3, true), (36_500, true), (36_501, false)] {
            assert_eq!(finding(&locked(Some(days))).is_some(), said, "{days}");
        }
        assert_eq!(finding(&locked(None)), None);
        let unknown = VaultLock::default();
        assert_eq!(finding(&vault(|it| it.lock = Fact::Known(unknown))), None);
    }

    #[test]
    fn it_is_said_when_the_lock_is_put_and_not_again() {
        let changed = |before: Fact<VaultLock>, action: Action| {
            let facts = vault_changed(|it| {
                it.lock = Fact::Known(lock(Some(7), None, Some(3)));
                it.prior = Fact::Known(PriorBackupVault {
                    name: "orders".into(),
                    lock: before,
                });
            });
            finding(&Facts {
                action: Fact::Known(action),
                ..facts
            })
        };
        let found = changed(Fact::Absent, Action::Update).expect("a finding");
        assert!(
            found.detail.contains("The vault holds 3 recovery points already"),
            "{}",
            found.detail
        );
        let same = || Fact::Known(lock(Some(7), None, Some(3)));
        assert_eq!(changed(same(), Action::Update), None);
        assert_eq!(changed(Fact::Absent, Action::Keep), None);
        assert_eq!(changed(Fact::Absent, Action::Destroy), None);
        assert!(changed(Fact::Known(lock(Some(8), None, Some(3))), Action::Update).is_some());
        let undecided = Facts {
            action: Fact::Unknown,
            ..locked(Some(3))
        };
        assert_eq!(finding(&undecided), None);
    }

    #[test]
    fn an_empty_vault_holds_nothing_already() {
        let facts = vault_changed(|it| {
            it.lock = Fact::Known(lock(Some(7), None, Some(3)));
            if let Fact::Known(vault) = &mut it.observed.vault {
                vault.recovery_points = Fact::Known(0);
            }
        });
        assert!(!finding(&facts).expect("a finding").detail.contains("already"));
    }

    #[test]
    fn a_logically_air_gapped_vault_is_locked_at_once() {
        let found = finding(&aws_backup::air_gapped(|_| ())).expect("a finding");
        assert_eq!(found.subject, Subject::VaultType);
        assert!(
            found.detail.contains("bounds, 7 to 365 days, ever"),
            "{}",
            found.detail
        );
        for action in [Action::Update, Action::Keep, Action::Destroy] {
            let facts = Facts {
                action: Fact::Known(action),
                ..aws_backup::air_gapped(|_| ())
            };
            assert_eq!(finding(&facts), None, "{action:?}");
        }
    }
}
