//! The schedule of a rule: `cron(minute hour day-of-month month day-of-week year)` in a time zone, and the moments at
//! which it runs.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Unit, ZonedRound};

use crate::clock::Moment;

/// A schedule, read.
pub(super) struct Schedule {
    minute: i8,
    hours: Vec<i8>,
    days: Days,
    months: Vec<i8>,
    years: Vec<i16>,
    zone: TimeZone,
}

enum Days {
    OfMonth(Vec<DayOfMonth>),
    OfWeek(Vec<DayOfWeek>),
}

enum DayOfMonth {
    Day(i8),
    Last,
    /// The working day nearest to a day.
    Near(i8),
}

/// Sunday is 1.
enum DayOfWeek {
    Day(i8),
    /// The last one of its month.
    Last(i8),
    /// The n-th one of its month.
    Nth(i8, i8),
}

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// How far ahead a run is looked for, in days: eight years have every day of the calendar.
const HORIZON_DAYS: i64 = 8 * 366;

impl Schedule {
    /// Reads an expression, or says what is wrong with it.
    pub(super) fn parse(expression: &str, zone: &str) -> Result<Self, String> {
        let inner = expression
            .strip_prefix("cron(")
            .and_then(|rest| rest.strip_suffix(')'))
            .ok_or_else(|| format!("{expression} is not of the form cron(...)"))?;
        let fields: Vec<&str> = inner.split_whitespace().collect();
        let [minute, hour, day, month, weekday, year] = fields[..] else {
            return Err(format!("{expression} has {} fields, not 6", fields.len()));
        };
        let days = match (day, weekday) {
            ("?", "?") => return Err("both days are ?".to_owned()),
            (_, "?") => Days::OfMonth(list(day, day_of_month)?.into_iter().flatten().collect()),
            ("?", _) => Days::OfWeek(list(weekday, day_of_week)?.into_iter().flatten().collect()),
            _ => return Err("one of day-of-month and day-of-week has to be ?".to_owned()),
        };
        let minutes = numbers(minute, 0, 59, &[])?;
        let [minute] = minutes[..] else {
            return Err("backups run at most once an hour".to_owned());
        };
        Ok(Self {
            minute: minute as i8,
            hours: narrow(&numbers(hour, 0, 23, &[])?),
            days,
            months: narrow(&numbers(month, 1, 12, &MONTHS)?),
            years: numbers(year, 1970, 2199, &[])?,
            zone: TimeZone::get(zone).map_err(|_| format!("{zone} is not a time zone"))?,
        })
    }

    /// The moments after `since` at which it runs, in order.
    pub(super) fn after(&self, since: Moment) -> impl Iterator<Item = Moment> + '_ {
        let start = Timestamp::from_millisecond(since.as_millis()).unwrap_or(Timestamp::UNIX_EPOCH);
        let first = start
            .to_zoned(self.zone.clone())
            .round(ZonedRound::new().smallest(Unit::Day).mode(jiff::RoundMode::Trunc))
            .map_or(Date::constant(1970, 1, 1), |day| day.date());
        (0..HORIZON_DAYS)
            .filter_map(move |offset| first.checked_add(offset.days()).ok())
            .filter(|date| self.is_on(*date))
            .flat_map(move |date| self.hours.iter().map(move |hour| (date, *hour)))
            .filter_map(move |(date, hour)| {
                let zoned = date.at(hour, self.minute, 0, 0).to_zoned(self.zone.clone());
                zoned
                    .ok()
                    .map(|at| Moment::from_millis(at.timestamp().as_millisecond()))
            })
            .filter(move |at| *at > since)
    }

    fn is_on(&self, date: Date) -> bool {
        let is_day = match &self.days {
            Days::OfMonth(days) => days.iter().any(|day| match day {
                DayOfMonth::Day(day) => date.day() == *day,
                DayOfMonth::Last => date.day() == date.days_in_month(),
                DayOfMonth::Near(day) => Some(date) == working_day_near(date, *day),
            }),
            Days::OfWeek(days) => {
                let weekday = date.weekday().to_sunday_one_offset();
                days.iter().any(|day| match day {
                    DayOfWeek::Day(day) => weekday == *day,
                    DayOfWeek::Last(day) => weekday == *day && date.day() + 7 > date.days_in_month(),
                    DayOfWeek::Nth(day, nth) => weekday == *day && (date.day() + 6) / 7 == *nth,
                })
            }
        };
        is_day && self.months.contains(&date.month()) && self.years.contains(&date.year())
    }
}

/// The working day nearest to a day of the month of `date`, within that month.
fn working_day_near(date: Date, day: i8) -> Option<Date> {
    let wanted = Date::new(date.year(), date.month(), day).ok()?;
    let offset: i8 = match wanted.weekday().to_sunday_one_offset() {
        7 if day == 1 => 2,
        7 => -1,
        1 if day == date.days_in_month() => -2,
        1 => 1,
        _ => 0,
    };
    Date::new(date.year(), date.month(), day + offset).ok()
}

/// Reads the members of a list separated by commas.
fn list<T>(field: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    field.split(',').map(read).collect()
}

fn day_of_month(text: &str) -> Result<Vec<DayOfMonth>, String> {
    if text == "L" {
        return Ok(vec![DayOfMonth::Last]);
    }
    if let Some(day) = text.strip_suffix('W') {
        return Ok(vec![DayOfMonth::Near(number(day, 1, 31, &[])? as i8)]);
    }
    Ok(range(text, 1, 31, &[])?
        .into_iter()
        .map(|day| DayOfMonth::Day(day as i8))
        .collect())
}

