//! What people write instead of a schedule of AWS Backup, and how to say it so: the five fields of Unix, seconds in
//! front, rates, fields without `cron(...)`.

use super::error::{Equivalent, ScheduleError};
use super::field::{DAY_NAMES, ScheduleField};
use super::{Schedule, expression};

const ONCE_AN_HOUR: &str = "because AWS Backup starts a rule once an hour at most";

/// A text that is not `cron(...)`.
pub(super) fn not_cron(text: &str) -> ScheduleError {
    if let Some(rate) = text.strip_prefix("rate(").and_then(|it| it.strip_suffix(')')) {
        return ScheduleError::Rate {
            equivalent: of_rate(rate).unwrap_or_default(),
        };
    }
    let fields: Vec<&str> = inside(text).split_ascii_whitespace().collect();
    match fields.as_slice() {
        &[a, b, c, d, e, f] => ScheduleError::NotWrapped {
            equivalent: mended(&[a, b, c, d, e, f]),
        },
        [_, _, _, _, _] | [_, _, _, _, _, _, _] => field_count(&fields),
        _ => ScheduleError::NotCron,
    }
}

/// What stands in something like `cron(...)`, with capital letters or spaces around it; else all of it.
fn inside(text: &str) -> &str {
    let text = text.trim();
    match text.split_at_checked(5) {
        Some((cron, rest)) if cron.eq_ignore_ascii_case("cron(") => rest.strip_suffix(')').unwrap_or(rest),
        _ => text,
    }
}

/// A number of fields other than six.
pub(super) fn field_count(fields: &[&str]) -> ScheduleError {
    let equivalent = match *fields {
        [minute, hour, day_of_month, month, day_of_week] => {
            of_unix([minute, hour, day_of_month, month, day_of_week]).unwrap_or_default()
        }
        [second, minute, hour, day_of_month, month, day_of_week, year] if is_second(second) => {
            mended(&[minute, hour, day_of_month, month, day_of_week, year])
        }
        _ => Equivalent::default(),
    };
    ScheduleError::FieldCount {
        found: fields.len(),
        equivalent,
    }
}

/// Six fields that begin with a second and have no year, if that is what they are: no year is `?`, and what is behind
/// the second then makes a schedule.
pub(super) fn with_second(fields: &[&str; 6]) -> Option<ScheduleError> {
    let [second, minute, hour, day_of_month, month, day_of_week] = *fields;
    if day_of_week != "?" || !is_second(second) {
        return None;
    }
    let equivalent = mended(&[minute, hour, day_of_month, month, day_of_week, "*"]);
    (!equivalent.expressions.is_empty()).then_some(ScheduleError::Seconds { equivalent })
}

/// Whether a field names one second. Which one does not matter to a backup that starts within hours.
fn is_second(field: &str) -> bool {
    ScheduleField::Minute.parse_value(field).is_ok()
}

/// Both day fields say something.
pub(super) fn two_day_fields(fields: &[&str; 6]) -> ScheduleError {
    let [.., day_of_month, _, day_of_week, _] = *fields;
    let with = |day_of_month, day_of_week| {
        let mut fields = *fields;
        fields[2] = day_of_month;
        fields[4] = day_of_week;
        mended(&fields)
    };
    ScheduleError::TwoDayFields {
        day_of_month: day_of_month.to_owned(),
        day_of_week: day_of_week.to_owned(),
        equivalent: match (day_of_month, day_of_week) {
            (_, "*") => with(day_of_month, "?"),
            ("*", _) => with("?", day_of_week),
            _ => either(with(day_of_month, "?"), with("?", day_of_week)),
        },
    }
}

/// Neither day field says anything.
pub(super) fn no_day_field(fields: &[&str; 6]) -> ScheduleError {
    let mut fields = *fields;
    fields[2] = "*";
    ScheduleError::NoDayField {
        equivalent: mended(&fields),
    }
}

/// The minute field names several minutes, of which this is the first.
pub(super) fn too_often(fields: &[&str; 6], minutes: usize, first: i16) -> ScheduleError {
    let minute = first.to_string();
    let mut once = *fields;
    once[0] = &minute;
    ScheduleError::TooOften {
        minute: fields[0].to_owned(),
        minutes,
        equivalent: mended(&once),
    }
}

/// Six fields as a schedule, with what can be mended in them mended. It ends because each step mends one of two
/// faults and makes none.
fn mended(fields: &[&str; 6]) -> Equivalent {
    let text = expression(fields);
    match Schedule::parse(&text) {
        Ok(_) => Equivalent {
            expressions: vec![text],
            note: None,
        },
        Err(error) => {
            let mut equivalent = error.equivalent().cloned().unwrap_or_default();
            if matches!(error, ScheduleError::TooOften { .. }) {
                equivalent.note = Some(ONCE_AN_HOUR);
            }
            equivalent
        }
    }
}

