//! The schema, in the order of the documentation.

use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{IdentityAttribute, IdentitySchema, Operation, Type, Value, timeouts_attribute};

use super::{DELETE_TIMEOUT, OLDEST};

pub(super) fn schema() -> Schema {
    let oldest = tfsdk::format_duration(OLDEST.unsigned_abs());
    Schema::new(format!(
        "Takes a last backup of a table before the table goes. Applying this object does nothing in AWS. Destroying \
         it takes an on-demand backup, waits until it is `AVAILABLE`, and leaves it in AWS; if that fails, the \
         destroy fails, and the table is not touched.\n\nTerraform destroys first what depends on others. So this \
         object must refer to its table, and best to the **ARN** of the table: `table_name = \
         aws_dynamodb_table.orders.arn`. Then the backup is taken when both are destroyed or removed from the \
         configuration, by `terraform destroy -target` of the table, and also when a plan *replaces* the table: the \
         ARN is unknown in that plan, so this object is replaced as well, and the old one goes before the old table. \
         The name of a table that is replaced does not change, and Terraform would see no reason to destroy this \
         object: with `aws_dynamodb_table.orders.name`, add `lifecycle {{ replace_triggered_by = \
         [aws_dynamodb_table.orders.arn] }}`. With a name in quotes nothing orders the two: the table may go \
         first.\n\nEvery destroy of this object takes a backup, also where the table stays: when this block alone is \
         removed, replaced or tainted, and when `table_name` or `region` changes, which backs up the previous table. \
         To be rid of the object without a backup, apply `enabled = false` first, or use a `removed` block with \
         `destroy = false`. A plan that takes a backup says so in a warning. The backup is in no state: nothing \
         expires it, and AWS bills it by size until somebody deletes it. It can be restored as long as the KMS key of \
         the table can be used.\n\nA destroy that was interrupted, killed or ran out of time keeps this object, and \
         the next destroy goes on with the same backup instead of taking a second one. What was written since that \
         backup is not in it: so one that is more than {oldest} old is left as it is, and another one is taken. A \
         table that is gone already cannot be backed up; that is a warning, which names the system backup that \
         DynamoDB keeps for 35 days if point-in-time recovery was on. AWS refuses to delete a table with deletion \
         protection, but only when its backup was taken: switch the protection off in an apply of its own. Stop all \
         writers first: a backup may lack what was written in the minute before it.\n\nNeeds \
         `dynamodb:DescribeTable`, and to destroy `dynamodb:CreateBackup`, `dynamodb:DescribeBackup` and \
         `dynamodb:ListBackups`. The guide *Take a last backup before a table goes* shows it beside `aws_dynamodb_table`.",
    ))
    .attributes([
        Attribute::string("table_name").required().describe(
            "The table: its ARN, which must be of the same Region and account, or its name. Refer to the resource that \
             makes the table, best to its ARN. A change takes a final backup of the previous table.",
        ),
        Attribute::string("name").describe(
            "Name of the backup, 3 to 255 letters, digits, `_`, `-` and `.`; need not be unique. Default: the name of \
             the table and the time of the destroy, as in `orders-20261120T093000Z`. Must have been applied before \
             the destroy.",
        ),
        Attribute::bool("enabled").default_value(Value::Bool(true)).describe(
            "Whether destroying this object takes a backup. Default `true`. Must have been applied before the destroy.",
        ),
        Attribute::string("region").optional_computed().keeps().replaces().validate(Validator::NotEmpty).describe(
            "Region of the table, in which the backup is kept. Default: the provider's. A change takes a final backup \
             of the table in the previous Region.",
        ),
        Attribute::string("account_id")
            .computed()
            .keeps()
            .describe("Account of the table. Null when the provider does not know it."),
        timeouts_attribute(&[(Operation::Delete, DELETE_TIMEOUT)]),
    ])
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
