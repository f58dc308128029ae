//! The schema, in the order of the documentation, each argument with its sentences. Checks of AWS's rules are not
//! here but in the `rules` crate; here stand only the words that an argument may take.
//!
//! Everything inside an optional and computed object is optional and computed as well, and has no default here:
//! Terraform takes a required or merely optional value in the state for one that the user must have written, and
//! would plan a change as soon as the object is left out. `plan` fills the defaults in.

use tfsdk::schema::Validator;
use tfsdk::{
    Attribute, IdentityAttribute, IdentitySchema, Operation, Schema, Type, Value, timeouts_attribute,
};

use crate::resources::policy_document::document;

/// How long a create may take, unless the user says otherwise. A restore of a tiny table takes minutes, of a large
/// one hours, and AWS gives no estimate (rule catalogue, DBK-RST-012).
pub(super) const CREATE_TIMEOUT: &str = "3h";
/// How long an update may take. A new global secondary index is filled from the whole table.
pub(super) const UPDATE_TIMEOUT: &str = "1h";
/// How long a delete may take.
pub(super) const DELETE_TIMEOUT: &str = "1h";

/// The settings that `carry_over` can copy, in the words of [`rules::facts::Setting`].
pub(super) const CARRIED: &[&str] = &[
    "autoscaling",
    "contributor_insights",
    "deletion_protection_enabled",
    "kinesis_stream",
    "point_in_time_recovery",
    "resource_policy",
    "stream",
    "table_class",
    "tags",
    "time_to_live",
];

pub(super) fn schema() -> Schema {
    Schema::new(
        "A table made by a restore, from an on-demand backup, to a point in time, or from a recovery point of AWS \
         Backup, and kept to specification afterwards. DynamoDB restores only into a new table, and drops tags, time to live, the stream, \
         point-in-time recovery, deletion protection, the table class, the resource policy, the Kinesis stream, \
         Contributor Insights and auto scaling on the way; this resource puts them on in the same apply. An apply that \
         was cut off is finished by the next one, with the same table.\n\n\
         What is bound to the name or the ARN of the source stays with the source, and nobody tells: permissions in IAM \
         policies, CloudWatch alarms and the history of metrics, DAX clusters, Lambda event source mappings, zero-ETL \
         integrations and scheduled exports. Point them to the new table. The restored table is in one Region: replicas \
         and warm throughput do not come along either; where the source has them, the plan says so.\n\n\
         ~> **Destroying** this resource, or changing `name`, `region` or `triggers`, deletes the restored table and \
         its items. Protect a table that has gone into use with `deletion_protection_enabled = true`.\n\n\
         Needs `dynamodb:RestoreTableFromBackup` on the backup and the new table, or \
         `dynamodb:RestoreTableToPointInTime` on the source and the new table. A recovery point needs \
         `backup:StartRestoreJob`, `DescribeRestoreJob`, `ListRestoreJobs` and `DescribeRecoveryPoint`, and \
         `iam:PassRole` on the role, which needs what the AWS managed policy `AWSBackupServiceRolePolicyForRestores` \
         has. DynamoDB's own restores need on the new table the actions in \
         whose name DynamoDB fills it: `dynamodb:BatchWriteItem`, `PutItem`, `UpdateItem`, `DeleteItem`, `GetItem`, \
         `Query` and `Scan`. A policy that asks for `aws:SourceIp` must let DynamoDB act for you, with the condition \
         `aws:ViaAWSService` = `false` beside it. Plan and refresh need `dynamodb:DescribeTable`, `DescribeBackup`, \
         `DescribeContinuousBackups`, `DescribeTimeToLive` and `ListTagsOfResource`, and `kms:DescribeKey` for a key of \
         your own; settings need `dynamodb:UpdateTable`, `UpdateTimeToLive`, `UpdateContinuousBackups`, `TagResource` and \
         `UntagResource`; destroying needs `dynamodb:DeleteTable`.",
    )
    .attributes(what_and_where())
    .attributes(overrides())
    .attributes(settings())
    .attributes(services())
    .attributes(reuse())
    .attributes(lifecycle())
    .attributes(outputs())
}

/// What tells a restored table from all others.
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
            attribute("name", true, "Name of the table."),
            attribute("region", false, "Region of the table. Default: the provider's."),
            attribute(
                "account_id",
                false,
                "Account of the table. Default: the provider's.",
            ),
        ],
    }
}

