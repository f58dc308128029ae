//! DBK-CAP-007: an on-demand maximum below one.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, OnDemandThroughput};
use crate::finding::{Report, Severity, Subject};
use crate::limits::THROUGHPUT_MIN;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-007"),
    name: "on_demand_maximum_below_one",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "On-demand maximum is below one",
    why: "A restore takes maxima of at least one request unit. The value -1, by which other calls remove a \
          maximum, is refused here; a table without a maximum is one for which none is given.",
    aws_error: Some("ValidationException: … outside of valid range"),
    source: "measured on AWS; DynamoDB API model, OnDemandThroughput",
    firing: || examples::restore(|it| it.on_demand_throughput = Fact::Known(maximum(-1))),
    silent: || examples::restore(|it| it.on_demand_throughput = Fact::Known(maximum(1))),
    check,
};

fn maximum(read: i64) -> OnDemandThroughput {
    OnDemandThroughput {
        max_read_request_units: Fact::Known(read),
        max_write_request_units: Fact::Absent,
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    if facts.is_destroyed_for_good() {
        return;
    }
    if let Fact::Known(throughput) = &table.on_demand_throughput {
        judge(
            report,
            throughput,
            "",
            &Subject::MaxReadRequestUnits,
            &Subject::MaxWriteRequestUnits,
        );
    }
    if let Fact::Known(indexes) = &table.global_secondary_indexes {
        for (name, index) in indexes {
            if let Fact::Known(throughput) = &index.on_demand_throughput {
                let subject = Subject::GlobalIndex(name.clone());
                judge(
                    report,
                    throughput,
                    &format!(" of the index {name:?}"),
                    &subject,
                    &subject,
                );
            }
        }
    }
}

fn judge(
    report: &mut Report<'_>,
    throughput: &OnDemandThroughput,
    whose: &str,
    read: &Subject,
    write: &Subject,
) {
    let units = [
        ("max_read_request_units", throughput.max_read_request_units, read),
        (
            "max_write_request_units",
            throughput.max_write_request_units,
            write,
        ),
    ];
    for (argument, units, subject) in units {
        let Fact::Known(units) = units else { continue };
        if units < THROUGHPUT_MIN {
            report.add(
                subject.clone(),
                format!(
                    "{argument}{whose} is {units}, and the least that a restore takes is {THROUGHPUT_MIN}."
                ),
                format!("Remove {argument} for no maximum, or set it to {THROUGHPUT_MIN} or more."),
            );
        }
    }
}
