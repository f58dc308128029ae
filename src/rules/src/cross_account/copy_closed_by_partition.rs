//! DBK-XAC-012: a copy that AWS Backup does not make in this partition, or out of it.

use crate::examples::aws_backup::{FAR_VAULT_ARN, copy};
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XAC-012"),
    name: "copy_closed_by_partition",
    also: &["DBK-CPY-013"],
    area: Area::CrossAccount,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Copy is not possible in this partition",
    why: "Nothing is copied out of a partition: GovCloud copies only within GovCloud, China within China. In \
          China, AWS Backup copies between Regions but not between accounts; in the European Sovereign Cloud, \
          neither. The lists can be corrected, because AWS opens such doors over time.",
    aws_error: Some("InvalidParameterValueException, or copy job FAILED"),
    source: "AWS Backup developer guide, feature availability by Region",
    firing: || {
        copy(|it| {
            it.destination_vault_arn =
                "arn:aws-us-gov:backup:us-gov-west-1:444455556666:backup-vault:orders-copies".into();
        })
    },
    silent: || copy(|it| it.destination_vault_arn = FAR_VAULT_ARN.into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for copy in facts.copies() {
        let (Fact::Known(partition), there) = (&copy.partition, &copy.destination) else {
            continue;
        };
        let is_other_account = copy.account.is_known_and(|it| *it != there.account);
        let is_other_region = copy.region.is_known_and(|it| *it != there.region);
        let (reason, fix) = if there.partition != *partition {
            (
                format!(
                    "it is in the partition {:?}, and what is copied is in {:?}. AWS Backup copies nothing out of \
                     a partition",
                    there.partition.as_str(),
                    partition.as_str()
                ),
                format!("Give a vault of the partition {:?}.", partition.as_str()),
            )
        } else if is_other_account && !facts.regions.allows_cross_account_copy(partition) {
            (
                format!(
                    "it is in account {}, and what is copied in account {}. In the partition {:?}, AWS Backup \
                     copies nothing between accounts",
                    there.account,
                    copy.source_account(),
                    partition.as_str()
                ),
                format!("Give a vault of account {}.", copy.source_account()),
            )
        } else if is_other_region && !facts.regions.allows_cross_region_copy(partition) {
            let here = copy.region.known().map_or("another Region", |it| it.as_str());
            (
                format!(
                    "it is in {}, and what is copied in {here}. In the partition {:?}, AWS Backup copies nothing \
                     between Regions",
                    there.region,
                    partition.as_str()
                ),
                format!("Give a vault in {here}."),
            )
        } else {
            continue;
        };
        report.add(
            copy.subject.clone(),
            format!("The vault {:?} cannot take the copy: {reason}.", copy.text),
            fix,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::aws_backup::{FAR_VAULT_ARN, RECOVERY_POINT_ARN, copy, copying_plan};
    use crate::fact::Fact;
    use crate::facts::Facts;
    use crate::registry::check;
    use crate::syntax::{Partition, Region};

    /// A copy between two places, each given as partition, Region and account.
    fn between(from: [&str; 3], to: [&str; 3]) -> Facts {
        let place = |arn: &str, [partition, region, account]: [&str; 3]| {
            arn.replace("arn:aws:", &format!("arn:{partition}:"))
                .replace("us-east-1", region)
                .replace("111122223333", account)
                .replace("444455556666", account)
        };
        let mut facts = copy(|it| {
            it.recovery_point_arn = Fact::Known(place(RECOVERY_POINT_ARN, from));
            it.destination_vault_arn = Fact::Known(place(FAR_VAULT_ARN, to));
            it.role_arn = Fact::Known(format!("arn:{}:iam::{}:role/backup", from[0], from[2]));
        });
        facts.caller.region = Fact::Known(Region::parse(from[1]).expect("a Region"));
        facts
    }

    fn detail(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.detail)
    }

    const HERE: &str = "111122223333";
    const THERE: &str = "444455556666";

    #[test]
    fn partitions_have_their_own_doors() {
        for (from, to, words) in [
            (["aws", "us-east-1", HERE], ["aws", "eu-west-1", THERE], None),
            (
                ["aws", "us-east-1", HERE],
                ["aws-cn", "cn-north-1", HERE],
                Some("nothing out of a partition"),
            ),
            (
                ["aws-cn", "cn-north-1", HERE],
                ["aws-cn", "cn-northwest-1", HERE],
                None,
            ),
            (
                ["aws-cn", "cn-north-1", HERE],
                ["aws-cn", "cn-north-1", THERE],
                Some("nothing between accounts"),
            ),
            (
                ["aws-us-gov", "us-gov-east-1", HERE],
                ["aws-us-gov", "us-gov-west-1", THERE],
                None,
            ),
            (
                ["aws-eusc", "eusc-de-east-1", HERE],
                ["aws-eusc", "eusc-de-east-1", HERE],
                None,
            ),
            (
                ["aws-eusc", "eusc-de-east-1", HERE],
                ["aws-eusc", "eusc-de-west-1", HERE],
                Some("nothing between Regions"),
            ),
            (
                ["aws-eusc", "eusc-de-east-1", HERE],
                ["aws-eusc", "eusc-de-east-1", THERE],
                Some("nothing between accounts"),
            ),
        ] {
            let found = detail(&between(from, to));
            match words {
                Some(words) => assert!(found.as_ref().is_some_and(|it| it.contains(words)), "{found:?}"),
                None => assert_eq!(found, None, "{from:?} {to:?}"),
            }
        }
    }

    #[test]
    fn a_copy_within_china_breaks_no_other_rule() {
        let facts = between(["aws-cn", "cn-north-1", HERE], ["aws-cn", "cn-northwest-1", HERE]);
        assert_eq!(check(&facts), []);
    }

    #[test]
    fn the_lists_can_be_corrected() {
        let mut facts = between(["aws-cn", "cn-north-1", HERE], ["aws-cn", "cn-north-1", THERE]);
        let china = Partition::parse("aws-cn").expect("a partition");
        facts.regions = facts.regions.with_cross_account_copy(&china);
        assert_eq!(detail(&facts), None);
    }

    #[test]
    fn a_plan_copies_from_where_it_is() {
        let gov = "arn:aws-us-gov:backup:us-gov-west-1:444455556666:backup-vault:copies";
        assert!(detail(&copying_plan(gov, |_| ())).is_some());
        let mut facts = copying_plan(gov, |_| ());
        facts.caller.region = Fact::Unknown;
        assert_eq!(detail(&facts), None);
    }

    #[test]
    fn a_region_outside_its_partition_is_reported_as_such() {
        let odd = "arn:aws-cn:backup:us-east-1:444455556666:backup-vault:copies";
        assert_eq!(detail(&copy(|it| it.destination_vault_arn = odd.into())), None);
    }
}
