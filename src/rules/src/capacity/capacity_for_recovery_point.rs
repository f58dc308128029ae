//! DBK-CAP-015: billing or capacity arguments for a restore by AWS Backup, which takes none.

use crate::examples::aws_backup::restore_recovery_point;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::ArnKind;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-015"),
    name: "capacity_for_recovery_point",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Capacity is changed only after AWS Backup has restored",
    why: "DynamoDB's own restores can change the billing mode and the throughput. A restore job of AWS Backup \
          has no argument for that: the table comes back with the billing mode and the capacity that were \
          recorded, is paid for by them, and can only then be changed.",
    aws_error: Some("none: a restore job has no such argument"),
    source: "AWS Backup developer guide, restoring DynamoDB",
    firing: || restore_recovery_point(|it| it.billing_mode = "PAY_PER_REQUEST".into()),
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
    let given: Vec<Subject> = [
        (Subject::BillingMode, table.billing_mode.is_known()),
        (
            Subject::ProvisionedThroughput,
            table.provisioned_throughput.is_known(),
        ),
        (Subject::OnDemandThroughput, table.on_demand_throughput.is_known()),
    ]
    .into_iter()
    .filter_map(|(subject, is_given)| is_given.then_some(subject))
    .collect();
    let Some(first) = given.first() else { return };
    let names: Vec<String> = given.iter().map(ToString::to_string).collect();
    let (list, are) = (
        prose::list(&names, "and"),
        if names.len() == 1 { "is" } else { "are" },
    );
    report.add(
        first.clone(),
        format!(
            "AWS Backup restores the table with the billing mode and the capacity that were recorded, at their price. \
             {list} {are} set when the restore is over."
        ),
        format!(
            "Go on if that is meant. {}",
            match table.recovery_point_arn() {
                Some(arn) if arn.kind() == ArnKind::Backup => format!(
                    "To restore with them, let DynamoDB do it: source = {{ backup_arn = {:?} }}.",
                    arn.to_string()
                ),
                _ => "To restore with them, use a backup of DynamoDB's own (backup_arn) or a point in time.".to_owned(),
            }
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::aws_backup::{RECOVERY_POINT_ARN, restore_recovery_point};
    use crate::examples::{BACKUP_ARN, restore, throughput};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, OnDemandThroughput, RestoredTable};
    use crate::finding::Subject;

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    fn give_all(it: &mut RestoredTable) {
        it.billing_mode = "PROVISIONED".into();
        it.provisioned_throughput = Fact::Known(throughput(1, 1));
        it.on_demand_throughput = Fact::Known(OnDemandThroughput::default());
    }

    #[test]
    fn one_warning_names_all_arguments() {
        let all = restore_recovery_point(give_all);
        assert_eq!(subjects(&all), [Subject::BillingMode]);
        let detail = |facts: &Facts| RULE.findings(facts).remove(0).detail;
        assert!(
            detail(&all).contains("billing_mode, provisioned_throughput and on_demand_throughput are set"),
            "{}",
            detail(&all)
        );
        let maxima = restore_recovery_point(|it| {
            it.on_demand_throughput = Fact::Known(OnDemandThroughput::default());
        });
        assert_eq!(subjects(&maxima), [Subject::OnDemandThroughput]);
        assert!(detail(&maxima).contains("on_demand_throughput is set"));
        let units = restore_recovery_point(|it| it.provisioned_throughput = Fact::Known(throughput(1, 1)));
        assert_eq!(subjects(&units), [Subject::ProvisionedThroughput]);
        assert_eq!(
            subjects(&restore_recovery_point(|it| it.billing_mode = Fact::Unknown)),
            []
        );
    }

    #[test]
    fn one_that_dynamodb_keeps_can_be_restored_by_dynamodb() {
        let fix = |arn: &str| {
            let facts = restore_recovery_point(|it| {
                give_all(it);
                if let Fact::Known(source) = &mut it.source {
                    source.recovery_point_arn = arn.into();
                }
            });
            RULE.findings(&facts).remove(0).fix
        };
        assert!(fix(BACKUP_ARN).contains(&format!("backup_arn = {BACKUP_ARN:?}")));
        assert!(fix(RECOVERY_POINT_ARN).contains("a backup of DynamoDB's own"));
    }

    #[test]
    fn a_table_that_exists_and_a_restore_by_dynamodb_take_them() {
        let exists = Facts {
            action: Fact::Known(Action::Update),
            ..restore_recovery_point(give_all)
        };
        assert_eq!(subjects(&exists), []);
        assert_eq!(subjects(&restore(give_all)), []);
    }
}
