//! The schema, in the order of the documentation.

use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{IdentityAttribute, IdentitySchema, Operation, Type, Value, timeouts_attribute};

use super::model::{AIR_GAPPED, STANDARD};
use super::{CREATE_TIMEOUT, DELETE_TIMEOUT, UPDATE_TIMEOUT};
use crate::resources::policy_document;

pub(super) fn schema() -> Schema {
    Schema::new(
        "A vault of AWS Backup, which keeps recovery points, with its access policy and its lock.\n\nName, kind and key \
         of a vault cannot be changed: another one replaces it, and AWS deletes only an empty vault. Policy, lock and tags \
         are changed in place.\n\n~> **A lock with `changeable_for_days` cannot be undone.** After `lock_date` nobody, not \
         even AWS, can change or remove it, or delete a recovery point before its time; the vault itself can be deleted \
         only when the last recovery point in it has expired. Without `changeable_for_days` the lock is in governance \
         mode, and whoever may call `backup:DeleteBackupVaultLockConfiguration` can remove it.\n\nAWS never tells \
         `changeable_for_days`. After an import, or when the lock was put on outside Terraform, the state shows the days \
         from the creation of the vault to the lock date, and any number in the configuration is taken to be right as \
         long as nothing else of the lock changes. In all other cases a change of the number, while it is still possible, \
         puts the lock anew: the lock date is then that many days from the apply.\n\nAn apply that was cut off is finished \
         by the next one with the same vault, and a vault that somebody else has made under the same name is never taken \
         over.\n\nNeeds `backup:CreateBackupVault` (or `backup:CreateLogicallyAirGappedBackupVault`), \
         `backup:DescribeBackupVault`, `backup:GetBackupVaultAccessPolicy`, `backup:ListTags` and `backup:TagResource`, \
         `backup-storage:MountCapsule`, and `kms:CreateGrant`, `kms:GenerateDataKey`, `kms:Decrypt`, `kms:RetireGrant` and \
         `kms:DescribeKey` for a key of your own; for a policy and a lock, `backup:PutBackupVaultAccessPolicy`, \
         `backup:DeleteBackupVaultAccessPolicy`, `backup:PutBackupVaultLockConfiguration` and \
         `backup:DeleteBackupVaultLockConfiguration`; to destroy, `backup:DeleteBackupVault` and \
         `backup:ListRecoveryPointsByBackupVault`, and with `force_destroy` `backup:DeleteRecoveryPoint`.",
    )
    .attributes(arguments())
    .attributes(outputs())
}

fn arguments() -> Vec<Attribute> {
    vec![
        Attribute::string("name").required().replaces().describe(
            "Name of the vault, 2 to 50 letters, digits, `-` and `_`; unique in the account and Region. A change makes \
             another vault.",
        ),
        Attribute::string("vault_type")
            .default_value(Value::string(STANDARD))
            .replaces()
            .validate(Validator::OneOf(&[STANDARD, AIR_GAPPED]))
            .describe(
                "`BACKUP_VAULT`, or `LOGICALLY_AIR_GAPPED_BACKUP_VAULT`: a vault that AWS keeps in an account of its own, \
                 locked in compliance mode from the beginning; it takes fully managed recovery points only and needs one to \
                 three minutes to be made. Default `BACKUP_VAULT`. A change makes another vault.",
            ),
        Attribute::string("kms_key_arn")
            .optional_computed()
            .keeps()
            .replaces()
            .validate(Validator::NotEmpty)
            .describe(
                "ARN of the KMS key that encrypts fully managed recovery points in the vault; symmetric, and of the same \
                 Region. Default: the key that AWS manages, `alias/aws/backup`, whose recovery points cannot be copied to \
                 another account. A change makes another vault.",
            ),
        Attribute::string("policy")
            .optional()
            .validate(Validator::NotEmpty)
            .validate(Validator::Custom(policy_document::document))
            .describe(
                "Access policy of the vault, as JSON; documents that say the same are no difference. Other accounts can \
                 be allowed `backup:CopyIntoBackupVault` and nothing else. Left out: the vault has none, and one that it \
                 has is removed.",
            ),
        lock(),
        Attribute::of("tags", Type::map(Type::String)).optional().describe(
            "Tags of the vault, at most 50. Merged with the `default_tags` of the provider; where both name a key, this \
             value wins.",
        ),
        Attribute::bool("force_destroy").default_value(Value::Bool(false)).describe(
            "Whether destroying the vault deletes the recovery points in it, for good. Default `false`: a vault that is \
             not empty is not destroyed. Must have been applied before the destroy. Nothing is deleted from a vault with a \
             lock.",
        ),
        Attribute::string("region").optional_computed().keeps().replaces().validate(Validator::NotEmpty).describe(
            "Region of the vault. Default: the provider's. A change makes another vault.",
        ),
        timeouts_attribute(&[
            (Operation::Create, CREATE_TIMEOUT),
            (Operation::Update, UPDATE_TIMEOUT),
            (Operation::Delete, DELETE_TIMEOUT),
        ]),
    ]
}

fn lock() -> Attribute {
    Attribute::nested_single(
        "lock",
        [
            Attribute::number("min_retention_days").optional().describe(
                "Shortest retention that the vault takes, in days, 1 to 36500; a job with a shorter one fails. At least 7, \
                 and required, for a logically air-gapped vault. Default: no bound.",
            ),
            Attribute::number("max_retention_days").optional().describe(
                "Longest retention that the vault takes, in days, up to 36500; a job with a longer one, or without any, \
                 fails. Required for a logically air-gapped vault. Default: no bound.",
            ),
            Attribute::number("changeable_for_days").optional().describe(
                "For how many days from the apply the lock can still be changed or removed, 3 to 36500; final after that \
                 (compliance mode). Left out: for ever (governance mode). Must be left out for a logically air-gapped \
                 vault, which is locked for good from the beginning.",
            ),
        ],
    )
    .optional()
    .describe(
        "Vault Lock. While a vault is locked, no recovery point in it can be deleted by hand or kept for a shorter time. \
         Recovery points that are in the vault already keep their retention. Can be changed in place, and removed, in \
         governance mode and before `lock_date`. For a logically air-gapped vault it is the retention, which is part of the \
         vault: a change makes another vault.",
    )
}

fn outputs() -> Vec<Attribute> {
    vec![
        Attribute::string("arn").computed().keeps().describe("ARN of the vault."),
        Attribute::string("lock_mode").computed().keeps().describe(
            "`GOVERNANCE` or `COMPLIANCE`; null without a lock.",
        ),
        Attribute::string("lock_date").computed().keeps().describe(
            "When the lock became or becomes final, as in `2026-11-20T09:30:00Z`; null without a lock and in governance \
             mode.",
        ),
        Attribute::string("created_at")
            .computed()
            .keeps()
            .describe("When the vault was made, as in `2026-11-20T09:30:00Z`."),
        Attribute::bool("unfinished").computed().keeps().describe(
            "Whether an apply was interrupted before the vault, its policy and its lock were there; the next apply goes \
             on.",
        ),
        Attribute::of("tags_all", Type::map(Type::String))
            .computed()
            .keeps()
            .describe("All tags of the vault, with the provider's `default_tags` and without those it ignores."),
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
            attribute("name", true, "Name of the vault."),
            attribute("region", false, "Region of the vault. Default: the provider's."),
            attribute(
                "account_id",
                false,
                "Account of the vault. Default: the provider's.",
            ),
        ],
    }
}
