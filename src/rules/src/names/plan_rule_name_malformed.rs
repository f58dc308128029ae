//! DBK-NAME-007: a name of a rule of a backup plan that breaks the grammar of such names.

use crate::examples::aws_backup::{named, plan, rule};
use crate::facts::{Accepts, Facts};
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::PlanRuleName;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-NAME-007"),
    name: "plan_rule_name_malformed",
    also: &[],
    area: Area::Names,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Name of a backup rule is not valid",
    why: "AWS Backup takes rule names of 1 to 50 characters out of letters, digits, underscore, hyphen and \
          dot. Its developer guide promises only letters, digits and hyphens, so that the other two are a \
          warning.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API model, BackupRuleName; developer guide, creating a backup plan",
    firing: || plan(|it| it.rules = named([("every day", rule())])),
    silent: || plan(|it| it.rules = named([("every-day", rule())])),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for place in facts
        .places()
        .into_iter()
        .filter(|it| it.accepts == Accepts::PlanRuleName)
    {
        let name = place.text;
        match PlanRuleName::parse(name) {
            Err(error) => report.add(
                place.subject,
                format!("{name:?} cannot be the name of a rule of a backup plan: {error}."),
                format!(
                    "Use a name of that form, for example {:?}.",
                    PlanRuleName::GRAMMAR.nearest(name, "daily")
                ),
            ),
            Ok(_) if name.contains(['_', '.']) => report.add_warning(
                place.subject,
                format!(
                    "The name {name:?} of the rule has an underscore or a dot. The API takes them, but the \
                     developer guide promises only letters, digits and hyphens."
                ),
                format!(
                    "Rename the rule, for example to {:?}.",
                    name.replace(['_', '.'], "-")
                ),
            ),
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, named, plan, rule};
    use crate::finding::Severity;

    fn severities(name: &str) -> Vec<Severity> {
        RULE.findings(&plan(|it| it.rules = named([(name, rule())])))
            .into_iter()
            .map(|it| it.severity)
            .collect()
    }

    #[test]
    fn what_only_the_api_takes_is_a_warning() {
        for name in ["d", "daily-at-5", &"x".repeat(50)] {
            assert_eq!(severities(name), [], "{name}");
        }
        for name in ["daily_5", "daily.5"] {
            assert_eq!(severities(name), [Severity::Warning], "{name}");
        }
        for name in ["", "daily 5", "täglich", &"x".repeat(51)] {
            assert_eq!(severities(name), [Severity::Error], "{name}");
        }
    }
}
