//! DBK-LCK-005: a retention that the lock of the vault does not allow.

use crate::examples::aws_backup::{lock, plan, retained};
use crate::fact::Fact;
use crate::facts::{Action, Facts, PlannedVault, Retention, RetentionBounds, VaultRole, VaultType, VaultUse};
use crate::finding::{Report, Severity};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-LCK-005"),
    name: "retention_outside_lock",
    also: &[],
    area: Area::VaultLock,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Lock of the vault does not allow this retention",
    why: "A lock refuses every new recovery point whose retention is shorter or longer than its bounds, and with an \
          upper bound also one that is kept for ever. AWS Backup takes a plan all the same: its jobs fail, each \
          time, and nothing is backed up. For a plan that stays as it is, this is a warning.",
    aws_error: Some("backup or copy job FAILED"),
    source: "AWS Backup API reference, PutBackupVaultLockConfiguration; developer guide, Vault Lock",
    firing: || kept_under(31),
    silent: || kept_under(30),
    check,
};

/// A plan that keeps for 30 days, into a vault that the same plan makes and that demands so many.
fn kept_under(min: i64) -> Facts {
    let mut facts = plan(|it| it.rules = retained(Some(30)));
    facts.neighbours.vaults = vec![PlannedVault {
        region: Region::parse("us-east-1").expect("the Region of the examples"),
        name: "orders".to_owned(),
        vault_type: Fact::Known(VaultType::Standard),
        lock: Fact::Known(lock(Some(min), None, None)),
        is_destroyed: false,
    }];
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for used in facts.vault_uses() {
        let Some(bounds) = used.bounds() else { continue };
        let takes = match used.role {
            VaultRole::Target | VaultRole::AirGappedTarget => true,
            // What AWS shows of a destination is the business of the rule about copies.
            VaultRole::Destination => bounds.is_planned,
            VaultRole::Bypassed | VaultRole::Source => false,
        };
        let (true, Fact::Known(retention)) = (takes, used.retention) else {
            continue;
        };
        let Some((fault, fix)) = fault(retention, &bounds) else {
            continue;
        };
        let subject = used.retention_subject.clone();
        let detail = detail(facts, &used, &bounds, &fault);
        // Sources disagree on how long a copy stays whose lifecycle says nothing.
        let is_undecided = used.role == VaultRole::Destination && retention == Retention::Forever;
        if facts.action == Fact::Known(Action::Keep) || is_undecided {
            report.add_warning(subject, detail, fix);
        } else {
            report.add(subject, detail, fix);
        }
    }
}

/// How a retention breaks the bounds, and what to write instead.
fn fault(retention: Retention, bounds: &RetentionBounds) -> Option<(String, String)> {
    match (retention, bounds.min, bounds.max) {
        (Retention::Days(days), Fact::Known(min), _) if days < min => Some((
            format!("delete_after_days is {days}, and the lock of {{vault}} demands {min} at least"),
            format!("Write delete_after_days = {min} or more, or use another vault."),
        )),
        (Retention::Days(days), _, Fact::Known(max)) if days > max => Some((
            format!("delete_after_days is {days}, and the lock of {{vault}} allows {max} at most"),
            format!("Write delete_after_days = {max} or less, or use another vault."),
        )),
        (Retention::Forever, _, Fact::Known(max)) => Some((
            format!(
                "What gets in is kept for ever, and the lock of {{vault}} allows {} at \
                 most",
                prose::days(max)
            ),
            format!("Write delete_after_days = {max} or less, or use another vault."),
        )),
        _ => None,
    }
}

fn detail(facts: &Facts, used: &VaultUse<'_>, bounds: &RetentionBounds, fault: &str) -> String {
    let vault = used.words(&facts.caller.account);
    let source = if bounds.is_planned {
        ", as the same plan sets it"
    } else {
        ""
    };
    let end = if used.repeats {
        "AWS Backup takes the plan all the same, and its jobs fail, each time: nothing gets into the vault."
    } else {
        "The job fails."
    };
    format!("{}{source}. {end}", fault.replacen("{vault}", &vault, 1))
}