fn what_and_where() -> [Attribute; 3] {
    [
        Attribute::string("name")
            .required()
            .replaces()
            .describe("Name of the new table, 3 to 255 letters, digits, `_`, `-` and `.`. No table of that name may exist."),
        Attribute::string("region").optional_computed().keeps().replaces().describe(
            "Region that the table is restored into. Defaults to the provider's Region. It may differ from the \
             Region of the source, within one partition; `server_side_encryption` must be given then, the restore takes \
             longer, and AWS charges for the transfer of the data.",
        ),
        Attribute::nested_single(
            "source",
            [
                Attribute::string("backup_arn").optional().describe(
                    "ARN of an on-demand backup or of the system backup that DynamoDB keeps for 35 days of a deleted \
                     table. It must be of the same account; a backup of another account is reached through a copy \
                     made by AWS Backup.",
                ),
                Attribute::string("recovery_point_arn").optional().describe(
                    "ARN of a recovery point of AWS Backup, in the account and the Region of the new table: copy it there \
                     first (`dynamodb_recovery_point_copy`). It may have AWS Backup's own form, or that of a DynamoDB \
                     backup (a recovery point made without the advanced features); either is restored by a job of AWS \
                     Backup. That job lets one choose the name and the encryption, nothing else: billing mode, \
                     throughput and settings are put on when it is over, global secondary indexes that are not named are \
                     deleted then, and a choice of local secondary indexes is refused. For one with an ARN of DynamoDB, \
                     `backup_arn` is the other way: DynamoDB restores it, with all choices and without a role.",
                ),
                Attribute::string("role_arn").optional().describe(
                    "IAM role of this account that AWS Backup assumes to restore. Needed with `recovery_point_arn`.",
                ),
                Attribute::string("vault_name").optional().describe(
                    "Name of the vault that holds the recovery point. A restore does without; with it, the plan reads \
                     the recovery point and checks its status, its size and the table that was backed up, and \
                     `carry_over` and further global secondary indexes find that table.",
                ),
                Attribute::nested_single("point_in_time", point_in_time()).optional().describe(
                    "A table with point-in-time recovery, and the moment whose data are restored.",
                ),
            ],
        )
        .required()
        .describe(
            "Where the data come from: exactly one of `backup_arn`, `point_in_time` and `recovery_point_arn`. It is read only when the \
             table is made. Editing it later changes nothing and never replaces the table: the plan keeps the source \
             that the data really came from, and warns. To restore anew, change `triggers` as well. After an import, \
             the source is taken over from the configuration.",
        ),
    ]
}

fn point_in_time() -> [Attribute; 4] {
    [
        Attribute::string("table_name").optional().describe(
            "Name of the source table, in the Region of the restore. Exactly one of `table_name` and `table_arn`.",
        ),
        Attribute::string("table_arn").optional().describe("ARN of the source table, which may be in another Region."),
        Attribute::string("time").optional().describe(
            "Moment to restore, in RFC 3339 with a zone, for example `2026-11-20T09:30:00Z`. DynamoDB takes whole \
             seconds. It must lie in the restore window of the table, which the data source \
             `dynamodb_restore_window` shows. Exactly one of `time` and `latest`.",
        ),
        Attribute::bool("latest").optional().describe(
            "Whether to restore the latest possible moment, some five minutes before the apply. `restore_time` then \
             says which moment it was.",
        ),
    ]
}

