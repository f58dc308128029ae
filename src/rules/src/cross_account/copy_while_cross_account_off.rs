//! DBK-XAC-004: a copy to another account in an organization that has cross-account backup switched off.

use super::{about_to_start, report_mendable};
use crate::examples::aws_backup::copy;
use crate::fact::Fact;
use crate::facts::{Facts, Stage};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-004"),
    name: "copy_while_cross_account_off",
    also: &[],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeGlobalSettings"],
    title: "Cross-account backup is switched off in the organization",
    why: "AWS Backup copies nothing between accounts until the management account of the organization has \
          switched that on, once, for the whole organization. While a plan is made this is a warning, because \
          the same configuration may switch it on.",
    aws_error: Some("copy job FAILED, or InvalidRequestException"),
    source: "AWS Backup API reference, UpdateGlobalSettings; developer guide, cross-account backup",
    firing: || {
        about_to_start(copy(|it| {
            it.observed.account.cross_account_backup = Fact::Known(false)
        }))
    },
    silent: || {
        about_to_start(copy(|it| {
            it.observed.account.cross_account_backup = Fact::Known(true)
        }))
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.cross_account_copies() {
        if copy.at_source.cross_account_backup != Fact::Known(false) {
            continue;
        }
        // A job of a plan runs later; a single copy that is about to start sees what AWS has now.
        let may_wait = copy.single.is_none() || facts.stage == Stage::Plan;
        if may_wait && facts.neighbours.switch_cross_account_backup_on() {
            continue;
        }
        let manager = match &copy.at_source.organization {
            Fact::Known(organization) => organization.management_account.known(),
            Fact::Absent | Fact::Unknown => None,
        };
        let command = "aws backup update-global-settings --global-settings isCrossAccountBackupEnabled=true";
        let is_own = manager.is_some_and(|it| copy.account.is_known_and(|account| account == it));
        let fix = match manager {
            Some(_) if is_own => format!(
                "This account manages the organization: set cross_account_backup = true in a \
                 dynamodb_backup_settings, or switch it on by hand: {command}"
            ),
            Some(manager) => format!("Switch it on in the management account, {manager}: {command}"),
            None => format!("Switch it on in the management account of the organization: {command}"),
        };
        report_mendable(
            facts,
            &copy,
            report,
            &format!(
                "The copy goes from account {} to account {}, and the organization has cross-account backup \
                 switched off.",
                copy.source_account(),
                copy.destination.account
            ),
            fix,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, about_to_start, copy};
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copying_plan, organization};
    use crate::fact::Fact;
    use crate::facts::{Facts, Organization, PlannedBackupSettings};
    use crate::finding::{Finding, Severity};
    use crate::syntax::{AccountId, Region};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn switched(state: Fact<bool>) -> Facts {
        copy(|it| it.observed.account.cross_account_backup = state)
    }

    #[test]
    fn a_switch_that_is_off_is_an_error_only_when_the_copy_starts() {
        let severity = |facts: &Facts| finding(facts).map(|it| it.severity);
        assert_eq!(severity(&switched(Fact::Known(false))), Some(Severity::Warning));
        assert_eq!(
            severity(&about_to_start(switched(Fact::Known(false)))),
            Some(Severity::Error)
        );
        for state in [Fact::Known(true), Fact::Absent, Fact::Unknown] {
            assert_eq!(severity(&about_to_start(switched(state))), None);
        }
        let plan = copying_plan(FAR_VAULT_ARN, |it| {
            it.observed.account.cross_account_backup = Fact::Known(false);
        });
        let plan = finding(&about_to_start(plan)).expect("a finding");
        assert_eq!(plan.severity, Severity::Warning);
        assert!(
            plan.detail.contains("the backups themselves are made"),
            "{}",
            plan.detail
        );
    }

    #[test]
    fn what_the_same_plan_switches_on_matters_until_a_single_copy_starts() {
        let beside = |mut facts: Facts, setting: Fact<bool>| {
            facts.neighbours.settings.push(PlannedBackupSettings {
                // The switch is one for all Regions.
                region: Region::parse("eu-west-1").expect("a Region"),
                opt_in: Fact::Known(true),
                advanced_features: Fact::Known(true),
                cross_account_backup: setting,
            });
            finding(&facts).map(|it| it.severity)
        };
        let off = || switched(Fact::Known(false));
        let plan = || {
            copying_plan(FAR_VAULT_ARN, |it| {
                it.observed.account.cross_account_backup = Fact::Known(false);
            })
        };
        let on = Fact::Known(true);
        assert_eq!(beside(off(), on), None);
        assert_eq!(beside(off(), Fact::Unknown), None);
        assert_eq!(beside(off(), Fact::Absent), Some(Severity::Warning));
        assert_eq!(beside(off(), Fact::Known(false)), Some(Severity::Warning));
        assert_eq!(beside(about_to_start(off()), on), Some(Severity::Error));
        assert_eq!(beside(plan(), on), None);
        assert_eq!(beside(about_to_start(plan()), on), None);
        assert_eq!(beside(plan(), Fact::Absent), Some(Severity::Warning));
    }

    #[test]
    fn the_management_account_is_named_and_may_do_it_itself() {
        let of = |manager: Fact<AccountId>| {
            finding(&copy(|it| {
                it.observed.account.cross_account_backup = Fact::Known(false);
                it.observed.account.organization = Fact::Known(Organization {
                    management_account: manager,
                    ..organization()
                });
            }))
            .expect("a finding")
            .fix
        };
        let account = |text: &str| Fact::Known(AccountId::parse(text).expect("an account"));
        let other = of(account("999988887777"));
        assert!(
            other.contains("management account, 999988887777: aws backup"),
            "{other}"
        );
        assert!(!other.contains("dynamodb_backup_settings"), "{other}");
        let own = of(account("111122223333"));
        assert!(own.contains("dynamodb_backup_settings"), "{own}");
        assert!(of(Fact::Unknown).contains("management account of the organization: aws backup"));
    }
}
