//! DBK-QTA-007: a resource policy that is too large.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::limits::RESOURCE_POLICY_BYTES_MAX;
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-QTA-007"),
    name: "resource_policy_too_large",
    also: &[],
    area: Area::Quotas,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Resource policy is too large",
    why: "A resource policy has at most 20 KB, white space included. It is attached after a restore, so a \
          refused one would leave a table without policy.",
    aws_error: Some("LimitExceededException"),
    source: "DynamoDB developer guide, quotas of resource-based policies",
    firing: || policy(RESOURCE_POLICY_BYTES_MAX + 1),
    silent: || policy(RESOURCE_POLICY_BYTES_MAX),
    check,
};

/// A restore with a policy of this many bytes.
fn policy(bytes: usize) -> Facts {
    let space = " ".repeat(bytes.saturating_sub(2));
    examples::restore(|it| it.resource_policy = format!("{{{space}}}").into())
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(Fact::Known(text)) = facts.restored_table().map(|it| &it.resource_policy) else {
        return;
    };
    if facts.is_destroyed_for_good() || text.len() <= RESOURCE_POLICY_BYTES_MAX {
        return;
    }
    report.add(
        Subject::ResourcePolicy,
        format!(
            "resource_policy has {} bytes, and AWS takes {RESOURCE_POLICY_BYTES_MAX} at most, white space included.",
            text.len()
        ),
        format!(
            "Shorten it by {}: write it with jsonencode, which leaves white space out, merge statements, or \
             name groups of principals by conditions.",
            prose::count((text.len() - RESOURCE_POLICY_BYTES_MAX) as i64, "byte")
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, policy};
    use crate::examples;
    use crate::fact::Fact;
    use crate::facts::Action;

    #[test]
    fn bytes_are_counted_and_not_characters() {
        assert!(RULE.findings(&policy(20_480)).is_empty());
        assert_eq!(RULE.findings(&policy(20_481)).len(), 1);
        let letters = examples::restore(|it| it.resource_policy = "ä".repeat(10_241).into());
        let findings = RULE.findings(&letters);
        assert!(
            findings[0].fix.starts_with("Shorten it by 2 bytes"),
            "{findings:?}"
        );
    }

    #[test]
    fn a_table_that_goes_needs_no_policy() {
        let mut facts = policy(20_481);
        facts.action = Fact::Known(Action::Destroy);
        assert!(RULE.findings(&facts).is_empty());
    }
}
