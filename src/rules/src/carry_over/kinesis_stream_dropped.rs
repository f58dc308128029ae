//! DBK-CAR-010: a Kinesis streaming destination of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, restore_of, restore_with};
use crate::facts::{Facts, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-010"),
    name: "kinesis_stream_dropped",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeKinesisStreamingDestination"],
    title: "Restored table will lack the Kinesis stream of its source",
    why: "A restore does not bring streaming destinations back, so what reads the Kinesis stream sees \
          nothing of the new table.",
    aws_error: None,
    source: "measured on AWS",
    firing: || restore_of(on),
    silent: || restore_with(Setting::KinesisStream, on),
    check,
};

fn on(it: &mut Settings) {
    it.kinesis_stream = "arn:aws:kinesis:us-east-1:111122223333:stream/orders".into();
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(arn) = find_dropped(facts, Setting::KinesisStream, |it| it.kinesis_stream) else {
        return;
    };
    report.add(
        Subject::KinesisStream,
        format!(
            "The source streams its changes to {arn}. A restore does not bring that back, so what reads the \
             stream sees nothing of the new table."
        ),
        format!(
            "Add the resource aws_dynamodb_kinesis_streaming_destination for the new table, with \
                 stream_arn = {arn:?}."
        ),
    );
}
