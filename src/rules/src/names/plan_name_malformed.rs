//! DBK-NAME-009: a plan name that breaks the grammar of plan names, or that would have to be changed.

use crate::examples::aws_backup::plan;
use crate::fact::Fact;
use crate::facts::{Accepts, Action, Facts};
use crate::finding::{Report, Severity, Subject};
use crate::limits::BACKUP_PLAN_NAME_LENGTH_IN_CONSOLE_MAX;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::PlanName;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-NAME-009"),
    name: "plan_name_malformed",
    also: &[],
    area: Area::Names,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Name of a backup plan is not valid",
    why: "AWS Backup takes plan names of 1 to 200 characters out of letters, digits, underscore, hyphen and \
          dot. The console takes 50 at most, so that a longer name is a warning. A plan keeps its name: \
          another name needs another plan.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API reference, BackupPlan; developer guide, updating a backup plan",
    firing: || plan(|it| it.name = "orders/prod".into()),
    silent: || plan(|it| it.name = "orders.prod".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::PlanName)
    {
        let name = place.text;
        let length = name.chars().count();
        match PlanName::parse(name) {
            Err(error) => report.add(
                place.subject,
                format!("{name:?} cannot be the name of a backup plan: {error}."),
                format!(
                    "Use a name of that form, for example {:?}.",
                    PlanName::GRAMMAR.nearest(name, "daily")
                ),
            ),
            Ok(_) if length > BACKUP_PLAN_NAME_LENGTH_IN_CONSOLE_MAX => report.add_warning(
                place.subject,
                format!(
                    "The name {name:?} has {length} characters. The API takes them, but the console takes \
                     {BACKUP_PLAN_NAME_LENGTH_IN_CONSOLE_MAX} at most, so that nobody can edit the plan there."
                ),
                format!(
                    "Shorten it by {}.",
                    length - BACKUP_PLAN_NAME_LENGTH_IN_CONSOLE_MAX
                ),
            ),
            Ok(_) => check_rename(facts, name, report),
        }
    }
}

/// A change of the name in place, which AWS Backup does not do.
fn check_rename(facts: &Facts, name: &str, report: &mut Report<'_>) {
    let prior = facts.backup_plan().and_then(|it| it.prior.known());
    let (Some(Fact::Known(old)), Fact::Known(Action::Update)) = (prior.map(|it| &it.name), facts.action)
    else {
        return;
    };
    if old != name {
        report.add(
            Subject::PlanName,
            format!(
                "The plan was made with the name {old:?} and cannot be renamed to {name:?}: AWS Backup \
                     changes everything of a plan but its name."
            ),
            format!(
                "Keep name = {old:?}, or replace the plan. Recovery points that it made stay in their vaults \
                 either way."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, plan};
    use crate::examples::aws_backup::plan_changed;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};
    use crate::finding::Severity;

    fn severities(facts: &Facts) -> Vec<Severity> {
        RULE.findings(facts).into_iter().map(|it| it.severity).collect()
    }

    #[test]
    fn a_name_that_only_the_api_takes_is_a_warning() {
        let of = |length: usize| severities(&plan(|it| it.name = "x".repeat(length).into()));
        assert_eq!(of(0), [Severity::Error]);
        assert_eq!(of(1), []);
        assert_eq!(of(50), []);
        assert_eq!(of(51), [Severity::Warning]);
        assert_eq!(of(200), [Severity::Warning]);
        assert_eq!(of(201), [Severity::Error]);
    }

    #[test]
    fn a_plan_keeps_its_name_unless_it_is_replaced() {
        assert_eq!(severities(&plan_changed(|_| ())), []);
        let renamed = plan_changed(|it| it.name = "orders-daily".into());
        assert_eq!(severities(&renamed), [Severity::Error]);
        let replaced = Facts {
            action: Fact::Known(Action::Replace),
            ..renamed.clone()
        };
        assert_eq!(severities(&replaced), []);
        let unknown = plan_changed(|it| {
            it.name = "orders-daily".into();
            it.prior = Fact::Unknown;
        });
        assert_eq!(severities(&unknown), []);
    }
}
