//! DBK-RST-008: more restores in one plan than AWS runs at once.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, PlannedRestore};
use crate::finding::{Report, Severity, Subject};
use crate::limits::CONCURRENT_RESTORES_MAX;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-008"),
    name: "too_many_restores",
    also: &["DBK-QTA-004"],
    area: Area::Quotas,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "More restores are planned than AWS runs at once",
    why: "An account runs 50 restores at once, those of AWS Backup among them; one more is refused, not queued. \
          Terraform works on ten objects at a time unless it is told otherwise, so a plan of many restores is safe as \
          long as it is not.",
    aws_error: Some("LimitExceededException: Only 50 restore operations …"),
    source: "DynamoDB developer guide, quotas; measured on AWS",
    firing: || beside(CONCURRENT_RESTORES_MAX),
    silent: || beside(CONCURRENT_RESTORES_MAX - 1),
    check,
};

/// A restore beside so many others.
fn beside(number: usize) -> Facts {
    let mut facts = examples::restore(|_| ());
    if let Ok(region) = Region::parse("us-east-1") {
        facts.neighbours.restores = (0..number)
            .map(|it| PlannedRestore {
                region: region.clone(),
                name: format!("orders-{it}"),
                size_bytes: Fact::Unknown,
                is_from_recovery_point: false,
            })
            .collect();
    }
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    if facts.restored_table().is_none() || !facts.is_made() {
        return;
    }
    let planned = facts.neighbours.restores.len() + 1;
    if planned > CONCURRENT_RESTORES_MAX {
        report.add(
            Subject::Object,
            format!(
                "This is restore {planned} of the plan, and AWS runs {CONCURRENT_RESTORES_MAX} at once in an account. \
                 What is more than that is refused."
            ),
            format!(
                "Leave terraform apply at its default of ten objects at a time, or at -parallelism={CONCURRENT_RESTORES_MAX} \
                 at most, and see that nobody else restores meanwhile."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, beside};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};

    #[test]
    fn the_fifty_first_is_one_too_many() {
        assert!(RULE.findings(&beside(49)).is_empty());
        let detail = RULE.findings(&beside(50)).pop().expect("a finding").detail;
        assert!(detail.contains("restore 51 of the plan"), "{detail}");
        assert_eq!(RULE.findings(&beside(51)).len(), 1);
    }

    #[test]
    fn only_restores_count() {
        let kept = Facts {
            action: Fact::Known(Action::Keep),
            ..beside(50)
        };
        assert!(RULE.findings(&kept).is_empty());
        let backup = Facts {
            neighbours: beside(50).neighbours,
            ..crate::examples::backup(|_| ())
        };
        assert!(RULE.findings(&backup).is_empty());
    }
}
