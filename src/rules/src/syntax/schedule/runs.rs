//! When a schedule runs. The work for one run is bounded by the days of the years 1970 to 2199, whatever the
//! schedule says.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, Zoned};

use super::{Schedule, ScheduleTimeZone};
use crate::limits::SCHEDULE_YEARS;

/// Why a schedule does not run, from some moment on. The rule is [`NeverRuns::rule`]. AWS takes such a schedule and
/// makes no backup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NeverRuns {
    /// None of its days is in the calendar, as the 31st of February is not.
    #[error("no day from {} to {} is one of its days", SCHEDULE_YEARS.start(), SCHEDULE_YEARS.end())]
    NoSuchDay,
    /// Its last year is over.
    #[error("its last run is at {}", .last.strftime("%Y-%m-%dT%H:%M:%S%:z"))]
    Over {
        /// The last time that it runs.
        last: Box<Zoned>,
    },
}

impl NeverRuns {
    /// The catalogue id of the rule that warns of it.
    pub fn rule(&self) -> &'static str {
        "DBK-SCH-006"
    }

    /// What to do, in a sentence.
    pub fn fix(&self) -> &'static str {
        match self {
            Self::NoSuchDay => {
                "Give a day that its months have; L in the day-of-month field is the last day of each month."
            }
            Self::Over { .. } => "Let the year field reach further, or make it * for every year.",
        }
    }
}

impl Schedule {
    /// When it runs after a moment, the moment itself excluded, in ascending order. It ends with the year 2199 at the
    /// latest.
    ///
    /// The fields are read on the clocks of the time zone. When these are put forward, a time of day that they leave
    /// out comes later by as much as they are put forward (02:30 as 03:30), and one run stands for two that fall
    /// together. When they are put back, a time of day that comes twice counts the first time alone.
    ///
    /// # Caveats
    /// AWS does not say what it does when clocks change, only that runs shift. Treat the runs within some hours of
    /// such a change as likely, and the others as certain. The time zones are those of the database that this library
    /// was built with.
    pub fn runs_after(
        &self,
        after: Timestamp,
        zone: &ScheduleTimeZone,
    ) -> impl Iterator<Item = Zoned> + use<'_> {
        let zone = zone.clone();
        let today = zone.date_at(after);
        // Where a whole day is left out, its runs shift into the next one.
        let first = today.yesterday().unwrap_or(today);
        let mut last = after;
        self.dates_from(first)
            .flat_map(move |date| self.runs_on(date, &zone))
            .filter(move |run| {
                let is_later = run.timestamp() > last;
                last = last.max(run.timestamp());
                is_later
            })
    }

    /// Insists that it runs at all after a moment.
    ///
    /// # Errors
    /// When it never does.
    pub fn check_runs_after(&self, after: Timestamp, zone: &ScheduleTimeZone) -> Result<(), NeverRuns> {
        if self.runs_after(after, zone).next().is_some() {
            return Ok(());
        }
        let dates = self.dates_from(Date::MIN).rev();
        let last = dates.flat_map(|date| self.runs_on(date, zone).pop()).next();
        Err(match last {
            Some(last) => NeverRuns::Over { last: Box::new(last) },
            None => NeverRuns::NoSuchDay,
        })
    }

    /// Its dates, from one on, in ascending order.
    fn dates_from(&self, first: Date) -> impl DoubleEndedIterator<Item = Date> + '_ {
        let years = self.years.iter().filter(move |year| *year >= first.year());
        let months = years.flat_map(|year| {
            let months = self.months.iter().filter_map(|it| i8::try_from(it).ok());
            months.filter_map(move |month| Date::new(year, month, 1).ok())
        });
        months
            .flat_map(|month| (1..=month.days_in_month()).filter_map(move |day| with_day(month, day)))
            .filter(move |date| *date >= first && self.days.contains(*date))
    }

    /// Its runs on a date, in ascending order.
    fn runs_on(&self, date: Date, zone: &ScheduleTimeZone) -> Vec<Zoned> {
        let hours = self.hours.iter().filter_map(|it| i8::try_from(it).ok());
        let minute = i8::try_from(self.minute).unwrap_or_default();
        let mut runs: Vec<Zoned> = hours
            .filter_map(|hour| zone.first_at(date_time(date, hour, minute)?))
            .collect();
        runs.sort();
        runs
    }
}

fn with_day(month: Date, day: i8) -> Option<Date> {
    Date::new(month.year(), month.month(), day).ok()
}

fn date_time(date: Date, hour: i8, minute: i8) -> Option<DateTime> {
    DateTime::new(date.year(), date.month(), date.day(), hour, minute, 0, 0).ok()
}
