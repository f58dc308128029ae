//! DBK-CPY-005: a copy into a vault of the own account that does not exist.

use crate::cross_account::{about_to_start, report_mendable};
use crate::examples::aws_backup::{copy, observed_vault};
use crate::fact::Fact;
use crate::facts::{Facts, ObservedVault, RecoveryPointCopy};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CPY-005"),
    name: "copy_destination_missing",
    also: &[],
    area: Area::Copies,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault"],
    title: "Destination vault does not exist",
    why: "A copy goes into a vault that is there: AWS Backup makes none, and the vault \"Default\" exists in a \
          Region only after its console was used there. While a plan is made this is a warning, because the \
          same configuration may make the vault. Vaults of other accounts are the business of DBK-XAC-007.",
    aws_error: Some("ResourceNotFoundException, or copy job FAILED"),
    source: "AWS Backup developer guide, copying a backup",
    firing: || about_to_start(copy(|it| set_vault(it, Fact::Absent))),
    silent: || about_to_start(copy(|it| set_vault(it, Fact::Known(observed_vault())))),
    check,
};

/// A vault of the account of the examples, in another Region.
const OTHER_REGION: &str = "arn:aws:backup:eu-west-1:111122223333:backup-vault:orders-copies";

/// Copies to another Region, where AWS says this of the vault.
fn set_vault(copy: &mut RecoveryPointCopy, vault: Fact<ObservedVault>) {
    copy.destination_vault_arn = OTHER_REGION.into();
    copy.observed.destination.vault = vault;
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.copies_within_account() {
        if !copy.at_destination.is_some_and(|it| it.vault.is_absent()) {
            continue;
        }
        let there = &copy.destination;
        report_mendable(
            facts,
            &copy,
            report,
            &format!(
                "There is no vault {:?} in {}.",
                there.vault.as_str(),
                there.region
            ),
            format!(
                "Correct the ARN, or make the vault: a dynamodb_backup_vault with name = {:?} and region = {:?}. \
                 Refer to it here, so that it is made first.",
                there.vault.as_str(),
                there.region.as_str()
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, about_to_start, copy, set_vault};
    use crate::examples::aws_backup::copying_plan;
    use crate::fact::Fact;
    use crate::facts::{Facts, ObservedDestination};
    use crate::finding::Severity;

    fn severity(facts: &Facts) -> Option<Severity> {
        RULE.findings(facts).pop().map(|it| it.severity)
    }

    #[test]
    fn what_may_still_be_made_is_a_warning() {
        let facts = copy(|it| set_vault(it, Fact::Absent));
        assert_eq!(severity(&facts), Some(Severity::Warning));
        assert_eq!(severity(&about_to_start(facts)), Some(Severity::Error));
        assert_eq!(severity(&copy(|it| set_vault(it, Fact::Unknown))), None);
        let far = copy(|it| it.observed.destination.vault = Fact::Absent);
        assert_eq!(severity(&far), None, "another account has a rule of its own");
    }

    #[test]
    fn a_plan_is_judged_too() {
        let facts = copying_plan(super::OTHER_REGION, |it| {
            let gone = ObservedDestination {
                vault: Fact::Absent,
                ..ObservedDestination::default()
            };
            it.observed.destinations = [(super::OTHER_REGION.to_owned(), gone)].into();
        });
        assert_eq!(severity(&facts), Some(Severity::Warning));
        assert_eq!(severity(&copying_plan(super::OTHER_REGION, |_| ())), None);
    }
}
