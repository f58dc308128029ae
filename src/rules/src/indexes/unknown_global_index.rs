//! DBK-IDX-001: a global secondary index that the source does not have.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::IndexName;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-IDX-001"),
    name: "unknown_global_index",
    also: &[],
    area: Area::Indexes,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "Source has no such global secondary index",
    why: "A restore can leave indexes out, but it cannot add any. A new index is added to the restored \
          table afterwards.",
    aws_error: Some(
        "ValidationException: Index … does not match a secondary index that existed in the source table and \
         cannot be created during the restore operation",
    ),
    source: "DynamoDB API model, GlobalSecondaryIndexOverride; measured on AWS",
    firing: || examples::restore(|it| it.global_secondary_indexes = examples::global_indexes(["by-custmer"])),
    silent: || {
        examples::restore(|it| it.global_secondary_indexes = examples::global_indexes(["by-customer"]))
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Fact::Known(wanted) = &table.global_secondary_indexes else {
        return;
    };
    let Fact::Known(existing) = table.source_global_indexes() else {
        return;
    };
    let names: Vec<&str> = existing.iter().map(|it| it.name.as_str()).collect();
    let local = table.source_local_indexes().into_known().unwrap_or_default();
    for name in wanted.keys() {
        // A name that no index can have is reported as such.
        if names.contains(&name.as_str()) || IndexName::parse(name).is_err() {
            continue;
        }
        let has = if names.is_empty() {
            "it has no global secondary index at all".to_owned()
        } else {
            format!("it has {}", prose::quoted(names.iter().copied(), "and"))
        };
        let fix = if local.contains(name) {
            format!("{name:?} is a local secondary index: write it into local_secondary_indexes.")
        } else if let Some(near) = prose::nearest(name, names.iter().copied()) {
            format!(
                "Did you mean {near:?}? Otherwise remove {name:?}, and add the index to the restored table \
                 afterwards."
            )
        } else {
            format!("Remove {name:?}, and add the index to the restored table afterwards.")
        };
        report.add(
            Subject::GlobalIndex(name.clone()),
            format!(
                "The source of the restore has no global secondary index {name:?}; {has}. A restore can \
                 leave indexes out, but cannot add any."
            ),
            fix,
        );
    }
}
