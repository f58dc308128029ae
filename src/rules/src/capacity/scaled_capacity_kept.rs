//! DBK-CAP-009: capacity that auto scaling had set at some moment, kept by the restored table.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BillingMode, Facts, RestoredTable, Setting};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-009"),
    name: "scaled_capacity_kept",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &[
        "application-autoscaling:DescribeScalableTargets",
        "dynamodb:DescribeBackup",
        "dynamodb:DescribeTable",
    ],
    title: "Restored table keeps the capacity that auto scaling had set",
    why: "Without an override a restored table has the capacity that is recorded with its source. Where auto scaling \
          changes it all the time, that is what was right for the traffic of one moment, often of a quiet night.",
    aws_error: None,
    source: "DynamoDB developer guide, backup and restore",
    firing: || {
        examples::restore(|it| {
            scaled(it);
            examples::provision(it, examples::throughput(12, 6));
        })
    },
    silent: || {
        examples::restore(|it| {
            scaled(it);
            examples::provision(it, examples::throughput(12, 6));
            it.provisioned_throughput = Fact::Known(examples::throughput(12, 6));
        })
    },
    check,
};

/// Makes the source one whose capacity is scaled, while the new table is given settings of its own, so that no other
/// rule has anything to say.
fn scaled(it: &mut RestoredTable) {
    let mut source = examples::table();
    source.settings.autoscaling = Fact::Known(vec![
        "dynamodb:table:ReadCapacityUnits".to_owned(),
        "dynamodb:table:WriteCapacityUnits".to_owned(),
    ]);
    it.observed.source_table = Fact::Known(source);
    it.given = Setting::ALL.iter().map(|it| (*it, Fact::Known(()))).collect();
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    // A billing mode without throughput is refused, and said to be by another rule.
    let keeps = table.billing_mode.is_absent() && table.provisioned_throughput.is_absent();
    if !keeps || table.source_billing_mode() != Fact::Known(BillingMode::Provisioned) {
        return;
    }
    let scaled = table.live_source().map(|it| &it.settings.autoscaling);
    let Some(Fact::Known(dimensions)) = scaled else {
        return;
    };
    if dimensions.is_empty() {
        return;
    }
    let recorded = table.source_throughput().into_known().unwrap_or_default();
    let moment = if table.backup_arn().is_some() {
        "was recorded with the backup"
    } else {
        "the source has when the restore begins"
    };
    let units = prose::capacity(&recorded).map_or(String::new(), |it| format!(" ({it})"));
    let read = recorded.read_capacity_units.into_known().unwrap_or(5);
    let write = recorded.write_capacity_units.into_known().unwrap_or(5);
    report.add(
        Subject::ProvisionedThroughput,
        format!(
            "Auto scaling changes the capacity of the source ({}). The restored table begins with what {moment}{units}, \
             whatever the traffic then.",
            dimensions.join(", ")
        ),
        format!(
            "Add provisioned_throughput = {{ read_capacity_units = {read}, write_capacity_units = {write} }} with numbers \
             that fit the traffic to come, or set billing_mode = \"PAY_PER_REQUEST\"."
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, scaled};
    use crate::examples::{provision, restore, restore_to, restored_changed, table, throughput};
    use crate::fact::Fact;
    use crate::facts::{Facts, ObservedTable, RestoredTable};

    fn details(facts: &Facts) -> Vec<String> {
        RULE.findings(facts).into_iter().map(|it| it.detail).collect()
    }

    fn fires(change: impl FnOnce(&mut RestoredTable)) -> bool {
        let facts = restore(|it| {
            scaled(it);
            provision(it, throughput(12, 6));
            change(it);
        });
        !details(&facts).is_empty()
    }

    #[test]
    fn only_kept_capacity_of_a_scaled_source_is_told() {
        assert!(fires(|_| ()));
        assert!(!fires(
            |it| it.provisioned_throughput = Fact::Known(throughput(1, 1))
        ));
        assert!(!fires(|it| it.provisioned_throughput = Fact::Unknown));
        assert!(!fires(|it| it.billing_mode = "PROVISIONED".into()));
        assert!(!fires(|it| it.billing_mode = Fact::Unknown));
        let with = |dimensions| {
            move |it: &mut RestoredTable| {
                let mut source = table();
                source.settings.autoscaling = dimensions;
                it.observed.source_table = Fact::Known(source);
            }
        };
        assert!(!fires(with(Fact::Absent)));
        assert!(!fires(with(Fact::Unknown)));
        assert!(!fires(with(Fact::Known(Vec::new()))));
        assert!(fires(with(Fact::Known(vec![
            "dynamodb:table:ReadCapacityUnits".to_owned()
        ]))));
        let on_demand = restore(scaled);
        assert_eq!(details(&on_demand), [""; 0]);
        let exists = restored_changed(|it| {
            it.observed = crate::facts::RestoreObserved {
                backup: Fact::Known(crate::examples::observed_backup()),
                ..Default::default()
            };
            scaled(it);
            provision(it, throughput(12, 6));
        });
        assert_eq!(details(&exists), [""; 0]);
    }

    #[test]
    fn another_table_of_that_name_says_nothing() {
        assert!(!fires(|it| {
            if let Fact::Known(source) = &mut it.observed.source_table {
                source.table_id = "another".into();
            }
        }));
    }

    #[test]
    fn it_says_how_much_and_as_of_when() {
        let backup = restore(|it| {
            scaled(it);
            provision(it, throughput(12, 6));
        });
        let found = RULE.findings(&backup);
        assert!(
            found[0].detail.contains(
                "begins with what was recorded with the backup (12 read and 6 write capacity units), whatever"
            ),
            "{}",
            found[0].detail
        );
        assert!(
            found[0]
                .fix
                .contains("read_capacity_units = 12, write_capacity_units = 6 }"),
            "{}",
            found[0].fix
        );
        let point = restore_to(|it, _| {
            scaled(it);
            it.observed.source_table = match it.observed.source_table.clone() {
                Fact::Known(source) => Fact::Known(ObservedTable {
                    billing_mode: Fact::Known(crate::facts::BillingMode::Provisioned),
                    provisioned_throughput: Fact::Unknown,
                    ..source
                }),
                other => other,
            };
        });
        let detail = details(&point).join("");
        assert!(
            detail.contains("begins with what the source has when the restore begins, whatever"),
            "{detail}"
        );
    }
}
