//! DBK-CAR-013: warm throughput of the source that the restored table begins without.

use crate::carry_over::dropped::restore_of;
use crate::examples;
use crate::fact::Fact;
use crate::facts::{BillingMode, Facts, RestoredTable};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{WARM_READ_UNITS_DEFAULT, WARM_WRITE_UNITS_DEFAULT};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-013"),
    name: "warm_throughput_dropped",
    also: &["DBK-CAP-013"],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable", "dynamodb:DescribeBackup"],
    title: "Restored table will lack the warm throughput of its source",
    why: "A table that has grown, or that was warmed up, takes more requests at once than a new one. A restore makes a \
          new one and has no argument for that: under the traffic of its source it is throttled until it has grown.",
    aws_error: None,
    source: "DynamoDB API model, WarmThroughput; developer guide, warm throughput",
    firing: || restore_of(|it| it.warm_throughput = Fact::Known(examples::warm(60_000, 20_000))),
    silent: || restore_of(|it| it.warm_throughput = Fact::Known(examples::warm(12_000, 4_000))),
    check,
};

/// Units per second of one kind, of which the source takes more at once than the new table.
struct Dropped {
    kind: &'static str,
    argument: &'static str,
    source: i64,
    /// The most that the new table begins with.
    begins_with: i64,
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let dropped = find_dropped(table);
    let Fact::Known(name) = &table.name else { return };
    if dropped.is_empty() {
        return;
    }
    let list = |text: fn(&Dropped) -> String, joint: &str| -> String {
        dropped.iter().map(text).collect::<Vec<_>>().join(joint)
    };
    let region = facts
        .region()
        .into_known()
        .map_or(String::new(), |it| format!(" --region {it}"));
    report.add(
        Subject::Object,
        format!(
            "The source takes {} units per second at once: its warm throughput. A restored table begins with at most {}, \
             and is throttled beyond that until it has grown.",
            list(|it| format!("{} {}", it.source, it.kind), " and "),
            list(|it| format!("{} {}", it.begins_with, it.kind), " and "),
        ),
        format!(
            "Warm it up when it is ACTIVE, before the traffic comes, which AWS charges for: aws dynamodb update-table{region} \
             --table-name {name} --warm-throughput {}",
            list(|it| format!("{}={}", it.argument, it.source), ","),
        ),
    );
}

