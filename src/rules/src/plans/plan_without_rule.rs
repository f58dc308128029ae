//! DBK-PLN-001: a backup plan without a rule.

use crate::examples::aws_backup::plan;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PLN-001"),
    name: "plan_without_rule",
    also: &[],
    area: Area::Plans,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Backup plan has no rule",
    why: "A plan has at least one rule: it says when to back up and into which vault. That there are ten at most, \
          unless AWS has raised that, is DBK-QTA-008.",
    aws_error: Some("MissingParameterValueException"),
    source: "AWS Backup API, BackupPlanInput",
    firing: || plan(|it| it.rules = Fact::Absent),
    silent: || plan(|_| ()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(plan) = facts.backup_plan().filter(|_| !facts.is_destroyed_for_good()) else {
        return;
    };
    let is_empty = match &plan.rules {
        Fact::Known(rules) => rules.is_empty(),
        Fact::Absent => true,
        Fact::Unknown => false,
    };
    if is_empty {
        report.add(
            Subject::PlanRules,
            "The plan has no rule, and AWS Backup takes none without: nothing says when to back up, and into which \
             vault.",
            "Add one, for example rules = { daily = { target_vault_name = \"...\", schedule = \"cron(0 5 ? * * *)\", \
             lifecycle = { delete_after_days = 35 } } }.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, plan};
    use crate::examples::aws_backup::{named, rule};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, PlanRule};

    #[test]
    fn none_is_too_few_whichever_way_it_is_written() {
        let fires = |rules| !RULE.findings(&plan(|it| it.rules = rules)).is_empty();
        assert!(fires(Fact::Absent));
        assert!(fires(named([] as [(&str, PlanRule); 0])));
        assert!(!fires(Fact::Unknown));
        assert!(!fires(named([("daily", rule())])));
    }

    #[test]
    fn a_plan_that_goes_needs_none() {
        let facts = Facts {
            action: Fact::Known(Action::Destroy),
            ..plan(|it| it.rules = Fact::Absent)
        };
        assert_eq!(RULE.findings(&facts), []);
    }
}
