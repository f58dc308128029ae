//! Why a text is not a schedule, which rule of the catalogue that is, and what to write instead.

use std::fmt;

use super::Schedule;
use super::field::ScheduleField;
use crate::limits::SCHEDULE_NTH_WEEKDAY;
use crate::prose;

/// Why a text is not a schedule of AWS Backup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It is nothing like a cron expression.
    #[error("it does not have the form cron(minute hour day-of-month month day-of-week year)")]
    NotCron,
    /// It has the six fields, but not exactly `cron(...)` around them.
    #[error("it does not begin with \"cron(\" and end with \")\"")]
    NotWrapped {
        /// The same with it.
        equivalent: Equivalent,
    },
    /// It has more or fewer than six fields.
    #[error(
        "it has {}, and AWS has six: minute, hour, day-of-month, month, day-of-week and year",
        FieldCount(*found)
    )]
    FieldCount {
        /// How many it has.
        found: usize,
        /// The same in six fields.
        equivalent: Equivalent,
    },
    /// Its six fields begin with a second and end before the year, as those of Quartz and Spring do.
    #[error(
        "its fields are second, minute, hour, day-of-month, month and day-of-week, and AWS has a year and no second"
    )]
    Seconds {
        /// The same without the second.
        equivalent: Equivalent,
    },
    /// It is a rate, which other services of AWS take.
    #[error("rate(...) is a form of Amazon EventBridge, and AWS Backup takes cron(...) alone")]
    Rate {
        /// What comes nearest in cron.
        equivalent: Equivalent,
    },
    /// Neither of the two day fields is `?`.
    #[error(
        "neither the day-of-month field, {day_of_month:?}, nor the day-of-week field, {day_of_week:?}, is \"?\", \
         and exactly one of them must be"
    )]
    TwoDayFields {
        /// The day-of-month field.
        day_of_month: String,
        /// The day-of-week field.
        day_of_week: String,
        /// The same with one of them left open.
        equivalent: Equivalent,
    },
    /// Both day fields are `?`.
    #[error("the day-of-month and the day-of-week field are both \"?\", and exactly one of them must be")]
    NoDayField {
        /// The same on every day.
        equivalent: Equivalent,
    },
    /// It would run more often than once an hour.
    #[error(
        "its minute field, {minute:?}, names {minutes} minutes of the hour, and AWS Backup starts a rule \
         once an hour at most"
    )]
    TooOften {
        /// The minute field.
        minute: String,
        /// How many minutes it names.
        minutes: usize,
        /// The same with one minute.
        equivalent: Equivalent,
    },
    /// A number that the field does not have.
    #[error("the {field} field has the value {value}, and its values are {}", field.values_in_words())]
    OutOfRange {
        /// The field.
        field: ScheduleField,
        /// The number as it was written.
        value: String,
    },
    /// Neither a number nor a name.
    #[error(
        "the {field} field has {value:?}, which is no value of it; its values are {}",
        field.values_in_words()
    )]
    NotAValue {
        /// The field.
        field: ScheduleField,
        /// What was written.
        value: String,
    },
    /// A step that is no number or goes beyond the field.
    #[error("the {field} field has the step {step:?}, and steps are 1 to {}", field.step_max())]
    Step {
        /// The field.
        field: ScheduleField,
        /// The step as it was written.
        step: String,
    },
    /// Years that run backwards.
    #[error("the year field goes from {from} to {to}, which is earlier")]
    BackwardYears {
        /// The first year.
        from: i16,
        /// The last year.
        to: i16,
    },
    /// A character with a meaning that the field does not take, or not there.
    #[error(
        "the {field} field has {item:?}, and {}; its wildcards are {}",
        WildcardFault { field: *field, wildcard: *wildcard },
        field.wildcards()
    )]
    Wildcard {
        /// The field.
        field: ScheduleField,
        /// Where the character stands.
        item: String,
        /// The character.
        wildcard: char,
    },
    /// `L` in a form that the field does not have.
    #[error("the {field} field has {item:?}, and L is written {}", LastForms(*field))]
    LastForm {
        /// The field.
        field: ScheduleField,
        /// What was written.
        item: String,
    },
    /// `W` in another form than behind a day.
    #[error(
        "the day-of-month field has {item:?}, and W is written behind one day, like 15W for the weekday nearest to \
         the 15th, or as LW for the last weekday of the month"
    )]
    WeekdayForm {
        /// What was written.
        item: String,
    },
    /// `#` in another form than between a day and its number.
    #[error(
        "the day-of-week field has {item:?}, and # is written between a day and a number from {} to {}, like 3#2 for \
         the second Tuesday of the month",
        SCHEDULE_NTH_WEEKDAY.start(),
        SCHEDULE_NTH_WEEKDAY.end()
    )]
    NthForm {
        /// What was written.
        item: String,
    },
    /// `#` in a list.
    #[error("the day-of-week field has the list {list:?}, and a day with # stands alone")]
    NthInList {
        /// The list.
        list: String,
    },
}

