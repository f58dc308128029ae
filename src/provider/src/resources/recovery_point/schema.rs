//! The schema, in the order of the documentation.

use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{Operation, Type, Value, timeouts_attribute};

use super::{CREATE_TIMEOUT, DELETE_TIMEOUT, UPDATE_TIMEOUT};

pub(super) fn schema() -> Schema {
    Schema::new(
        "Has AWS Backup take a recovery point of a table, once and on demand, and keeps it in a backup vault. Unlike a \
         backup of DynamoDB itself (`dynamodb_backup`), a recovery point can expire, and, if it was made with the advanced \
         features for DynamoDB, move to cold storage, have tags, be encrypted with the key of the vault, and be copied to \
         other Regions and accounts. Schedules are for backup plans.\n\nThe apply starts a backup job and waits for it. \
         AWS Backup takes its time: a job on demand starts within an hour or so, and DynamoDB then needs minutes. The \
         recovery point is taken once; a later apply takes another one only when `triggers` or another argument that says \
         so changes. Destroying this object deletes the recovery point for good, unless `retain_on_destroy = true`.\n\n\
         An apply that was cut off is finished by the next one with the same job, whether it was interrupted, ran out of \
         time or was killed; no second job is started. A job that failed leaves nothing behind, and the next apply starts \
         another one. A recovery point that has gone, also at the end of its `recovery_point_lifecycle`, is planned anew, with a warning: \
         what is backed up then is the data of that day.\n\nNeeds `backup:StartBackupJob`, `backup:DescribeBackupJob`, \
         `backup:DescribeRecoveryPoint`, `backup:DescribeBackupVault`, `iam:PassRole` for `role_arn`, \
         `dynamodb:DescribeTable`, and, to read settings, `backup:DescribeRegionSettings`; for a change of `recovery_point_lifecycle`, \
         `backup:UpdateRecoveryPointLifecycle`; for tags, `backup:ListTags`, `backup:TagResource` and \
         `backup:UntagResource`; to destroy, `backup:DeleteRecoveryPoint` and, for a job that still runs, \
         `backup:StopBackupJob`. The role needs what the AWS managed policy \
         `AWSBackupServiceRolePolicyForBackup` allows.",
    )
    .attributes(arguments())
    .attributes(outputs())
}

fn arguments() -> Vec<Attribute> {
    vec![
        Attribute::string("table_name").required().describe(
            "The table to back up: its name, or its ARN, which must be of the same Region and account. Another table needs \
             a new recovery point.",
        ),
        Attribute::string("vault_name").required().replaces().describe(
            "Name of the backup vault that takes the recovery point, in the same Region and account, 2 to 50 letters, \
             digits, `-` and `_`. A change takes a new recovery point.",
        ),
        Attribute::string("role_arn").required().describe(
            "ARN of the IAM role that AWS Backup assumes, of the same account. AWS keeps it with the recovery point. A \
             change is only for the next recovery point that this object takes.",
        ),
        Attribute::number("start_window_minutes").describe(
            "By when the job has to start, in minutes after the apply asked for it; otherwise it ends as EXPIRED. 60 to \
             52,560,000. Default: AWS's, 480. A change is only for the next recovery point that this object takes.",
        ),
        Attribute::number("completion_window_minutes").describe(
            "By when the job has to be done, in minutes after the apply asked for it; otherwise AWS Backup cancels it. At \
             least 60 more than `start_window_minutes`. Default: AWS's, 10,080, which is 7 days. A change is only for the \
             next recovery point that this object takes.",
        ),
        Attribute::nested_single("recovery_point_lifecycle", [
            Attribute::number("move_to_cold_storage_after_days").optional().describe(
                "Days after its creation when the recovery point moves to cold storage, 1 or more. Only recovery points that \
                 were made with the advanced features for DynamoDB move. Cannot be changed after the move. Default: never.",
            ),
            Attribute::number("delete_after_days").optional().describe(
                "Days after its creation when AWS Backup deletes the recovery point, which may take it 8 hours more; 1 to \
                 36,500, and at least 90 more than `move_to_cold_storage_after_days`. Default: never.",
            ),
        ])
        .optional()
        .describe(
            "How long the recovery point stays. Changed in place, always as a whole: a number that is left out is cleared. \
             A locked vault refuses it. Default: it stays for ever, and is paid for ever.",
        ),
        Attribute::of("tags", Type::map(Type::String)).optional().describe(
            "Tags of the recovery point, at most 50. Merged with the `default_tags` of the provider; where both name a key, \
             this value wins. Only recovery points that were made with the advanced features for DynamoDB have tags: others \
             are left without. Those that AWS Backup copies from the table are left alone.",
        ),
        Attribute::of("triggers", Type::map(Type::String)).replaces().describe(
            "Any values; a change takes a new recovery point, and deletes this one unless `retain_on_destroy = true`.",
        ),
        Attribute::bool("retain_on_destroy").default_value(Value::Bool(false)).describe(
            "Whether the recovery point stays in its vault when this object is destroyed or replaced, until its \
             `recovery_point_lifecycle` ends. Default `false`. Must have been applied before the destroy.",
        ),
        Attribute::string("region").optional_computed().keeps().replaces().validate(Validator::NotEmpty).describe(
            "Region of the table and of the vault. Default: the provider's. A change takes a new recovery point.",
        ),
        timeouts_attribute(&[
            (Operation::Create, CREATE_TIMEOUT),
            (Operation::Update, UPDATE_TIMEOUT),
            (Operation::Delete, DELETE_TIMEOUT),
        ]),
    ]
}

fn outputs() -> Vec<Attribute> {
    let output = |name: &str| Attribute::string(name).computed().keeps();
    vec![
        output("arn").describe(
            "ARN of the recovery point: one of AWS Backup if it was made with the advanced features for DynamoDB, else that \
             of a DynamoDB backup. Null while `unfinished` and not known yet.",
        ),
        output("backup_job_id").describe("Id of the job that made it. Null for an imported recovery point."),
        output("status").describe(
            "Status in AWS: `CREATING` while the job is not done, then `COMPLETED` or `AVAILABLE`; `EXPIRED` where AWS Backup \
             could not delete it, `DELETING` while it does.",
        ),
        Attribute::number("size_bytes").computed().keeps().describe("Size in bytes, as last refreshed."),
        output("created_at").describe("When the job was accepted, as RFC 3339 in UTC. Its lifecycle counts from here."),
        output("completed_at").describe("When the recovery point was finished, as RFC 3339 in UTC."),
        output("storage_class").describe("How it is stored: `WARM` or `COLD`."),
        output("moves_to_cold_storage_at")
            .describe("When it moves to cold storage, as RFC 3339 in UTC. Null for never."),
        output("deletes_at").describe(
            "When AWS Backup deletes it, as RFC 3339 in UTC, give or take 8 hours. Null for never.",
        ),
        output("table_arn").describe("ARN of the table."),
        output("vault_arn").describe("ARN of the vault."),
        Attribute::of("tags_all", Type::map(Type::String)).computed().keeps().describe(
            "`tags` and the provider's `default_tags`, without those it ignores. Empty for a recovery point that cannot have \
             tags.",
        ),
        Attribute::bool("unfinished").computed().keeps().describe(
            "Whether the last apply ended before the recovery point was there. The next apply takes up the wait.",
        ),
    ]
}
