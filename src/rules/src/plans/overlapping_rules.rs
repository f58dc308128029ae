//! DBK-PLN-007: two rules of a plan that are due at once, of which one makes no backup, so that a vault or a copy is
//! left out.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::examples::aws_backup::{copy_action, deleted_after, named, plan, rule};
use crate::fact::Fact;
use crate::facts::{Facts, LifecycleDays, PlanRule};
use crate::finding::{Report, Severity, Subject};
use crate::limits::{START_WINDOW_MINUTES_DEFAULT, START_WINDOW_MINUTES_MAX};
use crate::prose::{self, days};
use crate::rule::{Area, Rule, RuleId, When};
use crate::syntax::{Schedule, ScheduleTimeZone};

/// How many runs of each rule are looked at. A rule that runs rarely is looked at for years by them, and it is enough if
/// one of two rules runs rarely.
const RUNS: usize = 32;

pub(crate) const RULE: Rule = Rule {
    id: RuleId::new("DBK-PLN-007"),
    name: "overlapping_rules",
    also: &[],
    area: Area::Plans,
    severity: Severity::Warning,
    when: When::Static,
    reads: &[],
    title: "Rules of a backup plan overlap, and one of them is left out",
    why: "When the start windows of two rules of a plan overlap, AWS Backup makes one backup: that of the rule that \
          keeps it longer. The vault and the copies of the other rule get nothing at such times. Where the rule that \
          wins has the same vault and all the copies, nothing is lost and nothing is said.",
    aws_error: None,
    source: "AWS Backup developer guide, backup plan options; backup plan summaries",
    firing: || {
        plan(|it| {
            it.rules = named([
                ("daily", copying_to(rule(), VAULT_ARN)),
                ("weekly", weekly("cron(0 5 ? * SUN *)")),
            ]);
        })
    },
    silent: || {
        plan(|it| {
            it.rules = named([
                ("daily", copying_to(rule(), VAULT_ARN)),
                ("weekly", copying_to(weekly("cron(0 5 ? * SUN *)"), VAULT_ARN)),
            ]);
        })
    },
    check,
};

/// A destination of copies, for the examples.
const VAULT_ARN: &str = "arn:aws:backup:us-west-2:111122223333:backup-vault:orders-copies";

fn copying_to(rule: PlanRule, destination: &str) -> PlanRule {
    PlanRule {
        copy_actions: Fact::Known(vec![copy_action(destination)]),
        ..rule
    }
}

fn weekly(schedule: &str) -> PlanRule {
    PlanRule {
        schedule: schedule.into(),
        lifecycle: deleted_after(365),
        ..rule()
    }
}

/// A rule of which everything is known that decides whether it overlaps and what it adds.
struct Timed<'a> {
    name: &'a str,
    schedule: Schedule,
    zone: ScheduleTimeZone,
    start_window: SignedDuration,
    /// Days until the deletion; the most there are for never.
    retention: i64,
    vault: &'a str,
    copies: BTreeSet<&'a str>,
}

impl<'a> Timed<'a> {
    fn of(name: &'a str, rule: &'a PlanRule) -> Option<Self> {
        let (schedule, zone) = rule.timetable()?;
        let minutes = match rule.start_window_minutes {
            Fact::Known(minutes) => minutes.clamp(0, START_WINDOW_MINUTES_MAX),
            Fact::Absent => START_WINDOW_MINUTES_DEFAULT,
            Fact::Unknown => return None,
        };
        let retention = match LifecycleDays::of(&rule.lifecycle).delete_after() {
            Fact::Known(days) => days,
            Fact::Absent => i64::MAX,
            Fact::Unknown => return None,
        };
        let copies = match &rule.copy_actions {
            Fact::Known(actions) => {
                let destinations = actions.iter().map(|it| it.destination_vault_arn.known());
                destinations
                    .map(|it| it.map(String::as_str))
                    .collect::<Option<_>>()?
            }
            Fact::Absent => BTreeSet::new(),
            Fact::Unknown => return None,
        };
        Some(Self {
            name,
            schedule,
            zone,
            start_window: SignedDuration::from_mins(minutes),
            retention,
            vault: rule.target_vault_name.known()?,
            copies,
        })
    }

