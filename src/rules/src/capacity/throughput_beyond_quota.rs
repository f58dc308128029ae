//! DBK-CAP-005: capacity units above the quotas that an account begins with.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, GlobalIndex, ProvisionedThroughput, RestoredTable};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{ACCOUNT_THROUGHPUT_MAX, TABLE_THROUGHPUT_MAX};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-005"),
    name: "throughput_beyond_quota",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Capacity units exceed the default quota",
    why: "Unless AWS has raised it, a table or index has at most 40,000 read and 40,000 write capacity units, and all \
          tables and indexes of an account in a Region together have at most 80,000 of each. A restore beyond that is \
          refused.",
    aws_error: Some("LimitExceededException / ValidationException"),
    source: "DynamoDB developer guide, quotas",
    firing: || {
        examples::restore(|it| {
            it.billing_mode = "PROVISIONED".into();
            it.provisioned_throughput = Fact::Known(examples::throughput(TABLE_THROUGHPUT_MAX + 10_000, 500));
        })
    },
    silent: || {
        examples::restore(|it| {
            it.billing_mode = "PROVISIONED".into();
            it.provisioned_throughput =
                Fact::Known(examples::throughput(TABLE_THROUGHPUT_MAX, TABLE_THROUGHPUT_MAX));
        })
    },
    check,
};

/// Capacity units that are given to the table or to one index.
struct Given {
    subject: Subject,
    /// "of the table" or "of the index …".
    whose: String,
    units: i64,
}

/// Read or write.
struct Kind {
    argument: &'static str,
    /// What DescribeLimits calls the quota of a table and of the account.
    quotas: [&'static str; 2],
    table: Subject,
    pick: fn(&ProvisionedThroughput) -> Fact<i64>,
}

const KINDS: [Kind; 2] = [
    Kind {
        argument: "read_capacity_units",
        quotas: ["TableMaxReadCapacityUnits", "AccountMaxReadCapacityUnits"],
        table: Subject::ReadCapacity,
        pick: |it| it.read_capacity_units,
    },
    Kind {
        argument: "write_capacity_units",
        quotas: ["TableMaxWriteCapacityUnits", "AccountMaxWriteCapacityUnits"],
        table: Subject::WriteCapacity,
        pick: |it| it.write_capacity_units,
    },
];

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let region = facts
        .region()
        .into_known()
        .map_or(String::new(), |it| format!(" --region {it}"));
    for kind in &KINDS {
        judge(report, kind, &given(table, kind), &region);
    }
}

fn given(table: &RestoredTable, kind: &Kind) -> Vec<Given> {
    let units_of = |throughput: &Fact<ProvisionedThroughput>| throughput.known().map(kind.pick)?.into_known();
    let of_table = units_of(&table.provisioned_throughput).map(|units| Given {
        subject: kind.table.clone(),
        whose: "of the table".to_owned(),
        units,
    });
    let of_index = |(name, index): (&String, &GlobalIndex)| {
        Some(Given {
            subject: Subject::GlobalIndexThroughput(name.clone()),
            whose: format!("of the index {name:?}"),
            units: units_of(&index.provisioned_throughput)?,
        })
    };
    let indexes = table.global_secondary_indexes.known().into_iter().flatten();
    of_table.into_iter().chain(indexes.filter_map(of_index)).collect()
}

