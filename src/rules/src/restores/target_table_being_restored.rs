//! DBK-RST-004: a restore into the name of a table that is being made by somebody else.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedTable, RunningRestore, TableStatus};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-004"),
    name: "target_table_being_restored",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Table to restore into is being made already",
    why: "A table of that name is being created or restored by somebody else. The second restore is \
          refused, and a running one cannot be cancelled. An attempt of our own that was cut off is \
          resumed, and is not reported.",
    aws_error: Some("TableInUseException: Table: orders-restored is already being restored from backup: …"),
    source: "measured on AWS",
    firing: || {
        examples::restore(|it| {
            it.observed.target = Fact::Known(ObservedTable {
                status: Fact::Known(TableStatus::Creating),
                restore: Fact::Known(RunningRestore {
                    source_backup_arn:
                        "arn:aws:dynamodb:us-east-1:111122223333:table/customers/backup/01763625600000-e5f6g7h8".into(),
                    source_table_arn: "arn:aws:dynamodb:us-east-1:111122223333:table/customers".into(),
                    restore_time: Fact::Unknown,
                }),
                ..examples::table()
            });
        })
    },
    silent: || {
        examples::restore(|it| {
            it.observed.target_is_own_attempt = Fact::Known(true);
            it.observed.target = Fact::Known(ObservedTable {
                status: Fact::Known(TableStatus::Creating),
                ..examples::table()
            });
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some((table, seen)) = super::target_table_exists::taken_name(facts) else {
        return;
    };
    if seen.status != Fact::Known(TableStatus::Creating) {
        return;
    }
    let Fact::Known(name) = &table.name else { return };
    let origin = match &seen.restore {
        Fact::Known(RunningRestore {
            source_backup_arn: Fact::Known(arn),
            ..
        })
        | Fact::Known(RunningRestore {
            source_table_arn: Fact::Known(arn),
            ..
        }) => format!("restored from {arn}"),
        Fact::Absent => {
            report.add(
                Subject::TargetName,
                format!(
                    "A table {name:?} is being created, not by a restore, and this configuration did not \
                     start that. Its name is taken."
                ),
                "Choose another name. If that table is not wanted, delete it when it is ACTIVE, then plan \
                 again.",
            );
            return;
        }
        _ => "created or restored".to_owned(),
    };
    report.add(
        Subject::TargetName,
        format!(
            "A table {name:?} is being {origin}, and this configuration did not start that. Its name is \
             taken, and a running restore cannot be cancelled."
        ),
        "Choose another name. If that restore is the one you want, wait until the table is ACTIVE, then: \
         terraform import.",
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples;
    use crate::fact::Fact;
    use crate::facts::{ObservedTable, RunningRestore, TableStatus};

    #[test]
    fn a_table_that_is_created_empty_is_not_called_a_restore() {
        let facts = examples::restore(|it| {
            it.observed.target = Fact::Known(ObservedTable {
                status: Fact::Known(TableStatus::Creating),
                restore: Fact::Absent,
                ..examples::table()
            });
        });
        let finding = RULE.findings(&facts).pop().expect("the name is taken");
        let text = finding.text();
        assert!(text.contains("not by a restore"), "{text}");
        assert!(
            !text.contains("cannot be cancelled") && !text.contains("import"),
            "{text}"
        );
    }

    #[test]
    fn its_origin_is_named_as_far_as_it_is_known() {
        let detail = |restore: Fact<RunningRestore>| {
            let facts = examples::restore(|it| {
                it.observed.target = Fact::Known(ObservedTable {
                    status: Fact::Known(TableStatus::Creating),
                    restore,
                    ..examples::table()
                });
            });
            RULE.findings(&facts).pop().expect("the name is taken").detail
        };
        let from_table = detail(Fact::Known(RunningRestore {
            source_table_arn: examples::TABLE_ARN.into(),
            ..RunningRestore::default()
        }));
        let origin = format!("is being restored from {},", examples::TABLE_ARN);
        assert!(from_table.contains(&origin), "{from_table}");
        for restore in [Fact::Known(RunningRestore::default()), Fact::Unknown] {
            let unknown = detail(restore);
            assert!(unknown.contains("is being created or restored,"), "{unknown}");
        }
    }
}
