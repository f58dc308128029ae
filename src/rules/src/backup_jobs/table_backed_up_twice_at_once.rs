//! DBK-ABJ-005: two on-demand jobs for one table in one plan.

use crate::examples::aws_backup as examples;
use crate::facts::{Facts, NamedTable, PlannedRecoveryPoint};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-ABJ-005"),
    name: "table_backed_up_twice_at_once",
    also: &[],
    area: Area::BackupJobs,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Two backup jobs of one table start at once",
    why: "AWS Backup runs one backup job of a resource at a time. A second one that is started meanwhile waits, and may \
          fail. Objects of a configuration that do not depend on each other are made at the same time.",
    aws_error: None,
    source: "AWS Backup developer guide, quotas",
    firing: || beside("orders"),
    silent: || beside("invoices"),
    check,
};

/// A recovery point of "orders" in a plan that makes one of this table, too.
fn beside(table: &str) -> Facts {
    let mut facts = examples::recovery_point(|_| ());
    let region = Region::parse("us-east-1");
    facts.neighbours.recovery_points = Vec::from_iter(region.map(|region| PlannedRecoveryPoint {
        region,
        table_name: table.to_owned(),
    }));
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    if facts.recovery_point().is_none() || !facts.is_made() {
        return;
    }
    let Some(NamedTable { region, name: table }) = facts.protected_table() else {
        return;
    };
    let is_same = |it: &PlannedRecoveryPoint| it.region == region && it.table_name == table;
    if facts.neighbours.recovery_points.iter().any(is_same) {
        report.add(
            Subject::TableName,
            format!(
                "The same plan makes another recovery point of the table {table:?} in {region}. AWS Backup runs one backup \
                 job of a table at a time: the second one waits for the first, and may fail."
            ),
            "Let one wait for the other with depends_on, for example depends_on = [dynamodb_recovery_point.FIRST]. For the \
             same data in two vaults, make one recovery point and copy it (resource \"dynamodb_recovery_point_copy\").",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, beside};
    use crate::examples::TABLE_ARN;
    use crate::examples::backup;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object, PlannedRecoveryPoint, RecoveryPoint};
    use crate::syntax::Region;

    fn fires(change: impl FnOnce(&mut RecoveryPoint, &mut PlannedRecoveryPoint)) -> bool {
        let mut facts = beside("orders");
        let Object::RecoveryPoint(it) = &mut facts.object else {
            panic!("a recovery point")
        };
        change(it, &mut facts.neighbours.recovery_points[0]);
        !RULE.findings(&facts).is_empty()
    }

    #[test]
    fn table_and_region_must_both_be_the_same() {
        assert!(fires(|_, _| ()));
        assert!(fires(|it, _| it.table_name = TABLE_ARN.into()));
        assert!(!fires(|_, other| other.table_name = "others".to_owned()));
        assert!(!fires(
            |_, other| other.region = Region::parse("eu-west-1").expect("a Region")
        ));
        assert!(!fires(|it, _| it.table_name = Fact::Unknown));
    }

    #[test]
    fn only_what_is_made_has_a_job() {
        for action in [Action::Update, Action::Keep, Action::Destroy] {
            let facts = Facts {
                action: Fact::Known(action),
                ..beside("orders")
            };
            assert!(RULE.findings(&facts).is_empty(), "{action:?}");
        }
        // A backup of DynamoDB itself is no job of AWS Backup.
        let facts = Facts {
            neighbours: beside("orders").neighbours,
            ..backup(|_| ())
        };
        assert!(RULE.findings(&facts).is_empty());
    }
}
