//! Every pair of windows that is configured: at a rule of a plan or at a recovery point. A rule about windows goes
//! through these instead of knowing the objects.

use crate::fact::Fact;
use crate::facts::{Facts, Object};
use crate::finding::Subject;
use crate::syntax::BackupWindowError;

/// The windows in which a job may start and complete, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConfiguredWindows<'a> {
    /// What to point at for the start.
    pub(crate) start_subject: Subject,
    /// For how long a job may wait to start, in minutes.
    pub(crate) start: Fact<i64>,
    /// What to point at for the completion.
    pub(crate) completion_subject: Subject,
    /// For how long it may take in all, in minutes.
    pub(crate) completion: Fact<i64>,
    /// The rule of a plan that starts jobs again and again, if it is not a single job.
    pub(crate) rule: Option<&'a str>,
}

impl Facts {
    /// Lists the windows of every job that is still to be started.
    pub(crate) fn windows(&self) -> Vec<ConfiguredWindows<'_>> {
        match &self.object {
            Object::BackupPlan(plan) if !self.is_destroyed_for_good() => {
                let rules = plan.rules.known().into_iter().flatten();
                rules
                    .map(|(name, rule)| ConfiguredWindows {
                        start_subject: Subject::PlanRuleStartWindow(name.clone()),
                        start: rule.start_window_minutes,
                        completion_subject: Subject::PlanRuleCompletionWindow(name.clone()),
                        completion: rule.completion_window_minutes,
                        rule: Some(name),
                    })
                    .collect()
            }
            Object::RecoveryPoint(it) if self.action.is_unknown() || self.is_made() => {
                vec![ConfiguredWindows {
                    start_subject: Subject::StartWindow,
                    start: it.start_window_minutes,
                    completion_subject: Subject::CompletionWindow,
                    completion: it.completion_window_minutes,
                    rule: None,
                }]
            }
            _ => Vec::new(),
        }
    }
}

impl ConfiguredWindows<'_> {
    /// A fault of them as a sentence.
    pub(crate) fn sentence(&self, error: &BackupWindowError) -> String {
        match self.rule {
            Some(rule) => format!("In the rule {rule:?}, {error}."),
            None => format!("For the job, {error}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::examples::aws_backup::{copy, plan, recovery_point};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};

    fn subjects(facts: Facts, action: Fact<Action>) -> Vec<String> {
        let facts = Facts { action, ..facts };
        let windows = facts.windows();
        windows
            .into_iter()
            .map(|it| format!("{} {}", it.start_subject, it.completion_subject))
            .collect()
    }

    #[test]
    fn a_plan_starts_jobs_until_it_goes() {
        let of = |action| subjects(plan(|_| ()), action);
        let expected = ["rules[\"daily\"].start_window_minutes rules[\"daily\"].completion_window_minutes"];
        assert_eq!(of(Fact::Known(Action::Keep)), expected);
        assert_eq!(of(Fact::Unknown), expected);
        assert_eq!(of(Fact::Known(Action::Destroy)), [""; 0]);
    }

    #[test]
    fn a_recovery_point_starts_one() {
        let of = |action| subjects(recovery_point(|_| ()), action);
        let expected = ["start_window_minutes completion_window_minutes"];
        for action in [
            Fact::Unknown,
            Fact::Known(Action::Create),
            Fact::Known(Action::Replace),
        ] {
            assert_eq!(of(action), expected, "{action:?}");
        }
        for action in [Action::Keep, Action::Update, Action::Destroy] {
            assert_eq!(of(Fact::Known(action)), [""; 0], "{action:?}");
        }
        assert_eq!(subjects(copy(|_| ()), Fact::Known(Action::Create)), [""; 0]);
    }
}
