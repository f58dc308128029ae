//! When the rules of a plan run next. Pure: the moment is given.
//!
//! The times stand in the state as they were when Terraform last created the plan or changed its rules. They are not
//! counted anew at each refresh: then every output that shows them would change every day, and no plan would be empty.
//! Nor are they known before the apply: Terraform plans once more right before it applies, perhaps days after the plan
//! was made and approved, and fails if a known value has become another one by then. What counts from now on shows the
//! function `schedule_next` with `plantimestamp()`, whose moment is kept in the plan.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rules::syntax::{Schedule, ScheduleTimeZone};
use tfsdk::Attr;

use super::document::{SCHEDULE_DEFAULT, TIMEZONE_DEFAULT};
use super::model::Rule;

/// How many runs are shown of each rule.
pub(super) const SHOWN: usize = 3;

type Runs = BTreeMap<String, Attr<Vec<Attr<String>>>>;
type Rules = Attr<BTreeMap<String, Attr<Rule>>>;

/// The next runs of each rule after a moment, in UTC. None where a schedule is one that this provider cannot read, or that
/// never runs.
pub(super) fn next_runs(rules: &Rules, after: Timestamp) -> Runs {
    let rules = rules.known().into_iter().flatten();
    rules
        .map(|(name, rule)| {
            let runs = rule.known().map(|rule| runs_of(rule, after)).unwrap_or_default();
            (name.clone(), Attr::Known(runs))
        })
        .collect()
}

fn runs_of(rule: &Rule, after: Timestamp) -> Vec<Attr<String>> {
    let text =
        |attr: &Attr<String>, default: &str| attr.known().cloned().unwrap_or_else(|| default.to_owned());
    let schedule = Schedule::parse(&text(&rule.schedule, SCHEDULE_DEFAULT));
    let zone = ScheduleTimeZone::parse(&text(&rule.schedule_timezone, TIMEZONE_DEFAULT));
    let (Ok(schedule), Ok(zone)) = (schedule, zone) else {
        return Vec::new();
    };
    let runs = schedule.runs_after(after, &zone).take(SHOWN);
    runs.map(|run| Attr::Known(run.timestamp().to_string())).collect()
}

/// The runs after a refresh: those of rules that run as before stay, and others are counted.
pub(super) fn refreshed(before: &Rules, runs: &Attr<Runs>, rules: &Rules, now: Timestamp) -> Runs {
    let mut fresh = next_runs(rules, now);
    for (name, runs_now) in &mut fresh {
        let rule = |rules: &Rules| {
            let rule = rules.known()?.get(name)?.known()?;
            Some((rule.schedule.clone(), rule.schedule_timezone.clone()))
        };
        let known = runs
            .known()
            .and_then(|runs| runs.get(name))
            .filter(|it| it.known().is_some());
        if let (true, Some(known)) = (rule(before) == rule(rules), known) {
            *runs_now = known.clone();
        }
    }
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(schedule: &str, zone: &str) -> Rules {
        let rule = Rule {
            schedule: schedule.into(),
            schedule_timezone: zone.into(),
            ..Rule::default()
        };
        Attr::Known([("daily".to_owned(), Attr::Known(rule))].into())
    }

    fn shown(runs: &Runs) -> Vec<String> {
        let runs = runs["daily"].known().expect("runs");
        runs.iter().filter_map(|it| it.known().cloned()).collect()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn three_runs_are_shown_in_utc() {
        let runs = next_runs(
            &rules("cron(30 3 ? * * *)", "Europe/Berlin"),
            at("2026-10-24T02:00:00Z"),
        );
        assert_eq!(
            shown(&runs),
            [
                "2026-10-25T02:30:00Z",
                "2026-10-26T02:30:00Z",
                "2026-10-27T02:30:00Z"
            ]
        );
        assert_eq!(
            shown(&next_runs(&rules("cron(0 5)", "UTC"), at("2026-10-24T02:00:00Z"))),
            [""; 0]
        );
        assert_eq!(
            shown(&next_runs(
                &rules("cron(0 5 ? * * 2020)", "UTC"),
                at("2026-10-24T02:00:00Z")
            )),
            [""; 0]
        );
        assert_eq!(
            shown(&next_runs(
                &rules("cron(0 5 ? * * *)", "CET+1"),
                at("2026-10-24T02:00:00Z")
            )),
            [""; 0]
        );
    }

    #[test]
    fn a_refresh_counts_only_what_runs_otherwise() {
        let before = rules("cron(0 5 ? * * *)", "Etc/UTC");
        let runs = Attr::Known(next_runs(&before, at("2026-10-24T02:00:00Z")));
        let later = at("2026-11-24T02:00:00Z");
        assert_eq!(
            shown(&refreshed(&before, &runs, &before, later))[0],
            "2026-10-24T05:00:00Z"
        );
        for other in [
            rules("cron(0 6 ? * * *)", "Etc/UTC"),
            rules("cron(0 6 ? * * *)", "Europe/Berlin"),
        ] {
            let fresh = shown(&refreshed(&before, &runs, &other, later));
            assert!(fresh[0].starts_with("2026-11-24T0"), "{fresh:?}");
        }
        // After an import there are none yet.
        assert_eq!(
            shown(&refreshed(&before, &Attr::Null, &before, later))[0],
            "2026-11-24T05:00:00Z"
        );
    }
}
