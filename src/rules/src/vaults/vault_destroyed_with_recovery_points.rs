//! DBK-VLT-004: the destruction or the replacement of a vault that is not empty.

use jiff::{SignedDuration, Timestamp};

use crate::examples::aws_backup::vault_destroyed;
use crate::fact::Fact;
use crate::facts::{Action, BackupVault, Facts, ObservedVault, Stage, VaultType};
use crate::finding::{Report, Severity, Subject};
use crate::limits::LOCK_RETENTION_DAYS_MAX;
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-VLT-004"),
    name: "vault_destroyed_with_recovery_points",
    also: &["DBK-LCK-011", "DBK-VLT-002"],
    area: Area::Vaults,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Backup vault to be destroyed is not empty",
    why: "AWS deletes only an empty vault: recovery points, also those in cold storage and those that have \
          EXPIRED, must go first. Name, key and kind of a vault cannot be changed, so that another one replaces \
          the vault, and the same holds. force_destroy deletes the recovery points, for good, and is a warning. \
          While a vault is locked no recovery point can be deleted, so that the vault stays until the last one \
          has reached its end. Without force_destroy and without a lock, a plan warns only, because the recovery \
          points may be part of the same plan.",
    aws_error: Some(
        "InvalidRequestException: Backup vault cannot be deleted because it contains recovery points",
    ),
    source: "AWS Backup API model, DeleteBackupVault; developer guide, deleting a vault and Vault Lock",
    firing: || about_to_go(3),
    silent: || about_to_go(0),
    check,
};

