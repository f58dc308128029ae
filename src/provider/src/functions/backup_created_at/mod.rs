//! `backup_created_at`: when a DynamoDB backup was taken, as its ARN tells. It does not ask AWS, so that it works for a
//! backup that is gone or in another account.

use rules::syntax::{ArnError, ArnKind, BackupArn};
use tfsdk::{Function, FunctionError, Signature, Type, Value};

use super::arguments::{Argument, parameter, take};
use crate::rfc3339::rfc3339;

/// The function `backup_created_at`.
pub(crate) struct BackupCreatedAt;

/// The ARN of a backup, as an example.
const FORM: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/01763625600000-a1b2c3d4";

impl Function for BackupCreatedAt {
    const NAME: &'static str = "backup_created_at";

    fn signature() -> Signature {
        Signature {
            summary: "Tells from its ARN when a DynamoDB backup was taken.",
            description: "Tells when a DynamoDB backup was taken: its id begins with the time in milliseconds. The \
                          result is a time of RFC 3339 in UTC, to the second, as `created_at` of `dynamodb_backup` \
                          is, and works with `timecmp`, `timeadd` and `formatdate`. AWS is not asked, so that it also \
                          works for a backup that is deleted or belongs to another account.\n\n\
                          The ARN of anything else is an error, and so is an id that does not begin with a time; AWS \
                          has given no such ids so far, but does not promise it.",
            parameters: vec![parameter("arn", Type::String, "ARN of a DynamoDB backup.")],
            variadic: None,
            result: Type::String,
        }
    }

    fn call(arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let [argument] = take(arguments)?;
        let text = argument.text()?;
        let arn = BackupArn::parse(&text).map_err(|error| no_backup(&argument, &text, &error))?;
        match arn.created_at() {
            Some(created_at) => Ok(rfc3339(Some(created_at)).to_value()),
            None => Err(argument.refuse(
                format!(
                    "the id {:?} at the end of {text:?} does not tell when the backup was taken: ids that do are 14 \
                     digits, which are the time in milliseconds, a hyphen and 8 letters or digits",
                    arn.id
                ),
                "Give the whole ARN, or read created_at of the data source \"dynamodb_backup\".",
                Some("DBK-ARN-003"),
            )),
        }
    }
}

fn no_backup(argument: &Argument, text: &str, error: &ArnError) -> FunctionError {
    let given = match error {
        ArnError::Kind { given, .. } => Some(*given),
        _ => None,
    };
    let (fix, rule) = match given {
        Some(ArnKind::RecoveryPoint) => (
            "Read the creation date of a recovery point from AWS Backup; its ARN does not tell.".to_owned(),
            "DBK-ARN-004",
        ),
        _ => (format!("Give the ARN of a backup, like {FORM:?}."), "DBK-ARN-003"),
    };
    argument.refuse(
        format!(
            "{text:?} is not the ARN of a DynamoDB backup: {}",
            error.explain()
        ),
        &fix,
        Some(rule),
    )
}
