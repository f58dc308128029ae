//! DBK-IDX-013: one name for two indexes.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-IDX-013"),
    name: "index_named_twice",
    also: &[],
    area: Area::Indexes,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Index is named among the global and among the local ones",
    why: "The indexes of a table, global and local, share one set of names, so the source has only one of \
          that name.",
    aws_error: Some("ValidationException: … Duplicate index name"),
    source: "DynamoDB API model, IndexName",
    // The indexes of the source are left unknown, or the name would also be missing among those of one kind.
    firing: || {
        examples::restore(|it| {
            it.global_secondary_indexes = examples::global_indexes(["by-date"]);
            it.local_secondary_indexes = examples::local_indexes(["by-date"]);
            it.observed.backup = Fact::Unknown;
        })
    },
    silent: || {
        examples::restore(|it| {
            it.global_secondary_indexes = examples::global_indexes(["by-customer"]);
            it.local_secondary_indexes = examples::local_indexes(["by-date"]);
        })
    },
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table() else {
        return;
    };
    let (Fact::Known(global), Fact::Known(local)) =
        (&table.global_secondary_indexes, &table.local_secondary_indexes)
    else {
        return;
    };
    if facts.is_destroyed_for_good() {
        return;
    }
    for name in local
        .iter()
        .filter_map(Fact::known)
        .filter(|it| global.contains_key(*it))
    {
        report.add(
            Subject::LocalIndex(name.clone()),
            format!(
                "{name:?} stands in global_secondary_indexes and in local_secondary_indexes. The indexes of \
                 a table share one set of names, so the source has only one {name:?}."
            ),
            format!(
                "Keep {name:?} where it belongs: the source's description says whether it is global or \
                     local."
            ),
        );
    }
}
