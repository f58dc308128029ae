//! The time zone of a schedule, by its IANA name. The database is part of the program: no file of the system is read,
//! so that the same name means the same everywhere.

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, Zoned};

use crate::prose;

/// A time zone by its IANA name, such as `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleTimeZone {
    name: String,
    zone: TimeZone,
}

/// Why a text is not the name of a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not the IANA name of a time zone")]
pub struct ScheduleTimeZoneError {
    name: String,
    nearest: Option<String>,
}

/// What AWS Backup uses when no time zone is given (AWS Backup API, `ScheduleExpressionTimezone`).
const DEFAULT: &str = "UTC";

/// Longer than any name in the database, in bytes; beyond it no near name is looked for.
const NAME_LENGTH_MAX: usize = 40;

impl Default for ScheduleTimeZone {
    fn default() -> Self {
        Self {
            name: DEFAULT.to_owned(),
            zone: TimeZone::UTC,
        }
    }
}

impl ScheduleTimeZone {
    /// Reads the name of a time zone, letter for letter as the IANA database has it.
    ///
    /// # Errors
    /// When the database has no such name. Offsets (`+01:00`, `CET+1`) are no names.
    pub fn parse(name: &str) -> Result<Self, ScheduleTimeZoneError> {
        if name == DEFAULT {
            return Ok(Self::default());
        }
        let database = TimeZoneDatabase::bundled();
        let is_name = database.available().any(|it| it.as_str() == name);
        match database.get(name) {
            Ok(zone) if is_name => Ok(Self {
                name: name.to_owned(),
                zone,
            }),
            _ => Err(ScheduleTimeZoneError {
                nearest: nearest(&database, name),
                name: name.to_owned(),
            }),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The date that the clocks of the zone show at a moment.
    pub(super) fn date_at(&self, moment: Timestamp) -> Date {
        self.zone.to_datetime(moment).date()
    }

    /// The first moment at which the clocks show a time; where they leave it out, as much later as they are put
    /// forward. None at the end of the calendar.
    pub(super) fn first_at(&self, time: DateTime) -> Option<Zoned> {
        self.zone.to_ambiguous_zoned(time).compatible().ok()
    }
}

/// The name that is most likely meant. City names alone count too.
fn nearest(database: &TimeZoneDatabase, name: &str) -> Option<String> {
    if name.len() > NAME_LENGTH_MAX {
        return None;
    }
    let names: Vec<String> = database.available().map(|it| it.as_str().to_owned()).collect();
    let is_city = |it: &&String| {
        it.rsplit('/')
            .next()
            .is_some_and(|city| city.eq_ignore_ascii_case(name))
    };
    let exact = names.iter().find(|it| it.eq_ignore_ascii_case(name));
    let found = exact.or_else(|| names.iter().find(is_city)).map(String::as_str);
    // Short texts and offsets are near to many names and mean none of them.
    let near = || prose::nearest(name, names.iter().map(String::as_str)).filter(|_| name.contains('/'));
    found.or_else(near).map(str::to_owned)
}

impl ScheduleTimeZoneError {
    /// The catalogue id of the rule that is broken.
    pub fn rule(&self) -> &'static str {
        "DBK-SCH-007"
    }

    /// What to do, in a sentence.
    pub fn fix(&self) -> String {
        match &self.nearest {
            Some(nearest) => format!("Write {nearest:?}, if that is what is meant."),
            None => format!(
                "Write the name of a place, like \"Europe/Berlin\", or {DEFAULT:?}; an offset or an abbreviation does \
                 not tell when clocks change."
            ),
        }
    }
}

impl fmt::Display for ScheduleTimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
