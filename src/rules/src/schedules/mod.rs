//! Rules about when AWS Backup starts jobs, and how long they may wait and run.

pub(crate) mod completion_window_too_short;
pub(crate) mod day_fields_not_exclusive;
pub(crate) mod hour_step_without_effect;
pub(crate) mod schedule_as_rate;
pub(crate) mod schedule_field_malformed;
pub(crate) mod schedule_never_runs;
pub(crate) mod schedule_not_cron;
pub(crate) mod schedule_too_often;
pub(crate) mod start_window_out_of_range;
pub(crate) mod start_window_short;
pub(crate) mod timezone_unknown;

use crate::examples::aws_backup::{named, plan, rule};
use crate::facts::{Facts, PlanRule};
use crate::finding::{Report, Subject};
use crate::rule::RuleId;
use crate::syntax::Schedule;

/// Reports every schedule of which the first fault breaks this rule.
fn report_malformed(id: RuleId, facts: &Facts, report: &mut Report<'_>) {
    for (name, rule) in facts.plan_rules() {
        let Some(text) = rule.schedule.known() else {
            continue;
        };
        if let Err(error) = Schedule::parse(text)
            && error.rule() == id.as_str()
        {
            report.add(
                Subject::PlanRuleSchedule(name.clone()),
                format!("{text:?} is not a schedule of AWS Backup: {error}."),
                error.fix(),
            );
        }
    }
}

/// A plan with one rule that has this schedule.
fn scheduled(schedule: &str) -> Facts {
    with_rule(|it| it.schedule = schedule.into())
}

/// A plan with one rule, `daily`.
fn with_rule(change: impl FnOnce(&mut PlanRule)) -> Facts {
    let mut daily = rule();
    change(&mut daily);
    plan(|it| it.rules = named([("daily", daily)]))
}

#[cfg(test)]
mod tests {
    use super::{scheduled, with_rule};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};
    use crate::registry::RULES;

    /// What the rules of this area say: id, place and fix of each.
    fn found(facts: &Facts) -> Vec<String> {
        RULES
            .iter()
            .filter(|it| it.id.as_str().starts_with("DBK-SCH-"))
            .flat_map(|it| it.findings(facts))
            .map(|it| format!("{} {}: {}", it.rule, it.subject, it.fix))
            .collect()
    }

    #[test]
    fn each_fault_has_its_rule_and_what_to_write_instead() {
        for (text, id, fix) in [
            ("0 5 * * 1-5", "DBK-SCH-001", "Write \"cron(0 5 ? * MON-FRI *)\"."),
            (
                "every day",
                "DBK-SCH-001",
                "Write it like \"cron(0 5 ? * * *)\", which is 05:00 of every day.",
            ),
            ("cron(0 5 * * * *)", "DBK-SCH-002", "Write \"cron(0 5 * * ? *)\"."),
            ("rate(1 hour)", "DBK-SCH-003", "Write \"cron(0 * * * ? *)\"."),
            (
                "cron(0/30 * ? * * *)",
                "DBK-SCH-004",
                "Write \"cron(0 * ? * * *)\".",
            ),
            (
                "cron(0 24 ? * * *)",
                "DBK-SCH-005",
                "Give the hour field values from 0 to 23, or * for all of them.",
            ),
        ] {
            assert_eq!(
                found(&scheduled(text)),
                [format!("{id} rules[\"daily\"].schedule: {fix}")],
                "{text}"
            );
        }
        assert_eq!(found(&scheduled("cron(0 5 ? * MON-FRI *)")), [""; 0]);
    }

    #[test]
    fn what_is_unknown_or_goes_is_not_judged() {
        assert_eq!(found(&with_rule(|it| it.schedule = Fact::Unknown)), [""; 0]);
        let facts = scheduled("daily");
        for action in [Action::Keep, Action::Update, Action::Replace] {
            let facts = Facts {
                action: Fact::Known(action),
                ..facts.clone()
            };
            assert_eq!(found(&facts).len(), 1, "{action:?}");
        }
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..facts
        };
        assert_eq!(found(&destroyed), [""; 0]);
    }
}
