//! DBK-CAP-015: capacity or a billing mode for a restore by AWS Backup, which takes none.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, Source};
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
    title: "Restore by AWS Backup takes no billing mode and no capacity",
    why: "A restore job of AWS Backup makes the table with the billing mode and the capacity of its source. Neither can be \
          overridden; both can be changed when the table is there.",
    aws_error: Some("InvalidParameterValueException, or nothing: the value is ignored"),
    source: "AWS Backup developer guide, restoring a DynamoDB table",
    firing: || {
        examples::restore(|it| {
            it.source = Fact::Known(recovery_point());
            it.billing_mode = "PAY_PER_REQUEST".into();
        })
    },
    silent: || examples::restore(|it| it.source = Fact::Known(recovery_point())),
    check,
};

fn recovery_point() -> Source {
    Source {
        recovery_point_arn:
            "arn:aws:backup:us-east-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45".into(),
        role_arn: "arn:aws:iam::111122223333:role/restores".into(),
        ..Source::unset()
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.source_matters()) else {
        return;
    };
    if !table.source.is_known_and(|it| it.recovery_point_arn.is_known()) {
        return;
    }
    let given = [
        (Subject::BillingMode, table.billing_mode.is_known()),
        (
            Subject::ProvisionedThroughput,
            table.provisioned_throughput.is_known(),
        ),
        (Subject::OnDemandThroughput, table.on_demand_throughput.is_known()),
    ];
    for (subject, _) in given.into_iter().filter(|(_, is_given)| *is_given) {
        let detail = format!(
            "{subject} is given, and the source is a recovery point. AWS Backup makes the table with the billing mode and \
             the capacity of its source."
        );
        let fix = format!("Remove {subject}, and change the table when it is restored.");
        report.add(subject, detail, fix);
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, recovery_point};
    use crate::examples::{restore, restored_changed, throughput};
    use crate::fact::Fact;
    use crate::facts::{Facts, OnDemandThroughput, RestoredTable};
    use crate::finding::Subject;

    fn give(it: &mut RestoredTable) {
        it.billing_mode = "PROVISIONED".into();
        it.provisioned_throughput = Fact::Known(throughput(1, 1));
        it.on_demand_throughput = Fact::Known(OnDemandThroughput::default());
    }

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    #[test]
    fn each_argument_is_named() {
        let facts = restore(|it| {
            it.source = Fact::Known(recovery_point());
            give(it);
        });
        let all = [
            Subject::BillingMode,
            Subject::ProvisionedThroughput,
            Subject::OnDemandThroughput,
        ];
        assert_eq!(subjects(&facts), all);
        let configuration_alone = Facts {
            action: Fact::Unknown,
            ..facts
        };
        assert_eq!(subjects(&configuration_alone), all);
    }

    #[test]
    fn a_native_restore_and_a_table_that_is_there_may_have_them() {
        assert_eq!(subjects(&restore(give)), []);
        let exists = restored_changed(|it| {
            it.source = Fact::Known(recovery_point());
            give(it);
        });
        assert_eq!(subjects(&exists), []);
        assert_eq!(subjects(&restore(|it| it.source = Fact::Unknown)), []);
    }
}
