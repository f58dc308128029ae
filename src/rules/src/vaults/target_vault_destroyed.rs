//! DBK-VLT-012: a vault that the same plan fills and destroys.

use crate::examples::aws_backup::vault_destroyed;
use crate::facts::{Facts, PlannedVaultFiller, VaultRole};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-VLT-012"),
    name: "target_vault_destroyed",
    also: &[],
    area: Area::Vaults,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Backup vault is filled and destroyed by the same plan",
    why: "AWS deletes a vault that is empty, whether or not a backup plan names it. The plan stays, and every one \
          of its jobs fails from then on, where nobody looks.",
    aws_error: Some("none; backup jobs FAILED, later"),
    source: "AWS Backup developer guide, deleting a backup vault",
    firing: || filled_by(vec![filler("orders")]),
    silent: || filled_by(vec![filler("others")]),
    check,
};

/// A vault that goes, and what fills vaults.
fn filled_by(fillers: Vec<PlannedVaultFiller>) -> Facts {
    let mut facts = vault_destroyed(|_| ());
    facts.neighbours.vault_fillers = fillers;
    facts
}

/// A backup plan that fills a vault.
fn filler(vault: &str) -> PlannedVaultFiller {
    PlannedVaultFiller {
        region: Region::parse("us-east-1").expect("the Region of the examples"),
        vault_name: vault.to_owned(),
        plan_name: "daily".to_owned(),
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for used in facts.vault_uses() {
        let is_filled = !matches!(used.role, VaultRole::Source);
        if !is_filled || !used.planned.is_some_and(|it| it.is_destroyed) {
            continue;
        }
        report.add(
            used.subject.clone(),
            format!(
                "The vault {:?} takes recovery points here, and the same plan destroys it. {}",
                used.name,
                if used.repeats { LATER } else { "The job fails." }
            ),
            "Name another vault, or keep this one.",
        );
    }
    let Some(vault) = facts.backup_vault().filter(|_| facts.is_destroyed_for_good()) else {
        return;
    };
    let (Some(name), Some(here)) = (vault.existing_name().known(), facts.region().into_known()) else {
        return;
    };
    let mut plans: Vec<&str> = facts
        .neighbours
        .vault_fillers
        .iter()
        .filter(|it| it.vault_name == *name && it.region == here)
        .map(|it| it.plan_name.as_str())
        .collect();
    plans.dedup();
    if !plans.is_empty() {
        let noun = if plans.len() == 1 { "plan" } else { "plans" };
        report.add(
            Subject::Object,
            format!(
                "The vault {name:?} is to be destroyed, and takes the recovery points of the backup {noun} {} of \
                 this configuration. {LATER}",
                prose::quoted(plans, "and")
            ),
            "Let those rules name another vault, or keep this one.",
        );
    }
}

const LATER: &str = "AWS refuses neither, and every backup job fails from then on.";

#[cfg(test)]
mod tests {
    use super::{RULE, filled_by, filler};
    use crate::examples::aws_backup::{copy, plan, recovery_point, vault_changed};
    use crate::fact::Fact;
    use crate::facts::{Facts, PlannedVault};
    use crate::finding::{Finding, Subject};
    use crate::syntax::Region;

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn with_vault(mut facts: Facts, name: &str, is_destroyed: bool) -> Option<Finding> {
        facts.neighbours.vaults = vec![PlannedVault {
            region: Region::parse("us-east-1").expect("a Region"),
            name: name.to_owned(),
            vault_type: Fact::Absent,
            lock: Fact::Absent,
            is_destroyed,
        }];
        finding(&facts)
    }

    #[test]
    fn whoever_is_planned_later_says_it() {
        let found = with_vault(plan(|_| ()), "orders", true).expect("a finding");
        assert_eq!(found.subject, Subject::TargetVaultName("daily".to_owned()));
        assert!(
            found.detail.contains("every backup job fails"),
            "{}",
            found.detail
        );
        assert_eq!(with_vault(plan(|_| ()), "orders", false), None);
        assert_eq!(with_vault(plan(|_| ()), "others", true), None);
        let found = with_vault(recovery_point(|_| ()), "orders", true).expect("a finding");
        assert!(found.detail.ends_with("The job fails."), "{}", found.detail);
        // Out of a vault that goes, a copy saves what is in it.
        assert_eq!(with_vault(copy(|_| ()), "orders", true), None);
    }

    #[test]
    fn a_vault_that_goes_names_the_plans_that_fill_it() {
        let detail = finding(&filled_by(vec![filler("orders"), filler("orders")]))
            .expect("a finding")
            .detail;
        assert!(detail.contains("the backup plan \"daily\" of"), "{detail}");
        let weekly = crate::facts::PlannedVaultFiller {
            plan_name: "weekly".to_owned(),
            ..filler("orders")
        };
        let detail = finding(&filled_by(vec![filler("orders"), weekly]))
            .expect("a finding")
            .detail;
        assert!(
            detail.contains("the backup plans \"daily\" and \"weekly\" of"),
            "{detail}"
        );
        let elsewhere = crate::facts::PlannedVaultFiller {
            region: Region::parse("eu-west-1").expect("a Region"),
            ..filler("orders")
        };
        assert_eq!(finding(&filled_by(vec![elsewhere])), None);
        let mut stays = vault_changed(|_| ());
        stays.neighbours.vault_fillers = vec![filler("orders")];
        assert_eq!(finding(&stays), None);
    }
}
