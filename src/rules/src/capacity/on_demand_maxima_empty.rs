//! DBK-CAP-008: on-demand maxima without a maximum, which AWS answers with an error and a table nobody knows
//! of.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, OnDemandThroughput};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-008"),
    name: "on_demand_maxima_empty",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "On-demand maxima are given without any maximum",
    why: "AWS answers an empty override with an error that says the table is in use, and starts the restore \
          all the same: the table appears later and belongs to nobody.",
    aws_error: Some("TableInUseException, while the restore starts all the same"),
    source: "measured on AWS",
    firing: || examples::restore(|it| it.on_demand_throughput = Fact::Known(maximum(Fact::Absent))),
    silent: || examples::restore(|it| it.on_demand_throughput = Fact::Known(maximum(Fact::Known(1000)))),
    check,
};

fn maximum(read: Fact<i64>) -> OnDemandThroughput {
    OnDemandThroughput {
        max_read_request_units: read,
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
    let is_empty = |it: &OnDemandThroughput| {
        it.max_read_request_units.is_absent() && it.max_write_request_units.is_absent()
    };
    let mut add = |subject: Subject, whose: &str| {
        report.add(
            subject,
            format!(
                "on_demand_throughput{whose} has neither max_read_request_units nor \
                 max_write_request_units. AWS answers such a request with an error and starts the restore \
                 all the same."
            ),
            "Remove on_demand_throughput for no maximum, or give at least one of the two.",
        );
    };
    if table.on_demand_throughput.is_known_and(is_empty) {
        add(Subject::OnDemandThroughput, "");
    }
    if let Fact::Known(indexes) = &table.global_secondary_indexes {
        for (name, _) in indexes
            .iter()
            .filter(|(_, it)| it.on_demand_throughput.is_known_and(is_empty))
        {
            add(
                Subject::GlobalIndex(name.clone()),
                &format!(" of the index {name:?}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, maximum};
    use crate::examples::restore;
    use crate::fact::Fact;
    use crate::facts::{Facts, GlobalIndex, OnDemandThroughput};

    fn count(facts: &Facts) -> usize {
        RULE.findings(facts).len()
    }

    #[test]
    fn one_maximum_is_enough_and_an_unknown_one_may_be_it() {
        assert_eq!(
            count(&restore(
                |it| it.on_demand_throughput = Fact::Known(maximum(Fact::Absent))
            )),
            1
        );
        assert_eq!(
            count(&restore(
                |it| it.on_demand_throughput = Fact::Known(maximum(Fact::Unknown))
            )),
            0
        );
        let write = OnDemandThroughput {
            max_write_request_units: Fact::Known(1),
            ..maximum(Fact::Absent)
        };
        assert_eq!(
            count(&restore(|it| it.on_demand_throughput = Fact::Known(write))),
            0
        );
    }

    #[test]
    fn indexes_are_judged_too() {
        let index = GlobalIndex {
            on_demand_throughput: Fact::Known(maximum(Fact::Absent)),
            ..GlobalIndex::unset()
        };
        let facts =
            restore(|it| it.global_secondary_indexes = Fact::Known([("by-status".to_owned(), index)].into()));
        assert_eq!(count(&facts), 1);
    }
}
