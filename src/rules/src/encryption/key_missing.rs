//! DBK-SSE-008: a key or an alias that does not exist.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, Stage};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-008"),
    name: "key_missing",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["kms:DescribeKey"],
    title: "KMS key does not exist",
    why: "The key or alias must exist in the account and Region. While a plan is made, a missing alias is a \
          warning, because the same plan may make it.",
    aws_error: Some("ValidationException: KMS validation error … does not exist / Alias … is not found"),
    source: "measured on AWS",
    firing: || {
        examples::restore(|it| {
            it.server_side_encryption = super::with_key(examples::KEY_ARN);
            it.observed.kms_key = Fact::Absent;
        })
    },
    silent: || {
        examples::restore(|it| {
            it.server_side_encryption = super::with_key(examples::KEY_ARN);
            it.observed.kms_key = Fact::Known(examples::key());
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(text) = super::key(facts) else { return };
    if !facts
        .restored_table()
        .is_some_and(|it| it.observed.kms_key.is_absent())
    {
        return;
    }
    let place = facts
        .region()
        .into_known()
        .map_or(String::new(), |it| format!(" in {it}"));
    let is_alias = text.contains("alias/");
    let detail = format!(
        "KMS knows no {} {text:?}{place}.",
        if is_alias { "alias" } else { "key" }
    );
    let fix = format!(
        "Give one that exists: aws kms list-{}",
        if is_alias { "aliases" } else { "keys" }
    );
    if is_alias && facts.stage == Stage::Plan {
        report.add_warning(
            Subject::EncryptionKey,
            format!("{detail} Unless this apply makes it first, the restore fails."),
            format!(
                "If it is a resource of this configuration, refer to it so that it is made first. \
                     Otherwise: {}",
                fix.replacen('G', "g", 1)
            ),
        );
    } else {
        report.add(Subject::EncryptionKey, detail, fix);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::encryption::with_key;
    use crate::examples::{KEY_ARN, restore};
    use crate::fact::Fact;
    use crate::facts::{Facts, Stage};
    use crate::finding::Severity;

    fn severities(key: &str, stage: Stage) -> Vec<Severity> {
        let facts = restore(|it| {
            it.server_side_encryption = with_key(key);
            it.observed.kms_key = Fact::Absent;
        });
        RULE.findings(&Facts { stage, ..facts })
            .into_iter()
            .map(|it| it.severity)
            .collect()
    }

    #[test]
    fn an_alias_may_still_be_made() {
        assert_eq!(severities("alias/orders", Stage::Plan), [Severity::Warning]);
        assert_eq!(severities("alias/orders", Stage::Apply), [Severity::Error]);
        assert_eq!(severities(KEY_ARN, Stage::Plan), [Severity::Error]);
    }
}
