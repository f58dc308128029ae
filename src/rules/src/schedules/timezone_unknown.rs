//! DBK-SCH-007: a time zone that the IANA database does not know.

use super::with_rule;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::ScheduleTimeZone;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-007"),
    name: "timezone_unknown",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Time zone of a schedule is not known",
    why: "AWS Backup takes the names of the IANA database, such as Europe/Berlin, and counts in UTC where none is given. \
          Abbreviations and offsets do not tell when clocks change.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API, ScheduleExpressionTimezone",
    firing: || with_rule(|it| it.schedule_timezone = "CET+1".into()),
    silent: || with_rule(|it| it.schedule_timezone = "Europe/Berlin".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for (name, rule) in facts.plan_rules() {
        let Fact::Known(text) = &rule.schedule_timezone else {
            continue;
        };
        if let Err(error) = ScheduleTimeZone::parse(text) {
            report.add(
                Subject::PlanRuleScheduleTimezone(name.clone()),
                format!("The schedule of the rule {name:?} counts in a zone that does not exist: {error}."),
                error.fix(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_rule};
    use crate::fact::Fact;

    #[test]
    fn a_name_of_the_database_or_none() {
        let fix = |zone: Fact<String>| {
            let facts = with_rule(|it| it.schedule_timezone = zone);
            RULE.findings(&facts)
                .pop()
                .map(|it| format!("{}: {}", it.subject, it.fix))
        };
        for zone in [Fact::Absent, Fact::Unknown, "UTC".into(), "Europe/Berlin".into()] {
            assert_eq!(fix(zone), None);
        }
        assert_eq!(
            fix("Berlin".into()).as_deref(),
            Some("rules[\"daily\"].schedule_timezone: Write \"Europe/Berlin\", if that is what is meant.")
        );
        assert!(fix("".into()).is_some());
    }
}
