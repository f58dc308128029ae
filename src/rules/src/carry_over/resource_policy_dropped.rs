//! DBK-CAR-009: a resource policy of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
use crate::fact::Fact;
use crate::facts::{Facts, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-009"),
    name: "resource_policy_dropped",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:GetResourcePolicy"],
    title: "Restored table will lack the resource policy of its source",
    why: "A restore does not bring resource policies back. Whoever was let in by the policy, also from \
          other accounts, is shut out, and whoever was shut out by it may be let in.",
    aws_error: None,
    source: "DynamoDB developer guide, restore; measured on AWS",
    firing: || restore_of(on),
    silent: || restore_with(Setting::ResourcePolicy, on),
    check,
};

fn on(it: &mut Settings) {
    it.resource_policy = Fact::Known(());
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(()) = find_dropped(facts, Setting::ResourcePolicy, |it| it.resource_policy) else {
        return;
    };
    let kept = keep(
        facts,
        Setting::ResourcePolicy,
        "write resource_policy = jsonencode({ … }) with the new table's ARN in it",
    );
    report.add(
        Subject::ResourcePolicy,
        "The source has a resource policy. A restore does not bring it back: whom it let in is shut out of \
         the new table, and whom it denied may be let in.",
        format!("{kept} A copy names the new table's ARN wherever the policy names the source's."),
    );
}