#[cfg(test)]
mod tests {
    use super::{RULE, kept_under, lock, plan, retained};
    use crate::examples::aws_backup::{
        FAR_VAULT_ARN, air_gapped_vault, copy, copying_plan, locked_vault, named, recovery_point, rule,
    };
    use crate::fact::Fact;
    use crate::facts::{
        Action, CopyAction, Facts, LifecycleDays, ObservedVault, PlanRule, PlannedVault, VaultType,
    };
    use crate::finding::{Finding, Severity, Subject};
    use crate::syntax::Region;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn days(days: Fact<i64>) -> Fact<LifecycleDays> {
        Fact::Known(LifecycleDays {
            move_to_cold_storage_after_days: Fact::Absent,
            delete_after_days: days,
        })
    }

    /// A plan that keeps so long, into a vault that AWS describes so.
    fn into(seen: ObservedVault, kept: Option<i64>) -> Option<Finding> {
        finding(&plan(|it| {
            it.rules = retained(kept);
            it.observed.vaults = [("orders".to_owned(), Fact::Known(seen))].into();
        }))
    }

    #[test]
    fn both_bounds_are_exact() {
        let seen = || locked_vault(Some(30), Some(60));
        for (kept, words) in [
            (Some(29), Some("demands 30 at least")),
            (Some(30), None),
            (Some(60), None),
            (Some(61), Some("allows 60 at most")),
            (Some(-1), Some("kept for ever")),
            (None, Some("kept for ever")),
        ] {
            let found = into(seen(), kept);
            assert_eq!(found.is_some(), words.is_some(), "{kept:?}");
            if let (Some(found), Some(words)) = (found, words) {
                assert!(found.detail.contains(words), "{}", found.detail);
                assert_eq!(found.severity, Severity::Error);
                assert_eq!(found.subject, Subject::PlanRuleDeleteAfter("daily".to_owned()));
            }
        }
        // Without an upper bound nothing is too long.
        assert_eq!(into(locked_vault(Some(30), None), None), None);
        assert_eq!(into(locked_vault(None, Some(60)), Some(1)), None);
        // What no vault takes is left to the rules about lifecycles.
        assert_eq!(into(seen(), Some(0)), None);
        assert_eq!(into(seen(), Some(36_501)), None);
    }

    #[test]
    fn a_vault_that_is_not_locked_takes_all() {
        for locked in [Fact::Known(false), Fact::Unknown, Fact::Absent] {
            let seen = ObservedVault {
                locked,
                ..locked_vault(Some(30), Some(60))
            };
            assert_eq!(into(seen, Some(1)), None);
        }
    }

    #[test]
    fn what_the_same_plan_sets_counts_instead_of_what_is() {
        let found = finding(&kept_under(31)).expect("a finding");
        assert!(
            found
                .detail
                .starts_with("delete_after_days is 30, and the lock of the vault \"orders\" demands 31 at least, as the same"),
            "{}",
            found.detail
        );
        let relaxed = |change: fn(&mut PlannedVault)| {
            let mut facts = kept_under(31);
            facts.neighbours.vaults.iter_mut().for_each(change);
            if let crate::facts::Object::BackupPlan(plan) = &mut facts.object {
                plan.observed.vaults =
                    [("orders".to_owned(), Fact::Known(locked_vault(Some(31), None)))].into();
            }
            finding(&facts)
        };
        assert!(relaxed(|_| ()).is_some());
        assert_eq!(relaxed(|it| it.lock = Fact::Absent), None);
        assert_eq!(relaxed(|it| it.lock = Fact::Unknown), None);
        assert_eq!(
            relaxed(|it| it.lock = Fact::Known(lock(Some(30), None, None))),
            None
        );
        assert_eq!(relaxed(|it| it.is_destroyed = true), None);
    }

    #[test]
    fn a_plan_that_stays_is_warned_of() {
        let facts = |action| Facts {
            action: Fact::Known(action),
            ..kept_under(31)
        };
        assert_eq!(
            finding(&facts(Action::Keep)).expect("a finding").severity,
            Severity::Warning
        );
        assert_eq!(
            finding(&facts(Action::Update)).expect("a finding").severity,
            Severity::Error
        );
        assert_eq!(finding(&facts(Action::Destroy)), None);
    }

