//! DBK-RST-001: a restore with no source, or with more than one.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, PointInTime, Source};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-001"),
    name: "not_exactly_one_source",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Restore needs exactly one source",
    why: "A table is restored from one backup, from one table at one moment, or from one recovery point of AWS Backup. \
          Which call is made depends on that choice.",
    aws_error: Some("ValidationException: Must provide exactly one of: sourceTableArn, sourceTableName"),
    source: "DynamoDB API model; measured on AWS",
    firing: || examples::restore_to(|_, point| point.table_arn = examples::TABLE_ARN.into()),
    silent: || examples::restore_to(|_, point| point.table_name = "orders".into()),
    check,
};

const CHOICES: &str = "source = { backup_arn = \"arn:…\" }, source = { point_in_time = { table_name = \
                       \"orders\", time = \"2025-11-19T09:00:00Z\" } } or source = { recovery_point_arn = \
                       \"arn:…\", role_arn = \"arn:…\" }";

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    if facts.is_destroyed_for_good() {
        return;
    }
    let source = match &table.source {
        Fact::Known(source) => source,
        Fact::Unknown => return,
        Fact::Absent => {
            // A table that exists keeps no need of a source.
            if facts.is_made() {
                none(report);
            }
            return;
        }
    };
    let given = given(source);
    match given.as_slice() {
        [] if facts.is_made() && nothing_unknown(source) => none(report),
        [_, _, ..] if !may_be_only_a_time(source) => report.add(
            Subject::Source,
            format!(
                "source has {}. Each alone says where the data come from; together they contradict each \
                 other.",
                prose::quoted(given.iter().copied(), "and")
            ),
            format!("Keep the one that is meant: {CHOICES}."),
        ),
        _ => {}
    }
    if let (Fact::Known(point), [_]) = (&source.point_in_time, given.as_slice()) {
        check_table(point, nothing_unknown(source), report);
    }
}

fn none(report: &mut Report<'_>) {
    report.add(
        Subject::Source,
        "source names neither a backup nor a table nor a recovery point to restore from, so there is nothing to make \
         the new table of.",
        format!("Write {CHOICES}."),
    );
}

fn check_table(point: &PointInTime, is_alone: bool, report: &mut Report<'_>) {
    match (&point.table_name, &point.table_arn) {
        (Fact::Known(name), Fact::Known(arn)) => report.add(
            Subject::SourcePointInTime,
            format!("point_in_time names its table twice: table_name is {name:?} and table_arn is {arn:?}."),
            "Keep table_name for a table in the Region of the restore, or table_arn for one in another \
             Region, and remove the other.",
        ),
        // Beside a backup it would be the time that is too much, not the table that is missing.
        (Fact::Absent, Fact::Absent) if is_alone => report.add(
            Subject::SourcePointInTime,
            "point_in_time says when, but not which table: it has neither table_name nor table_arn.",
            "Add table_name = \"orders\", or table_arn = \"arn:…\" for a table in another Region.",
        ),
        _ => {}
    }
}

/// The arguments that are given, each of which would do alone.
fn given(source: &Source) -> Vec<&'static str> {
    let all = [
        ("backup_arn", source.backup_arn.is_known()),
        ("recovery_point_arn", source.recovery_point_arn.is_known()),
        ("point_in_time", source.point_in_time.is_known()),
    ];
    all.into_iter()
        .filter_map(|(name, is_given)| is_given.then_some(name))
        .collect()
}

fn nothing_unknown(source: &Source) -> bool {
    !(source.backup_arn.is_unknown()
        || source.recovery_point_arn.is_unknown()
        || source.point_in_time.is_unknown())
}

/// Whether a point in time names no table: then only its time is too much, of which `time_for_backup` speaks.
pub(super) fn is_only_a_time(source: &Source) -> bool {
    let names_none = |it: &PointInTime| it.table_name.is_absent() && it.table_arn.is_absent();
    has_one_backup(source) && source.point_in_time.is_known_and(names_none)
}

/// Whether a point in time names no table as far as is known.
fn may_be_only_a_time(source: &Source) -> bool {
    let names_one = |it: &PointInTime| it.table_name.is_known() || it.table_arn.is_known();
    has_one_backup(source) && source.point_in_time.is_known_and(|it| !names_one(it))
}

