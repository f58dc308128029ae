//! DBK-VLT-001: a vault that does not exist where it is used.

use super::report_mendable;
use crate::examples::aws_backup::{observed_vault, recovery_point};
use crate::fact::Fact;
use crate::facts::{Facts, ObservedVault, Stage, VaultRole, VaultUse};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-VLT-001"),
    name: "vault_missing",
    also: &[],
    area: Area::Vaults,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Backup vault does not exist",
    why: "A job needs its vault in the account and the Region in which it runs. AWS Backup takes a plan that \
          names a vault which does not exist, and its jobs fail later. The vault \"Default\" is there only once \
          somebody has opened AWS Backup in the console. While a plan is made this is a warning, because the \
          vault may still be made.",
    aws_error: Some("ResourceNotFoundException; for a plan, jobs FAILED later"),
    source: "AWS Backup API model, StartBackupJob; developer guide, backup vaults",
    firing: || in_vault(Fact::Absent),
    silent: || in_vault(Fact::Known(observed_vault())),
    check,
};

/// A recovery point that is about to be made in a vault.
fn in_vault(vault: Fact<ObservedVault>) -> Facts {
    Facts {
        stage: Stage::Apply,
        ..recovery_point(|it| it.observed.vault = vault)
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for used in facts.vault_uses() {
        // The destination of a copy may be anywhere, and the rules about copies judge it; its source is named with a
        // recovery point that is there, so that the copy itself says more.
        let is_judged = !matches!(used.role, VaultRole::Destination | VaultRole::Source);
        if !is_judged || !used.seen.is_absent() || used.planned.is_some_and(|it| !it.is_destroyed) {
            continue;
        }
        let place = used
            .region
            .known()
            .map_or(String::new(), |it| format!(" in {it}"));
        let mut detail = format!("There is no vault {:?}{place}.", used.name);
        if used.name == "Default" {
            detail.push_str(
                " The console of AWS Backup makes it when somebody opens it there for the first time.",
            );
        }
        report_mendable(facts, &used, report, &detail, fix(&used));
    }
}

fn fix(used: &VaultUse<'_>) -> String {
    format!(
        "Give a vault that exists, or make this one and refer to it, so that it is made first: resource \
         \"dynamodb_backup_vault\" \"example\" {{ name = {:?} }}.",
        used.name
    )
}

#[cfg(test)]
mod tests {
    use super::{RULE, in_vault, observed_vault, recovery_point};
    use crate::examples::aws_backup::{air_gapped_vault, copy, named, plan, rule};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedVault, PlanRule, PlannedVault, Stage};
    use crate::finding::{Finding, Severity, Subject};
    use crate::syntax::Region;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn plan_with(vault: Option<Fact<ObservedVault>>) -> Facts {
        plan(|it| {
            it.observed.vaults = vault.into_iter().map(|it| ("orders".to_owned(), it)).collect();
        })
    }

    #[test]
    fn a_job_that_is_about_to_start_fails_and_one_to_come_may_not() {
        let found = finding(&in_vault(Fact::Absent)).expect("a finding");
        assert_eq!(found.severity, Severity::Error);
        assert!(found.detail.ends_with("The job would fail."), "{}", found.detail);
        let found = finding(&recovery_point(|it| it.observed.vault = Fact::Absent)).expect("a finding");
        assert_eq!(found.severity, Severity::Warning);
        assert!(found.detail.contains("Unless that changes"), "{}", found.detail);
        assert_eq!(finding(&in_vault(Fact::Unknown)), None);
        assert_eq!(finding(&in_vault(Fact::Known(observed_vault()))), None);
    }

    #[test]
    fn a_plan_is_taken_all_the_same() {
        let facts = Facts {
            stage: Stage::Apply,
            ..plan_with(Some(Fact::Absent))
        };
        let found = finding(&facts).expect("a finding");
        assert_eq!(found.severity, Severity::Warning);
        assert_eq!(found.subject, Subject::TargetVaultName("daily".to_owned()));
        assert!(
            found.detail.contains("takes the plan all the same"),
            "{}",
            found.detail
        );
        assert_eq!(finding(&plan_with(None)), None);
        assert_eq!(finding(&plan_with(Some(Fact::Unknown))), None);
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..plan_with(Some(Fact::Absent))
        };
        assert_eq!(finding(&destroyed), None);
    }

    #[test]
    fn a_logically_air_gapped_target_must_exist_as_well() {
        let facts = |vault: Fact<ObservedVault>| {
            plan(|it| {
                it.rules = named([(
                    "daily",
                    PlanRule {
                        target_logically_air_gapped_vault_arn:
                            "arn:aws:backup:us-east-1:111122223333:backup-vault:safe".into(),
                        ..rule()
                    },
                )]);
                it.observed.vaults.insert("safe".to_owned(), vault);
            })
        };
        let found = finding(&facts(Fact::Absent)).expect("a finding");
        assert_eq!(found.subject, Subject::TargetAirGappedVault("daily".to_owned()));
        assert_eq!(finding(&facts(Fact::Known(air_gapped_vault()))), None);
    }

    #[test]
    fn what_the_same_plan_makes_will_be_there() {
        let with = |is_destroyed: bool, name: &str| {
            let mut facts = plan_with(Some(Fact::Absent));
            facts.neighbours.vaults = vec![PlannedVault {
                region: Region::parse("us-east-1").expect("a Region"),
                name: name.to_owned(),
                vault_type: Fact::Unknown,
                lock: Fact::Absent,
                is_destroyed,
            }];
            finding(&facts).is_some()
        };
        assert!(!with(false, "orders"));
        assert!(with(true, "orders"));
        assert!(with(false, "Orders"));
    }

    #[test]
    fn both_ends_of_a_copy_are_left_to_the_copy() {
        for facts in [
            copy(|it| it.observed.source_vault = Fact::Absent),
            copy(|it| it.observed.destination.vault = Fact::Absent),
        ] {
            assert_eq!(finding(&facts), None);
        }
    }

    #[test]
    fn the_default_vault_is_made_by_the_console() {
        let detail = |name: &str| {
            let facts = recovery_point(|it| {
                it.vault_name = name.into();
                it.observed.vault = Fact::Absent;
            });
            finding(&facts).expect("a finding").detail
        };
        assert!(detail("Default").contains("console"));
        assert!(!detail("default").contains("console"));
    }
}
