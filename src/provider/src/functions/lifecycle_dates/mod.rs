//! `lifecycle_dates`: what a lifecycle of AWS Backup means for a recovery point that was made at some moment.

use jiff::Timestamp;
use rules::syntax::{Lifecycle, LifecycleError, LifecycleSetting};
use tfsdk::{Function, FunctionError, Signature, Type, Value};

use super::arguments::{Argument, nullable, parameter, take};
use crate::rfc3339::rfc3339;

/// The function `lifecycle_dates`.
pub(crate) struct LifecycleDates;

impl Function for LifecycleDates {
    const NAME: &'static str = "lifecycle_dates";

    fn signature() -> Signature {
        Signature {
            summary: "Checks a lifecycle of AWS Backup and tells its dates for one recovery point.",
            description: "Checks a lifecycle of AWS Backup and tells when a recovery point moves to cold storage and \
                          when it is deleted. The result is an object of two times of RFC 3339 in UTC, \
                          `cold_storage_at` and `delete_at`; each is null for never. Days are counted as 24 hours, and \
                          AWS deletes within some hours after `delete_at`.\n\n\
                          A lifecycle that AWS Backup refuses is an error: `delete_after_days` outside 1 to 36500 days, \
                          less than 90 days in cold storage, or 0 for never. Only DynamoDB tables with advanced \
                          features in AWS Backup have cold storage.",
            parameters: vec![
                parameter(
                    "created_at",
                    Type::String,
                    "When the recovery point was made, as RFC 3339. A fraction of a second is dropped.",
                ),
                nullable(
                    "move_to_cold_storage_after_days",
                    Type::Number,
                    "After how many days it moves to cold storage. Null or -1 for never.",
                ),
                nullable(
                    "delete_after_days",
                    Type::Number,
                    "After how many days it is deleted: at least 90 more than `move_to_cold_storage_after_days`. Null or -1 for \
                     never.",
                ),
            ],
            variadic: None,
            result: Type::object([("cold_storage_at", Type::String), ("delete_at", Type::String)]),
        }
    }

    fn call(arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let [created_at, cold_storage_after, delete_after] = take(arguments)?;
        let created = created_at.moment()?;
        let days = |argument: &Argument| {
            argument
                .unless_null()
                .map(|it| it.whole_number("days"))
                .transpose()
        };
        let lifecycle = Lifecycle::from_days(days(&cold_storage_after)?, days(&delete_after)?)
            .map_err(|error| refuse(&cold_storage_after, &delete_after, &error))?;
        let beyond = |argument: &Argument| {
            let fix = "Give fewer days, or null for never.";
            argument.refuse("the date would be after the year 9999".to_owned(), fix, None)
        };
        let date = |moment: Option<Timestamp>| rfc3339(moment).to_value();
        let cold_storage_at = lifecycle
            .cold_storage_at(created)
            .map_err(|_| beyond(&cold_storage_after))?;
        let delete_at = lifecycle.delete_at(created).map_err(|_| beyond(&delete_after))?;
        Ok(Value::object([
            ("cold_storage_at", date(cold_storage_at)),
            ("delete_at", date(delete_at)),
        ]))
    }
}

fn refuse(cold_storage_after: &Argument, delete_after: &Argument, error: &LifecycleError) -> FunctionError {
    let argument = match error.setting() {
        LifecycleSetting::ColdStorageAfter => cold_storage_after,
        LifecycleSetting::DeleteAfter => delete_after,
    };
    argument.refuse(error.to_string(), &error.fix(), Some(error.rule()))
}