fn has_one_backup(source: &Source) -> bool {
    source.backup_arn.is_known() != source.recovery_point_arn.is_known()
}

#[cfg(test)]
mod tests {
    use crate::examples::{BACKUP_ARN, TABLE_ARN, restore, restored_changed};
    use crate::fact::Fact;
    use crate::facts::{Facts, PointInTime, Source};
    use crate::registry::check;

    fn ids(facts: &Facts) -> Vec<&'static str> {
        check(facts).into_iter().map(|it| it.rule.as_str()).collect()
    }

    fn of(source: Source) -> Vec<&'static str> {
        ids(&restore(|it| {
            it.observed.backup = Fact::Unknown;
            it.source = Fact::Known(source);
        }))
    }

    fn point(change: impl FnOnce(&mut PointInTime)) -> PointInTime {
        let mut point = PointInTime::unset();
        change(&mut point);
        point
    }

    #[test]
    fn a_table_that_exists_may_lose_its_source_with_a_word() {
        assert_eq!(
            ids(&restored_changed(|it| it.source = Fact::Absent)),
            ["DBK-RST-014"]
        );
    }

    #[test]
    fn an_unknown_choice_is_left_alone() {
        let unknown = Source {
            backup_arn: Fact::Unknown,
            ..Source::unset()
        };
        assert_eq!(of(unknown), [""; 0]);
        assert_eq!(ids(&restore(|it| it.source = Fact::Unknown)), [""; 0]);
    }

    const POINT_ARN: &str =
        "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45";

    #[test]
    fn an_unknown_beside_nothing_may_be_the_source() {
        let unset = Source::unset;
        for source in [
            Source {
                backup_arn: Fact::Unknown,
                ..unset()
            },
            Source {
                recovery_point_arn: Fact::Unknown,
                ..unset()
            },
            Source {
                point_in_time: Fact::Unknown,
                ..unset()
            },
        ] {
            assert_eq!(of(source), [""; 0]);
        }
        // The table may be named by the half that comes later.
        let later = point(|it| (it.table_arn, it.latest) = (Fact::Unknown, true.into()));
        assert_eq!(of(Source::point_in_time(later)), [""; 0]);
        // Beside a backup that may come, the time may be what is too much.
        let timed = point(|it| it.latest = true.into());
        let with_unknown = Source {
            backup_arn: Fact::Unknown,
            ..Source::point_in_time(timed)
        };
        assert_eq!(of(with_unknown), [""; 0]);
    }

    #[test]
    fn two_backups_are_one_too_many_and_so_are_three_sources() {
        let two = Source {
            recovery_point_arn: POINT_ARN.into(),
            ..Source::backup(BACKUP_ARN)
        };
        assert_eq!(of(two.clone()), ["DBK-RST-001"]);
        let three = Source {
            point_in_time: Fact::Known(point(|it| it.latest = true.into())),
            ..two
        };
        assert_eq!(of(three), ["DBK-RST-001"]);
    }

    #[test]
    fn a_moment_beside_a_backup_is_one_fault_and_a_table_another() {
        let beside = |change: fn(&mut PointInTime)| {
            of(Source {
                point_in_time: Fact::Known(point(change)),
                ..Source::backup(BACKUP_ARN)
            })
        };
        assert_eq!(beside(|it| it.latest = true.into()), ["DBK-RST-002"]);
        assert_eq!(beside(|it| it.table_name = "orders".into()), ["DBK-RST-001"]);
        assert_eq!(beside(|it| it.table_arn = TABLE_ARN.into()), ["DBK-RST-001"]);
        // Which of the two it is, is not known yet.
        assert_eq!(beside(|it| it.table_name = Fact::Unknown), [""; 0]);
        assert_eq!(beside(|it| it.table_arn = Fact::Unknown), [""; 0]);
        let recovery_point = Source {
            recovery_point_arn: POINT_ARN.into(),
            point_in_time: Fact::Known(point(|it| it.latest = true.into())),
            ..Source::unset()
        };
        assert_eq!(of(recovery_point), ["DBK-RST-002"]);
    }
}
