//! DBK-IDX-003: a local secondary index that is left out and can never be added again.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-IDX-003"),
    name: "local_index_left_out",
    also: &[],
    area: Area::Indexes,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeBackup", "dynamodb:DescribeTable"],
    title: "Local secondary index is left out for good",
    why: "Local secondary indexes are made with their table. One that a restore leaves out can be had only \
          by another restore.",
    aws_error: None,
    source: "DynamoDB developer guide, local secondary indexes",
    firing: || examples::restore(|it| it.local_secondary_indexes = Fact::Known(Vec::new())),
    silent: || examples::restore(|it| it.local_secondary_indexes = Fact::Absent),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let Some(wanted) = table.known_local_indexes() else {
        return;
    };
    let Fact::Known(existing) = table.source_local_indexes() else {
        return;
    };
    let left_out: Vec<&str> = existing
        .iter()
        .map(String::as_str)
        .filter(|name| !wanted.contains(name))
        .collect();
    if left_out.is_empty() {
        return;
    }
    let names = prose::quoted(left_out.iter().copied(), "and");
    let all: Vec<&str> = wanted.iter().copied().chain(left_out.iter().copied()).collect();
    let list: Vec<String> = all.iter().map(|it| format!("{it:?}")).collect();
    report.add(
        Subject::LocalIndexes,
        format!(
            "The source has {} {names}, and local_secondary_indexes leaves {} out. Local secondary indexes \
             are made with their table: no later change can add one, only another restore.",
            if left_out.len() == 1 {
                "the local secondary index"
            } else {
                "the local secondary indexes"
            },
            if left_out.len() == 1 { "it" } else { "them" },
        ),
        format!(
            "To keep all of them, remove local_secondary_indexes or write local_secondary_indexes = [{}].",
            list.join(", ")
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{local_indexes, restore};
    use crate::fact::Fact;

    fn fires(names: Fact<Vec<Fact<String>>>) -> bool {
        !RULE
            .findings(&restore(|it| it.local_secondary_indexes = names))
            .is_empty()
    }

    #[test]
    fn none_all_and_unknown_are_three_things() {
        assert!(fires(Fact::Known(Vec::new())), "an empty list restores none");
        assert!(fires(local_indexes(["another"])));
        assert!(!fires(Fact::Absent), "no list restores all");
        assert!(!fires(local_indexes(["by-date"])));
        assert!(!fires(Fact::Unknown));
        assert!(
            !fires(Fact::Known(vec![Fact::Unknown])),
            "the unknown one may be it"
        );
    }
}
