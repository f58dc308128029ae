//! DBK-SSE-007: a key that is disabled, waiting for deletion, or not usable for another reason.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedKey};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SSE-007"),
    name: "key_not_enabled",
    also: &[],
    area: Area::Encryption,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["kms:DescribeKey"],
    title: "KMS key is not enabled",
    why: "A table cannot be made under a key that is not enabled, and a table whose key becomes unusable is \
          archived after seven days.",
    aws_error: Some("ValidationException: KMS key disabled error …"),
    source: "measured on AWS; KMS API model, KeyState",
    firing: || {
        examples::restore(|it| {
            it.server_side_encryption = super::with_key(examples::KEY_ARN);
            it.observed.kms_key = Fact::Known(ObservedKey {
                state: "PendingDeletion".into(),
                ..examples::key()
            });
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
    let Some(Fact::Known(ObservedKey {
        state: Fact::Known(state),
        ..
    })) = facts.restored_table().map(|it| &it.observed.kms_key)
    else {
        return;
    };
    if state == "Enabled" {
        return;
    }
    let fix = match state.as_str() {
        "Disabled" => format!("Enable it: aws kms enable-key --key-id {text}"),
        "PendingDeletion" => format!(
            "Stop its deletion and enable it: aws kms cancel-key-deletion --key-id {text} && aws kms \
             enable-key --key-id {text}"
        ),
        _ => "Wait until it is Enabled, or give another key.".to_owned(),
    };
    report.add(
        Subject::EncryptionKey,
        format!(
            "The key {text:?} is in the state {state}, and a table can be made only under a key that is \
                 Enabled."
        ),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::encryption::with_key;
    use crate::examples::{KEY_ARN, key, restore};
    use crate::fact::Fact;
    use crate::facts::ObservedKey;

    fn fix(state: &str) -> Option<String> {
        let facts = restore(|it| {
            it.server_side_encryption = with_key(KEY_ARN);
            it.observed.kms_key = Fact::Known(ObservedKey {
                state: state.into(),
                ..key()
            });
        });
        RULE.findings(&facts).pop().map(|it| it.fix)
    }

    #[test]
    fn each_state_has_its_way_out() {
        assert_eq!(fix("Enabled"), None);
        assert!(fix("Disabled").expect("a finding").contains("kms enable-key"));
        assert!(
            fix("PendingDeletion")
                .expect("a finding")
                .contains("cancel-key-deletion")
        );
        assert!(fix("Updating").expect("a finding").starts_with("Wait"));
    }
}
