//! DBK-DEL-005: a restored table that nothing protects from deletion.

use crate::examples;
use crate::fact::Fact;
use crate::facts::{Facts, RestoredTable, Setting};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-DEL-005"),
    name: "deletion_protection_not_given",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Restored table will not be protected from deletion",
    why: "Deletion protection is off for every new table, restored ones among them: one call deletes the table with all \
          its items. A table whose source is protected has a rule of its own.",
    aws_error: None,
    source: "measured on AWS; DynamoDB developer guide, deletion protection",
    firing: || given(Fact::Absent),
    silent: || given(Fact::Known(())),
    check,
};

/// A restore with or without a word on deletion protection.
fn given(fact: Fact<()>) -> Facts {
    examples::restore(|it| {
        it.given.insert(Setting::DeletionProtection, fact);
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_made()) else {
        return;
    };
    let is_named = match &table.carry_over {
        Fact::Known(settings) => settings.contains(&Setting::DeletionProtection),
        Fact::Absent => false,
        Fact::Unknown => return,
    };
    if is_named || !table.gives(Setting::DeletionProtection).is_absent() || source_has_it(table) {
        return;
    }
    report.add(
        Subject::DeletionProtection,
        "deletion_protection_enabled is not given, and a restored table begins without it: whoever may call DeleteTable \
         deletes it with all its items.",
        "Set deletion_protection_enabled = true; or deletion_protection_enabled = false, if that is meant.",
    );
}

fn source_has_it(table: &RestoredTable) -> bool {
    table
        .observed
        .source_table
        .is_known_and(|it| it.settings.deletion_protection.is_known())
}

#[cfg(test)]
mod tests {
    use super::{RULE, given};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object, RestoredTable, Setting};

    fn fires(change: impl FnOnce(&mut RestoredTable)) -> bool {
        let mut facts = given(Fact::Absent);
        if let Object::RestoredTable(it) = &mut facts.object {
            change(it);
        }
        !RULE.findings(&facts).is_empty()
    }

    #[test]
    fn any_word_on_it_silences() {
        assert!(fires(|_| ()));
        assert!(!fires(|it| {
            it.given.insert(Setting::DeletionProtection, Fact::Unknown);
        }));
        assert!(!fires(
            |it| it.carry_over = Fact::Known([Setting::DeletionProtection].into())
        ));
        assert!(fires(|it| it.carry_over = Fact::Known([Setting::Tags].into())));
        assert!(!fires(|it| it.carry_over = Fact::Unknown));
    }

    #[test]
    fn a_protected_source_is_another_rules_case() {
        assert!(!fires(|it| {
            if let Fact::Known(source) = &mut it.observed.source_table {
                source.settings.deletion_protection = Fact::Known(());
            }
        }));
        assert!(fires(|it| it.observed.source_table = Fact::Unknown));
    }

    #[test]
    fn it_is_said_when_the_table_is_made() {
        for (action, expected) in [(Action::Replace, 1), (Action::Update, 0), (Action::Destroy, 0)] {
            let facts = Facts {
                action: Fact::Known(action),
                ..given(Fact::Absent)
            };
            assert_eq!(RULE.findings(&facts).len(), expected, "{action:?}");
        }
    }
}
