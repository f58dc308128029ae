//! DBK-LCK-007: the deletion of a recovery point in a locked vault, or a change of its lifecycle.

use jiff::Timestamp;

use crate::examples::aws_backup::{locked_vault, observed_vault, recovery_point_destroyed};
use crate::fact::Fact;
use crate::facts::{
    Action, Facts, LifecycleDays, Object, ObservedVault, PriorRecoveryPoint, VaultType, differ,
};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Region, VaultArn};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LCK-007"),
    name: "deletion_in_locked_vault",
    also: &[],
    area: Area::VaultLock,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Lock of the vault protects the recovery point",
    why: "As long as a vault is locked, in either mode and also before the lock date, nobody can delete a recovery \
          point in it or change its lifecycle. It goes when its retention ends.",
    aws_error: Some("InvalidRequestException or AccessDeniedException"),
    source: "AWS Backup API reference, PutBackupVaultLockConfiguration; developer guide, Vault Lock",
    firing: || in_vault(locked_vault(Some(7), None)),
    silent: || in_vault(observed_vault()),
    check,
};

/// A recovery point about to be deleted out of a vault.
fn in_vault(vault: ObservedVault) -> Facts {
    recovery_point_destroyed(|it| it.observed.vault = Fact::Known(vault))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    if let Some(deletion) = facts.deletion() {
        let Some(seen) = locked(deletion.vault) else {
            return;
        };
        let name = &deletion.vault_name;
        if is_unlocked_here(facts, name) {
            return;
        }
        report.add(
            Subject::RetainOnDestroy,
            format!(
                "{} is to be deleted, and its vault, {name:?}, is locked. The destroy fails and changes nothing{}.",
                deletion.what,
                end(deletion.deletes_at)
            ),
            format!(
                "To leave it in AWS until its retention ends, set retain_on_destroy = true and apply that first.{}",
                way_out(facts, seen, name)
            ),
        );
    } else if let Some((vault, name)) = changed_lifecycle(facts)
        && let Some(seen) = locked(vault)
        && !is_unlocked_here(facts, &name)
    {
        report.add(
            Subject::Lifecycle,
            format!(
                "The lifecycle of the recovery point is to change, and its vault, {name:?}, is locked. AWS Backup \
                 refuses that."
            ),
            format!("Leave recovery_point_lifecycle as it was.{}", way_out(facts, seen, &name)),
        );
    }
}

/// Until when the recovery point stays, as the end of a sentence.
fn end(deletes_at: Fact<Timestamp>) -> String {
    match deletes_at {
        Fact::Known(at) => format!(": AWS Backup deletes it from {} on", prose::moment(at)),
        Fact::Absent => ": nothing says that AWS Backup ever deletes it".to_owned(),
        Fact::Unknown => String::new(),
    }
}

/// The vault, if it is locked for certain.
fn locked(vault: &Fact<ObservedVault>) -> Option<&ObservedVault> {
    vault.known().filter(|it| it.locked == Fact::Known(true))
}

/// Whether the same plan takes the lock away from a vault of this account.
fn is_unlocked_here(facts: &Facts, name: &str) -> bool {
    let here = holding_region(facts);
    facts.neighbours.vaults.iter().any(|it| {
        it.name == name && it.lock.is_absent() && !it.is_destroyed && here.as_ref() == Some(&it.region)
    })
}

/// The Region of the vault that holds the recovery point, if it is one of this account.
fn holding_region(facts: &Facts) -> Option<Region> {
    match &facts.object {
        Object::RecoveryPointCopy(it) => {
            let arn = VaultArn::parse(it.destination_vault_arn.known()?).ok()?;
            let is_own = facts.caller.account.is_known_and(|it| *it == arn.account);
            is_own.then_some(arn.region)
        }
        _ => facts.region().into_known(),
    }
}

/// How the lock can be removed, if it can.
fn way_out(facts: &Facts, seen: &ObservedVault, name: &str) -> String {
    if seen.vault_type == Fact::Known(VaultType::LogicallyAirGapped) {
        return " The lock of a logically air-gapped vault can never be removed.".to_owned();
    }
    match (seen.lock_date, facts.now) {
        (Fact::Absent, _) => format!(
            " The lock is in governance mode; whoever is allowed to can remove it: aws backup \
             delete-backup-vault-lock-configuration --backup-vault-name {name}"
        ),
        (Fact::Known(date), Fact::Known(now)) if date > now => format!(
            " Until {} the lock can be removed: aws backup delete-backup-vault-lock-configuration \
             --backup-vault-name {name}",
            prose::moment(date)
        ),
        (Fact::Known(date), Fact::Known(_)) => {
            format!(" Nobody can remove the lock, since {}.", prose::moment(date))
        }
        _ => String::new(),
    }
}

