//! DBK-RPT-002: a moment to restore that is not RFC 3339 with a zone, or names a fraction of a second.

use crate::examples;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{RestoreTime, RestoreTimeError};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-RPT-002"),
    name: "restore_time_malformed",
    also: &[],
    area: Area::Restores,
    severity: Severity::Error,
    when: When::Static,
    reads: &[],
    title: "Moment to restore is not a time in whole seconds with a zone",
    why: "A restore hits one second. Without a zone, the same text means another moment on another machine. \
          Fractions of a second are dropped without a word, which is a warning.",
    aws_error: None,
    source: "DynamoDB API model, RestoreDateTime; developer guide, point-in-time recovery",
    firing: || examples::restore_to(|_, point| point.time = "2025-11-19T09:00:00".into()),
    silent: || examples::restore_to(|_, point| point.time = "2025-11-19T10:00:00+01:00".into()),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Some(point) = facts.restored_table().and_then(|it| it.point_in_time()) else {
        return;
    };
    let Fact::Known(text) = &point.time else { return };
    if facts.is_destroyed_for_good() {
        return;
    }
    match RestoreTime::parse(text) {
        Ok(time) if time.had_fraction() => report.add_warning(
            Subject::SourceTime,
            format!("time is {text:?}. DynamoDB restores whole seconds and drops the fraction."),
            format!("Write time = \"{time}\"."),
        ),
        Ok(_) => {}
        Err(RestoreTimeError::NoZone) => report.add(
            Subject::SourceTime,
            format!("time is {text:?}, which has no time zone: it means another moment on every machine."),
            format!("Write time = \"{text}Z\" if UTC is meant, or end it with an offset such as +01:00."),
        ),
        Err(error) => report.add(
            Subject::SourceTime,
            format!("time is {text:?}, which is not a moment: {error}."),
            "Write it as date, \"T\", time and zone, for example time = \"2025-11-19T09:00:00Z\".",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::examples::restore_to;
    use crate::finding::Severity;

    fn severities(time: &str) -> Vec<Severity> {
        RULE.findings(&restore_to(|_, point| point.time = time.into()))
            .into_iter()
            .map(|it| it.severity)
            .collect()
    }

    #[test]
    fn a_lost_fraction_is_a_warning_and_a_lost_zone_an_error() {
        assert_eq!(severities("2025-11-19T09:00:00Z"), []);
        assert_eq!(severities("2025-11-19T09:00:00.5Z"), [Severity::Warning]);
        assert_eq!(severities("2025-11-19T09:00:00"), [Severity::Error]);
        assert_eq!(severities("yesterday"), [Severity::Error]);
        assert_eq!(severities("2025-13-19T09:00:00Z"), [Severity::Error]);
    }
}