/// A vault with so many recovery points whose destruction is about to start.
fn about_to_go(recovery_points: i64) -> Facts {
    Facts {
        stage: Stage::Apply,
        ..vault_destroyed(|it| {
            if let Fact::Known(vault) = &mut it.observed.vault {
                vault.recovery_points = Fact::Known(recovery_points);
            }
        })
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(vault) = facts.backup_vault().filter(|_| facts.is_destroyed()) else {
        return;
    };
    let Fact::Known(seen) = &vault.observed.vault else {
        return;
    };
    let Fact::Known(number @ 1..) = seen.recovery_points else {
        return;
    };
    let name = vault.existing_name().known().map_or("VAULT", String::as_str);
    let points = prose::count(number, "recovery point");
    let what = opening(facts, vault, name, &points);
    if seen.locked == Fact::Known(true) {
        let (detail, fix) = locked(facts, seen, name);
        return report.add(Subject::Object, format!("{what}{detail}"), fix);
    }
    match vault.force_destroy {
        Fact::Known(true) => report.add_warning(
            Subject::ForceDestroy,
            format!(
                "{what}force_destroy is true: {} deleted with it, for good. Nothing can bring back what they hold.",
                if number == 1 { "it is" } else { "they are all" }
            ),
            format!(
                "Go on if nobody needs them any more. See them with: aws backup \
                 list-recovery-points-by-backup-vault --backup-vault-name {name}"
            ),
        ),
        Fact::Known(false) | Fact::Absent => {
            let fix = format!(
                "To keep the vault and all that is in it in AWS, let Terraform forget it instead: \
                 {FORGET} To \
                 delete the recovery points with it, for good, set force_destroy = true and apply that first. \
                 See them with: aws backup list-recovery-points-by-backup-vault --backup-vault-name {name}"
            );
            if facts.stage == Stage::Apply {
                let detail = format!("{what}AWS deletes only an empty vault, so that this would fail.");
                report.add(Subject::ForceDestroy, detail, fix);
            } else {
                let detail = format!(
                    "{what}AWS deletes only an empty vault: unless the same plan destroys every one of them \
                     first, this fails and the vault stays."
                );
                report.add_warning(Subject::ForceDestroy, detail, fix);
            }
        }
        Fact::Unknown => {}
    }
}

const FORGET: &str = "terraform state rm, or a removed block with destroy = false.";

/// What is about to happen, in a sentence that ends with a space.
fn opening(facts: &Facts, vault: &BackupVault, name: &str, points: &str) -> String {
    if facts.action != Fact::Known(Action::Replace) {
        return format!("The vault {name:?} is to be destroyed, and holds {points}. ");
    }
    let why = match &vault.name {
        Fact::Known(new) if vault.is_renamed() => {
            format!("it is to have another name, {new:?}, and a vault keeps its name")
        }
        _ => "its key, its kind, its Region or, if it is logically air-gapped, its retention is to change, and a vault \
         keeps them".to_owned(),
    };
    format!("The vault {name:?} is to be replaced: {why}. It holds {points}. ")
}

/// Why nothing can be deleted out of a locked vault, until when, and what to do.
fn locked(facts: &Facts, seen: &ObservedVault, name: &str) -> (String, String) {
    let is_air_gapped = seen.vault_type == Fact::Known(VaultType::LogicallyAirGapped);
    let forget = format!("To be rid of it in Terraform, let Terraform forget it: {FORGET}");
    let now = facts.now.known();
    let is_past = |date: &Timestamp| now.is_some_and(|now| date <= now);
    let fact = "It is locked, so that nobody can delete them before their retention ends, and force_destroy does \
                not help.";
    match &seen.lock_date {
        Fact::Known(date) if !is_air_gapped && !is_past(date) => (
            format!(
                "{fact} The lock can be removed until {}, and never after that.",
                prose::moment(*date)
            ),
            unlock(name),
        ),
        Fact::Absent if !is_air_gapped => (
            format!("{fact} The lock is in governance mode: whoever is allowed to can remove it."),
            unlock(name),
        ),
        Fact::Known(_) | Fact::Absent => {
            let until = until(seen, now);
            (
                format!("{fact} Nobody can remove the lock either, the root user and AWS included.{until}"),
                format!("{forget} Destroy it when it is empty."),
            )
        }
        // The kind of lock is not known, and only AWS can tell.
        Fact::Unknown => (fact.to_owned(), forget),
    }
}

fn unlock(name: &str) -> String {
    format!(
        "To keep the recovery points, let Terraform forget the vault: {FORGET} Otherwise take lock out of this \
         object and apply that first, or run: aws backup delete-backup-vault-lock-configuration \
         --backup-vault-name {name}"
    )
}

/// Until when the vault holds recovery points: as they say themselves, or else at the longest that the lock allows.
fn until(seen: &ObservedVault, now: Option<&Timestamp>) -> String {
    match seen.emptied_at {
        Fact::Known(end) => {
            return format!(
                " By their lifecycles AWS Backup deletes the last of them at {}.",
                prose::moment(end)
            );
        }
        Fact::Absent => {
            return " At least one of them has no end: the vault is never empty by itself.".to_owned();
        }
        Fact::Unknown => {}
    }
    let (Fact::Known(days), Some(now)) = (seen.max_retention_days, now) else {
        return String::new();
    };
    let end = SignedDuration::from_hours(24 * days.clamp(0, LOCK_RETENTION_DAYS_MAX));
    let Ok(end) = now.checked_add(end) else {
        return String::new();
    };
    format!(
        " What was backed up under the lock stays for {} at most, until {} if nothing new comes in; older \
         recovery points stay as long as their own lifecycle says.",
        prose::days(days),
        prose::moment(end)
    )
}

#[cfg(test)]
mod tests {
    use super::{RULE, about_to_go, vault_destroyed};
    use crate::examples::at;
    use crate::examples::aws_backup::{air_gapped_vault, locked_vault, observed_vault, vault, vault_changed};
    use crate::fact::Fact;
    use crate::facts::{Action, BackupVault, Facts, ObservedVault};
    use crate::finding::{Finding, Severity, Subject};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn destroyed(seen: ObservedVault, force_destroy: Fact<bool>) -> Option<Finding> {
        finding(&vault_destroyed(|it| {
            it.observed.vault = Fact::Known(seen);
            it.force_destroy = force_destroy;
        }))
    }

    fn holding(recovery_points: Fact<i64>) -> ObservedVault {
        ObservedVault {
            recovery_points,
            ..observed_vault()
        }
    }

    #[test]
    fn what_the_recovery_points_say_themselves_is_told_first() {
        let ending = |emptied_at| {
            let facts = vault_destroyed(|it| {
                it.observed.vault = Fact::Known(ObservedVault {
                    recovery_points: Fact::Known(2),
                    emptied_at,
                    ..air_gapped_vault()
                });
            });
            let detail = finding(&facts).expect("it is not empty").detail;
            detail
                .split("AWS included.")
                .last()
                .unwrap_or_default()
                .to_owned()
        };
        assert_eq!(
            ending(Fact::Known(at("2026-01-05T08:00:00Z"))),
            " By their lifecycles AWS Backup deletes the last of them at 2026-01-05T08:00:00Z."
        );
        assert_eq!(
            ending(Fact::Absent),
            " At least one of them has no end: the vault is never empty by itself."
        );
        assert!(ending(Fact::Unknown).starts_with(" What was backed up under the lock stays"));
    }

    #[test]
    fn an_empty_vault_goes_without_a_word() {
        assert_eq!(destroyed(holding(Fact::Known(0)), Fact::Absent), None);
        assert_eq!(destroyed(holding(Fact::Unknown), Fact::Absent), None);
        let empty_and_locked = ObservedVault {
            recovery_points: Fact::Known(0),
            ..locked_vault(Some(7), None)
        };
        assert_eq!(destroyed(empty_and_locked, Fact::Absent), None);
        let found = destroyed(holding(Fact::Known(1)), Fact::Absent).expect("a finding");
        assert!(
            found.detail.contains("holds 1 recovery point."),
            "{}",
            found.detail
        );
    }

    #[test]
    fn without_force_destroy_the_same_plan_may_still_empty_it() {
        for force_destroy in [Fact::Absent, Fact::Known(false)] {
            let found = destroyed(holding(Fact::Known(3)), force_destroy).expect("a finding");
            assert_eq!(
                (found.severity, found.subject),
                (Severity::Warning, Subject::ForceDestroy)
            );
        }
        let found = finding(&about_to_go(3)).expect("a finding");
        assert_eq!(found.severity, Severity::Error);
        assert_eq!(destroyed(holding(Fact::Known(3)), Fact::Unknown), None);
    }

    #[test]
    fn force_destroy_says_what_it_deletes() {
        let text = |number| {
            let found = destroyed(holding(Fact::Known(number)), Fact::Known(true)).expect("a finding");
            assert_eq!(found.severity, Severity::Warning);
            found.detail
        };
        assert!(text(3).contains("holds 3 recovery points. force_destroy is true: they are all deleted"));
        assert!(text(1).contains("it is deleted"));
    }

    #[test]
    fn a_lock_says_until_when() {
        let with = |change: fn(&mut ObservedVault)| {
            let mut seen = locked_vault(Some(7), Some(30));
            change(&mut seen);
            destroyed(seen, Fact::Known(true)).expect("a finding")
        };
        let governance = with(|_| ());
        assert_eq!(
            (governance.severity, governance.subject.clone()),
            (Severity::Error, Subject::Object)
        );
        assert!(
            governance.detail.contains("governance mode"),
            "{}",
            governance.detail
        );
        assert!(
            governance.fix.contains("delete-backup-vault-lock-configuration"),
            "{}",
            governance.fix
        );
        let grace = with(|it| it.lock_date = Fact::Known(at("2025-11-20T09:00:01Z")));
        assert!(
            grace
                .detail
                .contains("can be removed until 2025-11-20T09:00:01Z, and never"),
            "{}",
            grace.detail
        );
        let last = with(|it| it.lock_date = Fact::Known(at("2025-11-20T09:00:00Z")));
        assert!(
            last.detail.contains("Nobody can remove the lock either"),
            "{}",
            last.detail
        );
        assert!(
            last.detail
                .contains("for 30 days at most, until 2025-12-20T09:00:00Z"),
            "{}",
            last.detail
        );
        let open = with(|it| {
            it.lock_date = Fact::Known(at("2025-11-20T09:00:00Z"));
            it.max_retention_days = Fact::Absent;
        });
        assert!(open.detail.ends_with("AWS included."), "{}", open.detail);
        let untold = with(|it| it.lock_date = Fact::Unknown);
        assert!(untold.detail.ends_with("does not help."), "{}", untold.detail);
        let air_gapped = destroyed(air_gapped_vault(), Fact::Known(true)).expect("a finding");
        assert!(
            air_gapped.detail.contains("Nobody can remove"),
            "{}",
            air_gapped.detail
        );
        let without_date = destroyed(
            ObservedVault {
                lock_date: Fact::Absent,
                ..air_gapped_vault()
            },
            Fact::Absent,
        );
        assert!(
            without_date
                .expect("a finding")
                .detail
                .contains("Nobody can remove")
        );
    }

    #[test]
    fn without_a_clock_a_lock_date_is_told_and_no_end() {
        let facts = Facts {
            now: Fact::Unknown,
            ..vault_destroyed(|it| {
                it.observed.vault = Fact::Known(ObservedVault {
                    lock_date: Fact::Known(at("2025-11-01T00:00:00Z")),
                    ..locked_vault(Some(7), Some(30))
                });
            })
        };
        let detail = finding(&facts).expect("a finding").detail;
        assert!(detail.contains("until 2025-11-01T00:00:00Z"), "{detail}");
    }

    #[test]
    fn a_replacement_says_what_cannot_be_changed() {
        let replaced = |change: fn(&mut BackupVault)| {
            finding(&Facts {
                action: Fact::Known(Action::Replace),
                ..vault_changed(change)
            })
        };
        let detail = replaced(|_| ()).expect("a finding").detail;
        assert!(detail.contains("its key, its kind, its Region or"), "{detail}");
        let detail = replaced(|it| {
            it.name = "orders-2".into();
        })
        .expect("a finding")
        .detail;
        assert!(
            detail.starts_with(
                "The vault \"orders\" is to be replaced: it is to have another name, \"orders-2\""
            ),
            "{detail}"
        );
        assert_eq!(replaced(|it| it.observed.vault = Fact::Unknown), None);
    }

    #[test]
    fn a_vault_that_stays_is_not_judged() {
        for action in [Action::Create, Action::Update, Action::Keep] {
            let facts = Facts {
                action: Fact::Known(action),
                ..vault_changed(|_| ())
            };
            assert_eq!(finding(&facts), None, "{action:?}");
        }
        assert_eq!(finding(&vault(|_| ())), None);
    }
}
