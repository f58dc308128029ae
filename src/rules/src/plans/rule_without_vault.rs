//! DBK-PLN-002: a rule of a backup plan that does not say into which vault it backs up.

use crate::examples::aws_backup::{named, plan, rule};
use crate::fact::Fact;
use crate::facts::{Facts, PlanRule};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PLN-002"),
    name: "rule_without_vault",
    also: &[],
    area: Area::Plans,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Rule of a backup plan has no target vault",
    why: "Each rule has a vault that takes its recovery points. A rule that backs up into a logically air-gapped vault \
          has one as well: what cannot go there directly goes through it. Names of rules are the keys of the map, and \
          so unique.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API, BackupRuleInput",
    firing: || without_vault(Fact::Absent),
    silent: || without_vault("orders".into()),
    check,
};

fn without_vault(target_vault_name: Fact<String>) -> Facts {
    plan(|it| {
        it.rules = named([(
            "daily",
            PlanRule {
                target_vault_name,
                ..rule()
            },
        )]);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for (name, rule) in facts.plan_rules() {
        if !rule.target_vault_name.is_absent() {
            continue;
        }
        let detail = if rule.target_logically_air_gapped_vault_arn.is_absent() {
            format!("The rule {name:?} does not say into which vault it backs up.")
        } else {
            format!(
                "The rule {name:?} names a logically air-gapped vault, and needs an ordinary one besides: AWS Backup \
                 requires it, and uses it on the way."
            )
        };
        report.add(
            Subject::TargetVaultName(name.clone()),
            detail,
            "Set target_vault_name to the name of a vault of this Region.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, named, plan, rule, without_vault};
    use crate::fact::Fact;
    use crate::facts::PlanRule;
    use crate::finding::Subject;

    #[test]
    fn a_vault_is_named_even_beside_an_air_gapped_one() {
        let with_gap = plan(|it| {
            it.rules = named([(
                "daily",
                PlanRule {
                    target_vault_name: Fact::Absent,
                    target_logically_air_gapped_vault_arn: "arn".into(),
                    ..rule()
                },
            )]);
        });
        let found = RULE.findings(&with_gap).remove(0);
        assert_eq!(found.subject, Subject::TargetVaultName("daily".to_owned()));
        assert!(found.detail.contains("an ordinary one besides"), "{found}");
        let found = RULE.findings(&without_vault(Fact::Absent)).remove(0);
        assert!(found.detail.contains("does not say into which vault"), "{found}");
        assert_eq!(RULE.findings(&without_vault(Fact::Unknown)), []);
    }
}
