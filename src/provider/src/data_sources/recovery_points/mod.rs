//! The recovery points of a table, or of a backup vault, that match.
//!
//! AWS Backup has a list for each vault, and one for each resource that says less. One of them is read, a page for each
//! thousand; no recovery point is described by itself.
//!
//! IAM: `backup:ListRecoveryPointsByBackupVault`, or `backup:ListRecoveryPointsByResource` without a vault.

use aws_clients::{ListedRecoveryPoint, RecoveryPointFilter, TableArn, TableRef};
use jiff::Timestamp;
use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{Attr, Cx, DataSource, Diagnostic, Diagnostics, Path, Value};

use crate::Client;
use crate::diagnostics;
use crate::rfc3339::rfc3339;
use crate::table_name::table_ref;

/// See the module.
pub(crate) struct RecoveryPoints;

const CANNOT_LIST: &str = "Recovery points cannot be listed";

/// As AWS Backup calls them.
const STATUSES: &[&str] = &[
    "AVAILABLE",
    "COMPLETED",
    "CREATING",
    "DELETING",
    "EXPIRED",
    "PARTIAL",
    "STOPPED",
];

tfsdk::model! {
    /// What is asked for, and the recovery points.
    pub(crate) struct Model {
        /// Name or ARN of the table.
        table_name: String,
        /// Name of the vault.
        vault_name: String,
        /// AWS Backup's word.
        status: String,
        /// RFC 3339.
        created_after: String,
        /// RFC 3339.
        created_before: String,
        /// Region.
        region: String,
        /// The newest first.
        arns: Vec<Attr<String>>,
        /// The newest first.
        recovery_points: Vec<Attr<Listed>>,
        /// The first of them.
        newest: Listed,
    }
}

tfsdk::model! {
    /// One recovery point.
    pub(crate) struct Listed {
        /// ARN.
        arn: String,
        /// Name of the vault.
        vault_name: String,
        /// ARN of the table.
        table_arn: String,
        /// AWS Backup's word.
        status: String,
        /// Why it has that status.
        status_message: String,
        /// RFC 3339.
        created_at: String,
        /// RFC 3339.
        completed_at: String,
        /// As AWS counts.
        size_bytes: i64,
        /// RFC 3339.
        moves_to_cold_storage_at: String,
        /// RFC 3339.
        deletes_at: String,
        /// Whether it was made with the advanced features.
        fully_managed: bool,
        /// ARN of the KMS key.
        kms_key_arn: String,
        /// ARN of the backup plan.
        backup_plan_arn: String,
    }
}

impl DataSource for RecoveryPoints {
    const NAME: &'static str = "recovery_points";
    type Model = Model;
    type Client = Client;

    fn schema() -> Schema {
        Schema::new(
            "Lists the recovery points of DynamoDB tables in AWS Backup that match, the newest first: those of a table, those \
             of a backup vault, or those of a table in a vault. No match is an empty list. Needs \
             `backup:ListRecoveryPointsByBackupVault` with `vault_name`, else `backup:ListRecoveryPointsByResource`, and \
             `dynamodb:DescribeTable` for a table that is given by name where the account is not known.",
        )
        .attributes(arguments())
        .attributes([
            Attribute::of("arns", tfsdk::Type::list(tfsdk::Type::String))
                .computed()
                .describe("ARNs of the recovery points, the newest first."),
            Attribute::nested_list("recovery_points", listed())
                .computed()
                .describe("The recovery points, the newest first."),
            Attribute::nested_single("newest", listed())
                .computed()
                .describe("The newest of them. Null when none matches."),
        ])
    }

    fn validate(config: &Model) -> Diagnostics {
        let mut found = Diagnostics::new();
        if config.table_name.is_null() && config.vault_name.is_null() {
            found.push(Diagnostic::error(
                "Which recovery points is not said",
                "Neither table_name nor vault_name is set, and AWS Backup has no list of all recovery points. Set table_name \
                 for those of a table, vault_name for those of a vault, or both.",
            ));
        }
        found
    }

    async fn read(client: &Client, config: Model, cx: &Cx) -> Result<Model, Diagnostics> {
        let region = client.region(config.region.known());
        let backup = client.aws.aws_backup(&region);
        let aws = client.cx(cx);
        let table = match config.table_name.known() {
            Some(text) => Some(table_arn(client, &aws, &region, text).await?),
            None => None,
        };
        let (from, before) = (moment(&config.created_after), moment(&config.created_before));
        let filter = match (config.vault_name.known(), table) {
            (Some(name), table) => RecoveryPointFilter::Vault {
                name: name.clone(),
                table,
                created_from: from,
                created_before: before,
            },
            (None, Some(table)) => RecoveryPointFilter::Table(table),
            // Validated; an unknown one is not read.
            (None, None) => return Err(Self::validate(&config)),
        };
        let found = backup.list_recovery_points(&aws, &filter).await;
        let found = found.map_err(|err| diagnostics::aws(CANNOT_LIST, &err))?;
        let wanted = |it: &ListedRecoveryPoint| {
            it.table_arn.is_some()
                && config
                    .status
                    .known()
                    .is_none_or(|status| status == it.status.as_str())
                && from.is_none_or(|from| it.created_at.is_some_and(|at| at >= from))
                && before.is_none_or(|before| it.created_at.is_some_and(|at| at < before))
        };
        let mut found: Vec<_> = found.into_iter().filter(wanted).collect();
        found.sort_by(|one, other| {
            other
                .created_at
                .cmp(&one.created_at)
                .then_with(|| one.arn.as_str().cmp(other.arn.as_str()))
        });
        let shown: Vec<Listed> = found.iter().map(Listed::of).collect();
        Ok(Model {
            region: region.to_string().into(),
            arns: shown.iter().map(|it| it.arn.clone()).collect::<Vec<_>>().into(),
            newest: shown.first().cloned().into(),
            recovery_points: shown.into_iter().map(Attr::Known).collect::<Vec<_>>().into(),
            ..config
        })
    }
}