/// Two schedules, because one cannot say that either day will do; none if one of them is none.
fn either(first: Equivalent, second: Equivalent) -> Equivalent {
    if first.expressions.is_empty() || second.expressions.is_empty() {
        return Equivalent::default();
    }
    Equivalent {
        expressions: [first.expressions, second.expressions].concat(),
        note: first.note.or(second.note),
    }
}

/// The five fields of Unix. There, where both day fields say something, either day will do, and Sunday is 0 or 7.
fn of_unix([minute, hour, day_of_month, month, day_of_week]: [&str; 5]) -> Option<Equivalent> {
    if day_of_month == "?" || day_of_week == "?" {
        // It is AWS's already, but for the year.
        return Some(mended(&[minute, hour, day_of_month, month, day_of_week, "*"]));
    }
    let by_month = || mended(&[minute, hour, day_of_month, month, "?", "*"]);
    let weekdays = unix_weekdays(day_of_week)?;
    let by_week = || mended(&[minute, hour, "?", month, &weekdays, "*"]);
    Some(match (day_of_month, weekdays.as_str()) {
        (_, "*") => by_month(),
        ("*", _) => by_week(),
        _ => either(by_month(), by_week()),
    })
}

/// The day-of-week field of Unix by names; `*` if it is every day.
fn unix_weekdays(text: &str) -> Option<String> {
    let mut days = [false; 7];
    for item in text.split(',') {
        let (base, step) = match item.split_once('/') {
            Some((base, step)) => (base, Some(step.parse::<usize>().ok().filter(|it| *it > 0)?)),
            None => (item, None),
        };
        let (from, to) = if base == "*" {
            (0, 6)
        } else if let Some((from, to)) = base.split_once('-') {
            (unix_weekday(from)?, unix_weekday(to)?)
        } else {
            let day = unix_weekday(base)?;
            (day, if step.is_some() { 6 } else { day })
        };
        for day in (from..=to).step_by(step.unwrap_or(1)) {
            days[day % 7] = true;
        }
    }
    let named: Vec<usize> = (0..7).filter(|it| days[*it]).collect();
    match named.as_slice() {
        [] => None,
        [_, _, _, _, _, _, _] => Some("*".to_owned()),
        &[first, _, .., last] if last - first + 1 == named.len() => {
            Some(format!("{}-{}", DAY_NAMES[first], DAY_NAMES[last]))
        }
        _ => {
            let names: Vec<&str> = named.iter().map(|it| DAY_NAMES[*it]).collect();
            Some(names.join(","))
        }
    }
}

fn unix_weekday(text: &str) -> Option<usize> {
    let by_name = DAY_NAMES.iter().position(|it| it.eq_ignore_ascii_case(text));
    by_name.or_else(|| text.parse().ok().filter(|it| *it <= 7))
}

/// What comes nearest to a rate. A rate counts from when it was made, and cron has a time of day: 05:00, which AWS
/// Backup itself uses when none is given.
fn of_rate(text: &str) -> Option<Equivalent> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: u64 = number.parse().ok().filter(|it| *it > 0)?;
    let (fields, note) = match unit.trim().strip_suffix('s').unwrap_or(unit.trim()) {
        "minute" => of_minutes(number),
        "hour" => of_hours(number),
        "day" => of_days(number),
        _ => return None,
    };
    Some(Equivalent {
        expressions: vec![format!("cron({fields})")],
        note,
    })
}

fn of_minutes(minutes: u64) -> (String, Option<&'static str>) {
    match minutes {
        0..60 => ("0 * * * ? *".to_owned(), Some(ONCE_AN_HOUR)),
        _ if minutes.is_multiple_of(60) => of_hours(minutes / 60),
        _ => (
            of_hours(minutes / 60 + 1).0,
            Some("the nearest that whole hours allow"),
        ),
    }
}

fn of_hours(hours: u64) -> (String, Option<&'static str>) {
    match hours {
        1 => ("0 * * * ? *".to_owned(), None),
        2..24 => {
            let note = (!24_u64.is_multiple_of(hours)).then_some("which counts from midnight of each day");
            (format!("0 0/{hours} * * ? *"), note)
        }
        _ if hours.is_multiple_of(24) => of_days(hours / 24),
        _ => (
            of_days(hours / 24 + 1).0,
            Some("the nearest that whole days allow"),
        ),
    }
}

fn of_days(days: u64) -> (String, Option<&'static str>) {
    match days {
        1 => (
            "0 5 ? * * *".to_owned(),
            Some("at the time of day that suits you"),
        ),
        7 => (
            "0 5 ? * SUN *".to_owned(),
            Some("on the day and at the time that suit you"),
        ),
        2..28 => (
            format!("0 5 1/{days} * ? *"),
            Some("which counts from the first of each month"),
        ),
        28..365 => ("0 5 1 * ? *".to_owned(), Some("which is once a month")),
        _ => ("0 5 1 1 ? *".to_owned(), Some("which is once a year")),
    }
}
