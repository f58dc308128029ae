//! DBK-RPT-003: a moment to restore that has not come yet.

use crate::examples;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::restores::clock::{self, Asked, Placement};
use crate::rule::{Area, Rule, RuleId, When};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-003"),
    name: "restore_time_in_future",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Moment to restore is in the future",
    why: "Only the past can be restored. Often the date is right and the zone is not.",
    aws_error: Some("InvalidRestoreTimeException"),
    source: "measured on AWS",
    firing: || examples::restore_to(|_, point| point.time = "2025-11-20T10:30:00Z".into()),
    silent: || examples::restore_to(|_, point| point.time = "2025-11-20T08:30:00Z".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(asked) = Asked::of(facts) else { return };
    if asked.placement() == Placement::Future {
        report.add(
            Subject::SourceTime,
            format!(
                "time is {}, and it is {} now: that moment comes in {}. Only the past can be restored.",
                clock::written(facts, asked),
                prose::moment(asked.now),
                prose::duration(-asked.age())
            ),
            "Correct time, its zone above all, or write latest = true instead.",
        );
    }
}
