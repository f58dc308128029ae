//! DBK-XAC-003: a copy between accounts that are not in one organization.

use crate::examples::aws_backup::{copy, organization};
use crate::fact::Fact;
use crate::facts::{ConfiguredCopy, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-003"),
    name: "copy_to_foreign_organization",
    also: &[],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["organizations:DescribeOrganization"],
    title: "Accounts of a copy are not in one organization",
    why: "AWS Backup copies recovery points only between accounts of one organization of AWS Organizations. \
          No policy replaces that.",
    aws_error: Some("Both source and destination account must be a member of the same organization"),
    source: "AWS Backup developer guide, creating backup copies across accounts",
    firing: || copy(|it| it.observed.destination.organization = Fact::Absent),
    silent: || copy(|it| it.observed.destination.organization = Fact::Known(organization())),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.cross_account_copies() {
        let Some((reason, missing)) = obstacle(&copy) else {
            continue;
        };
        let (from, to) = (copy.source_account(), &copy.destination.account);
        report.add(
            copy.subject.clone(),
            format!(
                "The copy goes from account {from} to account {to}, and {reason}. AWS Backup copies only within \
                 one organization."
            ),
            format!(
                "Copy to a vault of an account of the same organization, or invite the account that is missing, \
                 from the management account: aws organizations invite-account-to-organization --target \
                 Id={missing},Type=ACCOUNT"
            ),
        );
    }
}

/// Why the accounts are not in one organization, if that is certain, and which of them could join.
fn obstacle<'a>(copy: &'a ConfiguredCopy<'_>) -> Option<(String, &'a str)> {
    let (from, to) = (copy.source_account(), copy.destination.account.as_str());
    let there = copy.at_destination.map(|it| &it.organization);
    match (&copy.at_source.organization, there) {
        (Fact::Absent, _) => Some((format!("account {from} is in no organization"), from)),
        (_, Some(Fact::Absent)) => Some((format!("account {to} is in no organization"), to)),
        (Fact::Known(here), Some(Fact::Known(there))) => match (&here.id, &there.id) {
            (Fact::Known(here), Fact::Known(there)) if here != there => {
                let reason =
                    format!("account {from} is in the organization {here} and account {to} in {there}");
                Some((reason, to))
            }
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, copy, organization};
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copying_plan};
    use crate::fact::Fact;
    use crate::facts::{Facts, Organization};

    fn detail(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.detail)
    }

    #[test]
    fn the_account_that_is_missing_is_invited() {
        let fix =
            |change: fn(&mut crate::facts::RecoveryPointCopy)| RULE.findings(&copy(change)).remove(0).fix;
        assert!(
            fix(|it| it.observed.account.organization = Fact::Absent)
                .ends_with("Id=111122223333,Type=ACCOUNT")
        );
        assert!(
            fix(|it| it.observed.destination.organization = Fact::Absent)
                .ends_with("Id=444455556666,Type=ACCOUNT")
        );
    }

    fn between(here: Fact<Organization>, there: Fact<Organization>) -> Option<String> {
        detail(&copy(|it| {
            it.observed.account.organization = here;
            it.observed.destination.organization = there;
        }))
    }

    #[test]
    fn what_is_certain_is_said_of_each_end() {
        let ours = || Fact::Known(organization());
        let of = |id: Fact<String>| Fact::Known(Organization { id, ..organization() });
        assert_eq!(between(ours(), ours()), None);
        let words = between(Fact::Absent, Fact::Unknown).expect("a finding");
        assert!(
            words.contains("account 111122223333 is in no organization"),
            "{words}"
        );
        let words = between(ours(), Fact::Absent).expect("a finding");
        assert!(
            words.contains("account 444455556666 is in no organization"),
            "{words}"
        );
        let words = between(ours(), of("o-other".into())).expect("a finding");
        assert!(
            words.contains("o-exampleorgid and account 444455556666 in o-other"),
            "{words}"
        );
        assert_eq!(between(ours(), of(Fact::Unknown)), None);
        assert_eq!(between(of(Fact::Unknown), ours()), None);
        assert_eq!(between(ours(), Fact::Unknown), None);
        assert_eq!(between(Fact::Unknown, ours()), None);
    }

    #[test]
    fn a_copy_within_the_account_needs_no_organization() {
        let near = FAR_VAULT_ARN.replace("444455556666", "111122223333");
        assert_eq!(
            detail(&copy(|it| {
                it.destination_vault_arn = Fact::Known(near);
                it.observed.account.organization = Fact::Absent;
            })),
            None
        );
    }

    #[test]
    fn a_plan_that_copies_is_judged_too() {
        let facts = copying_plan(FAR_VAULT_ARN, |it| {
            it.observed.account.organization = Fact::Absent
        });
        assert!(detail(&facts).is_some());
    }
}