    fn runs_after(&self, moment: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
        self.schedule
            .runs_after(moment, &self.zone)
            .map(|it| it.timestamp())
    }

    /// The first of the next runs of another rule that falls into the start window of a run of this one.
    fn first_joined_by(&self, other: &Self, now: Timestamp) -> Option<Timestamp> {
        other.runs_after(now).take(RUNS).find(|run| {
            run.checked_sub(self.start_window)
                .is_ok_and(|since| self.runs_after(since).next().is_some_and(|own| own <= *run))
        })
    }

    /// When both rules are due at once for the first time, as far as is looked.
    fn first_overlap(&self, other: &Self, now: Timestamp) -> Option<Timestamp> {
        let first = self.first_joined_by(other, now);
        first.into_iter().chain(other.first_joined_by(self, now)).min()
    }

    /// What this rule fills that another one does not.
    fn beyond(&self, other: &Self) -> Loss<'a> {
        Loss {
            vault: (self.vault != other.vault).then_some(self.vault),
            copies: self.copies.difference(&other.copies).copied().collect(),
        }
    }

    fn kept(&self) -> String {
        if self.retention == i64::MAX {
            "for ever".to_owned()
        } else {
            format!("for {}", days(self.retention))
        }
    }
}

/// What is left out when a rule makes no backup.
struct Loss<'a> {
    vault: Option<&'a str>,
    copies: Vec<&'a str>,
}

impl Loss<'_> {
    fn is_none(&self) -> bool {
        self.vault.is_none() && self.copies.is_empty()
    }

    fn in_words(&self) -> String {
        let vault = self.vault.map(|it| format!("the vault {it:?}"));
        let copies = self.copies.iter().map(|it| format!("the copy to {it}"));
        prose::list(&vault.into_iter().chain(copies).collect::<Vec<_>>(), "and")
    }

    /// What the other rule would have to be given so that nothing is lost.
    fn remedy(&self) -> &'static str {
        match (self.vault, self.copies.as_slice()) {
            (None, _) => "the same copy actions",
            (Some(_), []) => "the same vault",
            (Some(_), _) => "the same vault and copy actions",
        }
    }
}

fn check(facts: &Facts, report: &mut Report<'_>) {
    let Fact::Known(now) = facts.now else { return };
    let rules: Vec<Timed<'_>> = facts
        .plan_rules()
        .filter_map(|(name, rule)| Timed::of(name, rule))
        .collect();
    let mut remaining = rules.as_slice();
    while let [first, others @ ..] = remaining {
        remaining = others;
        for second in others {
            // Of two that keep equally long either may win: the one that adds something is the one to speak of.
            let pairs = [(first, second), (second, first)];
            let loss = pairs.into_iter().find_map(|(left_out, winner)| {
                let lost = left_out.beyond(winner);
                (left_out.retention <= winner.retention && !lost.is_none())
                    .then_some((left_out, winner, lost))
            });
            if let Some((left_out, winner, loss)) = loss
                && let Some(moment) = left_out.first_overlap(winner, now)
            {
                say(left_out, winner, &loss, moment, report);
            }
        }
    }
}

