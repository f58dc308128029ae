//! DBK-ABJ-006: a time limit within which an on-demand job may not even start.

use jiff::SignedDuration;

use crate::examples::aws_backup as examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::limits::START_WINDOW_MINUTES_MIN;
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ABJ-006"),
    name: "job_timeout_too_short",
    also: &[],
    area: Area::BackupJobs,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Time limit is short for a backup job",
    why: "Unlike a backup of DynamoDB itself, a job of AWS Backup does not start at once: one on demand starts within an hour \
          or so, and its start window is an hour at least. When the limit runs out the job goes on in AWS, and the next \
          apply resumes the wait.",
    aws_error: None,
    source: "AWS Backup developer guide, on-demand backups",
    firing: || with_timeout(START_WINDOW_MINUTES_MIN - 1),
    silent: || with_timeout(START_WINDOW_MINUTES_MIN),
    check,
};

fn with_timeout(minutes: i64) -> Facts {
    examples::recovery_point(|it| it.create_timeout = Fact::Known(SignedDuration::from_mins(minutes)))
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(point) = facts.recovery_point().filter(|_| facts.is_made()) else {
        return;
    };
    let Fact::Known(timeout) = point.create_timeout else {
        return;
    };
    if timeout < SignedDuration::from_mins(START_WINDOW_MINUTES_MIN) {
        report.add(
            Subject::CreateTimeout,
            format!(
                "timeouts.create is {}. AWS Backup starts a job on demand within an hour or so, and only then backs the \
                 table up. When the limit runs out, the job goes on in AWS, and the next apply resumes the wait.",
                prose::duration(timeout)
            ),
            "Set timeouts = { create = \"2h\" } or more, or leave create out.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_timeout};
    use crate::examples::aws_backup::recovery_point;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};

    #[test]
    fn an_hour_is_enough() {
        assert_eq!(RULE.findings(&with_timeout(59)).len(), 1);
        assert!(RULE.findings(&with_timeout(60)).is_empty());
        assert!(RULE.findings(&recovery_point(|_| ())).is_empty());
    }

    #[test]
    fn only_what_is_made_has_a_job() {
        for (action, fires) in [
            (Action::Replace, true),
            (Action::Update, false),
            (Action::Destroy, false),
        ] {
            let facts = Facts {
                action: Fact::Known(action),
                ..with_timeout(10)
            };
            assert_eq!(!RULE.findings(&facts).is_empty(), fires, "{action:?}");
        }
    }
}
