//! DBK-RST-005: two restores that are planned together into one name.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, NamedTable, PlannedRestore};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-005"),
    name: "target_planned_twice",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Two restores make a table of the same name",
    why: "A restore always makes a new table. Of two that are planned together under one name in one Region, the \
          second is refused when the first has begun, in the middle of the apply.",
    aws_error: Some(
        "TableInUseException or TableAlreadyExistsException: Table already exists: orders-restored",
    ),
    source: "inferred from the DynamoDB API model, TargetTableName",
    firing: || beside("orders-restored"),
    silent: || beside("orders-of-last-week"),
    check,
};

/// A restore into "orders-restored" beside another one into this name.
fn beside(name: &str) -> Facts {
    let mut facts = examples::restore(|_| ());
    let region = Region::parse("us-east-1");
    facts.neighbours.restores = Vec::from_iter(region.map(|region| PlannedRestore {
        region,
        name: name.to_owned(),
        size_bytes: Fact::Unknown,
        is_from_recovery_point: false,
    }));
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(NamedTable { region, name }) = facts.target_table().filter(|_| facts.is_made()) else {
        return;
    };
    let is_same = |it: &PlannedRestore| it.region == region && it.name == name;
    if facts.neighbours.restores.iter().any(is_same) {
        report.add(
            Subject::TargetName,
            format!(
                "Another object of this plan restores a table {name:?} in {region}, too. DynamoDB restores only into \
                 a new table, so the one that comes second fails."
            ),
            format!("Give one of them another name, for example name = \"{name}-2\", or another region."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, beside};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object};
    use crate::syntax::Region;

    fn fires(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    #[test]
    fn name_and_region_must_both_be_the_same() {
        let mut facts = beside("orders-restored");
        assert!(fires(&facts));
        facts.neighbours.restores[0].region = Region::parse("eu-west-1").expect("a Region");
        assert!(!fires(&facts));
        if let Object::RestoredTable(it) = &mut facts.object {
            it.region = "eu-west-1".into();
        }
        assert!(fires(&facts));
        assert!(!fires(&beside("another")));
    }

    #[test]
    fn a_table_that_is_there_already_is_not_made() {
        let facts = Facts {
            action: Fact::Known(Action::Update),
            ..beside("orders-restored")
        };
        assert!(!fires(&facts));
    }
}