fn say(
    left_out: &Timed<'_>,
    winner: &Timed<'_>,
    loss: &Loss<'_>,
    moment: Timestamp,
    report: &mut Report<'_>,
) {
    let (name, other) = (left_out.name, winner.name);
    let which = if left_out.retention == winner.retention {
        "of one of them, and does not say which".to_owned()
    } else {
        format!(
            "of the one that is kept longer: {other:?}, {}, and not {name:?}, {}",
            winner.kept(),
            left_out.kept()
        )
    };
    report.add(
        Subject::PlanRule(name.to_owned()),
        format!(
            "The rules {name:?} and {other:?} are due at once, for the first time at {}, counting the start windows. \
             AWS Backup then makes the backup {which}. Left out at such times: {}.",
            prose::moment(moment),
            loss.in_words()
        ),
        format!(
            "Give {other:?} {} as {name:?}, or let the two run further apart than their start windows last, by the \
             schedule or by start_window_minutes.",
            loss.remedy()
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::{PlanRule, RULE, VAULT_ARN, copying_to, deleted_after, named, plan, rule, weekly};
    use crate::examples::aws_backup::copy_action;
    use crate::fact::Fact;
    use crate::facts::{Action, Facts, LifecycleDays};
    use crate::finding::{Finding, Subject};

    /// A plan on a Thursday at 09:00 UTC.
    fn of(daily: PlanRule, other: PlanRule) -> Facts {
        plan(|it| it.rules = named([("daily", daily), ("other", other)]))
    }

    fn copying() -> PlanRule {
        copying_to(rule(), VAULT_ARN)
    }

    fn found(daily: PlanRule, other: PlanRule) -> Vec<Finding> {
        RULE.findings(&of(daily, other))
    }

    #[test]
    fn what_the_longer_retention_does_not_cover_is_lost() {
        let sundays = || weekly("cron(0 5 ? * SUN *)");
        let [finding] = &found(copying(), sundays())[..] else {
            panic!("not one finding")
        };
        assert_eq!(finding.subject, Subject::PlanRule("daily".to_owned()));
        assert_eq!(
            finding.detail,
            format!(
                "The rules \"daily\" and \"other\" are due at once, for the first time at 2025-11-23T05:00:00Z, \
                 counting the start windows. AWS Backup then makes the backup of the one that is kept longer: \
                 \"other\", for 365 days, and not \"daily\", for 35 days. Left out at such times: the copy to \
                 {VAULT_ARN}."
            )
        );
        // The same without copies loses nothing, nor does one whose copies the winner makes.
        assert_eq!(found(rule(), sundays()), []);
        assert_eq!(found(copying(), copying_to(sundays(), VAULT_ARN)), []);
        // The copies of the one that wins are made.
        assert_eq!(found(rule(), copying_to(sundays(), VAULT_ARN)), []);
        let elsewhere = PlanRule {
            target_vault_name: "archive".into(),
            ..sundays()
        };
        let of_vault = found(rule(), elsewhere.clone()).remove(0);
        assert!(
            of_vault.detail.ends_with("times: the vault \"orders\"."),
            "{of_vault}"
        );
        assert!(
            of_vault.fix.starts_with("Give \"other\" the same vault as"),
            "{of_vault}"
        );
        let of_both = found(copying(), elsewhere).remove(0);
        assert!(
            of_both
                .detail
                .contains("the vault \"orders\" and the copy to arn"),
            "{of_both}"
        );
        assert!(
            of_both
                .fix
                .starts_with("Give \"other\" the same vault and copy actions as"),
            "{of_both}"
        );
        assert!(
            finding.fix.starts_with("Give \"other\" the same copy actions as"),
            "{finding}"
        );
    }

    #[test]
    fn the_retention_decides_who_wins() {
        let other = |lifecycle: Fact<LifecycleDays>| PlanRule { lifecycle, ..rule() };
        let names = |lifecycle| -> Vec<Subject> {
            let found = found(copying(), other(lifecycle));
            found.into_iter().map(|it| it.subject).collect()
        };
        let daily = [Subject::PlanRule("daily".to_owned())];
        assert_eq!(names(deleted_after(36)), daily);
        assert_eq!(names(deleted_after(35)), daily);
        assert_eq!(names(deleted_after(34)), []);
        assert_eq!(names(deleted_after(-1)), daily);
        assert_eq!(names(Fact::Absent), daily);
        assert_eq!(names(Fact::Unknown), []);
        let text = |lifecycle| found(copying(), other(lifecycle)).remove(0).detail;
        assert!(text(deleted_after(35)).contains("of one of them, and does not say which"));
        assert!(text(Fact::Absent).contains("\"other\", for ever, and not \"daily\", for 35 days"));
        // Of two that are kept equally long, the second may be the one that adds something.
        let second = found(rule(), copying()).remove(0);
        assert_eq!(second.subject, Subject::PlanRule("other".to_owned()));
    }

    #[test]
    fn start_windows_overlap_up_to_their_last_minute() {
        let fires = |hour_minute: &str, window: Fact<i64>| {
            let with_window = |it: PlanRule| PlanRule {
                start_window_minutes: window,
                ..it
            };
            let other = weekly(&format!("cron({hour_minute} ? * SUN *)"));
            !found(with_window(copying()), with_window(other)).is_empty()
        };
        let hour = Fact::Known(60);
        for (time, expected) in [("0 4", false), ("1 4", true), ("59 5", true), ("0 6", false)] {
            assert_eq!(fires(time, hour), expected, "{time}");
        }
        // AWS's default of eight hours.
        for (time, expected) in [("0 21", false), ("1 21", true), ("59 12", true), ("0 13", false)] {
            assert_eq!(fires(time, Fact::Absent), expected, "{time}");
        }
        assert!(!fires("0 5", Fact::Unknown));
        assert!(fires("0 5", hour));
    }

    #[test]
    fn schedules_are_read_in_their_zones_and_as_aws_fills_them_in() {
        let at_five = |zone: &str| PlanRule {
            schedule_timezone: zone.into(),
            start_window_minutes: Fact::Known(60),
            ..weekly("cron(0 5 ? * * *)")
        };
        let unscheduled = PlanRule {
            schedule: Fact::Absent,
            start_window_minutes: Fact::Known(60),
            ..copying()
        };
        assert_eq!(found(unscheduled.clone(), at_five("UTC")).len(), 1);
        assert_eq!(found(unscheduled.clone(), at_five("Europe/Berlin")), []);
        assert_eq!(found(unscheduled, at_five("Nowhere")), []);
    }

    #[test]
    fn rules_that_run_rarely_are_seen_to_meet_others() {
        let once_a_year = weekly("cron(0 5 1 1 ? *)");
        let found = found(copying(), once_a_year);
        assert!(found[0].detail.contains("at 2026-01-01T05:00:00Z"), "{found:?}");
        // And the first time is the earliest of both: 12:00 of today joins the window that began at 05:00.
        let noon = found_first("cron(0 12 ? * * *)");
        assert!(noon.contains("at 2025-11-20T12:00:00Z"), "{noon}");
    }

    fn found_first(schedule: &str) -> String {
        found(copying(), weekly(schedule)).remove(0).detail
    }

    #[test]
    fn what_is_not_known_is_not_held_against_anybody() {
        let sundays = || weekly("cron(0 5 ? * SUN *)");
        for daily in [
            PlanRule {
                schedule: Fact::Unknown,
                ..copying()
            },
            PlanRule {
                schedule_timezone: Fact::Unknown,
                ..copying()
            },
            PlanRule {
                copy_actions: Fact::Unknown,
                ..copying()
            },
            PlanRule {
                target_vault_name: Fact::Unknown,
                ..copying()
            },
            PlanRule {
                copy_actions: Fact::Known(vec![
                    copy_action(VAULT_ARN),
                    crate::facts::CopyAction::to(Fact::Unknown),
                ]),
                ..rule()
            },
        ] {
            assert_eq!(found(daily, sundays()), []);
        }
        let facts = of(copying(), sundays());
        for (now, action) in [
            (Fact::Unknown, Fact::Known(Action::Create)),
            (facts.now, Fact::Known(Action::Destroy)),
        ] {
            let facts = Facts {
                now,
                action,
                ..facts.clone()
            };
            assert_eq!(RULE.findings(&facts), []);
        }
    }
}
