//! DBK-XAC-007: a destination vault that does not exist or does not let the source account in.

use super::{about_to_start, report_mendable};
use crate::examples::aws_backup::{copy, copy_policy};
use crate::fact::Fact;
use crate::facts::{ConfiguredCopy, Facts, ObservedVault, PolicyVerdict};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-007"),
    name: "destination_vault_closed",
    also: &[],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["backup:DescribeBackupVault", "backup:GetBackupVaultAccessPolicy"],
    title: "Destination vault does not take copies from this account",
    why: "A vault takes copies from another account only if its own access policy allows that account, or its \
          organization, backup:CopyIntoBackupVault. Without a policy it takes none. While a plan is made this \
          is a warning, because the other account may still open the vault.",
    aws_error: Some("copy job FAILED: Access Denied trying to call AWS Backup service"),
    source: "AWS Backup developer guide, access policies of vaults and cross-account backup",
    firing: || {
        about_to_start(copy(|it| {
            set_policy(&mut it.observed.destination.vault, Fact::Absent)
        }))
    },
    silent: || {
        about_to_start(copy(|it| {
            set_policy(&mut it.observed.destination.vault, Fact::Known(copy_policy()));
        }))
    },
    check,
};

const ACTION: &str = "backup:CopyIntoBackupVault";

