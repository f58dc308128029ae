//! DBK-NAME-004: two backups of one table that are planned together under one name.

use crate::examples;
use crate::facts::{Facts, NamedTable, PlannedBackup};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::Region;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-NAME-004"),
    name: "backup_name_planned_twice",
    also: &[],
    area: Area::Names,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Two backups of one table share a name",
    why: "The name of a backup is a label, not a key: DynamoDB makes as many backups of one name as it is \
          asked for, and its lists cannot be filtered by name. Which is which, only the ARN tells.",
    aws_error: None,
    source: "DynamoDB API model, ListBackups; measured on AWS",
    firing: || beside("orders-before-migration"),
    silent: || beside("orders-nightly"),
    check,
};

/// A backup "orders-before-migration" of a table of which the same plan makes another one.
fn beside(name: &str) -> Facts {
    let mut facts = examples::backup(|_| ());
    let region = Region::parse("us-east-1");
    facts.neighbours.backups = Vec::from_iter(region.map(|region| PlannedBackup {
        region,
        table_name: "orders".to_owned(),
        name: name.to_owned(),
    }));
    facts
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(backup) = facts.backup().filter(|_| facts.is_made()) else {
        return;
    };
    let (Some(name), Some(NamedTable { region, name: table })) =
        (backup.name.known(), facts.protected_table())
    else {
        return;
    };
    let is_same = |it: &PlannedBackup| it.region == region && it.table_name == table && it.name == *name;
    if facts.neighbours.backups.iter().any(is_same) {
        report.add(
            Subject::BackupName,
            format!(
                "The same plan makes another backup of {table:?} in {region} that is called {name:?}, too. \
                 DynamoDB makes both, and nothing but their ARNs tells them apart."
            ),
            format!(
                "Give one of them another name, for example name = \"{name}-2\", or leave name out to have \
                 one made from the table and the time."
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, beside};
    use crate::fact::Fact;
    use crate::facts::{Action, Backup, Facts, Object, PlannedBackup};
    use crate::syntax::Region;

    fn fires(facts: &Facts) -> bool {
        !RULE.findings(facts).is_empty()
    }

    fn changed(change: impl FnOnce(&mut Backup, &mut PlannedBackup)) -> Facts {
        let mut facts = beside("orders-before-migration");
        let Object::Backup(backup) = &mut facts.object else {
            panic!("a backup")
        };
        change(backup, &mut facts.neighbours.backups[0]);
        facts
    }

    #[test]
    fn name_table_and_region_must_all_be_the_same() {
        assert!(fires(&changed(|_, _| ())));
        assert!(fires(&changed(
            |it, _| it.table_name = crate::examples::TABLE_ARN.into()
        )));
        assert!(!fires(&changed(|_, other| other.name = "another".to_owned())));
        assert!(!fires(
            &changed(|_, other| other.table_name = "others".to_owned())
        ));
        assert!(!fires(&changed(|_, other| {
            other.region = Region::parse("eu-west-1").expect("a Region");
        })));
    }

    #[test]
    fn names_that_are_made_up_or_not_known_differ() {
        assert!(!fires(&changed(|it, _| it.name = Fact::Absent)));
        assert!(!fires(&changed(|it, _| it.name = Fact::Unknown)));
    }

    #[test]
    fn a_backup_that_stays_is_not_made() {
        let kept = Facts {
            action: Fact::Known(Action::Keep),
            ..changed(|_, _| ())
        };
        assert!(!fires(&kept));
    }
}
