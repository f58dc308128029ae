//! DBK-CAR-010: a Kinesis streaming destination of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
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
    let fix = if facts.far_source().is_some() {
        "Write kinesis_stream = { stream_arn = \"arn:…\" } with a Kinesis stream of the new table's Region: DynamoDB \
         streams to no other."
            .to_owned()
    } else {
        let spelled_out = format!("write kinesis_stream = {{ stream_arn = {arn:?} }}");
        keep(facts, Setting::KinesisStream, &spelled_out)
    };
    report.add(
        Subject::KinesisStream,
        format!(
            "The source streams its changes to {arn}. A restore does not bring that back, so what reads the \
             stream sees nothing of the new table."
        ),
        fix,
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, on};
    use crate::carry_over::dropped::restore_of;
    use crate::facts::Object;

    #[test]
    fn a_stream_of_another_region_cannot_be_kept() {
        let mut facts = restore_of(on);
        let near = RULE.findings(&facts);
        assert!(
            near[0].fix.contains("carry_over = [\"kinesis_stream\"]"),
            "{near:?}"
        );
        if let Object::RestoredTable(it) = &mut facts.object {
            it.region = "eu-west-1".into();
        }
        let far = RULE.findings(&facts);
        assert!(!far[0].fix.contains("carry_over"), "{far:?}");
        assert!(far[0].fix.contains("of the new table's Region"), "{far:?}");
    }
}
