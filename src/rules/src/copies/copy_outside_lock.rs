//! DBK-CPY-006: a copy that stays shorter or longer than the lock of the destination allows.

use crate::examples::aws_backup::copy;
use crate::fact::Fact;
use crate::facts::{ConfiguredCopy, Facts, LifecycleDays, RecoveryPointCopy};
use crate::finding::{Report, Severity};
use crate::limits::LIFECYCLE_NEVER;
use crate::prose::days;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CPY-006"),
    name: "copy_outside_lock",
    also: &[],
    area: Area::Copies,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Copy does not stay as long as the lock of the destination vault demands",
    why: "A vault with a lock takes only copies that stay for as many days as the lock allows. A copy that is \
          never deleted is beyond every maximum.",
    aws_error: Some("copy job FAILED"),
    source: "AWS Backup API reference, PutBackupVaultLockConfiguration",
    firing: || copy(|it| set_lock(it, Fact::Known(30), Fact::Absent, 29)),
    silent: || copy(|it| set_lock(it, Fact::Known(30), Fact::Absent, 30)),
    check,
};

/// Locks the destination, and keeps the copy for some days.
fn set_lock(copy: &mut RecoveryPointCopy, min: Fact<i64>, max: Fact<i64>, delete_after: i64) {
    if let Fact::Known(vault) = &mut copy.observed.destination.vault {
        vault.locked = Fact::Known(true);
        vault.min_retention_days = min;
        vault.max_retention_days = max;
    }
    copy.lifecycle = Fact::Known(LifecycleDays {
        move_to_cold_storage_after_days: Fact::Absent,
        delete_after_days: Fact::Known(delete_after),
    });
}

/// How long a copy stays.
#[derive(Clone, Copy)]
enum Stay {
    Days(i64),
    Forever,
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.copies() {
        let (Some(vault), Some(stay)) = (copy.at_destination.and_then(|it| it.vault.known()), stay(&copy))
        else {
            continue;
        };
        let (min, max) = (
            vault.min_retention_days.known().copied(),
            vault.max_retention_days.known().copied(),
        );
        let (is_short, is_long) = match stay {
            Stay::Days(given) => (
                min.is_some_and(|min| given < min),
                max.is_some_and(|max| given > max),
            ),
            Stay::Forever => (false, max.is_some()),
        };
        let (bound, nearest) = match (min, max) {
            (Some(min), _) if is_short => (format!("{} at least", days(min)), min),
            (_, Some(max)) if is_long => (format!("{} at most", days(max)), max),
            _ => continue,
        };
        let given = match stay {
            Stay::Days(given) => format!("The copy stays for {}", days(given)),
            Stay::Forever => "The copy is never deleted".to_owned(),
        };
        report.add(
            copy.delete_after(),
            format!(
                "{given}, and the lock of the vault {:?} of account {} in {} demands {bound}. The copy job would \
                 fail.",
                copy.destination.vault.as_str(),
                copy.destination.account,
                copy.destination.region
            ),
            format!("Set delete_after_days = {nearest} in the lifecycle of the copy, or copy into another vault."),
        );
    }
}

/// How long the copy stays, where that is known.
fn stay(copy: &ConfiguredCopy<'_>) -> Option<Stay> {
    let lifecycle = match copy.lifecycle {
        Fact::Known(lifecycle) => lifecycle,
        // What a plan leaves out may be taken from the rule (CPY-010).
        Fact::Absent => return copy.single.map(|_| Stay::Forever),
        Fact::Unknown => return None,
    };
    match lifecycle.delete_after_days {
        Fact::Known(LIFECYCLE_NEVER) | Fact::Absent => Some(Stay::Forever),
        Fact::Known(days) => Some(Stay::Days(days)),
        Fact::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, copy, set_lock};
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copying_plan};
    use crate::fact::Fact;
    use crate::facts::{Facts, LifecycleDays, Object, RecoveryPointCopy};
    use crate::finding::{Finding, Subject};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn of(min: Fact<i64>, max: Fact<i64>, delete_after: i64) -> Option<String> {
        finding(&copy(|it| set_lock(it, min, max, delete_after))).map(|it| it.fix)
    }

    #[test]
    fn the_bounds_themselves_are_allowed() {
        let (min, max) = (Fact::Known(30), Fact::Known(365));
        for (given, nearest) in [
            (29, Some("delete_after_days = 30 ")),
            (30, None),
            (365, None),
            (366, Some("delete_after_days = 365 ")),
            (-1, Some("delete_after_days = 365 ")),
        ] {
            let fix = of(min, max, given);
            assert_eq!(fix.is_some(), nearest.is_some(), "{given}");
            assert!(
                fix.unwrap_or_default().contains(nearest.unwrap_or_default()),
                "{given}"
            );
        }
        assert_eq!(of(Fact::Unknown, Fact::Unknown, 1), None);
        assert_eq!(of(Fact::Known(30), Fact::Absent, -1), None);
        assert_eq!(of(Fact::Absent, Fact::Known(30), 1), None);
    }

    #[test]
    fn what_is_left_out_stays_for_ever_unless_a_plan_leaves_it_out() {
        let forever = |change: fn(&mut RecoveryPointCopy)| {
            finding(&copy(|it| {
                set_lock(it, Fact::Absent, Fact::Known(365), 1);
                change(it);
            }))
            .map(|it| it.detail)
        };
        let said = forever(|it| it.lifecycle = Fact::Absent).expect("a finding");
        assert!(said.starts_with("The copy is never deleted, and"), "{said}");
        let unset = |it: &mut RecoveryPointCopy| it.lifecycle = Fact::Known(days(Fact::Absent));
        assert!(forever(unset).is_some());
        assert_eq!(forever(|it| it.lifecycle = Fact::Unknown), None);
        assert_eq!(
            forever(|it| it.lifecycle = Fact::Known(days(Fact::Unknown))),
            None
        );
    }

    fn days(delete_after_days: Fact<i64>) -> LifecycleDays {
        LifecycleDays {
            move_to_cold_storage_after_days: Fact::Absent,
            delete_after_days,
        }
    }

    #[test]
    fn a_plan_is_told_which_copy_action_it_is() {
        let plan = |lifecycle: Fact<LifecycleDays>| {
            let mut facts = copying_plan(FAR_VAULT_ARN, |it| {
                for there in it.observed.destinations.values_mut() {
                    if let Fact::Known(vault) = &mut there.vault {
                        vault.max_retention_days = Fact::Known(30);
                    }
                }
            });
            if let Object::BackupPlan(plan) = &mut facts.object
                && let Fact::Known(rules) = &mut plan.rules
            {
                for rule in rules.values_mut() {
                    if let Fact::Known(actions) = &mut rule.copy_actions {
                        actions[0].lifecycle = lifecycle;
                    }
                }
            }
            finding(&facts).map(|it| it.subject)
        };
        assert_eq!(
            plan(Fact::Known(days(Fact::Known(31)))),
            Some(Subject::CopyDeleteAfter("daily".to_owned(), 0))
        );
        assert_eq!(plan(Fact::Known(days(Fact::Known(30)))), None);
        assert_eq!(plan(Fact::Absent), None);
    }
}
