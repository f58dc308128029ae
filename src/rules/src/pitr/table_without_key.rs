//! DBK-PITR-020: recovery of a table whose KMS key cannot be used.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, PointInTimeRecovery, TableStatus};
use crate::finding::{Report, Severity, Subject};
use crate::restores::source_table_archived::{enable_key, last_state};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PITR-020"),
    name: "table_without_key",
    also: &[],
    area: Area::PointInTimeRecovery,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Table cannot use its KMS key",
    why: "A table whose key is disabled, or waits for its deletion, cannot be read or written, and after seven days \
          DynamoDB archives it. Point-in-time recovery does not help: its history is encrypted under the same key.",
    aws_error: Some("TableStatus INACCESSIBLE_ENCRYPTION_CREDENTIALS, then ARCHIVING, then ARCHIVED"),
    source: "DynamoDB developer guide, encryption at rest",
    firing: || examples::recovery(|it| with_status(it, TableStatus::InaccessibleEncryptionCredentials)),
    silent: || examples::recovery(|it| with_status(it, TableStatus::Active)),
    check,
};

fn with_status(it: &mut PointInTimeRecovery, status: TableStatus) {
    if let Fact::Known(table) = &mut it.observed.table {
        table.status = Fact::Known(status);
        table.kms_key_arn = examples::KEY_ARN.into();
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(recovery) = facts.point_in_time_recovery() else {
        return;
    };
    let (Fact::Known(name), Fact::Known(table)) = (&recovery.table_name, &recovery.observed.table) else {
        return;
    };
    let Fact::Known(status) = &table.status else {
        return;
    };
    if recovery.planned_enabled() != Fact::Known(true) || facts.is_destroyed_for_good() {
        return;
    }
    let (why, fix) = match status {
        TableStatus::InaccessibleEncryptionCredentials => (
            "Nothing can be read of it or written to it, and seven days after its key was lost it is archived.".to_owned(),
            format!("{} The table is ACTIVE again after that.", enable_key(table)),
        ),
        TableStatus::Archiving => (
            "Its key could not be used for seven days, and it is being archived now.".to_owned(),
            "Remove this object from the configuration: the table will be there no more. What is left is a backup of \
             its last state."
                .to_owned(),
        ),
        TableStatus::Archived => (
            format!("Its key could not be used for seven days.{}", last_state(table)),
            format!(
                "{} Then restore that backup as a table of another name, and give this object that name.",
                enable_key(table)
            ),
        ),
        TableStatus::Active
        | TableStatus::Creating
        | TableStatus::Updating
        | TableStatus::Deleting
        | TableStatus::Other(_) => return,
    };
    report.add(
        Subject::TableName,
        format!("The table {name:?} is {status}: DynamoDB cannot use its KMS key. {why}"),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_status};
    use crate::examples::{recovery, recovery_changed};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, TableStatus};

    fn text(status: TableStatus) -> Option<String> {
        let facts = recovery(|it| {
            with_status(it, status);
            if let Fact::Known(table) = &mut it.observed.table {
                table.archival_backup_arn = crate::examples::BACKUP_ARN.into();
            }
        });
        RULE.findings(&facts)
            .pop()
            .map(|it| format!("{} {}", it.detail, it.fix))
    }

    #[test]
    fn each_status_without_a_key_has_its_way_out() {
        let lost = text(TableStatus::InaccessibleEncryptionCredentials).expect("a finding");
        assert!(lost.contains("Enable the KMS key of the table again"), "{lost}");
        let going = text(TableStatus::Archiving).expect("a finding");
        assert!(going.contains("Remove this object"), "{going}");
        let gone = text(TableStatus::Archived).expect("a finding");
        assert!(gone.contains(crate::examples::BACKUP_ARN), "{gone}");
        for status in [
            TableStatus::Active,
            TableStatus::Creating,
            TableStatus::Updating,
            TableStatus::Deleting,
            TableStatus::Other("NEW".to_owned()),
        ] {
            assert_eq!(text(status), None);
        }
    }

    #[test]
    fn it_is_said_while_recovery_is_wanted() {
        let lost = TableStatus::InaccessibleEncryptionCredentials;
        let off = recovery(|it| {
            with_status(it, lost.clone());
            it.enabled = Fact::Known(false);
        });
        assert!(RULE.findings(&off).is_empty());
        let changed = recovery_changed(|it| with_status(it, lost));
        assert_eq!(RULE.findings(&changed).len(), 1);
        let destroyed = Facts {
            action: Fact::Known(Action::Destroy),
            ..changed
        };
        assert!(RULE.findings(&destroyed).is_empty());
    }
}
