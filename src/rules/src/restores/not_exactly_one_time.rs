//! DBK-RPT-001: a restore to a point in time without a moment, or with two.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-001"),
    name: "not_exactly_one_time",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Restore to a point in time needs exactly one moment",
    why: "Either a time is named, or the latest possible moment is taken. latest = false names none.",
    aws_error: Some(
        "ValidationException: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, \
         but not both",
    ),
    source: "DynamoDB API model, RestoreTableToPointInTime; measured on AWS",
    firing: || examples::restore_to(|_, point| point.latest = Fact::Known(true)),
    silent: || {
        examples::restore_to(|_, point| {
            point.time = Fact::Absent;
            point.latest = Fact::Known(true);
        })
    },
    check,
};

const CHOICES: &str = "time = \"2025-11-19T09:00:00Z\" for that very second, or latest = true for the \
                       latest moment that can be restored, about five minutes before the apply";

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(Fact::Known(source)) = facts.restored_table().map(|it| &it.source) else {
        return;
    };
    // With a backup beside it, the point in time is too much as a whole.
    let is_alone = source.backup_arn.is_absent() && source.recovery_point_arn.is_absent();
    let (true, Fact::Known(point)) = (is_alone, &source.point_in_time) else {
        return;
    };
    if facts.is_destroyed_for_good() {
        return;
    }
    match (&point.time, point.latest) {
        (Fact::Known(time), Fact::Known(true)) => report.add(
            Subject::SourcePointInTime,
            format!(
                "point_in_time asks for the time {time:?} and, with latest = true, for the latest \
                     moment as well."
            ),
            format!("Keep one of them: {CHOICES}."),
        ),
        (Fact::Absent, Fact::Known(false)) => report.add(
            Subject::SourceLatest,
            "point_in_time has latest = false and no time, so it names no moment.",
            format!("Write {CHOICES}."),
        ),
        (Fact::Absent, Fact::Absent) => report.add(
            Subject::SourcePointInTime,
            "point_in_time says which table, but not when: it has neither time nor latest.",
            format!("Add {CHOICES}."),
        ),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{BACKUP_ARN, restore_to};
    use crate::fact::Fact;
    use crate::facts::{Object, Source};

    fn fires(time: Fact<String>, latest: Fact<bool>) -> bool {
        !RULE
            .findings(&restore_to(|_, point| {
                (point.time, point.latest) = (time, latest)
            }))
            .is_empty()
    }

    #[test]
    fn exactly_one_moment_is_one_and_an_unknown_is_left_alone() {
        let time: Fact<String> = "2025-11-19T09:00:00Z".into();
        assert!(!fires(time.clone(), Fact::Absent));
        assert!(!fires(time.clone(), Fact::Known(false)));
        assert!(!fires(Fact::Absent, Fact::Known(true)));
        assert!(fires(time.clone(), Fact::Known(true)));
        assert!(fires(Fact::Absent, Fact::Known(false)));
        assert!(fires(Fact::Absent, Fact::Absent));
        assert!(!fires(Fact::Unknown, Fact::Known(true)));
        assert!(!fires(Fact::Unknown, Fact::Absent));
        assert!(!fires(time, Fact::Unknown));
        assert!(!fires(Fact::Absent, Fact::Unknown));
    }

    #[test]
    fn beside_a_backup_the_moment_is_no_question() {
        let with = |change: fn(&mut Source)| {
            let mut facts = restore_to(|_, point| (point.time, point.latest) = (Fact::Absent, Fact::Absent));
            if let Object::RestoredTable(it) = &mut facts.object
                && let Fact::Known(source) = &mut it.source
            {
                change(source);
            }
            RULE.findings(&facts).len()
        };
        assert_eq!(with(|_| ()), 1);
        assert_eq!(with(|it| it.backup_arn = BACKUP_ARN.into()), 0);
        assert_eq!(with(|it| it.backup_arn = Fact::Unknown), 0);
        assert_eq!(with(|it| it.recovery_point_arn = Fact::Unknown), 0);
    }
}