/// The vault of a recovery point whose lifecycle is to change in place, with its name for a message.
fn changed_lifecycle(facts: &Facts) -> Option<(&Fact<ObservedVault>, String)> {
    if facts.action != Fact::Known(Action::Update) {
        return None;
    }
    let (prior, lifecycle, vault, name) = match &facts.object {
        Object::RecoveryPoint(it) => (
            &it.prior,
            &it.lifecycle,
            &it.observed.vault,
            it.vault_name.known().cloned(),
        ),
        Object::RecoveryPointCopy(it) => (
            &it.prior,
            &it.lifecycle,
            &it.observed.destination.vault,
            it.destination_vault_arn
                .known()
                .and_then(|it| VaultArn::parse(it).ok())
                .map(|it| it.vault.to_string()),
        ),
        _ => return None,
    };
    let Fact::Known(PriorRecoveryPoint {
        lifecycle: before, ..
    }) = prior
    else {
        return None;
    };
    is_another(before, lifecycle).then(|| (vault, name.unwrap_or_else(|| "VAULT".to_owned())))
}

/// Whether a lifecycle is certainly not the one that was. None is one without an end and without cold storage.
fn is_another(before: &Fact<LifecycleDays>, after: &Fact<LifecycleDays>) -> bool {
    let never = LifecycleDays {
        move_to_cold_storage_after_days: Fact::Absent,
        delete_after_days: Fact::Absent,
    };
    let (Fact::Known(before), Fact::Known(after)) =
        (before.or(Fact::Known(never)), after.or(Fact::Known(never)))
    else {
        return false;
    };
    differ(before.delete_after_days, after.delete_after_days)
        || differ(
            before.move_to_cold_storage_after_days,
            after.move_to_cold_storage_after_days,
        )
}

#[cfg(test)]
mod tests {
    use super::{RULE, in_vault, locked_vault, observed_vault, recovery_point_destroyed};
    use crate::examples::at;
    use crate::examples::aws_backup::{FAR_VAULT_ARN, RECOVERY_POINT_ARN, air_gapped_vault, copy};
    use crate::fact::Fact;
    use crate::facts::{
        Action, Facts, LifecycleDays, ObservedVault, PlannedVault, PriorRecoveryPoint, VaultLock,
    };
    use crate::finding::{Finding, Subject};
    use crate::syntax::Region;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn prior(lifecycle: Fact<LifecycleDays>) -> Fact<PriorRecoveryPoint> {
        Fact::Known(PriorRecoveryPoint {
            arn: RECOVERY_POINT_ARN.into(),
            lifecycle,
            deletes_at: Fact::Unknown,
        })
    }

    fn days(cold: Option<i64>, delete: Option<i64>) -> Fact<LifecycleDays> {
        Fact::Known(LifecycleDays {
            move_to_cold_storage_after_days: Fact::from_option(cold),
            delete_after_days: Fact::from_option(delete),
        })
    }

    #[test]
    fn the_end_of_the_retention_is_told_where_it_is_known() {
        let ending = |deletes_at| {
            let facts = recovery_point_destroyed(|it| {
                it.observed.vault = Fact::Known(locked_vault(Some(7), None));
                if let Fact::Known(prior) = &mut it.prior {
                    prior.deletes_at = deletes_at;
                }
            });
            let detail = finding(&facts).expect("it is locked").detail;
            detail
                .split("changes nothing")
                .last()
                .unwrap_or_default()
                .to_owned()
        };
        assert_eq!(
            ending(Fact::Known(at("2026-12-21T08:00:00Z"))),
            ": AWS Backup deletes it from 2026-12-21T08:00:00Z on."
        );
        assert_eq!(
            ending(Fact::Absent),
            ": nothing says that AWS Backup ever deletes it."
        );
        assert_eq!(ending(Fact::Unknown), ".");
    }

    #[test]
    fn a_locked_vault_holds_what_is_in_it() {
        let found = finding(&in_vault(locked_vault(None, None))).expect("a finding");
        assert!(found.detail.starts_with(RECOVERY_POINT_ARN), "{}", found.detail);
        assert_eq!(finding(&in_vault(observed_vault())), None);
        let unseen = ObservedVault {
            locked: Fact::Unknown,
            ..locked_vault(Some(7), None)
        };
        assert_eq!(finding(&in_vault(unseen)), None);
        let retained = recovery_point_destroyed(|it| {
            it.retain_on_destroy = Fact::Known(true);
            it.observed.vault = Fact::Known(locked_vault(None, None));
        });
        assert_eq!(finding(&retained), None);
    }

    #[test]
    fn the_way_out_depends_on_the_mode() {
        let fix = |change: fn(&mut ObservedVault)| {
            let mut vault = locked_vault(Some(7), None);
            change(&mut vault);
            finding(&in_vault(vault)).expect("a finding").fix
        };
        assert!(fix(|_| ()).contains("governance mode"));
        let grace = fix(|it| it.lock_date = Fact::Known(at("2025-11-20T09:00:01Z")));
        assert!(
            grace.contains("Until 2025-11-20T09:00:01Z the lock can be removed"),
            "{grace}"
        );
        let last = fix(|it| it.lock_date = Fact::Known(at("2025-11-20T09:00:00Z")));
        assert!(
            last.ends_with("Nobody can remove the lock, since 2025-11-20T09:00:00Z."),
            "{last}"
        );
        assert!(fix(|it| it.lock_date = Fact::Unknown).ends_with("apply that first."));
        assert!(fix(|it| *it = air_gapped_vault()).ends_with("can never be removed."));
    }

