//! DBK-RST-002: a moment for the restore of a backup, which has one of its own.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, PointInTime, Source};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-002"),
    name: "time_for_backup",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Moment to restore is given for a backup",
    why: "A backup holds the table as it was when the backup was taken, and nothing else. A moment can be \
          chosen only when a table is restored from its continuous history.",
    aws_error: None,
    source: "DynamoDB API model, RestoreTableFromBackup",
    firing: || {
        examples::restore(|it| {
            it.source = Fact::Known(Source {
                point_in_time: Fact::Known(PointInTime {
                    time: "2025-11-19T09:00:00Z".into(),
                    ..PointInTime::unset()
                }),
                ..Source::backup(examples::BACKUP_ARN)
            });
        })
    },
    silent: || examples::restore(|it| it.source = Fact::Known(Source::backup(examples::BACKUP_ARN))),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(Fact::Known(source)) = facts.restored_table().map(|it| &it.source) else {
        return;
    };
    if facts.is_destroyed_for_good() || !super::not_exactly_one_source::is_only_a_time(source) {
        return;
    }
    let Fact::Known(point) = &source.point_in_time else {
        return;
    };
    let moment = match &point.time {
        Fact::Known(time) => format!("the time {time:?}"),
        _ => "a point in time".to_owned(),
    };
    report.add(
        Subject::SourcePointInTime,
        format!(
            "source has a backup and {moment}. A backup holds one state of the table, that of its creation; \
             no other moment can be taken from it."
        ),
        "Remove point_in_time to restore the backup. To restore the moment, remove the backup and add \
         table_name to point_in_time.",
    );
}

#[cfg(test)]
mod tests {
    use super::{PointInTime, RULE, Source};
    use crate::examples::{BACKUP_ARN, restore};
    use crate::fact::Fact;

    fn detail(point: PointInTime) -> Option<String> {
        let facts = restore(|it| {
            it.source = Fact::Known(Source {
                backup_arn: BACKUP_ARN.into(),
                ..Source::point_in_time(point)
            });
        });
        RULE.findings(&facts).pop().map(|it| it.detail)
    }

    #[test]
    fn the_moment_is_named_where_it_is_known() {
        let time = detail(PointInTime {
            time: "2025-11-19T09:00:00Z".into(),
            ..PointInTime::unset()
        });
        assert!(
            time.expect("a finding")
                .starts_with("source has a backup and the time \"2025-11-19T09:00:00Z\".")
        );
        let latest = detail(PointInTime {
            latest: Fact::Known(true),
            ..PointInTime::unset()
        });
        assert!(
            latest
                .expect("a finding")
                .starts_with("source has a backup and a point in time.")
        );
    }

    #[test]
    fn a_table_besides_is_another_fault() {
        let point = PointInTime {
            table_name: "orders".into(),
            ..PointInTime::unset()
        };
        assert_eq!(detail(point), None);
    }
}
