//! The six fields of a schedule: their values, their names, and lists, ranges and steps of them. The forms that
//! only days have are in `days`.

use std::fmt;
use std::ops::RangeInclusive;

use super::error::ScheduleError;
use super::values::Values;
use crate::limits::{
    SCHEDULE_DAYS_OF_MONTH, SCHEDULE_DAYS_OF_WEEK, SCHEDULE_HOURS, SCHEDULE_MINUTES, SCHEDULE_MONTHS,
    SCHEDULE_YEARS,
};

/// One of the six fields of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScheduleField {
    /// The minute.
    Minute,
    /// The hour.
    Hour,
    /// The day of the month.
    DayOfMonth,
    /// The month.
    Month,
    /// The day of the week; 1 is Sunday.
    DayOfWeek,
    /// The year.
    Year,
}

/// The names of the days of the week, from 1.
pub(super) const DAY_NAMES: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The names of the months, from 1.
const MONTH_NAMES: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];

impl ScheduleField {
    /// The values that it can have.
    pub fn range(self) -> RangeInclusive<i16> {
        match self {
            Self::Minute => SCHEDULE_MINUTES,
            Self::Hour => SCHEDULE_HOURS,
            Self::DayOfMonth => SCHEDULE_DAYS_OF_MONTH,
            Self::Month => SCHEDULE_MONTHS,
            Self::DayOfWeek => SCHEDULE_DAYS_OF_WEEK,
            Self::Year => SCHEDULE_YEARS,
        }
    }

    /// The characters with a meaning that it takes, beside values.
    pub fn wildcards(self) -> &'static str {
        match self {
            Self::Minute | Self::Hour | Self::Month | Self::Year => ", - * /",
            Self::DayOfMonth => ", - * ? / L W",
            Self::DayOfWeek => ", - * ? L #",
        }
    }

    /// Its values in words: `0 to 59`, `1 to 12 or JAN to DEC`.
    pub(super) fn values_in_words(self) -> String {
        let numbers = format!("{} to {}", self.range().start(), self.range().end());
        match self.names() {
            [first, .., last] => format!("{numbers} or {first} to {last}"),
            _ => numbers,
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Month => &MONTH_NAMES,
            Self::DayOfWeek => &DAY_NAMES,
            _ => &[],
        }
    }

    /// The largest step: one that goes beyond the last value names nothing more.
    pub(super) fn step_max(self) -> i16 {
        let range = self.range();
        match self {
            Self::Year => range.end() - range.start(),
            _ => *range.end(),
        }
    }

    /// Reads a number or a name, in any case.
    pub(super) fn parse_value(self, text: &str) -> Result<i16, ScheduleError> {
        let by_name = self.names().iter().position(|it| it.eq_ignore_ascii_case(text));
        if let Some(at) = by_name {
            // Names begin with the first value of their field, which is 1.
            return Ok(*self.range().start() + i16::try_from(at).unwrap_or_default());
        }
        if text.is_empty() || !text.bytes().all(|it| it.is_ascii_digit()) {
            return Err(self.no_value(text));
        }
        match text.parse() {
            Ok(value) if self.range().contains(&value) => Ok(value),
            _ => Err(ScheduleError::OutOfRange {
                field: self,
                value: text.to_owned(),
            }),
        }
    }

    /// Says why a text that is neither a number nor a name is no value: a wildcard that the field does not take
    /// there, or nothing known.
    pub(super) fn no_value(self, text: &str) -> ScheduleError {
        let is_wildcard = |it: char| "?LW#*/".contains(it.to_ascii_uppercase());
        let only_wildcards = text
            .chars()
            .all(|it| is_wildcard(it) || it.is_ascii_digit() || it == '-');
        match text.chars().find(|it| is_wildcard(*it)) {
            Some(wildcard) if only_wildcards => ScheduleError::Wildcard {
                field: self,
                item: text.to_owned(),
                wildcard: wildcard.to_ascii_uppercase(),
            },
            _ => ScheduleError::NotAValue {
                field: self,
                value: text.to_owned(),
            },
        }
    }

    /// Reads a whole field: a list of what [`parse_item`](Self::parse_item) reads.
    pub(super) fn parse_list(self, text: &str) -> Result<Values, ScheduleError> {
        let mut values = Values::none_of(&self.range());
        for item in text.split(',') {
            self.parse_item(item, &mut values)?;
        }
        Ok(values)
    }

    /// Reads `*`, a value or a range, each with or without a step, into a set. A value with a step goes on to the end
    /// of the field, and a range that runs backwards goes round, as SAT-MON does; only years do not come again.
    pub(super) fn parse_item(self, item: &str, values: &mut Values) -> Result<(), ScheduleError> {
        let range = self.range();
        let (base, step) = match item.split_once('/') {
            Some(_) if self == Self::DayOfWeek => {
                return Err(ScheduleError::Wildcard {
                    field: self,
                    item: item.to_owned(),
                    wildcard: '/',
                });
            }
            Some((base, step)) => (base, Some(self.parse_step(step)?)),
            None => (item, None),
        };
        let (from, to) = if base == "*" {
            (*range.start(), *range.end())
        } else if let Some((from, to)) = base.split_once('-') {
            let end = |text: &str| match self.parse_value(text) {
                Err(ScheduleError::NotAValue { .. }) if text.is_empty() => Err(self.no_value(item)),
                read => read,
            };
            let (from, to) = (end(from)?, end(to)?);
            if from > to && self == Self::Year {
                return Err(ScheduleError::BackwardYears { from, to });
            }
            (from, to)
        } else {
            let value = self.parse_value(base)?;
            (value, if step.is_some() { *range.end() } else { value })
        };
        let values_in_field = range.end() - range.start() + 1;
        let length = (to - from).rem_euclid(values_in_field);
        let mut passed = 0;
        while passed <= length {
            values.insert(range.start() + (from - range.start() + passed) % values_in_field);
            passed += step.unwrap_or(1);
        }
        Ok(())
    }

    fn parse_step(self, text: &str) -> Result<i16, ScheduleError> {
        let digits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        match text.parse() {
            Ok(step) if digits && (1..=self.step_max()).contains(&step) => Ok(step),
            _ => Err(ScheduleError::Step {
                field: self,
                step: text.to_owned(),
            }),
        }
    }
}

impl fmt::Display for ScheduleField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::DayOfMonth => "day-of-month",
            Self::Month => "month",
            Self::DayOfWeek => "day-of-week",
            Self::Year => "year",
        })
    }
}
