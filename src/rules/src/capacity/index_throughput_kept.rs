//! DBK-CAP-010: other capacity for a table, whose indexes keep theirs.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{BillingMode, Facts, GlobalIndex, ObservedIndex, ProvisionedThroughput, RestoredTable};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-010"),
    name: "index_throughput_kept",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "Indexes keep their recorded capacity beside that of the table",
    why: "provisioned_throughput is that of the table alone. A global secondary index has capacity of its own, which is \
          restored as it was recorded: with too little of it, writes to the table are throttled; with too much, it \
          costs more than was meant.",
    aws_error: None,
    source: "measured on AWS",
    firing: || {
        examples::restore(|it| {
            examples::provision(it, examples::throughput(20, 10));
            it.provisioned_throughput = Fact::Known(examples::throughput(200, 100));
        })
    },
    silent: || {
        examples::restore(|it| {
            examples::provision(it, examples::throughput(20, 10));
            it.provisioned_throughput = Fact::Known(examples::throughput(200, 100));
            let index = GlobalIndex {
                provisioned_throughput: Fact::Known(examples::throughput(100, 100)),
                ..GlobalIndex::unset()
            };
            it.global_secondary_indexes = Fact::Known(
                ["by-customer", "by-status"]
                    .map(|name| (name.to_owned(), index.clone()))
                    .into(),
            );
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Fact::Known(given) = &table.provisioned_throughput else {
        return;
    };
    let is_provisioned = table.effective_billing_mode() == Fact::Known(BillingMode::Provisioned);
    if !is_provisioned
        || !table
            .source_throughput()
            .is_known_and(|recorded| differs(given, recorded))
    {
        return;
    }
    let kept = kept_indexes(table);
    if kept.is_empty() {
        return;
    }
    let amounts: Vec<String> = kept
        .iter()
        .map(|it| format!("{:?} {} read and {} write", it.name, it.read, it.write))
        .collect();
    // The capacity of the table is a better beginning than the recorded one, where all of it is known.
    let units_of = |index: &Kept| {
        let read = given.read_capacity_units.into_known().unwrap_or(index.read);
        let write = given.write_capacity_units.into_known().unwrap_or(index.write);
        format!(
            "{{ provisioned_throughput = {{ read_capacity_units = {read}, write_capacity_units = {write} }} }}"
        )
    };
    let entries: Vec<String> = kept
        .iter()
        .map(|it| format!("{:?} = {}", it.name, units_of(it)))
        .collect();
    let entries = entries.join(", ");
    let fix = if table.global_secondary_indexes.is_absent() {
        format!("Add global_secondary_indexes = {{ {entries} }}, with numbers that fit.")
    } else {
        format!("In global_secondary_indexes, write {entries}, with numbers that fit.")
    };
    report.add(
        Subject::GlobalIndexes,
        format!(
            "provisioned_throughput changes the capacity of the table{}. Its global secondary indexes keep what is \
             recorded: {} capacity units. Writes are throttled where an index has too little for them.",
            prose::capacity(given).map_or(String::new(), |it| format!(" to {it}")),
            prose::list(&amounts, "and")
        ),
        fix,
    );
}

/// An index that keeps its recorded capacity.
struct Kept {
    name: String,
    read: i64,
    write: i64,
}

/// Whether one of the units is known to be another.
fn differs(given: &ProvisionedThroughput, recorded: &ProvisionedThroughput) -> bool {
    let pairs = [
        (given.read_capacity_units, recorded.read_capacity_units),
        (given.write_capacity_units, recorded.write_capacity_units),
    ];
    pairs
        .into_iter()
        .any(|pair| matches!(pair, (Fact::Known(given), Fact::Known(recorded)) if given != recorded))
}

/// The indexes that are restored and keep their capacity, with that. Empty where it is not known of each index of the
/// source what it has, because the fix must name all of them.
fn kept_indexes(table: &RestoredTable) -> Vec<Kept> {
    let is_kept = |index: &ObservedIndex| match &table.global_secondary_indexes {
        Fact::Absent => true,
        Fact::Known(chosen) => chosen
            .get(&index.name)
            .is_some_and(|it| it.provisioned_throughput.is_absent()),
        Fact::Unknown => false,
    };
    let indexes = table.source_global_indexes().into_known().unwrap_or_default();
    let kept = indexes.into_iter().filter(is_kept).map(|index| {
        let recorded = index.provisioned_throughput.known()?;
        Some(Kept {
            read: recorded.read_capacity_units.into_known()?,
            write: recorded.write_capacity_units.into_known()?,
            name: index.name,
        })
    });
    kept.collect::<Option<_>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{global_indexes, provision, restore, restored_changed, throughput};
    use crate::fact::Fact;
    use crate::facts::{GlobalIndex, ProvisionedThroughput, RestoredTable};

    /// A copy with 200 and 100 units of a table with 20 and 10.
    fn raised(it: &mut RestoredTable) {
        provision(it, throughput(20, 10));
        it.provisioned_throughput = Fact::Known(throughput(200, 100));
    }

    fn texts(change: impl FnOnce(&mut RestoredTable)) -> Vec<String> {
        let facts = restore(|it| {
            raised(it);
            change(it);
        });
        let found = RULE.findings(&facts);
        found
            .into_iter()
            .map(|it| format!("{} {}", it.detail, it.fix))
            .collect()
    }

    #[test]
    fn every_index_that_keeps_its_capacity_is_named() {
        let all = texts(|_| ()).join("");
        assert!(all.contains("to 200 read and 100 write capacity units."), "{all}");
        assert!(
            all.contains(
                "recorded: \"by-customer\" 10 read and 5 write and \"by-status\" 10 read and 5 write capacity"
            ),
            "{all}"
        );
        let units = "{ provisioned_throughput = { read_capacity_units = 200, write_capacity_units = 100 } }";
        let fix = format!(
            "Add global_secondary_indexes = {{ \"by-customer\" = {units}, \"by-status\" = {units} }}, with"
        );
        assert!(all.contains(&fix), "{all}");

        let one = texts(|it| {
            it.global_secondary_indexes = global_indexes(["by-customer", "by-status"]);
            let given = GlobalIndex {
                provisioned_throughput: Fact::Known(throughput(1, 1)),
                ..GlobalIndex::unset()
            };
            if let Fact::Known(indexes) = &mut it.global_secondary_indexes {
                indexes.insert("by-customer".to_owned(), given);
            }
        })
        .join("");
        assert!(
            one.contains("recorded: \"by-status\" 10 read and 5 write"),
            "{one}"
        );
        assert!(
            one.contains("In global_secondary_indexes, write \"by-status\" = { prov"),
            "{one}"
        );
        assert!(!one.contains("by-customer"), "{one}");
    }

    #[test]
    fn indexes_that_are_not_restored_or_not_known_are_not_named() {
        assert_eq!(
            texts(|it| it.global_secondary_indexes = global_indexes([])),
            [""; 0]
        );
        assert_eq!(texts(|it| it.global_secondary_indexes = Fact::Unknown), [""; 0]);
        let given_later = |it: &mut RestoredTable| {
            it.global_secondary_indexes =
                Fact::Known([("by-status".to_owned(), GlobalIndex::default())].into());
        };
        assert_eq!(texts(given_later), [""; 0]);
        let one_not_known = |it: &mut RestoredTable| {
            if let Fact::Known(backup) = &mut it.observed.backup
                && let Fact::Known(indexes) = &mut backup.global_indexes
            {
                indexes[0].provisioned_throughput = Fact::Unknown;
            }
        };
        assert_eq!(texts(one_not_known), [""; 0]);
    }

    #[test]
    fn the_capacity_of_the_table_must_be_another() {
        let with =
            |units: ProvisionedThroughput| texts(|it| it.provisioned_throughput = Fact::Known(units)).len();
        assert_eq!(with(throughput(20, 10)), 0);
        assert_eq!(with(throughput(21, 10)), 1);
        assert_eq!(with(throughput(20, 9)), 1);
        assert_eq!(with(ProvisionedThroughput::default()), 0);
        let half = ProvisionedThroughput {
            write_capacity_units: Fact::Unknown,
            ..throughput(21, 1)
        };
        assert_eq!(with(half.clone()), 1);
        // What is not known of the table is taken from the index.
        let fix = texts(|it| it.provisioned_throughput = Fact::Known(half)).join("");
        assert!(
            fix.contains("{ read_capacity_units = 21, write_capacity_units = 5 }"),
            "{fix}"
        );
        assert_eq!(texts(|it| it.provisioned_throughput = Fact::Absent), [""; 0]);
        assert_eq!(texts(|it| it.billing_mode = "PAY_PER_REQUEST".into()), [""; 0]);
        assert_eq!(texts(|it| it.billing_mode = "PROVISIONED".into()).len(), 1);
        assert_eq!(RULE.findings(&restored_changed(raised)), []);
    }
}
