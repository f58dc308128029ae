//! DBK-BKP-025: a table that DynamoDB has archived, of which a backup is left.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ObservedTable, TableStatus};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-BKP-025"),
    name: "source_table_archived",
    also: &[],
    area: Area::Restores,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Table to restore from is archived",
    why: "A table whose KMS key could not be used for seven days is archived: its items are gone, and one backup of \
          its last state is left. That backup can be restored when the key is enabled again; the archived table keeps \
          its name until it is deleted.",
    aws_error: None,
    source: "DynamoDB API model, ArchivalSummary; developer guide, encryption at rest",
    firing: || with_status(TableStatus::Archived),
    silent: || with_status(TableStatus::Active),
    check,
};

fn with_status(status: TableStatus) -> Facts {
    examples::restore_to(|it, _| {
        it.observed.source_table = Fact::Known(ObservedTable {
            status: Fact::Known(status),
            kms_key_arn: examples::KEY_ARN.into(),
            archival_backup_arn: examples::BACKUP_ARN.into(),
            ..examples::table()
        });
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let (Some(_), Fact::Known(source)) = (table.point_in_time(), &table.observed.source_table) else {
        return;
    };
    if source.status != Fact::Known(TableStatus::Archived) {
        return;
    }
    let name = table.source_table_name().unwrap_or_default();
    let backup = match &source.archival_backup_arn {
        Fact::Known(arn) => arn.as_str(),
        Fact::Absent | Fact::Unknown => "arn:…",
    };
    report.add(
        Subject::SourcePointInTime,
        format!(
            "The table {name:?} is ARCHIVED: DynamoDB could not use its KMS key for seven days, and its items are \
             gone.{}",
            last_state(source)
        ),
        format!(
            "{} Then restore the backup: source = {{ backup_arn = {backup:?} }}. To give the new table the name \
             {name:?}, delete the archived one first.",
            enable_key(source)
        ),
    );
}

/// The sentence that names the backup which is left of an archived table, with a space before it; empty where AWS shows
/// none.
pub(crate) fn last_state(table: &ObservedTable) -> String {
    match &table.archival_backup_arn {
        Fact::Known(arn) => format!(" Its last state is kept as the backup {arn}."),
        Fact::Absent | Fact::Unknown => String::new(),
    }
}

/// The sentence that asks for the key of a table to be enabled.
pub(crate) fn enable_key(table: &ObservedTable) -> String {
    match &table.kms_key_arn {
        Fact::Known(arn) => format!("Enable the KMS key of the table again ({arn})."),
        Fact::Absent | Fact::Unknown => "Enable the KMS key of the table again.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, with_status};
    use crate::examples::{BACKUP_ARN, KEY_ARN, restore};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object, ObservedTable, TableStatus};

    fn text(facts: &Facts) -> Option<String> {
        RULE.findings(facts)
            .pop()
            .map(|it| format!("{} {}", it.detail, it.fix))
    }

    #[test]
    fn it_names_the_backup_and_the_key_where_aws_shows_them() {
        let whole = text(&with_status(TableStatus::Archived)).expect("a finding");
        assert!(whole.contains(BACKUP_ARN) && whole.contains(KEY_ARN), "{whole}");
        let mut facts = with_status(TableStatus::Archived);
        if let Object::RestoredTable(it) = &mut facts.object
            && let Fact::Known(source) = &mut it.observed.source_table
        {
            source.archival_backup_arn = Fact::Absent;
            source.kms_key_arn = Fact::Unknown;
        }
        let bare = text(&facts).expect("a finding");
        assert!(!bare.contains("last state") && bare.contains("arn:…"), "{bare}");
    }

    #[test]
    fn other_states_and_other_sources_are_not_its_business() {
        assert_eq!(text(&with_status(TableStatus::Archiving)), None);
        let from_backup = restore(|it| {
            it.observed.source_table = Fact::Known(ObservedTable {
                status: Fact::Known(TableStatus::Archived),
                ..ObservedTable::default()
            });
        });
        assert_eq!(text(&from_backup), None);
        let done = Facts {
            action: Fact::Known(Action::Keep),
            ..with_status(TableStatus::Archived)
        };
        assert_eq!(text(&done), None);
    }
}
