//! DBK-SCH-011: a completion window that ends too soon after the start window.

use super::with_rule;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{BackupWindow, BackupWindowError};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-011"),
    name: "completion_window_too_short",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Completion window is too short for the start window",
    why: "The completion window counts from the scheduled time, as the start window does, and must be at least 60 \
          minutes longer: a job that starts late needs time to run. Where one of the two is not given, AWS Backup uses \
          480 minutes for the start and 10080 for the completion, and holds the other against that.",
    aws_error: Some(
        "InvalidParameterValueException: ... at least 60 minutes greater than backup start window",
    ),
    source: "AWS Backup developer guide, completion window; error text of AWS Backup",
    firing: || with_rule(|it| it.completion_window_minutes = Fact::Known(240)),
    silent: || {
        with_rule(|it| {
            it.start_window_minutes = Fact::Known(180);
            it.completion_window_minutes = Fact::Known(240);
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for windows in facts.windows() {
        if windows.start.is_unknown() || windows.completion.is_unknown() {
            continue;
        }
        let found = BackupWindow::from_minutes(windows.start.into_known(), windows.completion.into_known());
        if let Err(error @ BackupWindowError::Completion { .. }) = found {
            let whose = match (windows.start, windows.completion) {
                (Fact::Absent, _) => " The start window is AWS's default.",
                (_, Fact::Absent) => " The completion window is AWS's default.",
                _ => "",
            };
            report.add(
                windows.completion_subject.clone(),
                format!("{}{whose}", windows.sentence(&error)),
                error.fix(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_rule};
    use crate::examples::aws_backup::recovery_point;
    use crate::fact::Fact;
    use crate::finding::Subject;

    fn detail(start: Fact<i64>, completion: Fact<i64>) -> Option<String> {
        let facts = with_rule(|it| {
            it.start_window_minutes = start;
            it.completion_window_minutes = completion;
        });
        RULE.findings(&facts).pop().map(|it| {
            assert_eq!(it.subject, Subject::PlanRuleCompletionWindow("daily".to_owned()));
            it.detail
        })
    }

    #[test]
    fn the_distance_is_held_against_what_aws_would_use() {
        let known = Fact::Known;
        for (start, completion) in [
            (known(60), known(120)),
            (Fact::Absent, known(540)),
            (known(10_020), Fact::Absent),
            (Fact::Absent, Fact::Absent),
            (Fact::Unknown, known(60)),
            (known(20_000), Fact::Unknown),
            // A start window that is wrong by itself has no distance.
            (known(59), known(60)),
        ] {
            assert_eq!(detail(start, completion), None, "{start:?} {completion:?}");
        }
        let text = detail(known(60), known(119)).expect("a finding");
        assert!(text.ends_with("after the start window of 60 minutes."), "{text}");
        let text = detail(Fact::Absent, known(539)).expect("a finding");
        assert!(
            text.ends_with("480 minutes. The start window is AWS's default."),
            "{text}"
        );
        let text = detail(known(10_021), Fact::Absent).expect("a finding");
        assert!(
            text.ends_with("10021 minutes. The completion window is AWS's default."),
            "{text}"
        );
    }

    #[test]
    fn on_demand_jobs_have_the_same_bounds() {
        let facts = recovery_point(|it| it.completion_window_minutes = Fact::Known(60));
        let subjects: Vec<Subject> = RULE.findings(&facts).into_iter().map(|it| it.subject).collect();
        assert_eq!(subjects, [Subject::CompletionWindow]);
    }
}
