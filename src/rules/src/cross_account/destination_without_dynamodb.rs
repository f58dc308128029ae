//! DBK-XAC-015: a copy into an account that could not restore it.

use crate::examples::aws_backup::{copy, region_settings};
use crate::fact::Fact;
use crate::facts::{Facts, RegionSettings};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-015"),
    name: "destination_without_dynamodb",
    also: &[],
    area: Area::CrossAccount,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeRegionSettings"],
    title: "Account of the destination is not set up for DynamoDB in AWS Backup",
    why: "A copy is of use only if it can be restored or copied on where it is. For that, the other account \
          must have opted DynamoDB in and switched its advanced features on, in the Region of the vault: better \
          before the day on which the copy is needed.",
    aws_error: Some("restore job or copy job FAILED, later"),
    source: "AWS Backup developer guide, cross-account backup; advanced DynamoDB backup",
    firing: || copy(|it| it.observed.destination.settings = Fact::Known(without_opt_in())),
    silent: || copy(|it| it.observed.destination.settings = Fact::Known(region_settings())),
    check,
};

/// Settings with DynamoDB opted out.
fn without_opt_in() -> RegionSettings {
    RegionSettings {
        opt_in: Fact::Known(false),
        ..region_settings()
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.cross_account_copies() {
        let Some(settings) = copy.at_destination.and_then(|it| it.settings.known()) else {
            continue;
        };
        let (account, region) = (&copy.destination.account, &copy.destination.region);
        let (fault, arguments, options) = match (settings.opt_in, settings.advanced_features) {
            (Fact::Known(false), Fact::Known(false)) => (
                "has neither opted DynamoDB in nor switched its advanced features on",
                "opt_in = true and advanced_features = true",
                "--resource-type-opt-in-preference DynamoDB=true --resource-type-management-preference \
                 DynamoDB=true",
            ),
            (Fact::Known(false), _) => (
                "has not opted DynamoDB in",
                "opt_in = true",
                "--resource-type-opt-in-preference DynamoDB=true",
            ),
            (_, Fact::Known(false)) => (
                "has not switched the advanced features for DynamoDB on",
                "advanced_features = true",
                "--resource-type-management-preference DynamoDB=true",
            ),
            _ => continue,
        };
        report.add(
            copy.subject.clone(),
            format!(
                "In {region}, account {account} {fault}. The copy arrives, but could not be restored or copied on \
                 there until that is done."
            ),
            format!(
                "In account {account}, set {arguments} in a dynamodb_backup_settings of {region}, or run: aws \
                 backup update-region-settings --region {region} {options}"
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, copy};
    use crate::examples::aws_backup::{FAR_VAULT_ARN, copying_plan};
    use crate::fact::Fact;
    use crate::facts::RegionSettings;

    fn fix(opt_in: Fact<bool>, advanced_features: Fact<bool>) -> Option<String> {
        let settings = RegionSettings {
            opt_in,
            advanced_features,
            advanced_features_since: Fact::Unknown,
        };
        RULE.findings(&copy(|it| {
            it.observed.destination.settings = Fact::Known(settings)
        }))
        .pop()
        .map(|it| it.fix)
    }

    #[test]
    fn each_switch_that_is_off_is_named() {
        let (on, off) = (Fact::Known(true), Fact::Known(false));
        let opt_in = "--resource-type-opt-in-preference DynamoDB=true";
        let advanced = "--resource-type-management-preference DynamoDB=true";
        assert_eq!(fix(on, on), None);
        assert_eq!(fix(Fact::Unknown, Fact::Unknown), None);
        assert_eq!(fix(on, Fact::Unknown), None);
        let text = fix(off, on).expect("a finding");
        assert!(text.contains(opt_in) && !text.contains(advanced), "{text}");
        let text = fix(Fact::Unknown, off).expect("a finding");
        assert!(!text.contains(opt_in) && text.contains(advanced), "{text}");
        let text = fix(off, off).expect("a finding");
        assert!(text.contains(opt_in) && text.contains(advanced), "{text}");
    }

    #[test]
    fn what_was_not_seen_is_not_judged() {
        assert_eq!(
            RULE.findings(&copy(|it| it.observed.destination.settings = Fact::Unknown)),
            []
        );
        assert_eq!(
            RULE.findings(&copying_plan(FAR_VAULT_ARN, |it| it
                .observed
                .destinations
                .clear())),
            []
        );
    }
}
