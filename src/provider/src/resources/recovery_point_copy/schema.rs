//! The schema, in the order of the documentation.

use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{Operation, Type, Value, timeouts_attribute};

use super::{CREATE_TIMEOUT, DELETE_TIMEOUT};

pub(super) fn schema() -> Schema {
    Schema::new(
        "Copies a recovery point of AWS Backup into another vault: of another Region, of another account, or of both. It is \
         the only road for a backup of a DynamoDB table across accounts: back up with the advanced features, copy, restore \
         there.\n\nThe copy is made once, at the apply that makes this object; another one only when `recovery_point_arn`, \
         `triggers` or another argument that says so changes. It is always a full copy, AWS bills its storage and the \
         transfer, and it outlives its original. An apply that was cut off is finished by the next one with the same copy \
         job, whether it was interrupted, ran out of time or was killed; no second copy is made.\n\nThe plan looks at both \
         ends before anything is started: the organization and its switch for copies between accounts, the advanced features \
         with which the recovery point must have been made, the vaults, their keys, the access policy and the lock of the \
         destination, cold storage, and whether the copy would expire at once. What the same apply may still make is a \
         warning in the plan; all is checked once more right before the job starts, and then it is an error.\n\nIn another \
         account, the provider sees the destination only with a role there: `destination`. Without it, the plan warns of all \
         that was not checked; `visible` stays `false`, `recovery_point_lifecycle` cannot be changed, and **a destroy leaves the copy in \
         AWS**, with a warning that says where. With it, or in the same account, a destroy deletes the copy and waits until \
         it is gone, unless `retain_on_destroy = true`. A copy in a locked vault cannot be deleted before its time: the plan \
         says until when.\n\nA copy is itself a recovery point: another `dynamodb_recovery_point_copy` in the account of the \
         destination can copy it on. Nothing copies copies by itself.\n\nNeeds `backup:StartCopyJob`, \
         `backup:CopyFromBackupVault`, `backup:DescribeCopyJob`, `iam:PassRole` on the role; and to check \
         `backup:DescribeRecoveryPoint`, `backup:DescribeBackupVault`, `backup:GetBackupVaultAccessPolicy`, \
         `backup:DescribeRegionSettings`, `backup:DescribeGlobalSettings`, `organizations:DescribeOrganization` and \
         `kms:DescribeKey`. Where the copy is: `backup:DescribeRecoveryPoint`, `backup:UpdateRecoveryPointLifecycle`, \
         `backup:DeleteRecoveryPoint`.\n\nImport by the id of the copy job, with the Region of the recovery point behind `@` \
         where that is not the provider's; as long as AWS Backup knows the job. Later, by what it copied, all in one: \
         `RECOVERY_POINT_ARN|SOURCE_VAULT_NAME|COPY_ARN|DESTINATION_VAULT_ARN`. In both forms, put the role of \
         `destination` behind another `|` where the copy is in another account.",
    )
    .attributes(arguments())
    .attributes(outputs())
}

