//! The days of a schedule: days of the month with `L` and `W`, or days of the week with `L` and `#`.

use jiff::civil::Date;

use super::error::ScheduleError;
use super::field::ScheduleField;
use super::values::Values;
use crate::limits::SCHEDULE_NTH_WEEKDAY;

/// On which days a schedule runs, by the one of its two day fields that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Days {
    /// By the day of the month.
    OfMonth(DaysOfMonth),
    /// By the day of the week.
    OfWeek(DaysOfWeek),
}

/// A day-of-month field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DaysOfMonth {
    /// The days themselves.
    plain: Values,
    /// Days of which the nearest weekday in the same month is meant: `15W`.
    nearest_weekday: Values,
    /// The last day of the month: `L`.
    last: bool,
    /// The last weekday of the month: `LW`.
    last_weekday: bool,
}

/// A day-of-week field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DaysOfWeek {
    /// Every such day.
    plain: Values,
    /// The last such day of the month: `6L`.
    last: Values,
    /// A day and which one of the month: `3#2`.
    nth: Option<(i16, i16)>,
}

impl Days {
    /// Whether a date is one of the days.
    pub(super) fn contains(&self, date: Date) -> bool {
        match self {
            Self::OfMonth(days) => days.contains(date),
            Self::OfWeek(days) => days.contains(date),
        }
    }
}

impl DaysOfMonth {
    /// Reads the field; none if it is `?`.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, ScheduleError> {
        const FIELD: ScheduleField = ScheduleField::DayOfMonth;
        if text == "?" {
            return Ok(None);
        }
        let mut days = Self {
            plain: Values::none_of(&FIELD.range()),
            nearest_weekday: Values::none_of(&FIELD.range()),
            last: false,
            last_weekday: false,
        };
        for item in text.split(',') {
            match item.to_ascii_uppercase().as_str() {
                "L" => days.last = true,
                "LW" => days.last_weekday = true,
                upper if upper.ends_with('W') => {
                    let day = upper.trim_end_matches('W');
                    let is_day = !day.is_empty() && day.bytes().all(|it| it.is_ascii_digit());
                    if !is_day || day.len() + 1 != upper.len() {
                        return Err(ScheduleError::WeekdayForm {
                            item: item.to_owned(),
                        });
                    }
                    days.nearest_weekday.insert(FIELD.parse_value(day)?);
                }
                upper if has_only(upper, 'L') => {
                    return Err(ScheduleError::LastForm {
                        field: FIELD,
                        item: item.to_owned(),
                    });
                }
                _ => FIELD.parse_item(item, &mut days.plain)?,
            }
        }
        Ok(Some(days))
    }

    fn contains(&self, date: Date) -> bool {
        self.plain.contains(date.day().into())
            || (self.last && date.day() == date.days_in_month())
            || (self.last_weekday && nearest_weekday(date, date.days_in_month()) == Some(date))
            || self
                .nearest_weekday
                .iter()
                .any(|it| i8::try_from(it).is_ok_and(|day| nearest_weekday(date, day) == Some(date)))
    }
}

/// The weekday nearest to a day of the month of `month`, in the same month; none if the month has no such day.
fn nearest_weekday(month: Date, day: i8) -> Option<Date> {
    let date = Date::new(month.year(), month.month(), day).ok()?;
    let shift = match date.weekday().to_sunday_one_offset() {
        SATURDAY if day == 1 => 2,
        SATURDAY => -1,
        SUNDAY if day == date.days_in_month() => -2,
        SUNDAY => 1,
        _ => 0,
    };
    Date::new(month.year(), month.month(), day + shift).ok()
}

const SUNDAY: i8 = 1;
const SATURDAY: i8 = 7;

impl DaysOfWeek {
    /// Reads the field; none if it is `?`.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, ScheduleError> {
        const FIELD: ScheduleField = ScheduleField::DayOfWeek;
        if text == "?" {
            return Ok(None);
        }
        let mut days = Self {
            plain: Values::none_of(&FIELD.range()),
            last: Values::none_of(&FIELD.range()),
            nth: None,
        };
        for item in text.split(',') {
            let upper = item.to_ascii_uppercase();
            if let Some((day, nth)) = upper.split_once('#') {
                if text.contains(',') {
                    return Err(ScheduleError::NthInList {
                        list: text.to_owned(),
                    });
                }
                days.nth = Some(parse_nth(item, day, nth)?);
            } else if upper == "L" {
                // The last day of the week.
                days.plain.insert(SATURDAY.into());
            } else if let Some(day) = upper.strip_suffix('L') {
                let day = FIELD.parse_value(day).map_err(|err| match err {
                    err @ ScheduleError::OutOfRange { .. } => err,
                    _ => ScheduleError::LastForm {
                        field: FIELD,
                        item: item.to_owned(),
                    },
                })?;
                days.last.insert(day);
            } else if has_only(&upper, 'L') {
                return Err(ScheduleError::LastForm {
                    field: FIELD,
                    item: item.to_owned(),
                });
            } else {
                FIELD.parse_item(item, &mut days.plain)?;
            }
        }
        Ok(Some(days))
    }

    fn contains(&self, date: Date) -> bool {
        let weekday = i16::from(date.weekday().to_sunday_one_offset());
        let nth = i16::from(date.day() - 1) / 7 + 1;
        self.plain.contains(weekday)
            || (self.last.contains(weekday) && date.day() + 7 > date.days_in_month())
            || self.nth == Some((weekday, nth))
    }
}

/// Reads the two sides of `3#2`.
fn parse_nth(item: &str, day: &str, nth: &str) -> Result<(i16, i16), ScheduleError> {
    let wrong = || ScheduleError::NthForm {
        item: item.to_owned(),
    };
    let day = ScheduleField::DayOfWeek
        .parse_value(day)
        .map_err(|err| match err {
            err @ ScheduleError::OutOfRange { .. } => err,
            _ => wrong(),
        })?;
    let digits = !nth.is_empty() && nth.bytes().all(|it| it.is_ascii_digit());
    match nth.parse() {
        Ok(nth) if digits && SCHEDULE_NTH_WEEKDAY.contains(&nth) => Ok((day, nth)),
        _ => Err(wrong()),
    }
}

/// Whether a text contains this letter, and otherwise digits and hyphens alone.
fn has_only(text: &str, letter: char) -> bool {
    text.contains(letter)
        && text
            .chars()
            .all(|it| it == letter || it == '-' || it.is_ascii_digit())
}