fn judge(report: &mut Report<'_>, kind: &Kind, given: &[Given], region: &str) {
    let argument = kind.argument;
    let [table_quota, account_quota] = kind.quotas;
    let ask = |quota: &str| {
        format!(
            "See what holds for you ({quota}) and ask for more in Service Quotas: aws dynamodb describe-limits{region}"
        )
    };
    let mut is_any_beyond = false;
    for it in given.iter().filter(|it| it.units > TABLE_THROUGHPUT_MAX) {
        is_any_beyond = true;
        report.add(
            it.subject.clone(),
            format!(
                "{argument} {} is {}. Unless AWS has raised the quota for this account, a table or index has at most \
                 {TABLE_THROUGHPUT_MAX}.",
                it.whose, it.units
            ),
            format!("Lower it to {TABLE_THROUGHPUT_MAX} or less. {}", ask(table_quota)),
        );
    }
    let total = given.iter().fold(0, |sum: i64, it| sum.saturating_add(it.units));
    if !is_any_beyond && total > ACCOUNT_THROUGHPUT_MAX {
        report.add(
            Subject::ProvisionedThroughput,
            format!(
                "{argument} of the table and its indexes are {total} together. Unless AWS has raised the quota, all \
                 tables and indexes of an account in a Region have at most {ACCOUNT_THROUGHPUT_MAX}."
            ),
            format!("Lower them. {}", ask(account_quota)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{restore, restored_changed, throughput};
    use crate::fact::Fact;
    use crate::facts::{GlobalIndex, ProvisionedThroughput, RestoredTable};
    use crate::finding::Subject;
    use crate::limits::TABLE_THROUGHPUT_MAX as MAX;

    fn of(table: ProvisionedThroughput, indexes: &[(&str, i64, i64)]) -> impl Fn(&mut RestoredTable) {
        let indexes = indexes.iter().map(|(name, read, write)| {
            let index = GlobalIndex {
                provisioned_throughput: Fact::Known(throughput(*read, *write)),
                ..GlobalIndex::unset()
            };
            ((*name).to_owned(), index)
        });
        let indexes = Fact::Known(indexes.collect());
        move |it| {
            it.provisioned_throughput = Fact::Known(table.clone());
            it.global_secondary_indexes = indexes.clone();
        }
    }

    fn subjects(change: impl Fn(&mut RestoredTable)) -> Vec<Subject> {
        let found = RULE.findings(&restore(change));
        found.into_iter().map(|it| it.subject).collect()
    }

    #[test]
    fn each_table_and_each_index_is_held_against_the_quota() {
        assert_eq!(subjects(of(throughput(MAX, MAX), &[])), []);
        assert_eq!(
            subjects(of(throughput(MAX + 1, MAX), &[])),
            [Subject::ReadCapacity]
        );
        assert_eq!(
            subjects(of(throughput(1, MAX + 1), &[("by-status", MAX + 1, MAX + 1)])),
            [
                Subject::GlobalIndexThroughput("by-status".to_owned()),
                Subject::WriteCapacity,
                Subject::GlobalIndexThroughput("by-status".to_owned()),
            ]
        );
    }

    #[test]
    fn together_they_are_held_against_the_quota_of_the_account() {
        let indexes = |units| [("by-customer", MAX, 1), ("by-status", units, 1)];
        assert_eq!(subjects(of(throughput(MAX - 1, 1), &indexes(1))), []);
        assert_eq!(
            subjects(of(throughput(MAX - 1, 1), &indexes(2))),
            [Subject::ProvisionedThroughput]
        );
        // What is wrong with one of them is said there, and only there.
        assert_eq!(
            subjects(of(throughput(MAX + 1, 1), &indexes(2))),
            [Subject::ReadCapacity]
        );
        assert_eq!(subjects(of(throughput(i64::MAX, 1), &indexes(i64::MAX))).len(), 2);
    }

    #[test]
    fn only_a_table_that_is_made_is_told() {
        let change = of(throughput(MAX + 1, 1), &[]);
        assert_eq!(RULE.findings(&restore(&change)).len(), 1);
        assert_eq!(RULE.findings(&restored_changed(&change)).len(), 0);
        assert_eq!(subjects(|it| it.provisioned_throughput = Fact::Unknown), []);
    }

    #[test]
    fn the_fix_names_the_quota_and_the_region() {
        let found = RULE.findings(&restore(of(throughput(MAX + 1, MAX + 1), &[])));
        let [read, write] = found.as_slice() else {
            panic!("two findings: {found:?}")
        };
        assert!(read.fix.contains("TableMaxReadCapacityUnits"), "{}", read.fix);
        assert!(
            read.fix.ends_with("describe-limits --region us-east-1"),
            "{}",
            read.fix
        );
        assert!(write.fix.contains("TableMaxWriteCapacityUnits"), "{}", write.fix);
    }
}
