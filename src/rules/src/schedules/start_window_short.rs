//! DBK-SCH-012: a start window so short that jobs may expire before they start.

use super::with_rule;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::limits::{START_WINDOW_MINUTES_DEFAULT, START_WINDOW_MINUTES_MIN, START_WINDOW_MINUTES_SHORT};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-012"),
    name: "start_window_short",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Start window is short, and a job that misses it expires",
    why: "A job waits for its turn: AWS Backup starts one within an hour or so, later when many resources are due at \
          once, and backs up a resource once at a time. A job that has not started when its start window ends expires, \
          and no other takes its place before the next run. AWS's own default is eight hours; one of 60 minutes is \
          what the provider hashicorp/aws sends where none is given.",
    aws_error: Some("backup job EXPIRED"),
    source: "AWS Backup developer guide, start window; hashicorp/aws, start_window",
    firing: || with_rule(|it| it.start_window_minutes = Fact::Known(60)),
    silent: || with_rule(|it| it.start_window_minutes = Fact::Known(120)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for windows in facts.windows() {
        let Fact::Known(start) = windows.start else {
            continue;
        };
        if !(START_WINDOW_MINUTES_MIN..START_WINDOW_MINUTES_SHORT).contains(&start) {
            continue;
        }
        let then = if windows.rule.is_some() {
            "AWS Backup tries again only at the next run of the rule"
        } else {
            "there is no recovery point"
        };
        report.add(
            windows.start_subject.clone(),
            format!(
                "{} is {start}: a job that has not started {start} minutes after its scheduled time expires, and \
                 {then}. Jobs wait longer when many are due at once.",
                windows.start_subject
            ),
            format!(
                "Leave it out for AWS's default of {START_WINDOW_MINUTES_DEFAULT} minutes, or set it to \
                 {START_WINDOW_MINUTES_SHORT} or more."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_rule};
    use crate::examples::aws_backup::recovery_point;
    use crate::fact::Fact;

    #[test]
    fn short_is_below_two_hours_and_not_below_what_aws_takes() {
        let fires = |start: Fact<i64>| {
            let facts = with_rule(|it| it.start_window_minutes = start);
            !RULE.findings(&facts).is_empty()
        };
        for (start, expected) in [(59, false), (60, true), (119, true), (120, false)] {
            assert_eq!(fires(Fact::Known(start)), expected, "{start}");
        }
        assert!(!fires(Fact::Absent) && !fires(Fact::Unknown));
    }

    #[test]
    fn what_follows_is_said() {
        let repeated = RULE.findings(&with_rule(|it| it.start_window_minutes = Fact::Known(60)));
        assert!(
            repeated[0].detail.contains("only at the next run"),
            "{repeated:?}"
        );
        let once = RULE.findings(&recovery_point(|it| it.start_window_minutes = Fact::Known(60)));
        assert!(once[0].detail.contains("there is no recovery point"), "{once:?}");
    }
}
