//! DBK-BKP-001: a backup of a table, by DynamoDB itself or by AWS Backup, that is missing or not in a state to be backed
//! up.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, Object, Stage, TableStatus};
use crate::finding::{Report, Severity, Subject};
use crate::restores::source_table_archived::{enable_key, last_state};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-BKP-001"),
    name: "source_table_not_ready",
    also: &[],
    area: Area::Backups,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Table cannot be backed up",
    why: "A backup needs a table that exists and is active. While a plan is made, a missing table is only a \
          warning, because the same plan may make it; once the backup is about to be taken, it is an error.",
    aws_error: Some("TableNotFoundException: Table not found: orders"),
    source: "DynamoDB API model, CreateBackup; measured on AWS",
    firing: || {
        let mut facts = examples::backup(|it| it.table = Fact::Absent);
        facts.stage = Stage::Apply;
        facts
    },
    silent: || examples::backup(|it| it.table = Fact::Known(examples::table())),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let (name, table) = match &facts.object {
        Object::Backup(it) => (&it.table_name, &it.table),
        Object::RecoveryPoint(it) => (&it.table_name, &it.observed.table),
        _ => return,
    };
    let Some(name) = name.known().filter(|_| facts.is_made()) else {
        return;
    };
    let place = facts
        .region()
        .into_known()
        .map_or(String::new(), |it| format!(" in {it}"));
    let (table, status) = match table {
        Fact::Unknown => return,
        Fact::Absent => {
            let detail = format!("There is no table {name:?}{place}, so there is nothing to back up.");
            match facts.stage {
                Stage::Plan => report.add_warning(
                    Subject::TableName,
                    format!(
                        "There is no table {name:?}{place} yet. Unless this apply makes it first, the \
                             backup fails."
                    ),
                    "If the table is a resource of this configuration, refer to it (table_name = \
                     aws_dynamodb_table.NAME.name) so that it is made first. Otherwise correct table_name \
                     or region.",
                ),
                Stage::Apply => report.add(Subject::TableName, detail, "Correct table_name or region."),
            }
            return;
        }
        Fact::Known(table) => match &table.status {
            Fact::Known(status) => (table, status),
            Fact::Absent | Fact::Unknown => return,
        },
    };
    let state = format!("The table {name:?}{place} is {status}");
    match status {
        // A table that is being changed can be backed up, and what is not known is not judged.
        TableStatus::Active | TableStatus::Updating | TableStatus::Other(_) => {}
        TableStatus::Creating => report.add_warning(
            Subject::TableName,
            format!("{state}. DynamoDB treats it as missing until it is ACTIVE."),
            "Run the apply again when the table is ACTIVE, if the backup is refused.",
        ),
        TableStatus::Deleting => report.add(
            Subject::TableName,
            format!("{state}: it is on its way out, and a backup of it cannot be relied on."),
            "If it had point-in-time recovery, DynamoDB keeps a system backup of it for 35 days: aws \
             dynamodb list-backups --backup-type SYSTEM. Otherwise remove this backup from the \
             configuration.",
        ),
        TableStatus::Archived => report.add(
            Subject::TableName,
            format!(
                "{state}: DynamoDB could not use its KMS key for seven days, and its items are gone.{}",
                last_state(table)
            ),
            format!(
                "Remove this backup from the configuration. {} Then restore the backup that is left, with resource \
                 \"dynamodb_restored_table\".",
                enable_key(table)
            ),
        ),
        TableStatus::InaccessibleEncryptionCredentials | TableStatus::Archiving => {
            report.add(
                Subject::TableName,
                format!("{state}: DynamoDB cannot use its KMS key, and cannot read what it should back up."),
                "Enable the KMS key of the table again, and wait until the table is ACTIVE.",
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::aws_backup::recovery_point;
    use crate::examples::{backup, table};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedTable, Stage, TableStatus};
    use crate::finding::Severity;

    fn severities(table: Fact<ObservedTable>, stage: Stage) -> Vec<Severity> {
        let facts = Facts {
            stage,
            ..backup(|it| it.table = table)
        };
        RULE.findings(&facts).into_iter().map(|it| it.severity).collect()
    }

    fn with_status(status: TableStatus) -> Fact<ObservedTable> {
        Fact::Known(ObservedTable {
            status: Fact::Known(status),
            ..table()
        })
    }

    #[test]
    fn a_table_that_the_same_plan_may_make_is_a_warning_until_the_apply() {
        assert_eq!(severities(Fact::Absent, Stage::Plan), [Severity::Warning]);
        assert_eq!(severities(Fact::Absent, Stage::Apply), [Severity::Error]);
        assert_eq!(severities(Fact::Unknown, Stage::Apply), []);
    }

    #[test]
    fn the_status_decides() {
        for (status, expected) in [
            (TableStatus::Active, None),
            (TableStatus::Updating, None),
            (TableStatus::Other("NEW".to_owned()), None),
            (TableStatus::Creating, Some(Severity::Warning)),
            (TableStatus::Deleting, Some(Severity::Error)),
            (TableStatus::Archiving, Some(Severity::Error)),
            (TableStatus::Archived, Some(Severity::Error)),
            (
                TableStatus::InaccessibleEncryptionCredentials,
                Some(Severity::Error),
            ),
        ] {
            let found = severities(with_status(status.clone()), Stage::Plan);
            assert_eq!(found, Vec::from_iter(expected), "{status}");
        }
    }

    #[test]
    fn a_recovery_point_needs_a_table_too() {
        let facts = |table, action| Facts {
            action: Fact::Known(action),
            stage: Stage::Apply,
            ..recovery_point(|it| it.observed.table = table)
        };
        assert_eq!(RULE.findings(&facts(Fact::Absent, Action::Create)).len(), 1);
        assert!(
            RULE.findings(&facts(Fact::Known(table()), Action::Create))
                .is_empty()
        );
        assert!(RULE.findings(&facts(Fact::Absent, Action::Update)).is_empty());
    }

    #[test]
    fn a_backup_that_exists_needs_no_table() {
        let facts = Facts {
            action: Fact::Known(Action::Update),
            ..backup(|it| it.table = Fact::Absent)
        };
        assert!(RULE.findings(&facts).is_empty());
    }
}
