//! DBK-CAR-008: deletion protection of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
use crate::fact::Fact;
use crate::facts::{Facts, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-008"),
    name: "deletion_protection_dropped",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable"],
    title: "Restored table will lack deletion protection",
    why: "A restored table can be deleted by anybody who has the permission, whatever protection its source \
          had.",
    aws_error: None,
    source: "DynamoDB developer guide, restore; measured on AWS",
    firing: || restore_of(on),
    silent: || restore_with(Setting::DeletionProtection, on),
    check,
};

fn on(it: &mut Settings) {
    it.deletion_protection = Fact::Known(());
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(()) = find_dropped(facts, Setting::DeletionProtection, |it| it.deletion_protection) else {
        return;
    };
    report.add(
        Subject::DeletionProtection,
        "The source is protected against deletion. A restore does not bring that protection back.",
        keep(
            facts,
            Setting::DeletionProtection,
            "write deletion_protection_enabled = true",
        ),
    );
}
