//! DBK-RST-014: a source that is edited when the table exists, which has no effect.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Action, Facts, PointInTime, PriorRestoredTable, Source};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-014"),
    name: "source_edited_after_restore",
    also: &[],
    area: Area::Restores,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Source of a table that is restored already was edited",
    why: "The source says where the data of the table came from. Another source would mean another table: \
          this one would have to be destroyed with all that was written to it since. That never happens by \
          an edit of the source alone.",
    aws_error: None,
    source: "design of this provider; replaced tables were reported by users of others",
    firing: || {
        examples::restored_changed(|it| it.source = Fact::Known(Source::backup(examples::SYSTEM_BACKUP_ARN)))
    },
    silent: || examples::restored_changed(|it| it.source = Fact::Known(Source::backup(examples::BACKUP_ARN))),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    let is_kept = matches!(facts.action, Fact::Known(Action::Update | Action::Keep));
    let (
        true,
        Fact::Known(PriorRestoredTable {
            source: Fact::Known(old),
            ..
        }),
    ) = (is_kept, &table.prior)
    else {
        return;
    };
    let (what, is_edited) = match &table.source {
        Fact::Known(new) => ("source was edited", differs(old, new)),
        Fact::Absent => ("source was removed", true),
        Fact::Unknown => ("", false),
    };
    if !is_edited {
        return;
    }
    report.add(
        Subject::Source,
        format!(
            "{what}, but the table keeps the data it was restored with, {}, and all that was written since. \
             The source only records where the data came from.",
            describe(old)
        ),
        "Nothing is lost. To restore anew from the new source, change triggers: the plan then shows that \
         this table is replaced. Otherwise put the old source back.",
    );
}

fn differs(old: &Source, new: &Source) -> bool {
    let point = match (&old.point_in_time, &new.point_in_time) {
        (Fact::Known(old), Fact::Known(new)) => {
            changed(&old.table_name, &new.table_name)
                || changed(&old.table_arn, &new.table_arn)
                || changed(&old.time, &new.time)
                || changed(&old.latest, &new.latest)
        }
        (old, new) => changed(old, new),
    };
    point
        || changed(&old.backup_arn, &new.backup_arn)
        || changed(&old.recovery_point_arn, &new.recovery_point_arn)
}

/// Whether two facts are certainly not the same.
fn changed<T: PartialEq>(old: &Fact<T>, new: &Fact<T>) -> bool {
    !old.is_unknown() && !new.is_unknown() && old != new
}

/// The old source in words.
fn describe(source: &Source) -> String {
    match source {
        Source {
            backup_arn: Fact::Known(arn),
            ..
        }
        | Source {
            recovery_point_arn: Fact::Known(arn),
            ..
        } => {
            format!("from {arn}")
        }
        Source {
            point_in_time:
                Fact::Known(PointInTime {
                    table_name,
                    table_arn,
                    time,
                    ..
                }),
            ..
        } => {
            let table = match (table_name, table_arn) {
                (Fact::Known(table), _) | (_, Fact::Known(table)) => format!("from {table}"),
                _ => "from another table".to_owned(),
            };
            match time {
                Fact::Known(time) => format!("{table} as of {time}"),
                _ => table,
            }
        }
        _ => "from its first source".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{BACKUP_ARN, SYSTEM_BACKUP_ARN, TABLE_ARN, restored_changed};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, PointInTime, Source};

    fn fires(old: Source, new: Fact<Source>) -> bool {
        let facts = restored_changed(|it| {
            it.source = new;
            if let Fact::Known(prior) = &mut it.prior {
                prior.source = Fact::Known(old);
            }
        });
        !RULE.findings(&facts).is_empty()
    }

    fn point(time: &str) -> Source {
        Source::point_in_time(PointInTime {
            table_name: "orders".into(),
            time: time.into(),
            ..PointInTime::unset()
        })
    }

    #[test]
    fn an_edit_is_a_certain_difference() {
        let backup = || Source::backup(BACKUP_ARN);
        assert!(!fires(backup(), Fact::Known(backup())));
        assert!(fires(backup(), Fact::Known(Source::backup(SYSTEM_BACKUP_ARN))));
        assert!(fires(backup(), Fact::Known(point("2025-11-19T09:00:00Z"))));
        assert!(fires(backup(), Fact::Absent));
        assert!(!fires(backup(), Fact::Unknown));
        assert!(!fires(
            backup(),
            Fact::Known(Source {
                backup_arn: Fact::Unknown,
                ..Source::unset()
            })
        ));
        assert!(fires(
            point("2025-11-19T09:00:00Z"),
            Fact::Known(point("2025-11-19T10:00:00Z"))
        ));
        assert!(!fires(
            point("2025-11-19T09:00:00Z"),
            Fact::Known(point("2025-11-19T09:00:00Z"))
        ));
    }

    #[test]
    fn where_the_table_is_made_anew_the_new_source_counts() {
        let facts = restored_changed(|it| it.source = Fact::Known(Source::backup(SYSTEM_BACKUP_ARN)));
        let replaced = Facts {
            action: Fact::Known(Action::Replace),
            ..facts
        };
        assert!(RULE.findings(&replaced).is_empty());
    }

    fn full_point() -> PointInTime {
        PointInTime {
            table_name: "orders".into(),
            table_arn: TABLE_ARN.into(),
            time: "2025-11-19T09:00:00Z".into(),
            latest: Fact::Known(false),
        }
    }

    #[test]
    fn each_part_of_a_source_counts() {
        let edits: [fn(&mut PointInTime); 4] = [
            |it| it.table_name = "customers".into(),
            |it| it.table_arn = Fact::Absent,
            |it| it.time = "2025-11-19T10:00:00Z".into(),
            |it| it.latest = Fact::Known(true),
        ];
        for edit in edits {
            let mut edited = full_point();
            edit(&mut edited);
            assert!(fires(
                Source::point_in_time(full_point()),
                Fact::Known(Source::point_in_time(edited))
            ));
        }
        let point = |arn: &str| Source {
            recovery_point_arn: arn.into(),
            ..Source::unset()
        };
        assert!(fires(point("arn:one"), Fact::Known(point("arn:two"))));
        assert!(!fires(point("arn:one"), Fact::Known(point("arn:one"))));
    }

    #[test]
    fn what_was_not_known_then_is_no_difference_now() {
        let unknown = PointInTime {
            time: Fact::Unknown,
            ..full_point()
        };
        assert!(!fires(
            Source::point_in_time(unknown),
            Fact::Known(Source::point_in_time(full_point()))
        ));
    }

    #[test]
    fn the_first_source_is_named() {
        let described = |source: Source| super::describe(&source);
        assert_eq!(
            described(Source::backup(BACKUP_ARN)),
            format!("from {BACKUP_ARN}")
        );
        let recovery_point = Source {
            recovery_point_arn: "arn:one".into(),
            ..Source::unset()
        };
        assert_eq!(described(recovery_point), "from arn:one");
        let with = |point: PointInTime| described(Source::point_in_time(point));
        assert_eq!(with(full_point()), "from orders as of 2025-11-19T09:00:00Z");
        let latest_by_arn = PointInTime {
            table_name: Fact::Absent,
            time: Fact::Absent,
            ..full_point()
        };
        assert_eq!(with(latest_by_arn), format!("from {TABLE_ARN}"));
        assert_eq!(with(PointInTime::unset()), "from another table");
        assert_eq!(described(Source::unset()), "from its first source");
    }
}
