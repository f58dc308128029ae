//! DBK-IDX-004: a local secondary index that the source does not have.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::IndexName;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-IDX-004"),
    name: "unknown_local_index",
    also: &[],
    area: Area::Indexes,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "Source has no such local secondary index",
    why: "A restore can leave indexes out, but it cannot add any, and local secondary indexes cannot be \
          added to a table that exists either.",
    aws_error: Some(
        "ValidationException: Index … does not match a secondary index that existed in the source table and \
         cannot be created during the restore operation",
    ),
    source: "DynamoDB API model, LocalSecondaryIndexOverride; measured on AWS",
    firing: || {
        examples::restore(|it| it.local_secondary_indexes = examples::local_indexes(["by-date", "by-dat"]))
    },
    silent: || examples::restore(|it| it.local_secondary_indexes = examples::local_indexes(["by-date"])),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Fact::Known(wanted) = &table.local_secondary_indexes else {
        return;
    };
    let Fact::Known(existing) = table.source_local_indexes() else {
        return;
    };
    let global = table.source_global_indexes().into_known().unwrap_or_default();
    for name in wanted.iter().filter_map(Fact::known) {
        // A name that no index can have is reported as such.
        if existing.contains(name) || IndexName::parse(name).is_err() {
            continue;
        }
        let names = existing.iter().map(String::as_str);
        let has = if existing.is_empty() {
            "it has no local secondary index at all".to_owned()
        } else {
            format!("it has {}", prose::quoted(names.clone(), "and"))
        };
        let fix = if global.iter().any(|it| it.name == *name) {
            format!("{name:?} is a global secondary index: write it into global_secondary_indexes.")
        } else if let Some(near) = prose::nearest(name, names) {
            format!("Did you mean {near:?}? Otherwise remove {name:?}.")
        } else {
            format!(
                "Remove {name:?}. An index with that key can still be added later as a global secondary \
                 index."
            )
        };
        report.add(
            Subject::LocalIndex(name.clone()),
            format!(
                "The source of the restore has no local secondary index {name:?}; {has}. A restore can \
                 leave indexes out, but cannot add any."
            ),
            fix,
        );
    }
}
