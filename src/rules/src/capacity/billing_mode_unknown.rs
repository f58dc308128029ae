//! DBK-CAP-001: a billing mode that does not exist.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BillingMode, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-001"),
    name: "billing_mode_unknown",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Billing mode does not exist",
    why: "DynamoDB has two billing modes: PROVISIONED, capacity set beforehand, and PAY_PER_REQUEST, on \
          demand.",
    aws_error: Some(
        "ValidationException: … Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]",
    ),
    source: "DynamoDB API model, BillingMode",
    firing: || examples::restore(|it| it.billing_mode = "ON_DEMAND".into()),
    silent: || examples::restore(|it| it.billing_mode = "PAY_PER_REQUEST".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(Fact::Known(word)) = facts.restored_table().map(|it| &it.billing_mode) else {
        return;
    };
    if facts.is_destroyed_for_good() || !matches!(BillingMode::from_aws(word), BillingMode::Other(_)) {
        return;
    }
    let words = ["PROVISIONED", "PAY_PER_REQUEST"];
    let meant = match word.to_lowercase().replace(['-', ' ', '_'], "").as_str() {
        "ondemand" | "payperrequest" => Some("PAY_PER_REQUEST"),
        _ => prose::nearest(word, words),
    };
    let fix = match meant {
        Some(meant) => format!("Set billing_mode = {meant:?}, or remove it to keep the source's."),
        None => format!(
            "Set billing_mode to {}, or remove it to keep the source's.",
            prose::quoted(words, "or")
        ),
    };
    report.add(
        Subject::BillingMode,
        format!(
            "billing_mode is {word:?}, and DynamoDB knows only {}.",
            prose::quoted(words, "and")
        ),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::restore;

    fn fix(mode: &str) -> Option<String> {
        RULE.findings(&restore(|it| it.billing_mode = mode.into()))
            .pop()
            .map(|it| it.fix)
    }

    #[test]
    fn it_guesses_what_was_meant() {
        for (given, meant) in [
            ("on-demand", "\"PAY_PER_REQUEST\""),
            ("PayPerRequest", "\"PAY_PER_REQUEST\""),
            ("provisioned", "\"PROVISIONED\""),
            ("PROVISIONNED", "\"PROVISIONED\""),
        ] {
            assert!(
                fix(given)
                    .expect("a finding")
                    .starts_with(&format!("Set billing_mode = {meant},")),
                "{given}"
            );
        }
        assert!(
            fix("free")
                .expect("a finding")
                .contains("\"PROVISIONED\" or \"PAY_PER_REQUEST\"")
        );
        assert_eq!(fix("PROVISIONED"), None);
    }
}
