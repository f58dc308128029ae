//! DBK-CAR-006: a time-to-live setting of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
use crate::facts::{Facts, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-006"),
    name: "time_to_live_dropped",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeTimeToLive", "dynamodb:DescribeBackup"],
    title: "Restored table will lack the time to live of its source",
    why: "A restore does not bring the time-to-live setting back. Items that had expired, or that expire \
          later, stay for ever and are paid for.",
    aws_error: None,
    source: "DynamoDB developer guide, restore; measured on AWS",
    firing: || restore_of(on),
    silent: || restore_with(Setting::TimeToLive, on),
    check,
};

fn on(it: &mut Settings) {
    it.time_to_live = "expires_at".into();
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(attribute) = find_dropped(facts, Setting::TimeToLive, |it| it.time_to_live) else {
        return;
    };
    report.add(
        Subject::TimeToLive,
        format!(
            "Items of the source expire by the attribute {attribute:?}. A restore does not bring that \
             setting back: in the new table no item expires, and those that were due to expire stay."
        ),
        keep(
            facts,
            Setting::TimeToLive,
            &format!(
                "write time_to_live = {{ attribute_name = {attribute:?} \
                                                   }}"
            ),
        ),
    );
}
