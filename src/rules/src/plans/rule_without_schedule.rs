//! DBK-PLN-008: a rule of a backup plan without a schedule, which runs all the same.

use crate::examples::aws_backup::{named, plan, rule};
use crate::fact::Fact;
use crate::facts::{Facts, PlanRule};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Schedule;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PLN-008"),
    name: "rule_without_schedule",
    also: &[],
    area: Area::Plans,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Rule of a backup plan has no schedule, and runs every day",
    why: "AWS Backup gives a rule without a schedule its own: 05:00 of every day, in UTC unless the rule has a time \
          zone. Nobody who reads the configuration sees when tables are backed up.",
    aws_error: None,
    source: "AWS Backup API, ScheduleExpression",
    firing: || with_schedule(Fact::Absent),
    silent: || with_schedule(Schedule::DEFAULT.into()),
    check,
};

fn with_schedule(schedule: Fact<String>) -> Facts {
    plan(|it| it.rules = named([("daily", PlanRule { schedule, ..rule() })]))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    for (name, rule) in facts.plan_rules() {
        if !rule.schedule.is_absent() {
            continue;
        }
        let zone = match &rule.schedule_timezone {
            Fact::Known(zone) => format!(" ({zone})"),
            Fact::Absent => " UTC".to_owned(),
            Fact::Unknown => String::new(),
        };
        report.add(
            Subject::PlanRuleSchedule(name.clone()),
            format!("The rule {name:?} has no schedule. AWS Backup runs it at 05:00{zone} of every day."),
            format!("Write schedule = {:?} if that is meant.", Schedule::DEFAULT),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{PlanRule, RULE, named, plan, rule, with_schedule};
    use crate::fact::Fact;

    #[test]
    fn only_one_that_is_left_out_is_spoken_of() {
        assert_eq!(RULE.findings(&with_schedule(Fact::Unknown)), []);
        assert_eq!(RULE.findings(&with_schedule("daily".into())), []);
        assert_eq!(RULE.findings(&with_schedule(Fact::Absent)).len(), 1);
    }

    #[test]
    fn the_zone_is_said_as_far_as_it_is_known() {
        let detail = |schedule_timezone: Fact<String>| {
            let daily = PlanRule {
                schedule: Fact::Absent,
                schedule_timezone,
                ..rule()
            };
            RULE.findings(&plan(|it| it.rules = named([("daily", daily)])))
                .remove(0)
                .detail
        };
        for (zone, words) in [
            (Fact::Absent, "at 05:00 UTC of every day"),
            ("Europe/Berlin".into(), "at 05:00 (Europe/Berlin) of every day"),
            (Fact::Unknown, "at 05:00 of every day"),
        ] {
            let detail = detail(zone);
            assert!(detail.contains(words), "{detail}");
        }
    }
}
