//! The schema, in the order of the documentation.

use rules::limits::{COMPLETION_WINDOW_MINUTES_DEFAULT, START_WINDOW_MINUTES_DEFAULT};
use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{IdentityAttribute, IdentitySchema, Operation, Type, Value, timeouts_attribute};

use super::document::{SCHEDULE_DEFAULT, TIMEZONE_DEFAULT};
use super::{CREATE_TIMEOUT, DELETE_TIMEOUT, UPDATE_TIMEOUT};

pub(super) fn schema() -> Schema {
    Schema::new(
        "A backup plan of AWS Backup for DynamoDB tables: when to back up, into which vault, for how long, where to copy, \
         and what. Rules and selections are maps, by name: an error points at the one that is wrong, and changing one \
         touches no other.\n\n\
         A change of the rules is one call, in place, and concerns the backups to come; recovery points that exist keep \
         their lifecycle. AWS Backup cannot change a selection. A changed selection is made anew **before** the old one \
         is deleted, so that its tables are never without the plan: AWS takes a name only once, so the new selection \
         stands under a name with `.new` behind it for some seconds; should the apply be cut off just then, the next plan \
         removes what is left over. A new IAM role that AWS Backup cannot assume yet is tried again until `timeouts` ends \
         it.\n\n\
         What others change shows in the next plan: rules and selections that were added, changed or deleted. What a plan \
         says about other resources than tables (continuous backups, advanced settings for EC2, malware scans) is not \
         managed here, and stays as it is when rules change. A plan that an Organizations policy made can be read and \
         imported, and is never changed. Destroying the plan deletes its selections, all of them, and then the plan; its \
         recovery points stay in their vaults.\n\n\
         An apply that was cut off leaves `unfinished = true`, and the next one goes on with the same plan. A plan that \
         was killed between AWS's answer and Terraform's state is found again, too.\n\n\
         Needs `backup:CreateBackupPlan`, `GetBackupPlan`, `UpdateBackupPlan`, `DeleteBackupPlan`, \
         `CreateBackupSelection`, `GetBackupSelection`, `ListBackupSelections`, `DeleteBackupSelection`, `ListTags`, \
         `TagResource` and `UntagResource`, and `iam:PassRole` on the roles of the selections with \
         `iam:PassedToService` = `backup.amazonaws.com`. Plans are checked with `backup:DescribeBackupVault` and \
         `DescribeRegionSettings`, and where a copy goes to another account, `backup:DescribeGlobalSettings` and \
         `organizations:DescribeOrganization`.",
    )
    .attributes(what())
    .attributes(outputs())
}

fn what() -> [Attribute; 6] {
    [
        Attribute::string("name").required().describe(
            "Name of the plan: 1 to 50 letters, digits, `_`, `-` and `.` (the API takes 200, the console 50). AWS Backup \
             cannot rename a plan.",
        ),
        Attribute::string("region").optional_computed().keeps().replaces().validate(Validator::NotEmpty).describe(
            "Region that the plan acts in: it backs up tables of this Region and account alone. Default: the provider's.",
        ),
        Attribute::nested_map("rules", rule()).required().describe(
            "The rules, by name: 1 to 10. A name has 1 to 50 letters, digits, `_`, `-` and `.`; another name is another \
             rule.",
        ),
        Attribute::nested_map("selections", selection()).describe(
            "What the plan backs up, by name: at most 100. A name has 1 to 50 letters, digits, `_`, `-` and `.`. Without a \
             selection, a plan backs up nothing.",
        ),
        Attribute::of("tags", Type::map(Type::String)).describe(
            "Tags of the plan, not of what it makes. Merged with the `default_tags` of the provider; where both name a \
             key, this value wins.",
        ),
        timeouts_attribute(&[
            (Operation::Create, CREATE_TIMEOUT),
            (Operation::Update, UPDATE_TIMEOUT),
            (Operation::Delete, DELETE_TIMEOUT),
        ]),
    ]
}

