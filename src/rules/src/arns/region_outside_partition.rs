//! DBK-ARN-006: an ARN whose Region lies in another partition.

use crate::examples;
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Arn;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ARN-006"),
    name: "region_outside_partition",
    also: &[],
    area: Area::Arns,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Partition and Region of an ARN do not belong together",
    why: "Each Region lies in one \
            partition of AWS: cn-north-1 in aws-cn, us-gov-west-1 in aws-us-gov, eu-west-1 in aws. An ARN \
            that mixes them names nothing. Regions that this list does not know are left alone.",
    aws_error: Some("ValidationException: … is not a valid ARN"),
    source: "botocore partitions; measured on AWS",
    firing: || {
        examples::backup(|it| it.table_name = "arn:aws:dynamodb:cn-north-1:111122223333:table/orders".into())
    },
    silent: || examples::backup(|it| it.table_name = examples::TABLE_ARN.into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts.places() {
        let Ok(arn) = Arn::parse(place.text) else { continue };
        let Some(region) = &arn.region else { continue };
        let Some(partition) = facts
            .regions
            .partition_of(region)
            .filter(|it| *it != arn.partition)
        else {
            continue;
        };
        let corrected = Arn {
            partition: partition.clone(),
            ..arn.clone()
        };
        report.add(
            place.subject,
            format!(
                "{:?} says partition {:?} and Region {:?}, but {region} lies in the partition {:?}. No \
                 resource has such an ARN.",
                place.text,
                arn.partition.as_str(),
                region.as_str(),
                partition.as_str()
            ),
            format!(
                "Copy the ARN anew. If the Region is right, it is {:?}.",
                corrected.to_string()
            ),
        );
    }
}
