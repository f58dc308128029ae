//! `schedule_next`: when a schedule of AWS Backup runs next, counted from a moment that is given. It does not know what
//! time it is.

use jiff::Zoned;
use rules::syntax::{Schedule, ScheduleTimeZone};
use tfsdk::{Function, FunctionError, Signature, Type, Value};

use super::arguments::{Argument, nullable, parameter, take};

/// The function `schedule_next`.
pub(crate) struct ScheduleNext;

/// Most runs of one call: more than there are hours in a month. Ours, so that a wrong number does not fill a plan.
const COUNT_MAX: i64 = 1000;

impl Function for ScheduleNext {
    const NAME: &'static str = "schedule_next";

    fn signature() -> Signature {
        Signature {
            summary: "Checks a schedule of AWS Backup and tells when it runs next.",
            description: "Checks a schedule of AWS Backup, `cron(minute hour day-of-month month day-of-week year)`, and \
                          tells when it runs after a given moment. The moment is an argument because functions of \
                          Terraform do not know what time it is: give a fixed one, or `plantimestamp()`.\n\n\
                          The result is a list of times of RFC 3339 with the offset of the time zone, in ascending \
                          order. It is shorter than `count` only if the years of the schedule end before. A schedule \
                          that never runs after the moment is an error, although AWS Backup takes it: it would make no \
                          backup. So are the five fields of Unix, `rate(...)`, a minute field with more than one \
                          minute (AWS Backup starts a rule once an hour at most), and everything else that AWS Backup \
                          refuses; the error gives the expression to write instead where there is one.\n\n\
                          When clocks are put forward, a run at a time that they leave out comes later by as much \
                          (02:30 as 03:30). When they are put back, a time that comes twice counts the first time \
                          alone. AWS does not say what it does in those hours of the year. Time zones are those of the \
                          IANA database that this version of the provider was built with.",
            parameters: vec![
                parameter(
                    "schedule",
                    Type::String,
                    "The schedule: `cron(0 5 ? * MON-FRI *)`.",
                ),
                nullable(
                    "timezone",
                    Type::String,
                    "IANA name of the time zone of the schedule: `Europe/Berlin`. Null for UTC, which AWS Backup \
                     uses where none is given.",
                ),
                parameter(
                    "after",
                    Type::String,
                    "Moment after which runs are looked for, as RFC 3339. A run at this very moment does not count.",
                ),
                parameter("count", Type::Number, "How many runs: 1 to 1000."),
            ],
            variadic: None,
            result: Type::list(Type::String),
        }
    }

    fn call(arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let [schedule, timezone, after, count] = take(arguments)?;
        let text = schedule.text()?;
        let parsed = Schedule::parse(&text).map_err(|error| {
            let fault = format!("{text:?} is not a schedule of AWS Backup: {error}");
            schedule.refuse(fault, &error.fix(), Some(error.rule()))
        })?;
        let zone = match timezone.unless_null() {
            Some(timezone) => parse_zone(timezone)?,
            None => ScheduleTimeZone::default(),
        };
        let after = after.moment()?;
        let count = parse_count(&count)?;
        parsed.check_runs_after(after, &zone).map_err(|never| {
            schedule.refuse(
                format!("{text:?} never runs after {after}: {never}"),
                never.fix(),
                Some(never.rule()),
            )
        })?;
        let runs = parsed.runs_after(after, &zone).take(count);
        Ok(Value::List(
            runs.map(|run| Value::string(with_offset(&run))).collect(),
        ))
    }
}

fn parse_zone(timezone: &Argument) -> Result<ScheduleTimeZone, FunctionError> {
    ScheduleTimeZone::parse(&timezone.text()?)
        .map_err(|error| timezone.refuse(error.to_string(), &error.fix(), Some(error.rule())))
}

fn parse_count(count: &Argument) -> Result<usize, FunctionError> {
    let number = count.whole_number("runs")?;
    match usize::try_from(number) {
        Ok(runs) if (1..=COUNT_MAX).contains(&number) => Ok(runs),
        _ => Err(count.refuse(
            format!("{number} runs cannot be asked for at once, only 1 to {COUNT_MAX}"),
            "Give a number from 1 to 1000.",
            None,
        )),
    }
}

/// A time of RFC 3339 with the offset of its zone; where that is none, with Z, as Terraform writes it.
fn with_offset(run: &Zoned) -> String {
    if run.offset().is_zero() {
        run.timestamp().to_string()
    } else {
        run.timestamp().display_with_offset(run.offset()).to_string()
    }
}
