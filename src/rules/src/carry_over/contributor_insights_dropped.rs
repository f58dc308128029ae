//! DBK-CAR-011: Contributor Insights of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
use crate::fact::Fact;
use crate::facts::{Facts, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-011"),
    name: "contributor_insights_dropped",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeContributorInsights"],
    title: "Restored table will lack Contributor Insights",
    why: "A restored table has Contributor Insights switched off, whatever its source had.",
    aws_error: None,
    source: "DynamoDB developer guide, restore; measured on AWS",
    firing: || restore_of(on),
    silent: || restore_with(Setting::ContributorInsights, on),
    check,
};

fn on(it: &mut Settings) {
    it.contributor_insights = Fact::Known(());
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(()) = find_dropped(facts, Setting::ContributorInsights, |it| it.contributor_insights) else {
        return;
    };
    report.add(
        Subject::ContributorInsights,
        "The source has Contributor Insights switched on. A restore does not bring that back.",
        keep(
            facts,
            Setting::ContributorInsights,
            "write contributor_insights = { enabled = true }",
        ),
    );
}
