//! DBK-CAR-007: point-in-time recovery of the source that the restored table is not given.

use crate::carry_over::dropped::{find_dropped, keep, restore_of, restore_with};
use crate::fact::Fact;
use crate::facts::{Facts, Setting, Settings};
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-CAR-007"),
    name: "recovery_dropped",
    also: &[],
    area: Area::CarryOver,
    severity: Severity::Warning,
    when: When::Observed,
    reads: &["dynamodb:DescribeContinuousBackups"],
    title: "Restored table will lack point-in-time recovery",
    why: "A restored table has point-in-time recovery switched off, whatever its source had. Until it is \
          switched on, nothing protects it.",
    aws_error: None,
    source: "DynamoDB developer guide, point-in-time recovery; measured on AWS",
    firing: || restore_of(on),
    silent: || restore_with(Setting::PointInTimeRecovery, on),
    check,
};

fn on(it: &mut Settings) {
    it.point_in_time_recovery = Fact::Known(35);
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(days) = find_dropped(facts, Setting::PointInTimeRecovery, |it| {
        it.point_in_time_recovery
    }) else {
        return;
    };
    let spelled_out = format!("write point_in_time_recovery = {{ recovery_period_in_days = {days} }}");
    report.add(
        Subject::PointInTimeRecovery,
        format!(
            "The source has point-in-time recovery with a period of {}. The new table has none until it is \
             switched on, and its history begins only then.",
            prose::days(days)
        ),
        keep(facts, Setting::PointInTimeRecovery, &spelled_out),
    );
}
