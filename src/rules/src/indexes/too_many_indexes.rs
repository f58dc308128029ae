//! DBK-IDX-006: more secondary indexes than a table may have.

use std::collections::BTreeSet;

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, GlobalIndex};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{GLOBAL_INDEXES_MAX, LOCAL_INDEXES_MAX};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-IDX-006"),
    name: "too_many_indexes",
    also: &[],
    area: Area::Indexes,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Too many secondary indexes",
    why: "A table has at most 5 local secondary indexes, which is fixed, and 20 global ones, a quota that \
          AWS raises on request. More than 20 global ones are therefore a warning.",
    aws_error: Some(
        "ValidationException: One or more parameter values were invalid: Number of LocalSecondaryIndexes \
         exceeds …",
    ),
    source: "DynamoDB developer guide, quotas",
    firing: || {
        examples::restore(|it| {
            it.local_secondary_indexes = examples::local_indexes(["ix1", "ix2", "ix3", "ix4", "ix5", "ix6"]);
            it.observed.backup = Fact::Unknown;
        })
    },
    silent: || {
        examples::restore(|it| {
            it.local_secondary_indexes = examples::local_indexes(["ix1", "ix2", "ix3", "ix4", "ix5"]);
            it.observed.backup = Fact::Unknown;
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
    let local = table.local_secondary_indexes.known().map_or(0, |names| {
        names
            .iter()
            .filter_map(Fact::known)
            .collect::<BTreeSet<_>>()
            .len()
    });
    if local > LOCAL_INDEXES_MAX {
        report.add(
            Subject::LocalIndexes,
            format!(
                "local_secondary_indexes names {local} indexes, and a table has at most \
                 {LOCAL_INDEXES_MAX}. AWS does not raise this number."
            ),
            format!("Remove {} of them.", local - LOCAL_INDEXES_MAX),
        );
    }
    let global = table
        .global_secondary_indexes
        .known()
        .map_or(0, std::collections::BTreeMap::<String, GlobalIndex>::len);
    if global > GLOBAL_INDEXES_MAX {
        report.add_warning(
            Subject::GlobalIndexes,
            format!(
                "global_secondary_indexes names {global} indexes, and the quota of an account is \
                 {GLOBAL_INDEXES_MAX} for each table unless AWS has raised it."
            ),
            format!(
                "Remove {} of them, or ask AWS for a higher quota before the apply.",
                global - GLOBAL_INDEXES_MAX
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::restore;
    use crate::fact::Fact;
    use crate::facts::GlobalIndex;
    use crate::finding::Severity;

    fn severities(global: usize, local: usize) -> Vec<Severity> {
        let name = |number: usize| format!("index-{number}");
        let facts = restore(|it| {
            it.global_secondary_indexes = Fact::Known(
                (0..global)
                    .map(|number| (name(number), GlobalIndex::unset()))
                    .collect(),
            );
            it.local_secondary_indexes =
                Fact::Known((0..local).map(|number| Fact::Known(name(number))).collect());
        });
        RULE.findings(&facts).into_iter().map(|it| it.severity).collect()
    }

    #[test]
    fn five_local_ones_are_fixed_and_twenty_global_ones_are_a_quota() {
        assert_eq!(severities(20, 5), []);
        assert_eq!(severities(21, 5), [Severity::Warning]);
        assert_eq!(severities(20, 6), [Severity::Error]);
        assert_eq!(severities(21, 6), [Severity::Error, Severity::Warning]);
    }
}
