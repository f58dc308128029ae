//! DBK-SSE-012: a restore into another Region without saying how the table is encrypted there.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ServerSideEncryption, Source};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-012"),
    name: "cross_region_without_encryption",
    also: &["DBK-XRG-006"],
    area: Area::CrossRegion,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "Restore into another Region needs its encryption spelled out",
    why: "Keys belong to a Region, so a restore into another one cannot take the source's. AWS wants the \
          choice made, also where it is the key that AWS owns.",
    aws_error: Some(
        "ValidationException: sseSpecificationOverride must be provided for cross-region restores",
    ),
    source: "DynamoDB developer guide, restore; measured on AWS",
    firing: || {
        examples::restore(|it| {
            it.region = "eu-west-1".into();
            it.source = Fact::Known(Source::backup(examples::BACKUP_ARN));
        })
    },
    silent: || {
        examples::restore(|it| {
            it.region = "eu-west-1".into();
            it.server_side_encryption = Fact::Known(ServerSideEncryption {
                enabled: Fact::Known(false),
                ..ServerSideEncryption::unset()
            });
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let (Fact::Known(here), Fact::Known(partition)) = (facts.region(), facts.partition()) else {
        return;
    };
    let is_missing = match &table.server_side_encryption {
        Fact::Absent => true,
        Fact::Known(it) => it.enabled.is_absent() && it.kms_key.is_absent() && it.sse_type.is_absent(),
        Fact::Unknown => false,
    };
    let far = facts
        .data_arns()
        .into_iter()
        .find(|it| it.region != here && it.partition == partition);
    let (true, Some(source)) = (is_missing, far) else {
        return;
    };
    report.add(
        Subject::Encryption,
        format!(
            "The source is in {}, and the table is restored in {here}. Keys belong to a Region, so AWS \
             wants to be told how the new table is encrypted, and does not take the source's encryption \
             over.",
            source.region
        ),
        format!(
            "Add server_side_encryption = {{ enabled = true, kms_key_arn = \
             \"arn:{partition}:kms:{here}:…:key/…\" }} for a key of your own in {here}, {{ enabled = true \
             }} for the one that AWS manages, or {{ enabled = false }} for the one that AWS owns."
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{BACKUP_ARN, KEY_ARN, restore};
    use crate::fact::Fact;
    use crate::facts::{Facts, ServerSideEncryption, Source};

    fn from(arn: &str, encryption: Fact<ServerSideEncryption>) -> Facts {
        restore(|it| {
            it.source = Fact::Known(Source::backup(arn));
            it.server_side_encryption = encryption;
        })
    }

    fn fires(arn: &str, encryption: Fact<ServerSideEncryption>) -> bool {
        !RULE.findings(&from(arn, encryption)).is_empty()
    }

    fn far() -> String {
        BACKUP_ARN.replace("us-east-1", "eu-west-1")
    }

    #[test]
    fn whatever_is_said_about_encryption_is_enough() {
        let unset = ServerSideEncryption::unset;
        assert!(fires(&far(), Fact::Absent));
        assert!(fires(&far(), Fact::Known(unset())));
        for encryption in [
            ServerSideEncryption {
                enabled: Fact::Known(false),
                ..unset()
            },
            ServerSideEncryption {
                kms_key: KEY_ARN.into(),
                ..unset()
            },
            ServerSideEncryption {
                sse_type: "KMS".into(),
                ..unset()
            },
            ServerSideEncryption {
                enabled: Fact::Unknown,
                ..unset()
            },
        ] {
            assert!(!fires(&far(), Fact::Known(encryption)));
        }
        assert!(!fires(&far(), Fact::Unknown));
    }

    #[test]
    fn only_another_region_of_the_same_partition_asks_for_it() {
        assert!(!fires(BACKUP_ARN, Fact::Absent));
        let foreign = BACKUP_ARN.replace("aws:dynamodb:us-east-1", "aws-cn:dynamodb:cn-north-1");
        assert!(!fires(&foreign, Fact::Absent));
        let mut nowhere = from(&far(), Fact::Absent);
        nowhere.caller.region = Fact::Unknown;
        assert!(RULE.findings(&nowhere).is_empty());
    }
}
