//! DBK-QTA-008: a backup plan with more rules, copy actions or selections than the quotas of AWS Backup allow.

use crate::examples::aws_backup::{named, plan, rule};
use crate::facts::{CopyAction, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{COPY_ACTIONS_PER_RULE_MAX, RULES_PER_PLAN_MAX, SELECTIONS_PER_PLAN_MAX};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-QTA-008"),
    name: "plan_beyond_quotas",
    also: &[],
    area: Area::Quotas,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Backup plan is beyond a quota",
    why: "A backup plan has at most 10 rules and 100 selections, and a rule at most 5 copy actions, unless AWS \
          has raised these quotas for the account.",
    aws_error: Some("LimitExceededException"),
    source: "AWS Backup developer guide, quotas",
    firing: || plan(|it| it.rules = named((1..=11).map(|number| (format!("rule-{number}"), rule())))),
    silent: || plan(|it| it.rules = named((1..=10).map(|number| (format!("rule-{number}"), rule())))),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(plan) = facts.backup_plan().filter(|_| !facts.is_destroyed_for_good()) else {
        return;
    };
    let mut judge = |subject: Subject, count: usize, max: usize, whose: &str, what: &str| {
        if count > max {
            report.add(
                subject.clone(),
                format!(
                    "{subject} has {count} entries, and the quota is {max} {what} for each {whose} unless AWS has \
                     raised it."
                ),
                format!(
                    "Remove {} of them, spread them over several rules or plans, or ask AWS for a higher quota \
                     before the apply.",
                    count - max
                ),
            );
        }
    };
    if let Some(rules) = plan.rules.known() {
        judge(
            Subject::PlanRules,
            rules.len(),
            RULES_PER_PLAN_MAX,
            "plan",
            "rules",
        );
        for (name, rule) in rules {
            let count = rule.copy_actions.known().map_or(0, Vec::<CopyAction>::len);
            let subject = Subject::CopyActions(name.clone());
            judge(subject, count, COPY_ACTIONS_PER_RULE_MAX, "rule", "copy actions");
        }
    }
    if let Some(selections) = plan.selections.known() {
        judge(
            Subject::Selections,
            selections.len(),
            SELECTIONS_PER_PLAN_MAX,
            "plan",
            "selections",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{CopyAction, RULE, named, plan, rule};
    use crate::examples::aws_backup::{FAR_VAULT_ARN, selection};
    use crate::fact::Fact;
    use crate::facts::{Action, BackupPlan, Facts, PlanRule};
    use crate::finding::Subject;

    fn found(change: impl FnOnce(&mut BackupPlan)) -> Vec<(Subject, String)> {
        RULE.findings(&plan(change))
            .into_iter()
            .map(|it| (it.subject, it.fix))
            .collect()
    }

    fn rules(number: usize) -> impl FnOnce(&mut BackupPlan) {
        move |it| it.rules = named((0..number).map(|number| (format!("r{number}"), rule())))
    }

    #[test]
    fn each_quota_has_its_bound() {
        assert_eq!(found(rules(10)), []);
        let [(Subject::PlanRules, fix)] = &found(rules(12))[..] else {
            panic!("not one finding")
        };
        assert!(fix.starts_with("Remove 2 of them"), "{fix}");
        let copies = |number: usize| {
            found(|it| {
                let copying = PlanRule {
                    copy_actions: Fact::Known(vec![CopyAction::to(FAR_VAULT_ARN); number]),
                    ..rule()
                };
                it.rules = named([("daily", copying)]);
            })
        };
        assert_eq!(copies(5), []);
        assert_eq!(copies(6)[0].0, Subject::CopyActions("daily".to_owned()));
        let selections = |number: usize| {
            found(|it| it.selections = named((0..number).map(|number| (format!("s{number}"), selection()))))
        };
        assert_eq!(selections(100), []);
        assert_eq!(selections(101)[0].0, Subject::Selections);
    }

    #[test]
    fn a_plan_that_goes_is_left_alone() {
        let facts = Facts {
            action: Fact::Known(Action::Destroy),
            ..plan(rules(11))
        };
        assert_eq!(RULE.findings(&facts), []);
    }
}