    #[test]
    fn a_copy_is_held_by_the_vault_it_went_to() {
        let facts = |action: Action| Facts {
            action: Fact::Known(action),
            ..copy(|it| {
                it.prior = prior(Fact::Absent);
                it.observed.destination.vault = Fact::Known(locked_vault(Some(7), None));
            })
        };
        let found = finding(&facts(Action::Destroy)).expect("a finding");
        assert!(
            found.detail.contains("its vault, \"orders-copies\", is locked"),
            "{}",
            found.detail
        );
        assert!(finding(&facts(Action::Replace)).is_some());
        assert_eq!(finding(&facts(Action::Update)), None);
        let source = copy(|it| it.observed.source_vault = Fact::Known(locked_vault(Some(7), None)));
        assert_eq!(
            finding(&Facts {
                action: Fact::Known(Action::Destroy),
                ..source
            }),
            None
        );
    }

    #[test]
    fn a_lock_that_the_same_plan_removes_is_in_nobodys_way() {
        let with = |name: &str, region: &str, lock: Fact<VaultLock>, is_destroyed: bool| {
            let mut facts = in_vault(locked_vault(Some(7), None));
            facts.neighbours.vaults = vec![PlannedVault {
                region: Region::parse(region).expect("a Region"),
                name: name.to_owned(),
                vault_type: Fact::Unknown,
                lock,
                is_destroyed,
            }];
            finding(&facts).is_some()
        };
        assert!(!with("orders", "us-east-1", Fact::Absent, false));
        assert!(with("others", "us-east-1", Fact::Absent, false));
        assert!(with("orders", "eu-west-1", Fact::Absent, false));
        assert!(with("orders", "us-east-1", Fact::Unknown, false));
        assert!(with("orders", "us-east-1", Fact::Absent, true));
    }

    #[test]
    fn what_the_same_plan_does_reaches_no_other_account() {
        let copied_to = |account: &str| {
            let mut facts = copy(|it| {
                it.destination_vault_arn = Fact::Known(FAR_VAULT_ARN.replace("444455556666", account));
                it.observed.destination.vault = Fact::Known(locked_vault(Some(7), None));
            });
            facts.action = Fact::Known(Action::Destroy);
            facts.neighbours.vaults = vec![PlannedVault {
                region: Region::parse("us-east-1").expect("a Region"),
                name: "orders-copies".to_owned(),
                vault_type: Fact::Unknown,
                lock: Fact::Absent,
                is_destroyed: false,
            }];
            finding(&facts).is_some()
        };
        assert!(copied_to("444455556666") && !copied_to("111122223333"));
    }

    #[test]
    fn a_lifecycle_is_held_as_well() {
        let changed = |before: Fact<LifecycleDays>, after: Fact<LifecycleDays>, vault: ObservedVault| {
            let facts = recovery_point_destroyed(|it| {
                it.prior = prior(before);
                it.lifecycle = after;
                it.observed.vault = Fact::Known(vault);
            });
            finding(&Facts {
                action: Fact::Known(Action::Update),
                ..facts
            })
        };
        let locked = || locked_vault(Some(7), None);
        let found = changed(days(None, Some(35)), days(None, Some(36)), locked()).expect("a finding");
        assert_eq!(found.subject, Subject::Lifecycle);
        assert!(
            found.detail.contains("its vault, \"orders\", is locked"),
            "{}",
            found.detail
        );
        assert_eq!(
            changed(days(None, Some(35)), days(None, Some(36)), observed_vault()),
            None
        );
        assert!(changed(days(None, Some(135)), days(Some(30), Some(135)), locked()).is_some());
        assert!(changed(Fact::Absent, days(None, Some(35)), locked()).is_some());
        assert_eq!(changed(Fact::Absent, days(None, None), locked()), None);
        assert_eq!(
            changed(days(None, Some(35)), days(None, Some(35)), locked()),
            None
        );
        assert_eq!(changed(Fact::Unknown, days(None, Some(35)), locked()), None);
        assert_eq!(changed(days(None, Some(35)), Fact::Unknown, locked()), None);
    }

    #[test]
    fn the_lifecycle_of_a_copy_is_held_where_it_went() {
        let facts = copy(|it| {
            it.prior = prior(days(None, Some(35)));
            it.lifecycle = days(None, Some(36));
            it.observed.destination.vault = Fact::Known(locked_vault(Some(7), None));
        });
        let during = |action: Action| {
            finding(&Facts {
                action: Fact::Known(action),
                ..facts.clone()
            })
        };
        let found = during(Action::Update).expect("a finding");
        assert!(found.detail.contains("\"orders-copies\""), "{}", found.detail);
        assert_eq!(during(Action::Keep), None);
        assert_eq!(during(Action::Create), None);
    }
}
