//! DBK-SCH-010: a start window that is shorter or longer than AWS Backup takes.

use super::with_rule;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{BackupWindow, BackupWindowError};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-010"),
    name: "start_window_out_of_range",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Start window is out of range",
    why: "The start window is how long a job may wait before it starts. AWS Backup takes 60 to 52560000 minutes, and \
          480 where none is given.",
    aws_error: Some("InvalidParameterValueException"),
    source: "AWS Backup API, StartWindowMinutes",
    firing: || with_rule(|it| it.start_window_minutes = Fact::Known(30)),
    silent: || with_rule(|it| it.start_window_minutes = Fact::Known(240)),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for windows in facts.windows() {
        let Fact::Known(start) = windows.start else {
            continue;
        };
        if let Err(error @ BackupWindowError::Start { .. }) = BackupWindow::from_minutes(Some(start), None) {
            report.add(
                windows.start_subject.clone(),
                windows.sentence(&error),
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

    #[test]
    fn each_bound_is_exact() {
        let subject = |start: Fact<i64>, completion: Fact<i64>| {
            let facts = with_rule(|it| {
                it.start_window_minutes = start;
                it.completion_window_minutes = completion;
            });
            RULE.findings(&facts).pop().map(|it| it.subject)
        };
        for start in [
            Fact::Known(60),
            Fact::Known(52_560_000),
            Fact::Absent,
            Fact::Unknown,
        ] {
            assert_eq!(subject(start, Fact::Absent), None, "{start:?}");
        }
        let expected = Some(Subject::PlanRuleStartWindow("daily".to_owned()));
        for start in [59, 0, -1, 52_560_001] {
            for completion in [Fact::Absent, Fact::Unknown, Fact::Known(1)] {
                assert_eq!(subject(Fact::Known(start), completion), expected, "{start}");
            }
        }
    }

    #[test]
    fn on_demand_jobs_have_the_same_bounds() {
        let facts = recovery_point(|it| it.start_window_minutes = Fact::Known(59));
        let found = RULE.findings(&facts).remove(0);
        assert_eq!(found.subject, Subject::StartWindow);
        assert!(
            found.detail.contains("59 minutes is not between 60 and 52560000"),
            "{found}"
        );
    }
}
