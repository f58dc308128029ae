//! DBK-SSE-005: a key that is not in the Region of the restored table.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Arn, ArnKind, Resource};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-005"),
    name: "key_of_another_region",
    also: &["DBK-ABR-006"],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Identity,
    reads: &[],
    title: "KMS key is in another Region than the restored table",
    why: "A table can be encrypted only by a key of its own Region. A multi-Region key has a replica there \
          with an ARN of its own.",
    aws_error: Some("ValidationException: Invalid arn / KMS validation error"),
    source: "DynamoDB developer guide, encryption at rest; measured on AWS",
    firing: || {
        examples::restore(|it| {
            it.server_side_encryption = super::with_key(
                "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            );
        })
    },
    silent: || examples::restore(|it| it.server_side_encryption = super::with_key(examples::KEY_ARN)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(text) = super::key(facts) else { return };
    let (Ok(arn), Fact::Known(here)) = (Arn::parse(text), facts.region()) else {
        return;
    };
    let (ArnKind::KmsKey | ArnKind::KmsAlias, Some(there)) = (arn.kind(), &arn.region) else {
        return;
    };
    // An ARN whose Region and partition do not belong together is reported as such.
    let belongs = facts
        .regions
        .partition_of(there)
        .is_none_or(|it| it == arn.partition);
    if *there == here || !belongs {
        return;
    }
    let fix = match &arn.resource {
        Resource::KmsKey(id) if id.starts_with("mrk-") => format!(
            "This is a multi-Region key: if it has a replica in {here}, give the replica's ARN, {:?}.",
            Arn {
                region: Some(here.clone()),
                ..arn.clone()
            }
            .to_string()
        ),
        _ => format!(
            "Give the ARN of a key in {here}, or write server_side_encryption = {{ enabled = true }} for \
             the key that AWS manages there."
        ),
    };
    report.add(
        Subject::EncryptionKey,
        format!(
            "kms_key_arn {text:?} is in {there}, and the table is restored in {here}. A table can use \
                 only keys of its own Region."
        ),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::encryption::with_key;
    use crate::examples::{KEY_ARN, restore};

    fn fix(key: &str) -> Option<String> {
        RULE.findings(&restore(|it| it.server_side_encryption = with_key(key)))
            .pop()
            .map(|it| it.fix)
    }

    #[test]
    fn a_multi_region_key_may_have_a_replica_at_home() {
        let replica = "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
        assert!(
            fix(&replica.replace("us-east-1", "eu-west-1"))
                .expect("a finding")
                .contains(replica)
        );
        assert_eq!(fix(replica), None);
    }

    #[test]
    fn keys_without_a_region_are_looked_up_at_home() {
        assert_eq!(fix("alias/orders"), None);
        assert_eq!(fix(KEY_ARN), None);
        assert!(fix("arn:aws:kms:eu-west-1:111122223333:alias/orders").is_some());
    }
}
