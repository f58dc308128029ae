//! The schema, in the order of the documentation.

use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{IdentityAttribute, IdentitySchema, Operation, Type, Value, timeouts_attribute};

use super::{DEFAULT_TIMEOUT, RESTORE, RETAIN};

pub(super) fn schema() -> Schema {
    Schema::new(
        "Switches what AWS Backup does with DynamoDB: whether it backs up tables at all (the opt-in), whether it \
         manages their backups wholly (the advanced features), both per account and Region, and whether recovery \
         points may be copied between the accounts of the organization.\n\nEach switch is managed for itself: what is \
         left out is left alone, and so are the settings of every other kind of resource, of which nothing is ever \
         sent. Another configuration, also `aws_backup_region_settings`, may go on managing those; but it must not \
         manage `DynamoDB` as well, or each apply undoes the other's. AWS has these settings in every account and \
         Region already, so nothing is made: `previous` records what was there before, and destroying this object \
         leaves all as it is, unless `on_destroy = \"restore\"`.\n\nThe advanced features are what AWS calls full AWS \
         Backup management, `ResourceTypeManagementPreference`. Without them, AWS Backup can neither copy backups of \
         tables to another Region or account nor move them to cold storage, put them into a logically air-gapped \
         vault, encrypt them with the key of their vault or give them the tags of their table. They change nothing \
         about backups that exist. They are on already where the account had no backup vault before 21 November \
         2021.\n\nNeeds `backup:DescribeRegionSettings` and `backup:UpdateRegionSettings`; for `cross_account_backup` \
         also `backup:DescribeGlobalSettings`, `backup:UpdateGlobalSettings` and \
         `organizations:DescribeOrganization`.",
    )
    .attributes([
        Attribute::bool("opt_in").optional_computed().keeps().describe(
            "Whether AWS Backup backs up DynamoDB tables in the Region. Left out, it stays as it is, and shows what AWS \
             has. While it is `false`, backup plans that select by tag or by a wildcard for all kinds of resources \
             skip tables without an error; plans that name tables by ARN are not held up. At least one of `opt_in`, \
             `advanced_features` and `cross_account_backup` must be given.",
        ),
        Attribute::bool("advanced_features").optional_computed().keeps().describe(
            "Whether AWS Backup manages the backups of DynamoDB tables wholly in the Region. Left out, it stays as it \
             is, and shows what AWS has. Only what is backed up while it is `true` has the advanced features. The role \
             of a backup plan then needs `dynamodb:StartAwsBackupJob`, and that of a restore \
             `dynamodb:RestoreTableFromAwsBackup`; AWS's managed policies for AWS Backup have both.",
        ),
        Attribute::bool("cross_account_backup").optional_computed().keeps().describe(
            "Whether recovery points may be copied between the accounts of the organization, in every Region. Only \
             the management account of the organization may set it. Left out, it stays as it is. AWS may take 15 \
             minutes until it stops such copies after it was switched off.",
        ),
        Attribute::string("on_destroy")
            .default_value(Value::string(RETAIN))
            .validate(Validator::OneOf(&[RETAIN, RESTORE]))
            .describe(
                "What becomes of the settings when this object is destroyed, or when one of them is left out again: \
                 `retain` leaves them as they are, `restore` puts back what `previous` says. Default `retain`. Must \
                 have been applied before the destroy.",
            ),
        Attribute::string("region").optional_computed().replaces().keeps().validate(Validator::NotEmpty).describe(
            "Region of `opt_in` and `advanced_features`. Default: the provider's. A change manages the settings of \
             another Region; those of this one are left as `on_destroy` says.",
        ),
        Attribute::string("account_id")
            .computed()
            .keeps()
            .describe("Account of the settings. Null when the provider does not know it."),
        timeouts_attribute(&[
            (Operation::Create, DEFAULT_TIMEOUT),
            (Operation::Update, DEFAULT_TIMEOUT),
            (Operation::Delete, DEFAULT_TIMEOUT),
        ]),
        previous().keeps(),
    ])
}

fn previous() -> Attribute {
    Attribute::nested_single(
        "previous",
        [
            Attribute::bool("opt_in").computed().describe("`opt_in` as it was before."),
            Attribute::bool("advanced_features")
                .computed()
                .describe("`advanced_features` as it was before."),
            Attribute::bool("cross_account_backup")
                .computed()
                .describe("`cross_account_backup` as it was before."),
        ],
    )
    .computed()
    .describe(
        "What each setting was when this object was created with it, or first changed it; `false` where AWS did not \
         name DynamoDB. Null for those that this object leaves alone, and after an import until it changes something.",
    )
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
            attribute("region", true, "Region of the settings."),
            attribute(
                "account_id",
                false,
                "Account of the settings. Default: the provider's.",
            ),
        ],
    }
}
