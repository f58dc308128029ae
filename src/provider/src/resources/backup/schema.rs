//! The schema, in the order of the documentation.

use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{IdentityAttribute, IdentitySchema, Operation, Type, Value, timeouts_attribute};

use super::{CREATE_TIMEOUT, DELETE_TIMEOUT};

pub(super) fn schema() -> Schema {
    Schema::new(
        "Takes an on-demand backup of a table and keeps it: a full copy of the table's data and of its settings for \
         indexes, capacity, encryption, stream and time to live. It does not hold tags, point-in-time recovery, \
         deletion protection, the table class or the resource policy.\n\nThe backup is taken once, at the apply that \
         makes this object; a later apply takes another one only when `triggers` or another argument that says so \
         changes. Writes that AWS took more than a minute before are in it, those of more than a minute after are \
         not, and between the two there is no telling: let the apply that loads data end first. Nothing expires a \
         backup, and it outlives its table. Destroying this object deletes the backup at once and for good, unless \
         `retain_on_destroy = true`.\n\nAn apply that was cut off is finished by the next \
         one with the same backup, whether it was interrupted, ran out of time or was killed; no second backup is \
         made. A backup that was deleted outside Terraform is planned anew, with a warning: what is backed up then is \
         the data of that day.\n\nNeeds `dynamodb:CreateBackup`, `dynamodb:DescribeBackup`, `dynamodb:ListBackups`, \
         `dynamodb:DescribeTable` and, to destroy, `dynamodb:DeleteBackup`. DynamoDB's own backups cannot be tagged, \
         copied or moved to another account; AWS Backup can do that.",
    )
    .attributes(arguments())
    .attributes(outputs())
    .attributes([source_table().keeps()])
}

fn arguments() -> Vec<Attribute> {
    vec![
        Attribute::string("table_name").required().describe(
            "The table to back up: its name, or its ARN, which must be of the same Region and account. Another table \
             needs a new backup.",
        ),
        Attribute::string("name").optional_computed().keeps().describe(
            "Name of the backup, 3 to 255 letters, digits, `_`, `-` and `.`; need not be unique. Default: the name of \
             the table and the time of the apply, as in `orders-20261120T093000Z`. A change takes a new backup.",
        ),
        Attribute::of("triggers", Type::map(Type::String)).replaces().describe(
            "Any values; a change takes a new backup, and deletes this one unless `retain_on_destroy = true`. For a \
             backup before each release, put the release's version here.",
        ),
        Attribute::bool("retain_on_destroy").default_value(Value::Bool(false)).describe(
            "Whether the backup stays in AWS when this object is destroyed or replaced. Default `false`. Must have \
             been applied before the destroy.",
        ),
        Attribute::string("region").optional_computed().keeps().replaces().validate(Validator::NotEmpty).describe(
            "Region of the table, in which the backup is kept. Default: the provider's. A change takes a new backup.",
        ),
        timeouts_attribute(&[(Operation::Create, CREATE_TIMEOUT), (Operation::Delete, DELETE_TIMEOUT)]),
    ]
}

fn outputs() -> Vec<Attribute> {
    vec![
        Attribute::string("arn").computed().keeps().describe("ARN of the backup."),
        Attribute::string("status")
            .computed()
            .keeps()
            .describe("Status in AWS: `CREATING` or `AVAILABLE`."),
        Attribute::string("type").computed().keeps().describe(
            "Who made the backup: `USER` for those of this resource; `SYSTEM` or `AWS_BACKUP` for imported ones, which \
             are read and never deleted.",
        ),
        Attribute::number("size_bytes").computed().keeps().describe(
            "Size in bytes, as last refreshed. AWS brings it up to date within hours of the backup.",
        ),
        Attribute::string("created_at")
            .computed()
            .keeps()
            .describe("When the backup was taken, as RFC 3339 in UTC."),
        Attribute::string("expires_at").computed().keeps().describe(
            "When AWS deletes the backup by itself, as RFC 3339 in UTC. Null for backups of type `USER`: they stay.",
        ),
        Attribute::bool("unfinished").computed().keeps().describe(
            "Whether the last apply ended before the backup was `AVAILABLE`. The next apply takes up the wait.",
        ),
    ]
}

/// The attribute `source_table`, which the data source has too.
pub(crate) fn source_table() -> Attribute {
    let computed_number = |name: &str| Attribute::number(name).computed();
    let computed_string = |name: &str| Attribute::string(name).computed();
    Attribute::nested_single(
        "source_table",
        [
            computed_string("arn").describe("ARN of the table."),
            computed_string("id")
                .describe("Id of the table, which tells tables apart that had the same name."),
            computed_string("name").describe("Name of the table."),
            computed_string("billing_mode")
                .describe("How capacity was paid: `PROVISIONED` or `PAY_PER_REQUEST`."),
            computed_number("item_count")
                .describe("Number of items, up to six hours old when it was recorded."),
            computed_number("size_bytes")
                .describe("Size in bytes, up to six hours old when it was recorded."),
            computed_string("created_at").describe("When the table was created, as RFC 3339 in UTC."),
            computed_string("kms_key_arn")
                .describe("KMS key that encrypts the backup. Null when the key is one that AWS owns."),
            Attribute::of("global_secondary_indexes", Type::set(Type::String))
                .computed()
                .describe("Names of the global secondary indexes that a restore brings back."),
            Attribute::of("local_secondary_indexes", Type::set(Type::String))
                .computed()
                .describe("Names of the local secondary indexes that a restore brings back."),
        ],
    )
    .computed()
    .describe("The table as the backup recorded it.")
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
            attribute("arn", true, "ARN of the backup."),
            attribute("region", false, "Region of the backup. Default: that of the ARN."),
            attribute(
                "account_id",
                false,
                "Account of the backup. Default: that of the ARN.",
            ),
        ],
    }
}
