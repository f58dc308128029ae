//! Continuous backups and the point-in-time recovery window.

use serde::Deserialize;
use serde_json::{Value, json};

use super::table::{Phase, Table};
use super::{find, missing_table, table_name};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::world::{Context, read};

/// AWS's period when none is sent.
const DEFAULT_PERIOD_DAYS: i64 = 35;

/// How far the latest restorable time trails the present: "typically 5 minutes before the current time".
const LATEST_LAG_MILLIS: i64 = 300_000;

/// The window of an enabled point-in-time recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Nothing before this was kept: the time of enabling, or where a shorter period once cut the window.
    since: Moment,
    pub(crate) period_days: i64,
}

impl Window {
    pub(crate) const fn opened(now: Moment, period_days: i64) -> Self {
        Self {
            since: now,
            period_days,
        }
    }

    /// The window with another period. What the old period had let go does not come back.
    pub(crate) fn with_period(self, now: Moment, period_days: i64) -> Self {
        let shorter = Self {
            since: self.earliest(now),
            period_days,
        };
        Self {
            since: shorter.earliest(now),
            period_days,
        }
    }

    pub(crate) fn earliest(&self, now: Moment) -> Moment {
        self.since.max(now.plus_days(-self.period_days))
    }

    /// Pinned to the start during the first five minutes.
    pub(crate) fn latest(&self, now: Moment) -> Moment {
        self.since.max(now.plus_millis(-LATEST_LAG_MILLIS))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Describe {
    table_name: String,
}

pub(crate) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Describe = read(input)?;
    let name = table_name(cx, "DescribeContinuousBackups", &input.table_name)?;
    let now = cx.now;
    let table = backed_up(cx, &name)?;
    Ok(description(table, now))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Update {
    table_name: String,
    point_in_time_recovery_specification: Specification,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Specification {
    point_in_time_recovery_enabled: bool,
    recovery_period_in_days: Option<i64>,
}

pub(crate) fn update(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Update = read(input)?;
    let wanted = input.point_in_time_recovery_specification;
    if !wanted.point_in_time_recovery_enabled && wanted.recovery_period_in_days.is_some() {
        return Err(Failure::validation(
            "Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.",
        ));
    }
    let name = table_name(cx, "UpdateContinuousBackups", &input.table_name)?;
    let now = cx.now;
    let table = backed_up(cx, &name)?;
    if !table.has_continuous_backups(now) {
        return Err(unavailable(&name));
    }
    // A period that is not sent means 35 days, whatever was set before.
    let period_days = wanted.recovery_period_in_days.unwrap_or(DEFAULT_PERIOD_DAYS);
    table.recovery = match (wanted.point_in_time_recovery_enabled, table.recovery) {
        (false, _) => None,
        (true, None) => Some(Window::opened(now, period_days)),
        (true, Some(window)) => Some(window.with_period(now, period_days)),
    };
    Ok(description(table, now))
}

/// The refusal while continuous backups of a new table are still being set up.
pub(crate) fn unavailable(table: &str) -> Failure {
    Failure::new(
        "ContinuousBackupsUnavailableException",
        format!("Backups are being enabled for the table: {table}. Please retry later"),
    )
}

/// A table as the backup operations see it: one that is still CREATING, or is archived, does not exist for them.
pub(crate) fn backed_up<'a>(cx: &'a mut Context<'_>, name: &str) -> Result<&'a mut Table, Failure> {
    let table = find(cx, name).filter(|table| !table.is_creating() && table.phase != Phase::Archived);
    table.ok_or_else(|| missing_table(name))
}

fn description(table: &Table, now: Moment) -> Value {
    let recovery = match &table.recovery {
        None => json!({"PointInTimeRecoveryStatus": "DISABLED"}),
        Some(window) => json!({
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": window.period_days,
            "EarliestRestorableDateTime": window.earliest(now).floor_second().to_epoch_seconds(),
            "LatestRestorableDateTime": window.latest(now).floor_second().to_epoch_seconds(),
        }),
    };
    json!({"ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": if table.has_continuous_backups(now) { "ENABLED" } else { "DISABLED" },
        "PointInTimeRecoveryDescription": recovery,
    }})
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment::from_millis(1_700_000_000_000);

    #[test]
    fn the_latest_time_is_pinned_first_and_trails_then() {
        let window = Window::opened(START, 35);
        for (after_seconds, latest_after_seconds) in [(0, 0), (60, 0), (300, 0), (301, 1), (3600, 3300)] {
            let now = START.plus_millis(after_seconds * 1000);
            assert_eq!(
                window.latest(now),
                START.plus_millis(latest_after_seconds * 1000),
                "{after_seconds}"
            );
            assert_eq!(window.earliest(now), START);
        }
    }

    #[test]
    fn the_earliest_time_follows_once_the_period_is_full() {
        let window = Window::opened(START, 7);
        assert_eq!(window.earliest(START.plus_days(7)), START);
        assert_eq!(window.earliest(START.plus_days(8)), START.plus_days(1));
    }

    #[test]
    fn a_shorter_period_cuts_at_once_and_a_longer_one_brings_nothing_back() {
        let day = |days: i64| START.plus_days(days);
        let window = Window::opened(START, 35).with_period(day(20), 5);
        assert_eq!(window.earliest(day(20)), day(15));
        let window = window.with_period(day(20), 35);
        assert_eq!(window.earliest(day(20)), day(15));
        assert_eq!(window.earliest(day(30)), day(15));
        assert_eq!(window.earliest(day(51)), day(16));
    }

    #[test]
    fn what_a_full_period_let_go_stays_gone_when_the_period_grows() {
        let window = Window::opened(START, 1).with_period(START.plus_days(10), 35);
        assert_eq!(window.earliest(START.plus_days(10)), START.plus_days(9));
    }
}
