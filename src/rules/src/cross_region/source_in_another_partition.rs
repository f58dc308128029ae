//! DBK-XRG-002: an ARN of another partition of AWS.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, Source};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-XRG-002"),
    name: "source_in_another_partition",
    also: &["DBK-ARN-007", "DBK-ARN-008"],
    area: Area::CrossRegion,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Resource is in another partition of AWS",
    why: "The commercial Regions, China, GovCloud, the isolated Regions and the European Sovereign Cloud \
          are separate worlds with accounts of their own. Nothing is backed up or restored from one into \
          another.",
    aws_error: Some("ValidationException: … is not a valid ARN"),
    source: "DynamoDB developer guide, restore; botocore partitions",
    firing: || {
        examples::restore(|it| {
            it.source = Fact::Known(Source::backup(
                "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4",
            ));
            it.observed.backup = Fact::Unknown;
        })
    },
    silent: || examples::restore(|it| it.source = Fact::Known(Source::backup(examples::BACKUP_ARN))),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Fact::Known(here) = facts.partition() else {
        return;
    };
    for arn in facts.data_arns().into_iter().filter(|it| it.partition != here) {
        report.add(
            arn.subject,
            format!(
                "{:?} is in the AWS partition {}, and you work in the partition {here}. The partitions are \
                 separate: no call reaches from one into the other.",
                arn.text, arn.partition
            ),
            format!(
                "Work with credentials and a Region of {}, or move the data yourself: export the table to \
                 S3, copy the files, and import them here.",
                arn.partition
            ),
        );
    }
}