fn rule() -> [Attribute; 9] {
    [
        Attribute::string("target_vault_name")
            .required()
            .describe("Name of the vault that takes the recovery points; it must exist in this Region and account."),
        Attribute::string("target_logically_air_gapped_vault_arn").describe(
            "ARN of a logically air-gapped vault of this Region and account that takes the recovery points at once, \
             instead of `target_vault_name`, where AWS can.",
        ),
        Attribute::string("schedule").default_value(Value::string(SCHEDULE_DEFAULT)).describe(format!(
            "When the rule runs: `cron(minute hour day-of-month month day-of-week year)`, at most once an hour. Default \
             `{SCHEDULE_DEFAULT}`, every day at 05:00.",
        )),
        Attribute::string("schedule_timezone").default_value(Value::string(TIMEZONE_DEFAULT)).describe(format!(
            "Time zone of the schedule, by its IANA name, as in `Europe/Berlin`. Default `{TIMEZONE_DEFAULT}`.",
        )),
        Attribute::number("start_window_minutes")
            .default_value(Value::integer(START_WINDOW_MINUTES_DEFAULT))
            .describe(format!(
                "Minutes after the scheduled time within which a job must start, or it expires: at least 60. Default \
                 {START_WINDOW_MINUTES_DEFAULT}, 8 hours.",
            )),
        Attribute::number("completion_window_minutes")
            .default_value(Value::integer(COMPLETION_WINDOW_MINUTES_DEFAULT))
            .describe(format!(
                "Minutes within which a job must end, or it is cancelled: at least 60 more than \
                 `start_window_minutes`. Default {COMPLETION_WINDOW_MINUTES_DEFAULT}, 7 days.",
            )),
        lifecycle("How long recovery points stay. Left out means for ever."),
        Attribute::nested_list(
            "copy_actions",
            [
                Attribute::string("destination_vault_arn")
                    .required()
                    .describe("ARN of the vault that takes the copy, in any Region or account of the organization."),
                lifecycle("How long the copy stays, counted from the creation of the recovery point. Left out means for ever."),
            ],
        )
        .describe("Copies of each recovery point, at most 5. They need the advanced features for DynamoDB."),
        Attribute::of("recovery_point_tags", Type::map(Type::String))
            .describe("Tags that each recovery point gets, at most 10."),
    ]
}

fn lifecycle(description: &str) -> Attribute {
    Attribute::nested_single(
        "lifecycle",
        [
            Attribute::number("move_to_cold_storage_after_days").describe(
                "Days until it moves to cold storage, at least 1. Left out or `-1` means never. It needs the advanced \
                 features for DynamoDB, and a recovery point stays cold for at least 90 days.",
            ),
            Attribute::number("delete_after_days").describe(
                "Days until it is deleted, 1 to 36500, and at least 90 more than `move_to_cold_storage_after_days`. Left \
                 out or `-1` means never.",
            ),
        ],
    )
    .describe(description)
}

fn selection() -> [Attribute; 5] {
    [
        Attribute::string("role_arn").required().describe(
            "ARN of the IAM role that AWS Backup assumes to back up. It must trust `backup.amazonaws.com`.",
        ),
        Attribute::of("resources", Type::set(Type::String)).describe(
            "What to back up: ARNs of tables, or patterns like `arn:aws:dynamodb:*:*:table/*`. At most 500, of which 30 \
             with wildcards. A table that is named by its whole ARN is backed up also where DynamoDB is not opted in.",
        ),
        Attribute::of("not_resources", Type::set(Type::String)).describe(
            "What to leave out, by ARN or pattern. At most 500, of which 30 with wildcards.",
        ),
        Attribute::nested_list(
            "tags",
            [
                Attribute::string("key").required().describe("Key of the tag."),
                Attribute::string("value").required().describe("Value of the tag, upper and lower case told apart."),
            ],
        )
        .describe(
            "Tags of resources to back up, at most 30: a resource with **any** of them is selected, besides those that \
             `resources` names.",
        ),
        Attribute::nested_list(
            "conditions",
            [
                Attribute::string("operator")
                    .required()
                    .validate(Validator::OneOf(&["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"]))
                    .describe("`StringEquals`, `StringLike`, `StringNotEquals` or `StringNotLike`. Only the `Like` forms read `*` as a wildcard."),
                Attribute::string("key").required().describe("`aws:ResourceTag/` and the key of a tag."),
                Attribute::string("value").required().describe("The value that the tag is compared with."),
            ],
        )
        .describe(
            "Conditions on the tags of what is selected, at most 30: **all** must be met, also those with the same \
             operator. Their order does not matter.",
        ),
    ]
}

fn outputs() -> [Attribute; 7] {
    [
        Attribute::of("tags_all", Type::map(Type::String))
            .computed()
            .describe("All tags of the plan: `tags` and the `default_tags` of the provider."),
        Attribute::string("arn").computed().keeps().describe("ARN of the plan."),
        Attribute::string("id").computed().keeps().describe("AWS's id of the plan."),
        Attribute::string("version_id")
            .computed()
            .describe("AWS's id of the version of the plan, which each change of the rules makes anew."),
        Attribute::of("selection_ids", Type::map(Type::String))
            .computed()
            .describe("AWS's ids of the selections, by name."),
        Attribute::of("next_runs", Type::map(Type::list(Type::String))).computed().describe(
            "The next three times that each rule runs, by the name of the rule: RFC 3339, UTC, counted when Terraform \
             last created the plan or changed its rules. They are left as they are after that, so that a plan stays empty \
             from day to day; for what counts from now on, use `provider::dynamodb::schedule_next(schedule, timezone, \
             plantimestamp(), 3)`.",
        ),
        Attribute::bool("unfinished").computed().keeps().describe(
            "Whether an apply was cut off before all selections were made. The next apply goes on.",
        ),
    ]
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
            attribute("id", true, "AWS's id of the plan."),
            attribute("region", false, "Region of the plan. Default: the provider's."),
            attribute(
                "account_id",
                false,
                "Account of the plan. Default: the provider's.",
            ),
        ],
    }
}
