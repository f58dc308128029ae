//! DBK-CAP-004: capacity units that are missing or below one.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, ProvisionedThroughput};
use crate::finding::{Report, Severity, Subject};
use crate::limits::THROUGHPUT_MIN;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAP-004"),
    name: "capacity_incomplete",
    also: &[],
    area: Area::Capacity,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Capacity units are missing or below one",
    why: "Provisioned throughput consists of read and write capacity units, both whole numbers of at least \
          one. A table that shall cost nothing while idle is on demand.",
    aws_error: Some("ValidationException: … Member must have value greater than or equal to 1"),
    source: "DynamoDB API model, PositiveLongObject",
    firing: || {
        examples::restore(|it| {
            it.billing_mode = "PROVISIONED".into();
            it.provisioned_throughput = Fact::Known(examples::throughput(10, 0));
        })
    },
    silent: || {
        examples::restore(|it| {
            it.billing_mode = "PROVISIONED".into();
            it.provisioned_throughput = Fact::Known(examples::throughput(10, 1));
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    if facts.is_destroyed_for_good() {
        return;
    }
    if let Fact::Known(throughput) = &table.provisioned_throughput {
        judge(
            report,
            throughput,
            "",
            &Subject::ReadCapacity,
            &Subject::WriteCapacity,
        );
    }
    if let Fact::Known(indexes) = &table.global_secondary_indexes {
        for (name, index) in indexes {
            if let Fact::Known(throughput) = &index.provisioned_throughput {
                let subject = Subject::GlobalIndexThroughput(name.clone());
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
    throughput: &ProvisionedThroughput,
    whose: &str,
    read: &Subject,
    write: &Subject,
) {
    let units = [
        ("read_capacity_units", throughput.read_capacity_units, read),
        ("write_capacity_units", throughput.write_capacity_units, write),
    ];
    for (argument, units, subject) in units {
        let fault = match units {
            Fact::Known(units) if units < THROUGHPUT_MIN => format!("is {units}"),
            Fact::Absent => "is missing".to_owned(),
            Fact::Known(_) | Fact::Unknown => continue,
        };
        report.add(
            subject.clone(),
            format!(
                "{argument}{whose} {fault}. Provisioned throughput needs read and write capacity units, \
                 each at least {THROUGHPUT_MIN}."
            ),
            format!(
                "Set {argument} = {THROUGHPUT_MIN} or more, or make the table on demand with billing_mode = \
                 \"PAY_PER_REQUEST\"."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{restore, throughput};
    use crate::fact::Fact;
    use crate::facts::{GlobalIndex, ProvisionedThroughput};
    use crate::finding::Subject;

    fn subjects(throughput: ProvisionedThroughput) -> Vec<Subject> {
        let facts = restore(|it| it.provisioned_throughput = Fact::Known(throughput));
        RULE.findings(&facts).into_iter().map(|it| it.subject).collect()
    }

    #[test]
    fn both_are_needed_and_each_is_at_least_one() {
        assert_eq!(subjects(throughput(1, 1)), []);
        assert_eq!(
            subjects(throughput(0, -1)),
            [Subject::ReadCapacity, Subject::WriteCapacity]
        );
        let only_read = ProvisionedThroughput {
            read_capacity_units: Fact::Known(5),
            write_capacity_units: Fact::Absent,
        };
        assert_eq!(subjects(only_read), [Subject::WriteCapacity]);
        assert_eq!(subjects(ProvisionedThroughput::default()), []);
    }

    #[test]
    fn indexes_are_judged_too() {
        let index = GlobalIndex {
            provisioned_throughput: Fact::Known(throughput(0, 1)),
            ..GlobalIndex::unset()
        };
        let facts = restore(|it| {
            it.global_secondary_indexes = Fact::Known([("by-status".to_owned(), index)].into());
        });
        let subjects: Vec<Subject> = RULE.findings(&facts).into_iter().map(|it| it.subject).collect();
        assert_eq!(subjects, [Subject::GlobalIndexThroughput("by-status".to_owned())]);
    }
}
