//! DBK-NAME-014: a restore into the name of the table that it restores from.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::TableArn;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-NAME-014"),
    name: "target_named_like_source",
    also: &[],
    area: Area::Names,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Table would be restored over its own source",
    why: "A restore always makes a new table; it never overwrites one. From a point in time the source must \
          exist, so its name is taken. From a backup the name is free only if the original table is gone.",
    aws_error: Some("TableAlreadyExistsException: Table already exists: orders"),
    source: "DynamoDB API model, RestoreTableToPointInTime; measured on AWS",
    // What AWS says about the target is left unknown, or the table would also be reported as existing.
    firing: || {
        examples::restore_to(|it, _| {
            it.name = "orders".into();
            it.observed.target = Fact::Unknown;
        })
    },
    // The original is gone: this is a recovery.
    silent: || examples::restore(|it| it.name = "orders".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    let (Fact::Known(name), true, true) = (
        &table.name,
        facts.source_matters(),
        table.observed.target.is_unknown(),
    ) else {
        return;
    };
    let fix = format!("Choose another name, for example name = \"{name}-restored\".");
    if let Some(backup) = table.backup_arn().map(|it| it.table_arn) {
        if facts.is_made() && backup.table.as_str() == name && is_here(facts, &backup) {
            report.add_warning(
                Subject::TargetName,
                format!(
                    "The backup was taken of a table that was called {name:?} too. DynamoDB restores only \
                     into a new table, so this works only if the original no longer exists in {}; whether \
                     it does could not be seen.",
                    backup.region
                ),
                format!(
                    "Make sure that the original is gone. If it still exists: {}",
                    lower_first(&fix)
                ),
            );
        }
        return;
    }
    let Some(point) = table.point_in_time() else {
        return;
    };
    let same = match (&point.table_name, &point.table_arn) {
        (Fact::Known(source), _) => source == name,
        (_, Fact::Known(arn)) => {
            TableArn::parse(arn).is_ok_and(|arn| arn.table.as_str() == name && is_here(facts, &arn))
        }
        _ => false,
    };
    if same {
        report.add(
            Subject::TargetName,
            format!(
                "The restore takes its data from the table {name:?} and would also be called {name:?}. \
                 DynamoDB restores only into a new table, and the source must exist to be restored from, so \
                 the name is taken."
            ),
            fix,
        );
    }
}

/// Whether a table would be a neighbour of the restored one: same account, same Region.
fn is_here(facts: &Facts, arn: &TableArn) -> bool {
    facts.region().is_known_and(|it| *it == arn.region)
        && !facts.caller.account.is_known_and(|it| *it != arn.account)
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{BACKUP_ARN, TABLE_ARN, restore, restore_to};
    use crate::fact::Fact;
    use crate::facts::{Facts, Source};
    use crate::finding::Severity;

    fn severities(facts: &Facts) -> Vec<Severity> {
        RULE.findings(facts).into_iter().map(|it| it.severity).collect()
    }

    fn from_backup(arn: &str, target: Fact<crate::facts::ObservedTable>) -> Vec<Severity> {
        severities(&restore(|it| {
            it.name = "orders".into();
            it.source = Fact::Known(Source::backup(arn));
            it.observed.target = target;
        }))
    }

    fn from_table_arn(arn: &str) -> Vec<Severity> {
        severities(&restore_to(|it, point| {
            it.name = "orders".into();
            it.observed.target = Fact::Unknown;
            point.table_name = Fact::Absent;
            point.table_arn = arn.into();
        }))
    }

    #[test]
    fn a_backup_may_be_restored_under_its_name_if_the_original_is_gone() {
        assert_eq!(from_backup(BACKUP_ARN, Fact::Absent), []);
        assert_eq!(from_backup(BACKUP_ARN, Fact::Unknown), [Severity::Warning]);
        assert_eq!(
            from_backup(&BACKUP_ARN.replace("us-east-1", "eu-west-1"), Fact::Unknown),
            []
        );
        assert_eq!(
            from_backup(&BACKUP_ARN.replace("table/orders", "table/others"), Fact::Unknown),
            []
        );
    }

    #[test]
    fn a_table_of_another_region_or_account_is_another_table() {
        assert_eq!(from_table_arn(TABLE_ARN), [Severity::Error]);
        assert_eq!(from_table_arn(&TABLE_ARN.replace("us-east-1", "eu-west-1")), []);
        assert_eq!(
            from_table_arn(&TABLE_ARN.replace("111122223333", "444455556666")),
            []
        );
        assert_eq!(from_table_arn(&TABLE_ARN.replace("orders", "others")), []);
    }

    #[test]
    fn the_fix_of_a_recovery_is_one_sentence() {
        let facts = restore(|it| {
            it.name = "orders".into();
            it.observed.target = Fact::Unknown;
        });
        let fix = RULE.findings(&facts).pop().expect("a finding").fix;
        assert_eq!(
            fix,
            "Make sure that the original is gone. If it still exists: choose another name, for example name = \
             \"orders-restored\"."
        );
    }
}