/// Expressions that say the same as a text that is no schedule, or what comes nearest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Equivalent {
    pub(super) expressions: Vec<String>,
    pub(super) note: Option<&'static str>,
}

impl Equivalent {
    /// The expressions, each of which is a schedule: none if nothing comes near, two if it takes two rules.
    pub fn expressions(&self) -> &[String] {
        &self.expressions
    }

    /// In what they differ from what was written.
    pub fn note(&self) -> Option<&'static str> {
        self.note
    }
}

impl ScheduleError {
    /// The catalogue id of the rule that is broken.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::NotCron | Self::NotWrapped { .. } | Self::FieldCount { .. } | Self::Seconds { .. } => {
                "DBK-SCH-001"
            }
            Self::TwoDayFields { .. } | Self::NoDayField { .. } => "DBK-SCH-002",
            Self::Rate { .. } => "DBK-SCH-003",
            Self::TooOften { .. } => "DBK-SCH-004",
            Self::OutOfRange { .. }
            | Self::NotAValue { .. }
            | Self::Step { .. }
            | Self::BackwardYears { .. }
            | Self::Wildcard { .. }
            | Self::LastForm { .. }
            | Self::WeekdayForm { .. }
            | Self::NthForm { .. }
            | Self::NthInList { .. } => "DBK-SCH-005",
        }
    }

    /// What says the same and is a schedule, where that can be told.
    pub fn equivalent(&self) -> Option<&Equivalent> {
        match self {
            Self::NotWrapped { equivalent }
            | Self::FieldCount { equivalent, .. }
            | Self::Seconds { equivalent }
            | Self::Rate { equivalent }
            | Self::TwoDayFields { equivalent, .. }
            | Self::NoDayField { equivalent }
            | Self::TooOften { equivalent, .. } => Some(equivalent),
            _ => None,
        }
    }

    /// What to do, in a sentence that ends with something to paste.
    pub fn fix(&self) -> String {
        if let Some(equivalent) = self.equivalent() {
            let note = equivalent.note.map(|it| format!(", {it}")).unwrap_or_default();
            match equivalent.expressions.as_slice() {
                [] => {}
                [only] => return format!("Write {only:?}{note}."),
                several => {
                    let list = prose::quoted(several.iter().map(String::as_str), "and");
                    return format!(
                        "Make a rule for each of {list}{note}: one expression cannot say that either day will do."
                    );
                }
            }
        }
        match self {
            Self::OutOfRange {
                field: ScheduleField::Minute,
                ..
            }
            | Self::NotAValue {
                field: ScheduleField::Minute,
                ..
            }
            | Self::Wildcard {
                field: ScheduleField::Minute,
                ..
            } => "Give the minute field one value from 0 to 59.".to_owned(),
            Self::OutOfRange { field, .. } | Self::NotAValue { field, .. } | Self::Wildcard { field, .. } => {
                format!(
                    "Give the {field} field values from {}, or * for all of them.",
                    field.values_in_words()
                )
            }
            Self::Step { field, .. } => format!(
                "Write the start, a slash and a step from 1 to {}, like {}/2.",
                field.step_max(),
                field.range().start()
            ),
            Self::BackwardYears { from, to } => format!("Write {to}-{from}."),
            Self::LastForm {
                field: ScheduleField::DayOfWeek,
                ..
            } => "Write one day and L, like 6L, or SAT for every Saturday.".to_owned(),
            Self::LastForm { .. } => "Write L or LW, or the days by their numbers.".to_owned(),
            Self::WeekdayForm { .. } => "Write one day and W, like 15W, or LW.".to_owned(),
            Self::NthForm { .. } => "Write one day, # and a number, like 3#2.".to_owned(),
            Self::NthInList { .. } => "Make a rule for each of them.".to_owned(),
            _ => format!(
                "Write it like {:?}, which is 05:00 of every day.",
                Schedule::DEFAULT
            ),
        }
    }
}

/// "5 fields, as cron of Unix has".
struct FieldCount(usize);

impl fmt::Display for FieldCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = prose::count(i64::try_from(self.0).unwrap_or(i64::MAX), "field");
        match self.0 {
            5 => write!(f, "{fields}, as the cron of Unix has"),
            7 => write!(f, "{fields}, as a cron with seconds has"),
            _ => f.write_str(&fields),
        }
    }
}

/// What is wrong with a wildcard.
struct WildcardFault {
    field: ScheduleField,
    wildcard: char,
}

impl fmt::Display for WildcardFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, wildcard } = self;
        match wildcard {
            _ if !field.wildcards().contains(*wildcard) => write!(f, "it does not take {wildcard}"),
            '?' | '*' => write!(f, "{wildcard} stands alone"),
            _ => write!(f, "{wildcard} cannot stand there"),
        }
    }
}

/// How `L` is written in a field.
struct LastForms(ScheduleField);

impl fmt::Display for LastForms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            ScheduleField::DayOfWeek => {
                "behind one day, like 6L for the last Friday of the month, or alone for Saturday"
            }
            _ => "alone, for the last day of the month, or as LW, for its last weekday",
        })
    }
}
