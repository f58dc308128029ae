//! DBK-PLN-006: a backup plan that backs nothing up, because it selects nothing.

use crate::examples::aws_backup::plan;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PLN-006"),
    name: "plan_without_selection",
    also: &[],
    area: Area::Plans,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Backup plan selects nothing",
    why: "The rules of a plan say when and where to, its selections what. AWS Backup takes a plan without selections, \
          and never starts a job for it.",
    aws_error: None,
    source: "AWS Backup developer guide, assigning resources",
    firing: || plan(|it| it.selections = Fact::Absent),
    silent: || plan(|_| ()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(plan) = facts.backup_plan().filter(|_| !facts.is_destroyed_for_good()) else {
        return;
    };
    let is_empty = match &plan.selections {
        Fact::Known(selections) => selections.is_empty(),
        Fact::Absent => true,
        Fact::Unknown => false,
    };
    if is_empty {
        report.add(
            Subject::Selections,
            "The plan has no selection, so that it backs nothing up: no table is protected by it.",
            "Say what to back up and as whom, for example selections = { tables = { role_arn = \"...\", resources = \
             [aws_dynamodb_table.example.arn] } }.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, plan};
    use crate::examples::aws_backup::{named, selection};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Selection};

    #[test]
    fn none_is_too_few_whichever_way_it_is_written() {
        let fires = |selections| !RULE.findings(&plan(|it| it.selections = selections)).is_empty();
        assert!(fires(Fact::Absent));
        assert!(fires(named([] as [(&str, Selection); 0])));
        assert!(!fires(Fact::Unknown));
        assert!(!fires(named([("tables", selection())])));
    }

    #[test]
    fn a_plan_that_goes_selects_nothing() {
        let facts = Facts {
            action: Fact::Known(Action::Destroy),
            ..plan(|it| it.selections = Fact::Absent)
        };
        assert_eq!(RULE.findings(&facts), []);
    }
}