fn overrides() -> [Attribute; 6] {
    [
        Attribute::string("billing_mode").optional_computed().keeps().describe(
            "`PROVISIONED` or `PAY_PER_REQUEST`. Defaults to that of the source. Changed in place later; AWS allows \
             four changes to on-demand within 24 hours.",
        ),
        Attribute::nested_single("provisioned_throughput", provisioned_throughput())
            .optional_computed()
            .keeps()
            .describe(
                "Capacity of a `PROVISIONED` table. Defaults to that of the source; give it where it matters after a \
                 restore to a point in time, since AWS's texts disagree on whether the capacity of then or of now is \
                 taken. Changed in place later. Leave it out where auto scaling sets the capacity.",
            ),
        Attribute::nested_single("on_demand_throughput", on_demand_throughput()).optional_computed().keeps().describe(
            "Maximum throughput of a `PAY_PER_REQUEST` table; give at least one of the two. Defaults to that of the \
             source. Changed in place later; an argument that is left out then means no maximum.",
        ),
        Attribute::nested_single(
            "server_side_encryption",
            [
                Attribute::bool("enabled").optional_computed().describe(
                    "Whether to encrypt with a KMS key. Default `true`; `false` means a key that AWS owns, which \
                     costs nothing and cannot be controlled.",
                ),
                Attribute::string("kms_key_arn").optional_computed().describe(
                    "KMS key, in the Region of the restore: its ARN, id, alias or alias ARN. Defaults to the AWS \
                     managed key `alias/aws/dynamodb`. It must be a symmetric key for encryption, and enabled. An \
                     alias is resolved when it is set: moving it later does not change the table's key.",
                ),
            ],
        )
        .optional_computed()
        .keeps()
        .describe(
            "Encryption at rest. Defaults to the kind of key of the source; required when the source is in another \
             Region. AWS Backup does not look at the key of the source: a recovery point is restored under a key that AWS \
             owns, unless this says otherwise. Changed in place later; AWS allows four changes within 24 hours.",
        ),
        Attribute::nested_map(
            "global_secondary_indexes",
            [
                Attribute::nested_single("provisioned_throughput", provisioned_throughput())
                    .optional_computed()
                    .describe(
                        "Capacity of the index in a `PROVISIONED` table. Defaults to that of the source's index. \
                         Changed in place later.",
                    ),
                Attribute::nested_single("on_demand_throughput", on_demand_throughput()).optional_computed().describe(
                    "Maximum throughput of the index in a `PAY_PER_REQUEST` table. Defaults to that of the source's \
                     index. Changed in place later.",
                ),
            ],
        )
        .optional_computed()
        .keeps()
        .describe(
            "Global secondary indexes to restore, by name; the source gives key and projection. Left out means all of \
             them, `{}` means none, which is faster and cheaper. Removing a name later deletes the index in place. \
             Adding one creates it in place from the definition that the source table has then; where that table is \
             gone or lacks the index, the plan fails.",
        ),
        Attribute::of("local_secondary_indexes", Type::set(Type::String)).optional_computed().keeps().describe(
            "Names of the local secondary indexes to restore. Left out means all of them, `[]` means none. DynamoDB \
             can neither add nor remove a local secondary index later: changing the names of an existing table is an \
             error, and restoring anew needs a change of `triggers`.",
        ),
    ]
}

fn provisioned_throughput() -> [Attribute; 2] {
    [
        Attribute::number("read_capacity_units")
            .optional_computed()
            .describe("Read capacity units per second, at least 1."),
        Attribute::number("write_capacity_units")
            .optional_computed()
            .describe("Write capacity units per second, at least 1."),
    ]
}

fn on_demand_throughput() -> [Attribute; 2] {
    [
        Attribute::number("max_read_request_units")
            .optional_computed()
            .describe("Maximum of read request units per second, at least 1."),
        Attribute::number("max_write_request_units")
            .optional_computed()
            .describe("Maximum of write request units per second, at least 1."),
    ]
}

