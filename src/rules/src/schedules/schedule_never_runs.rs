//! DBK-SCH-006: a schedule that never runs, or never again.

use jiff::Timestamp;

use super::scheduled;
use crate::fact::Fact;
use crate::facts::Facts;
use crate::finding::{Report, Severity, Subject};
use crate::prose;
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{NeverRuns, Schedule};

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-SCH-006"),
    name: "schedule_never_runs",
    also: &[],
    area: Area::Schedules,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Schedule never runs",
    why: "AWS Backup takes a schedule of which the days are in no calendar or the years are over, and then makes no \
          backup, without an error.",
    aws_error: None,
    source: "follows from the calendar",
    firing: || scheduled("cron(0 5 31 2 ? *)"),
    silent: || scheduled("cron(0 5 29 2 ? *)"),
    check,
};

fn check(facts: &Facts, report: &mut Report<'_>) {
    for (name, rule) in facts.plan_rules() {
        let Fact::Known(text) = &rule.schedule else {
            continue;
        };
        let Ok(schedule) = Schedule::parse(text) else {
            continue;
        };
        // Whether a year is over takes a clock and a time zone; whether a day exists takes neither.
        let (after, zone) = match (facts.now, rule.zone()) {
            (Fact::Known(now), Some(zone)) => (now, zone),
            _ => (Timestamp::MIN, Default::default()),
        };
        let Err(never) = schedule.check_runs_after(after, &zone) else {
            continue;
        };
        let when = match &never {
            NeverRuns::NoSuchDay => "never runs".to_owned(),
            NeverRuns::Over { .. } => format!("never runs after {}", prose::moment(after)),
        };
        report.add(
            Subject::PlanRuleSchedule(name.clone()),
            format!("{text:?} {when}: {never}. The rule {name:?} makes no backup."),
            never.fix(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, scheduled};
    use crate::examples::at;
    use crate::fact::Fact;
    use crate::facts::Facts;
    use crate::schedules::with_rule;

    fn said(facts: &Facts) -> Option<String> {
        RULE.findings(facts).pop().map(|it| it.detail)
    }

    #[test]
    fn a_day_that_is_in_no_calendar_takes_no_clock() {
        for now in [Fact::Unknown, Fact::Known(at("2025-11-20T09:00:00Z"))] {
            let at_time = |text: &str| Facts {
                now,
                ..scheduled(text)
            };
            let text = said(&at_time("cron(0 5 31 2 ? *)")).expect("a finding");
            assert!(
                text.starts_with("\"cron(0 5 31 2 ? *)\" never runs: no day from 1970"),
                "{text}"
            );
            assert_eq!(said(&at_time("cron(0 5 29 2 ? *)")), None);
            assert_eq!(said(&at_time("daily")), None);
        }
        let zoneless = with_rule(|it| {
            it.schedule = "cron(0 5 31 2 ? *)".into();
            it.schedule_timezone = Fact::Unknown;
        });
        assert!(said(&zoneless).is_some());
    }

    #[test]
    fn a_year_that_is_over_takes_clock_and_zone() {
        let of = |now: Fact<&str>, zone: Fact<String>| {
            said(&Facts {
                now: now.map(at),
                ..with_rule(|it| {
                    it.schedule = "cron(0 5 31 12 ? 2025)".into();
                    it.schedule_timezone = zone;
                })
            })
        };
        assert_eq!(of(Fact::Known("2025-12-31T04:59:59Z"), Fact::Absent), None);
        let text = of(Fact::Known("2025-12-31T05:00:00Z"), Fact::Absent).expect("a finding");
        assert!(
            text.contains("never runs after 2025-12-31T05:00:00Z: its last run is at 2025-12-31T05:00:00"),
            "{text}"
        );
        assert_eq!(
            of(Fact::Known("2025-12-31T05:00:00Z"), "America/New_York".into()),
            None
        );
        for (now, zone) in [
            (Fact::Unknown, Fact::Absent),
            (Fact::Known("2026-01-31T05:00:00Z"), Fact::Unknown),
            (Fact::Known("2026-01-31T05:00:00Z"), "Nowhere".into()),
        ] {
            assert_eq!(of(now, zone), None);
        }
    }
}
