//! DBK-ARN-013: an ARN with a Region that no known partition claims.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Arn;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-013"),
    name: "region_unknown",
    also: &[],
    area: Area::Arns,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Region of an ARN is not known",
    why: "AWS refuses an ARN with a Region that does not exist before it looks for anything. The names of its \
          Regions follow a pattern in each partition, and this one fits none. It is a warning only, because AWS \
          opens new Regions and lists like this one age.",
    aws_error: Some("ValidationException: BackupArn is not valid"),
    source: "botocore partitions; measured on AWS",
    firing: || from_region("euw-west-1"),
    silent: || from_region("eu-west-1"),
    check,
};

/// A restore from a backup in a Region of this name.
fn from_region(region: &str) -> Facts {
    examples::restore(|it| {
        let arn = examples::BACKUP_ARN.replace("us-east-1", region);
        it.source = Fact::Known(crate::facts::Source::backup(arn));
        it.server_side_encryption = Fact::Known(ServerSideEncryption {
            enabled: Fact::Known(true),
            ..ServerSideEncryption::unset()
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts.places() {
        let Ok(arn) = Arn::parse(place.text) else { continue };
        let Some(region) = &arn.region else { continue };
        if facts.regions.partition_of(region).is_some() {
            continue;
        }
        report.add(
            place.subject,
            format!(
                "{:?} names the Region {:?}, which fits no partition of AWS that is known here.",
                place.text,
                region.as_str()
            ),
            "Compare it with the ARN that AWS shows. If the Region is a new one, go on: AWS decides.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, from_region};
    use crate::examples::backup;
    use crate::syntax::{Partition, Region};

    fn fires(region: &str) -> bool {
        !RULE.findings(&from_region(region)).is_empty()
    }

    #[test]
    fn a_region_that_fits_the_pattern_of_a_partition_may_be_new() {
        assert!(!fires("eu-central-9"));
        assert!(!fires("ap-newplace-1"));
        assert!(fires("xx-central-1"));
    }

    #[test]
    fn a_region_that_the_user_adds_is_known() {
        let mut facts = from_region("xx-central-1");
        let (aws, new) = (Partition::parse("aws"), Region::parse("xx-central-1"));
        facts.regions = facts
            .regions
            .with_region(aws.expect("a partition"), &new.expect("a Region"));
        assert!(RULE.findings(&facts).is_empty());
    }

    #[test]
    fn texts_without_a_region_are_not_its_business() {
        for text in ["orders", "arn:aws:s3:::orders", "arn:aws:dynamodb"] {
            assert!(
                RULE.findings(&backup(|it| it.table_name = text.into()))
                    .is_empty(),
                "{text}"
            );
        }
    }
}
