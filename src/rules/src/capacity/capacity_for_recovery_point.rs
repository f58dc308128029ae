//! DBK-CAP-015: billing or capacity arguments for a restore by AWS Backup, which takes none.

use crate::examples::aws_backup::restore_recovery_point;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-015"),
    name: "capacity_for_recovery_point",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Capacity cannot be chosen when AWS Backup restores",
    why: "DynamoDB's own restores can change the billing mode and the throughput. A restore job of AWS Backup \
          has no argument for that: the table comes back with the billing mode and the capacity that were \
          recorded.",
    aws_error: Some("InvalidParameterValueException, or the arguments are ignored"),
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
    for (subject, is_given) in [
        (Subject::BillingMode, table.billing_mode.is_known()),
        (
            Subject::ProvisionedThroughput,
            table.provisioned_throughput.is_known(),
        ),
        (Subject::OnDemandThroughput, table.on_demand_throughput.is_known()),
    ] {
        if is_given {
            let detail = format!(
                "{subject} is given, and the table is restored from a recovery point. AWS Backup restores it \
                 with the billing mode and the capacity that were recorded with the backup."
            );
            let fix =
                format!("Remove {subject} for the restore, and add it again when the table is restored.");
            report.add(subject, detail, fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::aws_backup::restore_recovery_point;
    use crate::examples::{restore, throughput};
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
    fn each_argument_is_reported() {
        assert_eq!(
            subjects(&restore_recovery_point(give_all)),
            [
                Subject::BillingMode,
                Subject::ProvisionedThroughput,
                Subject::OnDemandThroughput
            ]
        );
        assert_eq!(
            subjects(&restore_recovery_point(|it| it.billing_mode = Fact::Unknown)),
            []
        );
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