fn settings() -> [Attribute; 6] {
    [
        Attribute::of("tags", Type::map(Type::String)).optional().describe(
            "Tags of the table. Merged with the `default_tags` of the provider; where both name a key, this value \
             wins. A restore brings none of the source's.",
        ),
        Attribute::nested_single(
            "time_to_live",
            [
                Attribute::bool("enabled")
                    .optional_computed()
                    .describe("Whether items expire. Default `true`."),
                Attribute::string("attribute_name").optional_computed().validate(Validator::NotEmpty).describe(
                    "Attribute that holds the moment of expiry, as a number of seconds since 1970. Needed unless \
                     `enabled` is `false`.",
                ),
            ],
        )
        .optional_computed()
        .keeps()
        .describe(
            "Time to live. A restored table has it off, so that items which had expired are back and stay. Left out \
             means that this resource leaves it alone. AWS allows one change in about an hour, so it is set last.",
        ),
        Attribute::nested_single(
            "stream",
            [
                Attribute::bool("enabled")
                    .optional_computed()
                    .describe("Whether the stream is on. Default `true`."),
                Attribute::string("view_type")
                    .optional_computed()
                    .validate(Validator::OneOf(&["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]))
                    .describe(
                        "What a record shows: `KEYS_ONLY`, `NEW_IMAGE`, `OLD_IMAGE` or `NEW_AND_OLD_IMAGES`. Needed \
                         unless `enabled` is `false`. A change switches the stream off and on again, with a new ARN.",
                    ),
            ],
        )
        .optional_computed()
        .keeps()
        .describe("The stream, which is always a new one with an ARN of its own. Left out means that it is left alone."),
        Attribute::nested_single(
            "point_in_time_recovery",
            [
                Attribute::bool("enabled")
                    .optional_computed()
                    .describe("Whether it is on. Default `true`."),
                Attribute::number("recovery_period_in_days")
                    .optional_computed()
                    .validate(Validator::Between(
                        rules::limits::RECOVERY_PERIOD_DAYS_MIN,
                        rules::limits::RECOVERY_PERIOD_DAYS_MAX,
                    ))
                    .describe("Recovery period in days, 1 to 35. Default 35."),
            ],
        )
        .optional_computed()
        .keeps()
        .describe(
            "Point-in-time recovery of the restored table, whose window begins anew. Left out means that this \
             resource leaves it alone, so that `dynamodb_point_in_time_recovery` can manage it.",
        ),
        Attribute::bool("deletion_protection_enabled").optional_computed().keeps().describe(
            "Whether the table is protected from deletion. A restored table is not. Left out means that it is left \
             alone. It must be set to `false`, and applied, before the table can be destroyed.",
        ),
        Attribute::string("table_class")
            .optional_computed()
            .keeps()
            .validate(Validator::OneOf(&["STANDARD", "STANDARD_INFREQUENT_ACCESS"]))
            .describe(
                "`STANDARD` or `STANDARD_INFREQUENT_ACCESS`. A restored table is `STANDARD`. Left out means that it is \
                 left alone. AWS allows two changes within 30 days.",
            ),
    ]
}

fn reuse() -> [Attribute; 3] {
    [
        Attribute::of("carry_over", Type::set(Type::String)).optional().validate(Validator::Custom(carried_words)).describe(
            "Settings to copy from the live source table when the table is made, instead of spelling them out: \
             `tags`, `time_to_live`, `stream`, `point_in_time_recovery`, `deletion_protection_enabled`, \
             `table_class`, `resource_policy`, `kinesis_stream`, `contributor_insights`, `autoscaling`. An argument \
             that is spelled out wins. Once the table is made, a copied setting is left \
             alone. A copied policy names the new table's ARN wherever it named the source's. If the source table is gone, a backup still knows its time to live and its stream.",
        ),
        Attribute::of("triggers", Type::map(Type::String)).optional().describe(
            "Any values. Adding or changing them deletes the table and restores it anew from `source`; removing the \
             whole argument does nothing.",
        ),
        timeouts_attribute(&[
            (Operation::Create, CREATE_TIMEOUT),
            (Operation::Update, UPDATE_TIMEOUT),
            (Operation::Delete, DELETE_TIMEOUT),
        ]),
    ]
}

/// What other services do with the table.
fn services() -> [Attribute; 4] {
    [
        Attribute::string("resource_policy").optional_computed().keeps().validate(Validator::Custom(document)).describe(
            "Resource-based policy of the table, as JSON of at most 20 KB. It must name the new table's ARN, not the \
             source's. White space and the order of keys make no difference. Left out means that it is left alone; \
             `\"\"` means none. AWS applies a change after some seconds and takes one in 15 seconds.",
        ),
        Attribute::nested_single(
            "kinesis_stream",
            [
                Attribute::bool("enabled")
                    .optional_computed()
                    .describe("Whether changes are streamed. Default `true`."),
                Attribute::string("stream_arn").optional_computed().validate(Validator::NotEmpty).describe(
                    "ARN of the Kinesis data stream, in the Region and account of the table. Needed unless `enabled` \
                     is `false`. A change switches one off and the other on.",
                ),
                Attribute::string("approximate_creation_date_time_precision")
                    .optional_computed()
                    .validate(Validator::OneOf(&["MILLISECOND", "MICROSECOND"]))
                    .describe(
                        "How exact the times in the records are: `MILLISECOND` or `MICROSECOND`. Default \
                         `MILLISECOND`. Changed in place.",
                    ),
            ],
        )
        .optional_computed()
        .keeps()
        .describe(
            "Kinesis streaming destination: the Kinesis data stream that gets each change of an item. Left out means \
             that it is left alone.",
        ),
        Attribute::nested_single(
            "contributor_insights",
            [
                Attribute::bool("enabled")
                    .optional_computed()
                    .describe("Whether they are on. Default `true`."),
                Attribute::string("mode")
                    .optional_computed()
                    .validate(Validator::OneOf(&["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"]))
                    .describe(
                        "Which keys they follow: `ACCESSED_AND_THROTTLED_KEYS` or `THROTTLED_KEYS`. Default \
                         `ACCESSED_AND_THROTTLED_KEYS`.",
                    ),
            ],
        )
        .optional_computed()
        .keeps()
        .describe(
            "CloudWatch Contributor Insights of the table. Those of its indexes are not managed. Left out means that \
             they are left alone.",
        ),
        Attribute::nested_single(
            "autoscaling",
            [
                scaled_capacity("read", "Auto scaling of the reads of the table. Left out means none."),
                scaled_capacity("write", "Auto scaling of the writes of the table. Left out means none."),
                Attribute::nested_map(
                    "indexes",
                    [
                        scaled_capacity("read", "Auto scaling of the reads of the index. Left out means none."),
                        scaled_capacity("write", "Auto scaling of the writes of the index. Left out means none."),
                    ],
                )
                .optional_computed()
                .describe("Auto scaling of global secondary indexes, by name. An index left out has none."),
            ],
        )
        .optional_computed()
        .keeps()
        .describe(
            "Auto scaling of a `PROVISIONED` table by target tracking, through Application Auto Scaling. Left out \
             means that it is left alone; given, it says everything, so `{}` means none at all. A \
             `provisioned_throughput` beside it is the capacity to begin with; afterwards, what is scaled is left to \
             the scaling. Destroying the table ends its auto scaling.",
        ),
    ]
}

fn scaled_capacity(name: &'static str, description: &'static str) -> Attribute {
    Attribute::nested_single(
        name,
        [
            Attribute::number("min_capacity")
                .optional_computed()
                .describe("Least capacity units, at least 1. Needed."),
            Attribute::number("max_capacity")
                .optional_computed()
                .describe("Most capacity units, not below `min_capacity`. Needed."),
            Attribute::number("target_utilization")
                .optional_computed()
                .describe(
                    "Consumed capacity to aim at, in percent of the provisioned one, 20 to 90. Default 70.",
                ),
        ],
    )
    .optional_computed()
    .describe(description)
}

fn lifecycle() -> [Attribute; 2] {
    [
        Attribute::string("status").computed().describe(
            "Status of the table: `ACTIVE`, or `CREATING` while a restore runs that an interrupted apply began.",
        ),
        Attribute::bool("unfinished").computed().describe(
            "Whether the restore or a setting is still to be finished, because an apply was interrupted. The next \
             apply finishes it.",
        ),
    ]
}

fn outputs() -> [Attribute; 9] {
    [
        Attribute::string("arn").computed().keeps().describe("ARN of the table."),
        Attribute::string("table_id")
            .computed()
            .keeps()
            .describe("Id of the table, which tells it from another one that had its name before."),
        Attribute::string("stream_arn").computed().describe("ARN of the stream, while it is on."),
        Attribute::number("item_count")
            .computed()
            .keeps()
            .describe("Number of items. AWS counts them every six hours or so."),
        Attribute::of("tags_all", Type::map(Type::String))
            .computed()
            .describe("All tags of the table, with the provider's `default_tags` and without those it ignores."),
        Attribute::string("restored_at").computed().keeps().describe("Time at which AWS accepted the restore, RFC 3339."),
        Attribute::string("restore_time").computed().keeps().describe(
            "Moment whose data the table was given, RFC 3339; for a recovery point, when it was made. AWS tells it only \
             while the restore runs, so it is empty after an import.",
        ),
        Attribute::number("restore_duration_seconds").computed().keeps().describe(
            "Seconds from the acceptance of the restore until the table was usable, for planning the next one. Empty \
             where no apply saw the end of the restore, and after an import.",
        ),
        Attribute::string("restore_job_id").computed().keeps().describe(
            "Id of the restore job of AWS Backup, for `aws backup describe-restore-job`. Empty where DynamoDB restored, \
             and after an import.",
        ),
    ]
}

fn carried_words(value: &Value) -> Result<(), String> {
    let Value::Set(words) = value else { return Ok(()) };
    for word in words {
        if let Value::String(_) = word {
            Validator::OneOf(CARRIED).check(word)?;
        }
    }
    Ok(())
}
