//! DBK-IDX-012: a choice of indexes for a restore by AWS Backup, which has none.

use crate::examples;
use crate::examples::aws_backup::restore_recovery_point;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-IDX-012"),
    name: "index_choice_for_recovery_point",
    also: &[],
    area: Area::Indexes,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Indexes cannot be chosen when AWS Backup restores",
    why: "DynamoDB's own restores can leave indexes out or give them other throughput. A restore job of AWS \
          Backup has no argument for that: all indexes come back as they were, and are paid for.",
    aws_error: Some("InvalidParameterValueException, or the choice is ignored"),
    source: "AWS Backup developer guide, restoring DynamoDB",
    firing: || {
        restore_recovery_point(|it| it.global_secondary_indexes = examples::global_indexes(["by-customer"]))
    },
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
    for (subject, is_given) in [
        (Subject::GlobalIndexes, table.global_secondary_indexes.is_known()),
        (Subject::LocalIndexes, table.local_secondary_indexes.is_known()),
    ] {
        if is_given {
            let detail = format!(
                "{subject} is given, and the table is restored from a recovery point. AWS Backup restores all \
                 indexes as they were, whatever is asked."
            );
            let fix = format!(
                "Remove {subject}. Global secondary indexes that are not wanted can be deleted when the table \
                 is restored."
            );
            report.add(subject, detail, fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::aws_backup::restore_recovery_point;
    use crate::examples::{global_indexes, local_indexes, restore};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts};
    use crate::finding::Subject;

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    #[test]
    fn also_an_empty_choice_is_one() {
        let facts = restore_recovery_point(|it| {
            it.global_secondary_indexes = global_indexes([]);
            it.local_secondary_indexes = local_indexes([]);
        });
        assert_eq!(subjects(&facts), [Subject::GlobalIndexes, Subject::LocalIndexes]);
        let local = restore_recovery_point(|it| it.local_secondary_indexes = local_indexes(["by-date"]));
        assert_eq!(subjects(&local), [Subject::LocalIndexes]);
        let unknown = restore_recovery_point(|it| it.local_secondary_indexes = Fact::Unknown);
        assert_eq!(subjects(&unknown), []);
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
