//! DBK-DEL-004: the deletion of a table that is protected from it.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-DEL-004"),
    name: "protected_table_deleted",
    also: &[],
    area: Area::Deletion,
    severity: Severity::Error,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Table is protected from deletion",
    why: "DynamoDB deletes no table that has deletion protection, neither to go nor to make room for its replacement. \
          The protection must be taken away in an apply of its own, before.",
    aws_error: Some(
        "ValidationException: Resource cannot be deleted as it is currently protected against deletion …",
    ),
    source: "DynamoDB API model, DeletionProtectionEnabled; measured on AWS",
    firing: || protected(true),
    silent: || protected(false),
    check,
};

/// The destruction of a restored table, protected or not.
fn protected(is_protected: bool) -> Facts {
    examples::restored_destroyed(|it| {
        if let Fact::Known(prior) = &mut it.prior {
            prior.deletion_protection_enabled = Fact::Known(is_protected);
        }
    })
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(table) = facts.restored_table().filter(|_| facts.is_destroyed()) else {
        return;
    };
    let Fact::Known(prior) = &table.prior else { return };
    if prior.deletion_protection_enabled != Fact::Known(true) {
        return;
    }
    let name = prior.name.known().map_or("", String::as_str);
    let (why, then) = if facts.is_destroyed_for_good() {
        ("is to be deleted", "destroy")
    } else {
        ("must be deleted to be restored anew", "apply this change")
    };
    report.add(
        Subject::DeletionProtection,
        format!("Table {name:?} {why}, and it has deletion protection: AWS would refuse."),
        format!(
            "Set deletion_protection_enabled = false and apply that first, alone; then {then}. If the table shall stay \
             and only Terraform shall forget it, use a removed block with destroy = false, or terraform state rm."
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, protected};
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, Object};

    fn text(action: Action) -> Option<String> {
        let facts = Facts {
            action: Fact::Known(action),
            ..protected(true)
        };
        RULE.findings(&facts)
            .pop()
            .map(|it| format!("{} {}", it.detail, it.fix))
    }

    #[test]
    fn it_says_why_the_table_goes() {
        let destroyed = text(Action::Destroy).expect("a finding");
        assert!(
            destroyed.contains("is to be deleted") && destroyed.contains("then destroy."),
            "{destroyed}"
        );
        let replaced = text(Action::Replace).expect("a finding");
        assert!(
            replaced.contains("restored anew") && replaced.contains("then apply this change."),
            "{replaced}"
        );
        for action in [Action::Create, Action::Update, Action::Keep] {
            assert_eq!(text(action), None, "{action:?}");
        }
    }

    #[test]
    fn what_is_recorded_counts_and_the_unknown_does_not() {
        assert!(RULE.findings(&protected(false)).is_empty());
        let mut facts = protected(true);
        if let Object::RestoredTable(it) = &mut facts.object
            && let Fact::Known(prior) = &mut it.prior
        {
            prior.deletion_protection_enabled = Fact::Unknown;
        }
        assert!(RULE.findings(&facts).is_empty());
    }
}