fn day_of_week(text: &str) -> Result<Vec<DayOfWeek>, String> {
    if let Some(day) = text.strip_suffix('L').filter(|day| !day.is_empty()) {
        return Ok(vec![DayOfWeek::Last(number(day, 1, 7, &WEEKDAYS)? as i8)]);
    }
    if let Some((day, nth)) = text.split_once('#') {
        let day = number(day, 1, 7, &WEEKDAYS)? as i8;
        return Ok(vec![DayOfWeek::Nth(day, number(nth, 1, 5, &[])? as i8)]);
    }
    Ok(range(text, 1, 7, &WEEKDAYS)?
        .into_iter()
        .map(|day| DayOfWeek::Day(day as i8))
        .collect())
}

fn numbers(field: &str, least: i16, most: i16, names: &[&str]) -> Result<Vec<i16>, String> {
    let mut all = list(field, |text| range(text, least, most, names))?.concat();
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn narrow(numbers: &[i16]) -> Vec<i8> {
    numbers.iter().map(|it| *it as i8).collect()
}

/// `*`, `a`, `a-b`, and each of them with a step.
fn range(text: &str, least: i16, most: i16, names: &[&str]) -> Result<Vec<i16>, String> {
    let (base, step) = match text.split_once('/') {
        Some((base, step)) => (base, Some(number(step, 1, i16::MAX, &[])?)),
        None => (text, None),
    };
    let (from, to) = match base.split_once('-') {
        _ if base == "*" => (least, most),
        Some((from, to)) => (number(from, least, most, names)?, number(to, least, most, names)?),
        None => {
            let from = number(base, least, most, names)?;
            (from, if step.is_some() { most } else { from })
        }
    };
    if from > to {
        return Err(format!("{text} runs backwards"));
    }
    Ok((from..=to)
        .step_by(usize::from(step.unwrap_or(1).unsigned_abs()))
        .collect())
}

fn number(text: &str, least: i16, most: i16, names: &[&str]) -> Result<i16, String> {
    if let Some(position) = names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
        return Ok(position as i16 + 1);
    }
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("{text} is not from {least} to {most}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(expression: &str, zone: &str, since: &str) -> Vec<String> {
        let schedule = Schedule::parse(expression, zone).expect(expression);
        let since = Moment::parse_rfc3339(since).unwrap();
        schedule.after(since).take(3).map(Moment::to_rfc3339).collect()
    }

    #[test]
    fn every_kind_of_day() {
        let since = "2026-11-20T09:00:00Z";
        for (expression, expected) in [
            (
                "cron(0 5 ? * * *)",
                [
                    "2026-11-21T05:00:00Z",
                    "2026-11-22T05:00:00Z",
                    "2026-11-23T05:00:00Z",
                ],
            ),
            (
                "cron(30 8 ? * MON-FRI *)",
                [
                    "2026-11-23T08:30:00Z",
                    "2026-11-24T08:30:00Z",
                    "2026-11-25T08:30:00Z",
                ],
            ),
            (
                "cron(0 4 L * ? *)",
                [
                    "2026-11-30T04:00:00Z",
                    "2026-12-31T04:00:00Z",
                    "2027-01-31T04:00:00Z",
                ],
            ),
            (
                "cron(15 3 ? * 3#2 *)",
                [
                    "2026-12-08T03:15:00Z",
                    "2027-01-12T03:15:00Z",
                    "2027-02-09T03:15:00Z",
                ],
            ),
            (
                "cron(0 10 ? * 6L 2026-2030)",
                [
                    "2026-11-27T10:00:00Z",
                    "2026-12-25T10:00:00Z",
                    "2027-01-29T10:00:00Z",
                ],
            ),
            (
                "cron(45 23 15W 1,7 ? *)",
                [
                    "2027-01-15T23:45:00Z",
                    "2027-07-15T23:45:00Z",
                    "2028-01-14T23:45:00Z",
                ],
            ),
            (
                "cron(0 0/12 * * ? *)",
                [
                    "2026-11-20T12:00:00Z",
                    "2026-11-21T00:00:00Z",
                    "2026-11-21T12:00:00Z",
                ],
            ),
        ] {
            assert_eq!(runs(expression, "UTC", since), expected, "{expression}");
        }
    }

    #[test]
    fn the_zone_counts() {
        assert_eq!(
            runs("cron(0 5 ? * * *)", "Europe/Berlin", "2026-10-24T00:00:00Z"),
            [
                "2026-10-24T03:00:00Z",
                "2026-10-25T04:00:00Z",
                "2026-10-26T04:00:00Z"
            ]
        );
    }

    #[test]
    fn what_aws_refuses() {
        for expression in [
            "rate(1 day)",
            "cron(0 5 * * *)",
            "cron(0 5 * * * *)",
            "cron(0 5 ? * ? *)",
            "cron(0/30 * * * ? *)",
            "cron(60 5 ? * * *)",
            "cron(0 1 ? * 0 *)",
            "cron(0 1 32 * ? *)",
            "cron(0 1 1 1 ? 2200)",
        ] {
            assert!(Schedule::parse(expression, "UTC").is_err(), "{expression}");
        }
        assert!(Schedule::parse("cron(0 5 ? * * *)", "CET+1").is_err());
    }
}
