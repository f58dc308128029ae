//! DBK-SCH-009: hours with a step that goes beyond midnight at once, so that there is one run a day instead of several.

use super::scheduled;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::limits::SCHEDULE_HOURS;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Schedule;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-009"),
    name: "hour_step_without_effect",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Step of the hours has no effect",
    why: "Steps are counted from the first hour to midnight and begin anew on the next day. 14/12 therefore names 14:00 \
          alone, and what was meant as a backup every twelve hours is one a day.",
    aws_error: None,
    source: "AWS Backup developer guide, backup frequency",
    firing: || scheduled("cron(0 14/12 ? * * *)"),
    silent: || scheduled("cron(0 2/12 ? * * *)"),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for (name, rule) in facts.plan_rules() {
        let Fact::Known(text) = &rule.schedule else {
            continue;
        };
        let Some((field, start, step)) = stepped_hours(text) else {
            continue;
        };
        let last = *SCHEDULE_HOURS.end();
        if start + step <= last {
            continue;
        }
        let hours: Vec<String> = (start % step..=last)
            .step_by(usize::try_from(step).unwrap_or(1))
            .map(|it| it.to_string())
            .collect();
        let with_hours = |hours: &str| text.replacen(field, hours, 1);
        let once = format!(
            "Write {:?} if one run a day is meant",
            with_hours(&start.to_string())
        );
        let fix = if hours.len() > 1 {
            let several = with_hours(&hours.join(","));
            format!("Write {several:?} for a run every {step} hours. {once}.")
        } else {
            format!("{once}; there is no cron expression for every {step} hours.")
        };
        report.add(
            Subject::PlanRuleSchedule(name.clone()),
            format!(
                "The hours {field:?} of {text:?} are {start}:00 alone, once a day: {step} hours later the day is over, \
                 and steps begin anew at {start}:00."
            ),
            fix,
        );
    }
}

/// The hour field of a schedule that is one start and one step, with both.
fn stepped_hours(text: &str) -> Option<(&str, i16, i16)> {
    Schedule::parse(text).ok()?;
    let field = text.split_ascii_whitespace().nth(1)?;
    let (start, step) = field.split_once('/')?;
    Some((field, start.parse().ok()?, step.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{RULE, scheduled};

    fn fix(hours: &str) -> Option<String> {
        let found = RULE.findings(&scheduled(&format!("cron(0 {hours} ? * * *)")));
        found.into_iter().map(|it| it.fix).next()
    }

    #[test]
    fn a_step_that_leads_to_another_hour_has_an_effect() {
        for hours in [
            "0/12", "11/12", "*/23", "0/23", "8-18/4", "20-22/4", "3,14/12", "14", "*",
        ] {
            assert_eq!(fix(hours), None, "{hours}");
        }
        assert_eq!(
            fix("12/12").as_deref(),
            Some(
                "Write \"cron(0 0,12 ? * * *)\" for a run every 12 hours. Write \"cron(0 12 ? * * *)\" if one run a \
                 day is meant."
            )
        );
        let sixes = fix("20/6").expect("a finding");
        assert!(
            sixes.starts_with("Write \"cron(0 2,8,14,20 ? * * *)\""),
            "{sixes}"
        );
        assert_eq!(
            fix("5/19").as_deref(),
            Some(
                "Write \"cron(0 5 ? * * *)\" if one run a day is meant; there is no cron expression for every 19 \
                 hours."
            )
        );
    }

    #[test]
    fn the_minute_before_is_left_alone() {
        let found = RULE.findings(&scheduled("cron(14 14/12 14 * ? *)"));
        assert!(found[0].fix.contains("\"cron(14 2,14 14 * ? *)\""), "{found:?}");
        assert_eq!(RULE.findings(&scheduled("cron(0 14/12 * * *)")), []);
    }
}