/// The ARN of a table that is given by name or ARN; the table need not exist any more.
///
/// # Errors
/// It is neither, or the account is not known and the table cannot be described.
pub(super) async fn table_arn(
    client: &Client,
    aws: &aws_clients::Cx,
    region: &aws_clients::Region,
    text: &str,
) -> Result<TableArn, Diagnostics> {
    let wrong = |err: &aws_clients::Error| diagnostics::aws("Not a table", err).at(Path::of("table_name"));
    let table = table_ref(text).map_err(|err| wrong(&err))?;
    let name = match &table {
        TableRef::Arn(arn) => return Ok(arn.clone()),
        TableRef::Name(name) => name,
    };
    let account = client
        .account(aws)
        .await
        .map_err(|err| diagnostics::aws("AWS account cannot be determined", &err))?;
    if let Some(account) = account {
        let arn = format!(
            "arn:{}:dynamodb:{region}:{}:table/{name}",
            account.partition, account.id
        );
        return arn.parse().map_err(|err| wrong(&err).into());
    }
    let found = client.aws.dynamodb(region).find_table(aws, &table).await;
    let found =
        found.map_err(|err| diagnostics::aws("Table cannot be read", &err).at(Path::of("table_name")))?;
    found.map(|table| table.arn).ok_or_else(|| {
        let why = format!(
            "AWS Backup wants the ARN of a table. The account is not known here, and there is no table {name} in {region} \
             that would tell it.\n\nGive table_name as an ARN."
        );
        Diagnostic::error("ARN of the table is not known", why)
            .at(Path::of("table_name"))
            .into()
    })
}

fn arguments() -> [Attribute; 6] {
    [
        Attribute::string("table_name").describe(
            "Table whose recovery points are listed: its name or ARN. Recovery points outlive their table. Default: all \
             tables with recovery points in the vault.",
        ),
        Attribute::string("vault_name").describe(
            "Name of the backup vault to look in. Default: all vaults of the Region; AWS then leaves out `completed_at`, \
             `moves_to_cold_storage_at`, `deletes_at` and `backup_plan_arn`, which are null.",
        ),
        Attribute::string("status").validate(Validator::OneOf(STATUSES)).describe(
            "Status of the recovery points. `COMPLETED` and `AVAILABLE` ones can be restored. Default: any.",
        ),
        Attribute::string("created_after").validate(Validator::Custom(check_time)).describe(
            "Only those that were made at this time or later, as RFC 3339, for example `2026-11-20T00:00:00Z`.",
        ),
        Attribute::string("created_before")
            .validate(Validator::Custom(check_time))
            .describe("Only those that were made before this time, as RFC 3339."),
        Attribute::string("region").optional_computed().describe("Region to look in. Default: the provider's."),
    ]
}

fn moment(text: &Attr<String>) -> Option<Timestamp> {
    text.known()?.parse().ok()
}

fn check_time(value: &Value) -> Result<(), String> {
    let Value::String(text) = value else { return Ok(()) };
    let parsed: Result<Timestamp, _> = text.parse();
    parsed.map(|_| ()).map_err(|err| {
        format!("The value {text:?} is no time of RFC 3339, like 2026-11-20T09:30:00Z: {err}.")
    })
}

impl Listed {
    fn of(point: &ListedRecoveryPoint) -> Self {
        Self {
            arn: point.arn.to_string().into(),
            vault_name: point.vault_name.clone().into(),
            table_arn: point.table_arn.as_ref().map(ToString::to_string).into(),
            status: point.status.to_string().into(),
            status_message: point.status_message.clone().into(),
            created_at: rfc3339(point.created_at),
            completed_at: rfc3339(point.completed_at),
            size_bytes: point.size_bytes.into(),
            moves_to_cold_storage_at: rfc3339(point.moves_to_cold_storage_at),
            deletes_at: rfc3339(point.deletes_at),
            fully_managed: point.arn.is_fully_managed().into(),
            kms_key_arn: point.key_arn.clone().into(),
            backup_plan_arn: point.plan_arn.clone().into(),
        }
    }
}

fn listed() -> [Attribute; 13] {
    [
        Attribute::string("arn").describe("ARN of the recovery point."),
        Attribute::string("vault_name").describe("Name of the vault that holds it."),
        Attribute::string("table_arn").describe("ARN of the table."),
        Attribute::string("status").describe("Status, as AWS Backup calls it, for example `COMPLETED`."),
        Attribute::string("status_message").describe("Why it has that status, where AWS Backup says so."),
        Attribute::string("created_at").describe(
            "When it was made, as RFC 3339 in UTC. A copy keeps the time of the recovery point that it was copied from.",
        ),
        Attribute::string("completed_at").describe("When it was finished, as RFC 3339 in UTC."),
        Attribute::number("size_bytes").describe("Size in bytes."),
        Attribute::string("moves_to_cold_storage_at")
            .describe("When it moves to cold storage, as RFC 3339 in UTC. Null for never."),
        Attribute::string("deletes_at").describe(
            "When AWS Backup deletes it, as RFC 3339 in UTC, give or take 8 hours. Null for never.",
        ),
        Attribute::bool("fully_managed").describe(
            "Whether it was made with the advanced features for DynamoDB. Only such a one can be copied, move to cold \
             storage and have tags.",
        ),
        Attribute::string("kms_key_arn").describe("ARN of the KMS key that encrypts it."),
        Attribute::string("backup_plan_arn")
            .describe("ARN of the backup plan that made it. Null for one that was made on demand."),
    ]
    .map(Attribute::computed)
}