fn arguments() -> Vec<Attribute> {
    vec![
        Attribute::string("recovery_point_arn").required().replaces().describe(
            "ARN of the recovery point to copy. It must have been made with the advanced features of AWS Backup for \
             DynamoDB: then it looks like `arn:aws:backup:REGION:ACCOUNT:recovery-point:ID`. Another one needs another copy.",
        ),
        Attribute::string("source_vault_name").required().replaces().describe(
            "Name of the vault that holds the recovery point. A change makes another copy.",
        ),
        Attribute::string("destination_vault_arn").required().replaces().describe(
            "ARN of the vault that takes the copy, in any Region and account of the organization. A change makes another \
             copy. A vault of another account must have a KMS key of that account's own, and an access policy that allows \
             this account `backup:CopyIntoBackupVault`.",
        ),
        Attribute::string("role_arn").required().describe(
            "ARN of the IAM role that AWS Backup assumes to copy, in the account of the recovery point; it must trust \
             `backup.amazonaws.com`. A change counts for the next copy.",
        ),
        Attribute::nested_single("recovery_point_lifecycle", [
            Attribute::number("move_to_cold_storage_after_days").optional().describe(
                "Days until the copy moves to cold storage, 1 at least. Default: never.",
            ),
            Attribute::number("delete_after_days").optional().describe(
                "Days until AWS deletes the copy, 1 to 36,500, and 90 more than `move_to_cold_storage_after_days` at least. \
                 Default: never.",
            ),
        ])
        .optional()
        .describe(
            "How long the copy stays, in days since the **original** was made, not since the copy. Default: for ever. \
             Independent of the lifecycle of the original. Changed in place, where the copy can be reached and its vault is \
             not locked.",
        ),
        Attribute::of("triggers", Type::map(Type::String)).replaces().describe(
            "Any values; a change makes another copy, and deletes this one unless `retain_on_destroy = true`.",
        ),
        Attribute::bool("retain_on_destroy").default_value(Value::Bool(false)).describe(
            "Whether the copy stays in AWS when this object is destroyed or replaced. Default `false`. Must have been \
             applied before the destroy.",
        ),
        Attribute::nested_single("destination", [
            Attribute::string("role_arn").required().describe("ARN of the role, in the account of the vault."),
            Attribute::string("external_id").optional().validate(Validator::NotEmpty).describe(
                "External id that the trust policy of the role asks for.",
            ),
            Attribute::string("session_name").optional().validate(Validator::NotEmpty).describe(
                "Name of the session, as CloudTrail shows it. Default: one of the provider's.",
            ),
        ])
        .optional()
        .describe(
            "A role in the account of the destination, which the provider assumes with its own credentials to check the \
             vault, and to read, change and delete the copy. Not needed in the same account. `allowed_account_ids` of the \
             provider does not bind it, `forbidden_account_ids` does.",
        ),
        Attribute::string("region").optional_computed().keeps().replaces().validate(Validator::NotEmpty).describe(
            "Region of the recovery point, in which the copy job runs. Default: the provider's. A change makes another copy.",
        ),
        timeouts_attribute(&[(Operation::Create, CREATE_TIMEOUT), (Operation::Delete, DELETE_TIMEOUT)]),
    ]
}

fn outputs() -> Vec<Attribute> {
    vec![
        Attribute::string("arn").computed().keeps().describe("ARN of the copy."),
        Attribute::string("copy_job_id")
            .computed()
            .keeps()
            .describe("Id of the copy job. Null after an import without it."),
        Attribute::string("status").computed().keeps().describe(
            "Status in AWS: of the copy, as in `COMPLETED`; while it is being made, or cannot be read, the state of the copy \
             job: `CREATED`, `RUNNING`, `COMPLETED` or `FAILED`.",
        ),
        Attribute::bool("visible").computed().keeps().describe(
            "Whether the copy can be read: in the same account, or with `destination`.",
        ),
        Attribute::string("created_at").computed().keeps().describe(
            "When the original was made, as RFC 3339 in UTC: a copy keeps that date, and its lifecycle counts from it. Null \
             while the copy cannot be read.",
        ),
        Attribute::string("completed_at")
            .computed()
            .keeps()
            .describe("When the copy was finished, as RFC 3339 in UTC."),
        Attribute::number("size_bytes").computed().keeps().describe("Size in bytes, where AWS tells it."),
        Attribute::string("moves_to_cold_storage_at").computed().keeps().describe(
            "When the copy moves to cold storage, as RFC 3339 in UTC. Null for never, and while the copy cannot be read.",
        ),
        Attribute::string("deletes_at").computed().keeps().describe(
            "When AWS deletes the copy, as RFC 3339 in UTC; it takes up to eight hours more. Null for never, and while the \
             copy cannot be read.",
        ),
        Attribute::string("account_id").computed().keeps().describe(
            "Account of the recovery point that is copied. Null when the provider does not know it.",
        ),
        Attribute::bool("unfinished").computed().keeps().describe(
            "Whether the last apply ended before the copy job did. The next apply takes up the wait.",
        ),
    ]
}
