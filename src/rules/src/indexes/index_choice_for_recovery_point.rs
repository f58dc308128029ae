//! DBK-IDX-012: a choice of indexes for a restore by AWS Backup, which has none.

use crate::examples;
use crate::examples::aws_backup::restore_recovery_point;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::ArnKind;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-IDX-012"),
    name: "index_choice_for_recovery_point",
    also: &["DBK-ABR-004"],
    area: Area::Indexes,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Indexes cannot be chosen when AWS Backup restores",
    why: "DynamoDB's own restores can leave indexes out or give them other throughput. A restore job of AWS \
          Backup has no argument for that: all indexes come back as they were, and are paid for. Global secondary \
          indexes can be deleted afterwards, which is a warning; local secondary indexes stay as long as their table.",
    aws_error: Some("none: a restore job has no such argument"),
    source: "AWS Backup developer guide, restoring DynamoDB",
    firing: || restore_recovery_point(|it| it.local_secondary_indexes = examples::local_indexes(["by-date"])),
    silent: || restore_recovery_point(|_| ()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.source_matters()) else {
        return;
    };
    if !table.source.is_known_and(|it| it.recovery_point_arn.is_known()) {
        return;
    }
    let instead = match table.recovery_point_arn() {
        Some(arn) if arn.kind() == ArnKind::Backup => {
            format!(
                "let DynamoDB restore it: source = {{ backup_arn = {:?} }}",
                arn.to_string()
            )
        }
        _ => "restore a backup of DynamoDB's own (backup_arn) or a point in time".to_owned(),
    };
    if table.local_secondary_indexes.is_known() {
        report.add(
            Subject::LocalIndexes,
            "local_secondary_indexes is given, and AWS Backup restores all indexes as they were, whatever is asked. \
             DynamoDB cannot remove a local secondary index from a table that exists.",
            format!("Remove local_secondary_indexes. To leave one out, {instead}."),
        );
    }
    if table.global_secondary_indexes.is_known() {
        report.add_warning(
            Subject::GlobalIndexes,
            "AWS Backup restores all indexes as they were, which takes the time and the price of all. Global \
             secondary indexes that global_secondary_indexes does not name are deleted when the restore is over.",
            format!("Go on if that is meant. To leave indexes out from the beginning, {instead}."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::aws_backup::{RECOVERY_POINT_ARN, restore_recovery_point};
    use crate::examples::{BACKUP_ARN, global_indexes, local_indexes, restore};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};
    use crate::finding::{Severity, Subject};

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    #[test]
    fn also_an_empty_choice_is_one() {
        let facts = restore_recovery_point(|it| {
            it.global_secondary_indexes = global_indexes([]);
            it.local_secondary_indexes = local_indexes([]);
        });
        assert_eq!(subjects(&facts), [Subject::LocalIndexes, Subject::GlobalIndexes]);
        let local = restore_recovery_point(|it| it.local_secondary_indexes = local_indexes(["by-date"]));
        assert_eq!(subjects(&local), [Subject::LocalIndexes]);
        let unknown = restore_recovery_point(|it| it.local_secondary_indexes = Fact::Unknown);
        assert_eq!(subjects(&unknown), []);
    }

    #[test]
    fn only_what_cannot_be_undone_is_refused() {
        let facts = |arn: &str| {
            restore_recovery_point(|it| {
                it.global_secondary_indexes = global_indexes(["by-customer"]);
                it.local_secondary_indexes = local_indexes(["by-date"]);
                if let Fact::Known(source) = &mut it.source {
                    source.recovery_point_arn = arn.into();
                }
            })
        };
        let found = RULE.findings(&facts(RECOVERY_POINT_ARN));
        let severities: Vec<Severity> = found.iter().map(|it| it.severity).collect();
        assert_eq!(severities, [Severity::Error, Severity::Warning]);
        assert!(
            found
                .iter()
                .all(|it| it.fix.contains("a backup of DynamoDB's own"))
        );
        // One that DynamoDB keeps can be restored by DynamoDB, which lets one choose.
        let found = RULE.findings(&facts(BACKUP_ARN));
        assert!(
            found
                .iter()
                .all(|it| it.fix.contains(&format!("backup_arn = {BACKUP_ARN:?}")))
        );
    }

    #[test]
    fn a_table_that_exists_and_a_restore_by_dynamodb_may_choose() {
        let facts =
            restore_recovery_point(|it| it.global_secondary_indexes = global_indexes(["by-customer"]));
        let exists = Facts {
            action: Fact::Known(Action::Update),
            ..facts
        };
        assert_eq!(subjects(&exists), []);
        assert_eq!(
            subjects(&restore(
                |it| it.global_secondary_indexes = global_indexes(["by-customer"])
            )),
            []
        );
    }
}
