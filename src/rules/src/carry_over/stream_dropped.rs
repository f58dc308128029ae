//! DBK-CAR-005: a stream of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
use crate::facts::{Facts, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-005"),
    name: "stream_dropped",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeTable", "dynamodb:DescribeBackup"],
    title: "Restored table will lack the stream of its source",
    why: "A restore does not bring the stream back. A new one has a new ARN, to which consumers such as \
          Lambda must be pointed.",
    aws_error: None,
    source: "DynamoDB developer guide, restore",
    firing: || restore_of(on),
    silent: || restore_with(Setting::Stream, on),
    check,
};

fn on(it: &mut Settings) {
    it.stream = "NEW_AND_OLD_IMAGES".into();
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(view) = find_dropped(facts, Setting::Stream, |it| it.stream) else {
        return;
    };
    let kept = keep(
        facts,
        Setting::Stream,
        &format!("write stream = {{ view_type = {view:?} }}"),
    );
    report.add(
        Subject::Stream,
        format!(
            "The source has a stream with {view}. A restore does not bring it back, and what reads it \
             (Lambda functions, for example) sees nothing of the new table."
        ),
        format!("{kept} Then point the consumers to the new stream_arn."),
    );
}