fn find_dropped(table: &RestoredTable) -> Vec<Dropped> {
    let warm = table.live_source().map(|it| it.settings.warm_throughput);
    let Some(Fact::Known(warm)) = warm else {
        return Vec::new();
    };
    // Provisioned capacity is warm from the beginning. What it is below the default of a table on demand is no reason to
    // speak: an ordinary table that was on demand once is that warm for ever.
    let capacity = match table.effective_billing_mode() {
        Fact::Known(BillingMode::PayPerRequest) => Fact::Absent,
        Fact::Known(BillingMode::Provisioned) => {
            table.provisioned_throughput.clone().or(table.source_throughput())
        }
        _ => Fact::Unknown,
    };
    let read = capacity.as_ref().and_then(|it| it.read_capacity_units);
    let write = capacity.as_ref().and_then(|it| it.write_capacity_units);
    let kinds = [
        (
            "read",
            "ReadUnitsPerSecond",
            warm.read_units_per_second,
            read,
            WARM_READ_UNITS_DEFAULT,
        ),
        (
            "write",
            "WriteUnitsPerSecond",
            warm.write_units_per_second,
            write,
            WARM_WRITE_UNITS_DEFAULT,
        ),
    ];
    kinds
        .into_iter()
        .filter_map(|(kind, argument, source, capacity, default)| {
            let begins_with = capacity.or(Fact::Known(default)).into_known()?.max(default);
            let source = source.into_known().filter(|it| *it > begins_with)?;
            Some(Dropped {
                kind,
                argument,
                source,
                begins_with,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::carry_over::dropped::restore_of;
    use crate::examples::{provision, restored_changed, throughput, warm};
    use crate::fact::Fact;
    use crate::facts::{Facts, Object, RestoredTable, WarmThroughput};

    fn fixes(warm: WarmThroughput, change: impl FnOnce(&mut RestoredTable)) -> Vec<String> {
        let mut facts = restore_of(|it| it.warm_throughput = Fact::Known(warm));
        if let Object::RestoredTable(it) = &mut facts.object {
            change(it);
        }
        RULE.findings(&facts).into_iter().map(|it| it.fix).collect()
    }

    fn units(fixes: &[String]) -> Vec<&str> {
        let after = |fix: &'_ str| {
            fix.rfind("--warm-throughput ")
                .map(|at| at + 18)
                .unwrap_or_default()
        };
        fixes.iter().map(|it| &it[after(it)..]).collect()
    }

    #[test]
    fn on_demand_only_what_exceeds_the_default_is_told() {
        let told = |read, write| fixes(warm(read, write), |_| ());
        assert_eq!(units(&told(12_000, 4_000)), [""; 0]);
        assert_eq!(units(&told(12_001, 4_000)), ["ReadUnitsPerSecond=12001"]);
        assert_eq!(units(&told(12_000, 4_001)), ["WriteUnitsPerSecond=4001"]);
        assert_eq!(
            units(&told(12_001, 4_001)),
            ["ReadUnitsPerSecond=12001,WriteUnitsPerSecond=4001"]
        );
        let half = WarmThroughput {
            write_units_per_second: Fact::Known(4_001),
            ..WarmThroughput::default()
        };
        assert_eq!(units(&fixes(half, |_| ())), ["WriteUnitsPerSecond=4001"]);
    }

    #[test]
    fn provisioned_capacity_is_warm_already() {
        let told = |capacity: (i64, i64), given: Fact<(i64, i64)>| {
            fixes(warm(30_000, 10_000), |it| {
                provision(it, throughput(capacity.0, capacity.1));
                it.provisioned_throughput = given.map(|(read, write)| throughput(read, write));
            })
        };
        let both = ["ReadUnitsPerSecond=30000,WriteUnitsPerSecond=10000"];
        assert_eq!(units(&told((5, 5), Fact::Absent)), both);
        assert_eq!(units(&told((30_000, 10_000), Fact::Absent)), [""; 0]);
        assert_eq!(
            units(&told((30_000, 9_999), Fact::Absent)),
            ["WriteUnitsPerSecond=10000"]
        );
        assert_eq!(units(&told((30_000, 10_000), Fact::Known((5, 5)))), both);
        assert_eq!(units(&told((5, 5), Fact::Known((30_000, 10_000)))), [""; 0]);
        assert_eq!(units(&told((5, 5), Fact::Unknown)), [""; 0]);
        // A small table that was on demand once.
        let small = fixes(warm(12_000, 4_000), |it| provision(it, throughput(5, 5)));
        assert_eq!(small, [""; 0]);
    }

    #[test]
    fn what_is_not_known_is_left_alone() {
        let told = |change: fn(&mut RestoredTable)| fixes(warm(60_000, 20_000), change).len();
        assert_eq!(told(|_| ()), 1);
        assert_eq!(told(|it| it.name = Fact::Unknown), 0);
        assert_eq!(told(|it| it.billing_mode = Fact::Unknown), 0);
        assert_eq!(told(|it| it.observed.backup = Fact::Unknown), 0);
        assert_eq!(told(|it| it.observed.source_table = Fact::Absent), 0);
        assert_eq!(
            told(|it| {
                it.observed.backup = Fact::Unknown;
                it.billing_mode = "PAY_PER_REQUEST".into();
            }),
            1
        );
        assert_eq!(fixes(WarmThroughput::default(), |_| ()), [""; 0]);
        let exists = restored_changed(|it| {
            let mut source = crate::examples::table();
            source.settings.warm_throughput = Fact::Known(warm(60_000, 20_000));
            it.observed.source_table = Fact::Known(source);
            it.billing_mode = "PAY_PER_REQUEST".into();
        });
        assert_eq!(RULE.findings(&exists), []);
    }

    #[test]
    fn the_command_can_be_pasted() {
        let fix = fixes(warm(60_000, 20_000), |_| ()).join("");
        assert!(
            fix.ends_with(
                ": aws dynamodb update-table --region us-east-1 --table-name orders-restored --warm-throughput \
                 ReadUnitsPerSecond=60000,WriteUnitsPerSecond=20000"
            ),
            "{fix}"
        );
        let mut facts: Facts = (RULE.firing)();
        facts.caller.region = Fact::Unknown;
        let fix = RULE.findings(&facts).pop().expect("a finding").fix;
        assert!(fix.contains("update-table --table-name"), "{fix}");
    }
}