    #[test]
    fn an_on_demand_recovery_point_is_judged_before_it_is_made() {
        let point = |action: Fact<Action>| {
            let facts = recovery_point(|it| {
                it.lifecycle = days(Fact::Known(29));
                it.observed.vault = Fact::Known(locked_vault(Some(30), None));
            });
            finding(&Facts { action, ..facts })
        };
        let found = point(Fact::Known(Action::Create)).expect("a finding");
        assert_eq!(found.subject, Subject::DeleteAfter);
        assert!(found.detail.ends_with("The job fails."), "{}", found.detail);
        assert!(point(Fact::Known(Action::Replace)).is_some() && point(Fact::Unknown).is_some());
        for action in [Action::Update, Action::Keep, Action::Destroy] {
            assert_eq!(point(Fact::Known(action)), None, "{action:?}");
        }
        let unknown = recovery_point(|it| {
            it.lifecycle = days(Fact::Unknown);
            it.observed.vault = Fact::Known(locked_vault(Some(30), Some(60)));
        });
        assert_eq!(finding(&unknown), None);
    }

    #[test]
    fn copies_are_judged_by_what_the_same_plan_sets() {
        let near = FAR_VAULT_ARN.replace("444455556666", "111122223333");
        let planned = || PlannedVault {
            region: Region::parse("us-east-1").expect("a Region"),
            name: "orders-copies".to_owned(),
            vault_type: Fact::Known(VaultType::Standard),
            lock: Fact::Known(lock(Some(30), Some(60), None)),
            is_destroyed: false,
        };
        let single = |lifecycle: Fact<LifecycleDays>, is_planned: bool| {
            let mut facts = copy(|it| {
                it.destination_vault_arn = near.as_str().into();
                it.lifecycle = lifecycle;
                it.observed.source_vault = Fact::Known(locked_vault(Some(300), None));
                it.observed.destination.vault = Fact::Known(locked_vault(Some(30), Some(60)));
            });
            if is_planned {
                facts.neighbours.vaults = vec![planned()];
            }
            finding(&facts)
        };
        let found = single(days(Fact::Known(29)), true).expect("a finding");
        assert_eq!(
            (found.severity, found.subject),
            (Severity::Error, Subject::DeleteAfter)
        );
        assert_eq!(single(days(Fact::Known(30)), true), None);
        assert_eq!(
            single(Fact::Absent, true).expect("a finding").severity,
            Severity::Warning
        );
        // What is there already is left to the rule about copies.
        assert_eq!(single(days(Fact::Known(29)), false), None);
        let mut repeated = copying_plan(&near, |it| {
            it.rules = named([(
                "daily",
                PlanRule {
                    copy_actions: Fact::Known(vec![
                        CopyAction::to(Fact::Unknown),
                        CopyAction {
                            lifecycle: days(Fact::Known(61)),
                            ..CopyAction::to(near.as_str())
                        },
                    ]),
                    ..rule()
                },
            )]);
        });
        repeated.neighbours.vaults = vec![planned()];
        let found = finding(&repeated).expect("a finding");
        assert_eq!(found.subject, Subject::CopyDeleteAfter("daily".to_owned(), 1));
        assert_eq!(found.severity, Severity::Error);
    }

    #[test]
    fn a_logically_air_gapped_target_takes_the_place_of_the_vault() {
        let facts = plan(|it| {
            it.rules = named([(
                "daily",
                PlanRule {
                    target_logically_air_gapped_vault_arn:
                        "arn:aws:backup:us-east-1:111122223333:backup-vault:safe".into(),
                    lifecycle: days(Fact::Known(6)),
                    ..rule()
                },
            )]);
            it.observed.vaults = [
                ("orders".to_owned(), Fact::Known(locked_vault(Some(300), None))),
                ("safe".to_owned(), Fact::Known(air_gapped_vault())),
            ]
            .into();
        });
        let findings = RULE.findings(&facts);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(
            findings[0].detail.contains("the vault \"safe\" demands 7"),
            "{}",
            findings[0].detail
        );
    }
}
