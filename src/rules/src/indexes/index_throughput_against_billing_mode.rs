//! DBK-IDX-010: throughput of an index that does not fit the billing mode.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BillingMode, Facts, GlobalIndex, ObservedIndex, RestoredTable};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-IDX-010"),
    name: "index_throughput_against_billing_mode",
    also: &[],
    area: Area::Indexes,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "Throughput of an index does not fit the billing mode",
    why: "With provisioned capacity, each global secondary index has capacity of its own; where the source \
          has none recorded, because it was on demand, it must be given. On demand, there is none to give.",
    aws_error: Some(
        "ValidationException: Must specify provisioned throughput for index … / Cannot override \
         ProvisionedThroughput … for index …",
    ),
    source: "measured on AWS",
    firing: || {
        examples::restore(|it| {
            it.billing_mode = "PROVISIONED".into();
            it.provisioned_throughput = Fact::Known(examples::throughput(10, 5));
            it.global_secondary_indexes = examples::global_indexes(["by-customer"]);
        })
    },
    silent: || {
        examples::restore(|it| {
            let throughput = Fact::Known(examples::throughput(10, 5));
            it.billing_mode = "PROVISIONED".into();
            it.provisioned_throughput = throughput.clone();
            let index = GlobalIndex {
                provisioned_throughput: throughput,
                ..GlobalIndex::unset()
            };
            it.global_secondary_indexes = Fact::Known([("by-customer".to_owned(), index)].into());
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    let Fact::Known(indexes) = &table.global_secondary_indexes else {
        return;
    };
    // Without an override the source's mode holds, which matters only for the restore itself.
    let is_decided = table.billing_mode.is_known() || facts.is_made();
    let (true, Fact::Known(mode)) = (is_decided, table.effective_billing_mode()) else {
        return;
    };
    if facts.is_destroyed_for_good() {
        return;
    }
    for (name, index) in indexes {
        match (&mode, &index.provisioned_throughput) {
            (BillingMode::PayPerRequest, Fact::Known(_)) => report.add(
                Subject::GlobalIndexThroughput(name.clone()),
                format!(
                    "The restored table is {}, and {name:?} is given provisioned throughput. On demand, \
                     neither a table nor its indexes have any.",
                    describe(table, &mode)
                ),
                format!(
                    "Remove provisioned_throughput from {name:?}, or set billing_mode = \"PROVISIONED\" \
                     with throughput for the table and each index."
                ),
            ),
            (BillingMode::Provisioned, Fact::Absent) if has_none_recorded(facts, table, name) => report.add(
                Subject::GlobalIndex(name.clone()),
                format!(
                    "The restored table is {}, and {name:?} is given no throughput. The source was on \
                     demand, so there is none recorded to take over.",
                    describe(table, &mode)
                ),
                "Add provisioned_throughput = { read_capacity_units = 5, write_capacity_units = 5 } to it, \
                 with numbers that fit.",
            ),
            _ => {}
        }
    }
}

/// Whether the source certainly has no throughput for this index.
fn has_none_recorded(facts: &Facts, table: &RestoredTable, name: &str) -> bool {
    let indexes = table.source_global_indexes().into_known().unwrap_or_default();
    let is_without = |it: &ObservedIndex| it.name == name && it.provisioned_throughput.is_absent();
    facts.is_made() && indexes.iter().any(is_without)
}

/// The billing mode and where it comes from.
fn describe(table: &RestoredTable, mode: &BillingMode) -> String {
    if table.billing_mode.is_known() {
        mode.to_string()
    } else {
        format!("{mode}, like its source")
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{global_indexes, observed_backup, restore, throughput};
    use crate::fact::Fact;
    use crate::facts::{BillingMode, Facts, GlobalIndex, ObservedBackup, ObservedIndex, RestoredTable};
    use crate::finding::Subject;

    fn subjects(facts: &Facts) -> Vec<Subject> {
        RULE.findings(facts).into_iter().map(|it| it.subject).collect()
    }

    fn give_throughput(it: &mut RestoredTable) {
        let index = GlobalIndex {
            provisioned_throughput: Fact::Known(throughput(1, 1)),
            ..GlobalIndex::unset()
        };
        it.global_secondary_indexes = Fact::Known([("by-status".to_owned(), index)].into());
    }

    #[test]
    fn on_demand_no_index_has_throughput_wherever_the_mode_comes_from() {
        let expected = [Subject::GlobalIndexThroughput("by-status".to_owned())];
        assert_eq!(subjects(&restore(give_throughput)), expected);
        let overridden = restore(|it| {
            give_throughput(it);
            it.billing_mode = "PAY_PER_REQUEST".into();
        });
        assert_eq!(subjects(&overridden), expected);
        let unknown = restore(|it| {
            give_throughput(it);
            it.observed.backup = Fact::Unknown;
        });
        assert_eq!(subjects(&unknown), []);
    }

    #[test]
    fn recorded_throughput_is_taken_over() {
        let facts = restore(|it| {
            it.billing_mode = "PROVISIONED".into();
            it.global_secondary_indexes = crate::examples::global_indexes(["by-status"]);
            it.observed.backup = Fact::Known(ObservedBackup {
                billing_mode: Fact::Known(BillingMode::Provisioned),
                global_indexes: Fact::Known(vec![ObservedIndex {
                    name: "by-status".to_owned(),
                    provisioned_throughput: Fact::Known(throughput(7, 7)),
                }]),
                ..observed_backup()
            });
        });
        assert_eq!(subjects(&facts), []);
    }

    #[test]
    fn the_record_of_one_index_says_nothing_about_another() {
        let index = |name: &str, provisioned_throughput| ObservedIndex {
            name: name.to_owned(),
            provisioned_throughput,
        };
        let named = |name: &str| {
            restore(|it| {
                it.billing_mode = "PROVISIONED".into();
                it.provisioned_throughput = Fact::Known(throughput(5, 5));
                it.global_secondary_indexes = global_indexes([name]);
                it.observed.backup = Fact::Known(ObservedBackup {
                    global_indexes: Fact::Known(vec![
                        index("by-customer", Fact::Known(throughput(5, 5))),
                        index("by-status", Fact::Absent),
                    ]),
                    ..observed_backup()
                });
            })
        };
        assert_eq!(subjects(&named("by-customer")), []);
        assert_eq!(
            subjects(&named("by-status")),
            [Subject::GlobalIndex("by-status".to_owned())]
        );
    }
}
