//! DBK-CPY-002: a copy into the vault that it comes from.

use crate::examples::aws_backup::{FAR_VAULT_ARN, copy};
use crate::facts::{ConfiguredCopy, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CPY-002"),
    name: "copy_into_own_vault",
    also: &[],
    area: Area::Copies,
    severity: Severity::Warning,
    when: When::Identity,
    reads: &[],
    title: "Copy goes into the vault that it comes from",
    why: "A copy is worth something where the original is not: in another Region, in another account, or under \
          another key. AWS Backup refuses a copy into the same vault, or its job fails.",
    aws_error: Some("InvalidParameterValueException, or copy job FAILED"),
    source: "AWS Backup developer guide, copying a backup; the error is inferred",
    firing: || copy(|it| it.destination_vault_arn = OWN.into()),
    silent: || copy(|it| it.destination_vault_arn = FAR_VAULT_ARN.into()),
    check,
};

/// The vault of the recovery point of the examples.
const OWN: &str = "arn:aws:backup:us-east-1:111122223333:backup-vault:orders";

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.copies().into_iter().filter(goes_nowhere) {
        let there = &copy.destination;
        report.add(
            copy.subject.clone(),
            format!(
                "What is copied is in the vault {:?} of account {} in {}, and {:?} is that same vault.",
                there.vault.as_str(),
                there.account,
                there.region,
                copy.text
            ),
            "Give a vault of another Region or of another account, or leave the copy out.",
        );
    }
}

fn goes_nowhere(copy: &ConfiguredCopy<'_>) -> bool {
    let there = &copy.destination;
    copy.source_vault_name == Some(there.vault.as_str())
        && copy.account.is_known_and(|it| *it == there.account)
        && copy.region.is_known_and(|it| *it == there.region)
}

#[cfg(test)]
mod tests {
    use super::{OWN, RULE, copy};
    use crate::examples::aws_backup::copying_plan;
    use crate::fact::Fact;
    use crate::facts::{Caller, Facts};

    fn count(facts: &Facts) -> usize {
        RULE.findings(facts).len()
    }

    #[test]
    fn name_account_and_region_must_all_be_the_same() {
        assert_eq!(count(&copy(|it| it.destination_vault_arn = OWN.into())), 1);
        for (part, other) in [
            (":orders", ":others"),
            ("111122223333", "444455556666"),
            ("us-east-1", "eu-west-1"),
        ] {
            let other = OWN.replace(part, other);
            assert_eq!(
                count(&copy(|it| it.destination_vault_arn = Fact::Known(other))),
                0,
                "{part}"
            );
        }
    }

    #[test]
    fn a_plan_is_compared_with_the_vault_that_each_rule_fills() {
        let plan = copying_plan(OWN, |_| ());
        assert_eq!(count(&plan), 1);
        let stranger = Facts {
            caller: Caller::default(),
            ..plan
        };
        assert_eq!(count(&stranger), 0);
    }
}
