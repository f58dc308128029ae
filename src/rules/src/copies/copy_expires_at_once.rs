//! DBK-CPY-009: a copy that is to be deleted as soon as it is made.

use crate::examples::at;
use crate::examples::aws_backup::{copy, observed_recovery_point};
use crate::fact::Fact;
use crate::facts::{Facts, LifecycleDays, ObservedRecoveryPoint, RecoveryPointCopy};
use crate::finding::{Report, Severity};
use crate::limits::DELETE_AFTER_DAYS_MIN;
use crate::prose::{days, moment};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Lifecycle;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CPY-009"),
    name: "copy_expires_at_once",
    also: &[],
    area: Area::Copies,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["backup:DescribeRecoveryPoint"],
    title: "Copy expires as soon as it is made",
    why: "A copy keeps the creation date of what it was copied from, and its lifecycle counts from there, not \
          from the day of the copy. The late copy of an old recovery point may be past its end already, and AWS \
          Backup then deletes it within hours.",
    aws_error: None,
    source: "AWS Backup developer guide, copying a backup",
    firing: || copy(|it| set_age(it, "2025-10-21T09:00:00Z", 30)),
    silent: || copy(|it| set_age(it, "2025-10-21T09:00:01Z", 30)),
    check,
};

/// A recovery point that was made then, and a copy that stays for some days.
fn set_age(copy: &mut RecoveryPointCopy, created_at: &str, delete_after: i64) {
    copy.observed.recovery_point = Fact::Known(ObservedRecoveryPoint {
        created_at: Fact::Known(at(created_at)),
        ..observed_recovery_point()
    });
    copy.lifecycle = Fact::Known(LifecycleDays {
        move_to_cold_storage_after_days: Fact::Absent,
        delete_after_days: Fact::Known(delete_after),
    });
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Fact::Known(now) = facts.now else { return };
    for copy in facts.copies() {
        let (Some(single), Fact::Known(lifecycle)) = (copy.single, &copy.lifecycle) else {
            continue;
        };
        let created = single.observed.recovery_point.known().map(|it| it.created_at);
        let (Some(Fact::Known(created)), Fact::Known(after)) = (created, lifecycle.delete_after_days) else {
            continue;
        };
        // A number of days that AWS does not take has a rule of its own.
        let end = Lifecycle::from_days(None, Some(after)).map(|it| it.delete_at(created));
        let Ok(Ok(Some(end))) = end else { continue };
        if end > now {
            continue;
        }
        let age = now.duration_since(created).as_hours() / 24;
        report.add(
            copy.delete_after(),
            format!(
                "The recovery point was made at {}, and delete_after_days = {after} counts from then: the copy would \
                 have to go at {}, and it is {} now.",
                moment(created),
                moment(end),
                moment(now)
            ),
            format!(
                "Count the {} that have passed: to keep the copy for {} from now, set delete_after_days = {}.",
                days(age),
                days(after),
                age.saturating_add(after).max(DELETE_AFTER_DAYS_MIN)
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, copy, set_age};
    use crate::fact::Fact;
    use crate::facts::{Facts, RecoveryPointCopy};

    fn fix(change: impl FnOnce(&mut RecoveryPointCopy)) -> Option<String> {
        RULE.findings(&copy(change)).pop().map(|it| it.fix)
    }

    #[test]
    fn the_days_that_have_passed_are_counted() {
        let fix = fix(|it| set_age(it, "2025-10-01T09:00:00Z", 30)).expect("a finding");
        assert_eq!(
            fix,
            "Count the 50 days that have passed: to keep the copy for 30 days from now, set delete_after_days = 80."
        );
    }

    #[test]
    fn all_must_be_known_and_finite() {
        let old = "2020-01-01T00:00:00Z";
        assert_eq!(fix(|it| set_age(it, old, -1)), None);
        assert_eq!(fix(|it| set_age(it, old, 0)), None);
        let unseen = |it: &mut RecoveryPointCopy| {
            set_age(it, old, 30);
            it.observed.recovery_point = Fact::Unknown;
        };
        assert_eq!(fix(unseen), None);
        let unset = |it: &mut RecoveryPointCopy| {
            set_age(it, old, 30);
            it.lifecycle = Fact::Absent;
        };
        assert_eq!(fix(unset), None);
        let timeless = Facts {
            now: Fact::Unknown,
            ..copy(|it| set_age(it, old, 30))
        };
        assert_eq!(RULE.findings(&timeless), []);
    }
}