/// Gives a vault another policy.
fn set_policy(vault: &mut Fact<ObservedVault>, policy: Fact<crate::facts::AccessPolicy>) {
    if let Fact::Known(vault) = vault {
        vault.access_policy = policy;
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.cross_account_copies() {
        let vault = copy.at_destination.map(|it| &it.vault);
        let (name, to) = (&copy.destination.vault, &copy.destination.account);
        let place = format!("account {to} in {}", copy.destination.region);
        if let Some(Fact::Absent) = vault {
            report_mendable(
                facts,
                &copy,
                report,
                &format!("There is no vault {:?} in {place}.", name.as_str()),
                format!(
                    "Correct the ARN, or make the vault in account {to}, with a KMS key of that account's own: \
                     aws backup create-backup-vault --region {} --backup-vault-name {name} --encryption-key-arn \
                     KEY_ARN",
                    copy.destination.region
                ),
            );
            continue;
        }
        let Some(reason) = vault.and_then(Fact::known).and_then(|it| refusal(&copy, it)) else {
            continue;
        };
        report_mendable(
            facts,
            &copy,
            report,
            &format!(
                "The vault {:?} of {place} {reason}, and the copy comes from account {}.",
                name.as_str(),
                copy.source_account()
            ),
            open_vault(&copy),
        );
    }
}

/// Why a vault refuses the copy, if it certainly does.
fn refusal(copy: &ConfiguredCopy<'_>, vault: &ObservedVault) -> Option<&'static str> {
    let policy = match &vault.access_policy {
        Fact::Known(policy) => policy,
        Fact::Absent => return Some("has no access policy, so that it takes copies from no other account"),
        Fact::Unknown => return None,
    };
    match policy.judge(ACTION, &copy.requester()?) {
        PolicyVerdict::Denied => Some("has an access policy that denies such copies"),
        PolicyVerdict::NotAllowed => {
            Some("has an access policy that does not allow that account to copy into it")
        }
        PolicyVerdict::Allowed | PolicyVerdict::Undecided => None,
    }
}

/// The command that opens a vault, for the account that owns it.
fn open_vault(copy: &ConfiguredCopy<'_>) -> String {
    let (vault, from) = (&copy.destination, copy.source_account());
    let statement = format!(
        "{{\"Effect\":\"Allow\",\"Principal\":{{\"AWS\":\"arn:{}:iam::{from}:root\"}},\"Action\":\"{ACTION}\",\
         \"Resource\":\"*\"}}",
        vault.partition
    );
    format!(
        "In account {}, set policy in the dynamodb_backup_vault, or run this, which replaces a policy that is \
         there: aws backup put-backup-vault-access-policy --region {} --backup-vault-name {} --policy \
         '{{\"Version\":\"2012-10-17\",\"Statement\":[{statement}]}}'",
        vault.account, vault.region, vault.vault
    )
}

#[cfg(test)]
mod tests {
    use super::{ACTION, RULE, about_to_start, copy, copy_policy, set_policy};
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copying_plan, observed_vault, statement};
    use crate::fact::Fact;
    use crate::facts::{
        AccessPolicy, Facts, ObservedDestination, PolicyEffect, PolicyPrincipals, PolicyStatement,
    };
    use crate::finding::{Finding, Severity};

    fn finding(facts: &Facts) -> Option<Finding> {
        RULE.findings(facts).pop()
    }

    fn with_policy(policy: Fact<AccessPolicy>) -> Option<Finding> {
        finding(&copy(|it| set_policy(&mut it.observed.destination.vault, policy)))
    }

    fn of(statements: Vec<PolicyStatement>) -> Option<Finding> {
        with_policy(Fact::Known(AccessPolicy { statements }))
    }

    #[test]
    fn a_vault_without_a_policy_is_closed_and_an_unread_policy_is_not_judged() {
        let found = with_policy(Fact::Absent).expect("a finding");
        assert_eq!(found.severity, Severity::Warning);
        assert!(found.detail.contains("has no access policy"), "{}", found.detail);
        assert_eq!(with_policy(Fact::Unknown), None);
        assert_eq!(with_policy(Fact::Known(copy_policy())), None);
    }

    #[test]
    fn a_policy_is_judged_for_the_account_of_the_source() {
        let whose = |principal: &str| PolicyStatement {
            principals: PolicyPrincipals::Only(vec![principal.to_owned()]),
            ..statement(PolicyEffect::Allow, ACTION)
        };
        assert_eq!(of(vec![whose("111122223333")]), None);
        let found = of(vec![whose("777788889999")]).expect("a finding");
        assert!(
            found.detail.contains("does not allow that account"),
            "{}",
            found.detail
        );
        let denied = vec![whose("111122223333"), statement(PolicyEffect::Deny, "backup:*")];
        assert!(of(denied).expect("a finding").detail.contains("denies"));
        assert!(of(vec![statement(PolicyEffect::Allow, "backup:DescribeBackupVault")]).is_some());
        let perhaps = PolicyStatement {
            is_narrowed: true,
            ..whose("111122223333")
        };
        assert_eq!(of(vec![perhaps]), None);
    }

    #[test]
    fn the_command_can_be_pasted() {
        let fix = with_policy(Fact::Absent).expect("a finding").fix;
        assert!(
            fix.ends_with(
                "--policy '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\
                 \"arn:aws:iam::111122223333:root\"},\"Action\":\"backup:CopyIntoBackupVault\",\"Resource\":\"*\"}]}'"
            ),
            "{fix}"
        );
    }

    #[test]
    fn a_vault_that_does_not_exist_may_still_be_made() {
        let facts = copy(|it| it.observed.destination.vault = Fact::Absent);
        assert_eq!(finding(&facts).expect("a finding").severity, Severity::Warning);
        let found = finding(&about_to_start(facts)).expect("a finding");
        assert_eq!(found.severity, Severity::Error);
        assert!(
            found
                .detail
                .starts_with("There is no vault \"orders-copies\" in account 444455556666 in us-east-1.")
        );
        assert_eq!(
            finding(&copy(|it| it.observed.destination.vault = Fact::Unknown)),
            None
        );
    }

    #[test]
    fn a_plan_is_judged_by_what_was_seen_of_each_destination() {
        let plan = |destination: ObservedDestination| {
            finding(&copying_plan(FAR_VAULT_ARN, |it| {
                it.observed.destinations = [(FAR_VAULT_ARN.to_owned(), destination)].into();
            }))
        };
        let closed = ObservedDestination {
            vault: Fact::Known(observed_vault()),
            ..ObservedDestination::default()
        };
        assert!(plan(closed).is_some());
        assert_eq!(plan(ObservedDestination::default()), None);
        let unseen = copying_plan(FAR_VAULT_ARN, |it| it.observed.destinations.clear());
        assert_eq!(finding(&unseen), None);
    }
}
