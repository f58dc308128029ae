//! DBK-LCK-006: a change of a lock that nobody can change any more.

use crate::examples::at;
use crate::examples::aws_backup::{lock, locked_vault, vault_changed};
use crate::fact::Fact;
use crate::facts::{Action, Facts, ObservedVault, PriorBackupVault, VaultLock, VaultType};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LCK-006"),
    name: "lock_already_final",
    also: &[],
    area: Area::VaultLock,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Lock of the vault cannot be changed any more",
    why: "A lock in compliance mode is for ever once its lock date has come: neither an administrator nor the root \
          user nor AWS can change its bounds or remove it. The lock of a logically air-gapped vault is so from the \
          beginning. The vault itself can be deleted when it is empty.",
    aws_error: Some("InvalidRequestException"),
    source: "AWS Backup developer guide, Vault Lock; API reference, PutBackupVaultLockConfiguration",
    firing: || locked_until("2025-11-20T09:00:00Z"),
    silent: || locked_until("2025-11-20T09:00:01Z"),
    check,
};

/// A lock of at least seven days that is to be removed.
fn locked_until(date: &str) -> Facts {
    let lock_date = Fact::Known(at(date));
    vault_changed(|it| {
        it.prior = Fact::Known(PriorBackupVault {
            name: "orders".into(),
            lock: Fact::Known(lock(Some(7), None, Some(3))),
        });
        it.observed.vault = Fact::Known(ObservedVault {
            lock_date,
            ..locked_vault(Some(7), None)
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(vault) = facts
        .backup_vault()
        .filter(|_| facts.action == Fact::Known(Action::Update))
    else {
        return;
    };
    let (Fact::Known(name), Fact::Known(seen)) = (vault.existing_name(), &vault.observed.vault) else {
        return;
    };
    let since = match (seen.lock_date, facts.now) {
        (Fact::Known(date), Fact::Known(now)) if date <= now => format!("Since {}", prose::moment(date)),
        _ if seen.vault_type == Fact::Known(VaultType::LogicallyAirGapped) => "Since it was made".to_owned(),
        _ => return,
    };
    let recorded = vault.prior.known().and_then(|it| it.lock.known());
    let wish = match &vault.lock {
        Fact::Absent => "the lock is to be removed".to_owned(),
        Fact::Known(wanted) if is_changed(wanted, seen, recorded) => {
            format!(
                "the lock is to become {}",
                written(wanted, wanted.changeable_for_days)
            )
        }
        Fact::Known(_) | Fact::Unknown => return,
    };
    let changeable = recorded.map_or(Fact::Unknown, |it| it.changeable_for_days);
    let is = VaultLock {
        min_retention_days: seen.min_retention_days,
        max_retention_days: seen.max_retention_days,
        changeable_for_days: changeable,
    };
    report.add(
        Subject::VaultLock,
        format!(
            "{since} nobody can change or remove the lock of the vault {name:?}, the root user and AWS included, \
             and {wish}."
        ),
        format!(
            "Leave it as it is: lock = {}. For other bounds make another vault, and let new backups go there.",
            written(&is, changeable)
        ),
    );
}

/// Whether a lock is to be another one. AWS does not tell for how long it could be changed; the record may.
fn is_changed(wanted: &VaultLock, seen: &ObservedVault, recorded: Option<&VaultLock>) -> bool {
    let is = VaultLock {
        min_retention_days: seen.min_retention_days,
        max_retention_days: seen.max_retention_days,
        changeable_for_days: match recorded.map(|it| it.changeable_for_days) {
            Some(Fact::Known(days)) => Fact::Known(days),
            _ => Fact::Unknown,
        },
    };
    wanted.differs(&is)
}

/// A lock as it is written in a configuration, as far as it is known.
fn written(lock: &VaultLock, changeable: Fact<i64>) -> String {
    let arguments: Vec<String> = [
        ("min_retention_days", lock.min_retention_days),
        ("max_retention_days", lock.max_retention_days),
        ("changeable_for_days", changeable),
    ]
    .into_iter()
    .filter_map(|(name, days)| Some(format!("{name} = {}", days.known()?)))
    .collect();
    if arguments.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", arguments.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, at, lock, locked_until, locked_vault, vault_changed};
    use crate::examples::aws_backup::air_gapped_vault;
    use crate::fact::Fact;
    use crate::facts::{Action, BackupVault, Facts, ObservedVault, PriorBackupVault, VaultLock};
    use crate::finding::Finding;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn final_lock(change: impl FnOnce(&mut BackupVault)) -> Option<Finding> {
        finding(&vault_changed(|it| {
            it.prior = Fact::Known(PriorBackupVault {
                name: "orders".into(),
                lock: Fact::Known(lock(Some(7), Some(60), Some(3))),
            });
            it.observed.vault = Fact::Known(ObservedVault {
                lock_date: Fact::Known(at("2025-11-01T00:00:00Z")),
                ..locked_vault(Some(7), Some(60))
            });
            it.lock = Fact::Known(lock(Some(7), Some(60), Some(3)));
            change(it);
        }))
    }

    #[test]
    fn the_lock_date_is_exact_and_told() {
        let found = finding(&locked_until("2025-11-20T09:00:00Z")).expect("a finding");
        assert!(
            found.detail.starts_with("Since 2025-11-20T09:00:00Z nobody"),
            "{}",
            found.detail
        );
        assert!(
            found.detail.ends_with("the lock is to be removed."),
            "{}",
            found.detail
        );
        assert!(
            found
                .fix
                .contains("lock = { min_retention_days = 7, changeable_for_days = 3 }."),
            "{}",
            found.fix
        );
        assert_eq!(finding(&locked_until("2025-11-20T09:00:01Z")), None);
        let timeless = Facts {
            now: Fact::Unknown,
            ..locked_until("2025-11-20T09:00:00Z")
        };
        assert_eq!(finding(&timeless), None);
    }

    #[test]
    fn each_number_counts_and_the_same_lock_may_stay() {
        let wanted = |wanted: VaultLock| final_lock(|it| it.lock = Fact::Known(wanted));
        assert_eq!(wanted(lock(Some(7), Some(60), Some(3))), None);
        for other in [
            lock(Some(6), Some(60), Some(3)),
            lock(Some(7), Some(61), Some(3)),
            lock(Some(7), None, Some(3)),
            lock(Some(7), Some(60), Some(4)),
            lock(Some(7), Some(60), None),
        ] {
            assert!(wanted(other.clone()).is_some(), "{other:?}");
        }
        let found = wanted(lock(None, None, None)).expect("a finding");
        assert!(found.detail.ends_with("is to become {}."), "{}", found.detail);
        assert_eq!(wanted(VaultLock::default()), None);
        assert_eq!(final_lock(|it| it.lock = Fact::Unknown), None);
        assert!(final_lock(|it| it.lock = Fact::Absent).is_some());
    }

    #[test]
    fn after_an_import_nobody_knows_for_how_long_it_could_be_changed() {
        for before in [Fact::Absent, Fact::Unknown] {
            let imported = final_lock(|it| {
                it.prior = Fact::Known(PriorBackupVault {
                    name: "orders".into(),
                    lock: Fact::Known(VaultLock {
                        changeable_for_days: before,
                        ..lock(Some(7), Some(60), None)
                    }),
                });
            });
            assert_eq!(imported, None);
        }
    }

    #[test]
    fn a_logically_air_gapped_vault_is_locked_since_it_was_made() {
        let changed = |seen: ObservedVault, max: i64| {
            finding(&vault_changed(|it| {
                it.vault_type = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT".into();
                it.observed.vault = Fact::Known(ObservedVault {
                    lock_date: Fact::Absent,
                    ..seen
                });
                it.lock = Fact::Known(lock(Some(7), Some(max), None));
            }))
        };
        let found = changed(air_gapped_vault(), 366).expect("a finding");
        assert!(
            found.detail.starts_with("Since it was made nobody"),
            "{}",
            found.detail
        );
        assert_eq!(changed(air_gapped_vault(), 365), None);
        assert_eq!(changed(locked_vault(Some(7), Some(365)), 366), None);
    }

    #[test]
    fn only_a_change_in_place_changes_the_lock() {
        for action in [Action::Create, Action::Replace, Action::Keep, Action::Destroy] {
            let facts = Facts {
                action: Fact::Known(action),
                ..locked_until("2025-11-20T09:00:00Z")
            };
            assert_eq!(finding(&facts), None, "{action:?}");
        }
        assert_eq!(
            final_lock(|it| {
                it.observed.vault = Fact::Unknown;
                it.lock = Fact::Absent;
            }),
            None
        );
    }
}
