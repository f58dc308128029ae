//! Schedules of AWS Backup: its six-field cron, the time zone that it counts in, and when it runs next.
//!
//! The grammar is that of the AWS Backup developer guide. What the guide leaves open is taken as AWS's cron is used
//! elsewhere: names in any case, spaces of any length between the fields, `LW`, ranges that go round (`FRI-MON`), `L`
//! and `W` in lists.

mod days;
mod dialects;
mod error;
mod field;
mod runs;
mod values;
mod zone;

use std::fmt;

pub use error::{Equivalent, ScheduleError};
pub use field::ScheduleField;
pub use runs::NeverRuns;
pub use zone::{ScheduleTimeZone, ScheduleTimeZoneError};

use crate::limits::SCHEDULE_RUNS_PER_HOUR_MAX;
use days::{Days, DaysOfMonth, DaysOfWeek};
use values::Values;

/// When AWS Backup starts a rule: `cron(minute hour day-of-month month day-of-week year)`.
///
/// It prints as it was written. Two schedules that were written differently are not equal, even when they run at the
/// same times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    text: String,
    minute: i16,
    hours: Values,
    days: Days,
    months: Values,
    years: Values,
}

impl Schedule {
    /// What AWS Backup uses when a rule gives no schedule: 05:00 of every day (AWS Backup API, `ScheduleExpression`).
    pub const DEFAULT: &'static str = "cron(0 5 ? * * *)";

    /// Reads a schedule.
    ///
    /// # Errors
    /// When the text is not `cron(...)` with six fields, a field has a value or a form that it does not take, not
    /// exactly one of the two day fields is `?`, or it names more than one minute of the hour. In this order, and the
    /// first fault alone.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let inside = text.strip_prefix("cron(").and_then(|it| it.strip_suffix(')'));
        let Some(inside) = inside else {
            return Err(dialects::not_cron(text));
        };
        let fields: Vec<&str> = inside.split_ascii_whitespace().collect();
        let &[minute, hour, day_of_month, month, day_of_week, year] = fields.as_slice() else {
            return Err(dialects::field_count(&fields));
        };
        let fields = [minute, hour, day_of_month, month, day_of_week, year];
        if let Some(error) = dialects::with_second(&fields) {
            return Err(error);
        }
        let minutes = ScheduleField::Minute.parse_list(minute)?;
        let hours = ScheduleField::Hour.parse_list(hour)?;
        let days_of_month = DaysOfMonth::parse(day_of_month)?;
        let months = ScheduleField::Month.parse_list(month)?;
        let days_of_week = DaysOfWeek::parse(day_of_week)?;
        let years = ScheduleField::Year.parse_list(year)?;
        let days = match (days_of_month, days_of_week) {
            (Some(days), None) => Days::OfMonth(days),
            (None, Some(days)) => Days::OfWeek(days),
            (Some(_), Some(_)) => return Err(dialects::two_day_fields(&fields)),
            (None, None) => return Err(dialects::no_day_field(&fields)),
        };
        let minute = minutes.iter().next().unwrap_or_default();
        if minutes.count() > SCHEDULE_RUNS_PER_HOUR_MAX {
            return Err(dialects::too_often(&fields, minutes.count(), minute));
        }
        Ok(Self {
            text: text.to_owned(),
            minute,
            hours,
            days,
            months,
            years,
        })
    }

    /// The schedule as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Six fields as a cron expression.
fn expression(fields: &[&str; 6]) -> String {
    format!("cron({})", fields.join(" "))
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
