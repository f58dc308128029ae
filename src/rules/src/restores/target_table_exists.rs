//! DBK-RST-003: a restore into the name of a table that exists.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Action, Facts, ObservedTable, PriorRestoredTable, RestoredTable, TableStatus};
use crate::finding::{Report, Severity, Subject};
use crate::restores::source_table_archived::last_state;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RST-003"),
    name: "target_table_exists",
    also: &["DBK-ABR-001", "DBK-GTB-008"],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Table to restore into already exists",
    why: "A restore always makes a new table; it never overwrites or merges into one. A table that is being \
          deleted holds its name until it is gone, which is a warning, because it may be gone by then.",
    aws_error: Some("TableAlreadyExistsException: Table already exists: orders-restored"),
    source: "DynamoDB API model; developer guide, restore; measured on AWS",
    firing: || examples::restore(|it| it.observed.target = Fact::Known(examples::table())),
    silent: || examples::restore(|it| it.observed.target = Fact::Absent),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some((table, seen)) = taken_name(facts) else {
        return;
    };
    let Fact::Known(name) = &table.name else { return };
    let status = match &seen.status {
        // Whose restore that is, is the question of `target_table_being_restored`.
        Fact::Known(TableStatus::Creating) => return,
        Fact::Known(status) => status.as_str(),
        Fact::Absent | Fact::Unknown => "status not known",
    };
    let place = match (facts.region(), &facts.caller.account) {
        (Fact::Known(region), Fact::Known(account)) => format!("in {region} (account {account}, {status})"),
        (Fact::Known(region), _) => format!("in {region} ({status})"),
        _ => format!("({status})"),
    };
    if seen.status == Fact::Known(TableStatus::Deleting) {
        report.add_warning(
            Subject::TargetName,
            format!(
                "{name:?} still exists {place}: it is being deleted, and its name is not free before it is \
                 gone. A restore that starts earlier is refused."
            ),
            "Apply when the table is gone, or choose another name.",
        );
        return;
    }
    report.add(
        Subject::TargetName,
        format!(
            "DynamoDB restores only into a new table, and {name:?} exists {place}.{}",
            last_state(seen)
        ),
        format!(
            "Choose another name, for example name = \"{name}-{}\", and switch your application to it when \
             the data are right. To put an existing restored table under this configuration instead: \
             terraform import.",
            suffix(facts)
        ),
    );
}

/// The restored table and the foreign table that has its name, if there is one.
pub(super) fn taken_name(facts: &Facts) -> Option<(&RestoredTable, &ObservedTable)> {
    let table = facts.restored_table().filter(|_| facts.is_made())?;
    let own_attempt = table.observed.target_is_own_attempt.is_known_and(|it| *it);
    (!own_attempt && !is_replaced(facts, table)).then_some(())?;
    Some((table, table.observed.target.known()?))
}

/// Whether the table of that name is the one that is about to be destroyed to make room.
fn is_replaced(facts: &Facts, table: &RestoredTable) -> bool {
    let same_name =
        matches!(&table.prior, Fact::Known(PriorRestoredTable { name, .. }) if *name == table.name);
    facts.action == Fact::Known(Action::Replace) && same_name
}

/// A word that makes a free name: the date, if there is one.
fn suffix(facts: &Facts) -> String {
    match facts.now {
        Fact::Known(now) => now.strftime("%Y%m%d").to_string(),
        Fact::Absent | Fact::Unknown => "restored".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::{restore, table};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, ObservedTable, PriorRestoredTable, TableStatus};
    use crate::finding::Severity;

    fn severities(facts: &Facts) -> Vec<Severity> {
        RULE.findings(facts).into_iter().map(|it| it.severity).collect()
    }

    fn existing(status: TableStatus) -> Facts {
        restore(|it| {
            it.observed.target = Fact::Known(ObservedTable {
                status: Fact::Known(status),
                ..table()
            });
        })
    }

    #[test]
    fn the_status_of_the_existing_table_decides() {
        assert_eq!(severities(&existing(TableStatus::Active)), [Severity::Error]);
        assert_eq!(
            severities(&existing(TableStatus::Other("NEW".to_owned()))),
            [Severity::Error]
        );
        assert_eq!(severities(&existing(TableStatus::Deleting)), [Severity::Warning]);
        assert_eq!(severities(&existing(TableStatus::Creating)), []);
    }

    #[test]
    fn the_table_that_makes_room_and_our_own_attempt_are_no_obstacles() {
        let mut facts = existing(TableStatus::Active);
        facts.action = Fact::Known(Action::Replace);
        assert_eq!(severities(&facts), [Severity::Error]);
        let crate::facts::Object::RestoredTable(it) = &mut facts.object else {
            panic!("a restored table")
        };
        it.prior = Fact::Known(PriorRestoredTable {
            name: it.name.clone(),
            ..PriorRestoredTable::default()
        });
        assert_eq!(severities(&facts), []);

        let mut facts = existing(TableStatus::Active);
        let crate::facts::Object::RestoredTable(it) = &mut facts.object else {
            panic!("a restored table")
        };
        it.observed.target_is_own_attempt = Fact::Known(true);
        assert_eq!(severities(&facts), []);
    }

    #[test]
    fn a_table_that_is_kept_or_changed_may_exist() {
        for action in [Action::Keep, Action::Update, Action::Destroy] {
            let facts = Facts {
                action: Fact::Known(action),
                ..existing(TableStatus::Active)
            };
            assert_eq!(severities(&facts), [], "{action:?}");
        }
    }

    #[test]
    fn the_table_and_its_place_are_named_as_far_as_they_are_known() {
        let said = |facts: &Facts| {
            let finding = RULE.findings(facts).pop().expect("a finding");
            (finding.detail, finding.fix)
        };
        let mut facts = existing(TableStatus::Active);
        let (detail, fix) = said(&facts);
        assert!(
            detail.ends_with("exists in us-east-1 (account 111122223333, ACTIVE)."),
            "{detail}"
        );
        assert!(fix.contains("\"orders-restored-20251120\""), "{fix}");
        facts.caller.account = Fact::Unknown;
        facts.now = Fact::Unknown;
        let (detail, fix) = said(&facts);
        assert!(detail.ends_with("exists in us-east-1 (ACTIVE)."), "{detail}");
        assert!(fix.contains("\"orders-restored-restored\""), "{fix}");
        facts.caller.region = Fact::Unknown;
        assert!(said(&facts).0.ends_with("exists (ACTIVE)."), "{}", said(&facts).0);
        let unknown = restore(|it| {
            it.observed.target = Fact::Known(ObservedTable {
                status: Fact::Unknown,
                ..table()
            });
        });
        assert!(said(&unknown).0.contains("status not known"));
    }

    #[test]
    fn a_table_of_another_name_makes_no_room() {
        let mut facts = existing(TableStatus::Active);
        facts.action = Fact::Known(Action::Replace);
        if let crate::facts::Object::RestoredTable(it) = &mut facts.object {
            it.prior = Fact::Known(PriorRestoredTable {
                name: "orders-of-yesterday".into(),
                ..PriorRestoredTable::default()
            });
        }
        assert_eq!(severities(&facts), [Severity::Error]);
    }
}
