//! The schema, in the order of the documentation.

use rules::limits::{RECOVERY_PERIOD_DAYS_DEFAULT, RECOVERY_PERIOD_DAYS_MAX, RECOVERY_PERIOD_DAYS_MIN};
use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{IdentityAttribute, IdentitySchema, Operation, Type, Value, timeouts_attribute};

use super::{DEFAULT_TIMEOUT, DISABLE, RETAIN};

pub(super) fn schema() -> Schema {
    Schema::new(
        "Keeps point-in-time recovery of one table in one Region switched on, with the recovery period that you \
         say.\n\nWhat gives restorable history away fails in the plan: a shorter recovery period drops older \
         moments at once and for good, and switching off drops them all, also when it is switched on again in the \
         next second. Set `allow_window_loss = true` where that is meant.\n\nDestroying this object leaves \
         point-in-time recovery on, unless `on_destroy = \"disable\"`: a table that is deleted while it is on leaves \
         an automatic backup that AWS keeps for 35 days, and a table whose recovery was switched off a moment before \
         leaves nothing.\n\nPoint-in-time recovery is a setting of each replica of a global table: use one object \
         per Region. Needs `dynamodb:DescribeContinuousBackups`, `dynamodb:UpdateContinuousBackups` and \
         `dynamodb:DescribeTable`. Do not set the `point_in_time_recovery` block of `aws_dynamodb_table` for the same \
         table: each apply would undo the other's.",
    )
    .attributes([
        Attribute::string("table_name")
            .required()
            .describe(
                "The table: its name, or its ARN, which must be of the same Region. A change is a setting of \
                 another table: this one is left as `on_destroy` says.",
            ),
        Attribute::bool("enabled").default_value(Value::Bool(true)).describe(
            "Whether point-in-time recovery is on. Default `true`. `false` drops the whole restorable history.",
        ),
        Attribute::number("recovery_period_in_days")
            .optional_computed()
            .validate(Validator::Custom(whole_number))
            .describe(format!(
                "How many days back the table can be restored, from {RECOVERY_PERIOD_DAYS_MIN} to \
                 {RECOVERY_PERIOD_DAYS_MAX}. Default {RECOVERY_PERIOD_DAYS_DEFAULT}. A shorter period costs as much \
                 as a longer one; a longer one does not bring older moments back, the window grows by a day per day. \
                 Must be left out when `enabled = false`.",
            )),
        Attribute::string("on_destroy")
            .default_value(Value::string(RETAIN))
            .validate(Validator::OneOf(&[RETAIN, DISABLE]))
            .describe(
                "What destroying this object does in AWS: `retain` leaves point-in-time recovery as it is, \
                 `disable` switches it off and drops the restorable history. Default `retain`.",
            ),
        Attribute::bool("allow_window_loss").default_value(Value::Bool(false)).describe(
            "Whether a plan may give restorable history away. Default `false`: shortening the recovery period or \
             switching off fails in the plan, which says what would be lost. Set it for one apply, then remove it.",
        ),
        Attribute::string("region").optional_computed().replaces().keeps().validate(Validator::NotEmpty).describe(
            "Region of the table, or of its replica. Default: the provider's. A change is a setting of another \
             table.",
        ),
        Attribute::string("account_id")
            .computed()
            .keeps()
            .describe("Account of the table. Null when the provider does not know it."),
        timeouts_attribute(&[
            (Operation::Create, DEFAULT_TIMEOUT),
            (Operation::Update, DEFAULT_TIMEOUT),
            (Operation::Delete, DEFAULT_TIMEOUT),
        ]),
    ])
}

/// The range is the rules' business; a fraction would fit no type that they know.
fn whole_number(value: &Value) -> Result<(), String> {
    match value {
        Value::Number(number) if number.to_i64().is_none() => Err(format!(
            "The value is {number}; it must be a whole number from {RECOVERY_PERIOD_DAYS_MIN} to \
             {RECOVERY_PERIOD_DAYS_MAX}."
        )),
        _ => Ok(()),
    }
}

pub(super) fn identity() -> IdentitySchema {
    let attribute = |name, required_for_import, description| IdentityAttribute {
        name,
        ty: Type::String,
        required_for_import,
        description,
    };
    IdentitySchema {
        version: 0,
        attributes: vec![
            attribute("table_name", true, "Name of the table."),
            attribute("region", false, "Region of the table. Default: the provider's."),
            attribute(
                "account_id",
                false,
                "Account of the table. Default: the provider's.",
            ),
        ],
    }
}
