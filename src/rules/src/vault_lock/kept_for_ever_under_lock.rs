//! DBK-LCK-009: recovery points that could never be deleted by anybody.

use crate::examples::at;
use crate::examples::aws_backup::{locked_vault, plan, retained};
use crate::fact::Fact;
use crate::facts::{Facts, ObservedVault, Retention, VaultRole};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LCK-009"),
    name: "kept_for_ever_under_lock",
    also: &[],
    area: Area::VaultLock,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Backups will be kept and paid for ever, and nobody can delete them",
    why: "In a vault with a lock in compliance mode nobody can delete a recovery point before its retention ends. \
          Without delete_after_days it has no end, and without max_retention_days the lock does not insist on one: \
          it stays as long as the account does.",
    aws_error: None,
    source: "AWS Backup developer guide, Vault Lock; API reference, Lifecycle",
    firing: || kept_in(compliance()),
    silent: || kept_in(locked_vault(Some(7), None)),
    check,
};

/// A vault with a lock that nobody can change any more.
fn compliance() -> ObservedVault {
    ObservedVault {
        lock_date: Fact::Known(at("2025-10-01T00:00:00Z")),
        ..locked_vault(Some(7), None)
    }
}

/// A plan that keeps for ever, into such a vault.
fn kept_in(vault: ObservedVault) -> Facts {
    kept(Some(-1), vault)
}

/// A plan that keeps so long.
fn kept(days: Option<i64>, vault: ObservedVault) -> Facts {
    plan(|it| {
        it.rules = retained(days);
        it.observed.vaults = [("orders".to_owned(), Fact::Known(vault))].into();
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for used in facts.vault_uses() {
        let takes = matches!(
            used.role,
            VaultRole::Target | VaultRole::AirGappedTarget | VaultRole::Destination
        );
        let is_endless = used.retention == Fact::Known(Retention::Forever);
        let is_held = used
            .bounds()
            .is_some_and(|it| it.is_compliance && it.max.is_absent());
        if !(takes && is_endless && is_held) {
            continue;
        }
        report.add(
            used.retention_subject.clone(),
            format!(
                "What gets into {} here is kept for ever, and the lock of that vault is in \
                 compliance mode: once its lock date has come, nobody can ever delete it, neither the root user nor \
                 AWS. {}",
                used.words(&facts.caller.account),
                if used.repeats {
                    "Each run of the rule adds to what is paid from then on."
                } else {
                    "It is paid from then on."
                }
            ),
            "Say when it may go, for example delete_after_days = 2555 for seven years.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, at, compliance, kept, kept_in, locked_vault, plan, retained};
    use crate::examples::aws_backup::{copy, lock, recovery_point};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedVault, PlannedVault, VaultLock, VaultType};
    use crate::syntax::Region;

    fn is_warned(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    #[test]
    fn only_what_is_endless_under_compliance_without_a_bound() {
        for (days, warned) in [(None, true), (Some(-1), true), (Some(36_500), false)] {
            assert_eq!(is_warned(&kept(days, compliance())), warned, "{days:?}");
        }
        let into = |vault: ObservedVault| is_warned(&kept_in(vault));
        let grace = ObservedVault {
            lock_date: Fact::Known(at("2025-12-01T00:00:00Z")),
            ..compliance()
        };
        assert!(into(grace));
        assert!(into(compliance()));
        assert!(!into(locked_vault(Some(7), None)));
        assert!(!into(ObservedVault {
            max_retention_days: Fact::Known(365),
            ..compliance()
        }));
        assert!(!into(ObservedVault {
            max_retention_days: Fact::Unknown,
            ..compliance()
        }));
        assert!(!into(ObservedVault {
            locked: Fact::Known(false),
            ..compliance()
        }));
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..kept_in(compliance())
        };
        assert!(!is_warned(&destroyed));
    }

    #[test]
    fn a_lock_of_the_same_plan_counts() {
        let planned = |vault_type: VaultType, lock: VaultLock| {
            let mut facts = plan(|it| it.rules = retained(None));
            facts.neighbours.vaults = vec![PlannedVault {
                region: Region::parse("us-east-1").expect("a Region"),
                name: "orders".to_owned(),
                vault_type: Fact::Known(vault_type),
                lock: Fact::Known(lock),
                is_destroyed: false,
            }];
            is_warned(&facts)
        };
        assert!(planned(VaultType::Standard, lock(Some(7), None, Some(3))));
        assert!(!planned(VaultType::Standard, lock(Some(7), None, None)));
        assert!(!planned(VaultType::Standard, lock(Some(7), Some(9), Some(3))));
        assert!(planned(VaultType::LogicallyAirGapped, lock(Some(7), None, None)));
    }

    #[test]
    fn single_jobs_and_copies_are_told_apart() {
        let point = recovery_point(|it| it.observed.vault = Fact::Known(compliance()));
        let found = RULE.findings(&point);
        assert!(
            found[0].detail.ends_with("It is paid from then on."),
            "{}",
            found[0].detail
        );
        assert!(is_warned(&copy(
            |it| it.observed.destination.vault = Fact::Known(compliance())
        )));
        assert!(!is_warned(&copy(
            |it| it.observed.source_vault = Fact::Known(compliance())
        )));
    }
}
