//! One backup: the one of an ARN, or the newest of a table that matches.
//!
//! IAM: `dynamodb:DescribeBackup`, and `dynamodb:ListBackups` on `*` unless the ARN is given.

use aws_clients::{BackupArn, BackupSummary, DynamoDb};
use tfsdk::schema::{Attribute, Schema, Validator};
use tfsdk::{Attr, Cx, DataSource, Diagnostic, Diagnostics, Path, Value};

use super::backup_filter::{self, Arguments, Filter};
use crate::diagnostics;
use crate::resources::backup::SourceTable;
use crate::rfc3339::rfc3339;
use crate::{Client, resources};

/// See the module.
pub(crate) struct Backup;

tfsdk::model! {
    /// What is asked for, and the backup.
    pub(crate) struct Model {
        /// ARN.
        arn: String,
        /// Name or ARN of the table.
        table_name: String,
        /// DynamoDB's word for who made it.
        r#type: String,
        /// DynamoDB's word.
        status: String,
        /// What the name must match.
        name_regex: String,
        /// How old it may be.
        max_age: String,
        /// Region.
        region: String,
        /// Name.
        name: String,
        /// Hours old.
        size_bytes: i64,
        /// RFC 3339.
        created_at: String,
        /// RFC 3339; null for backups that stay.
        expires_at: String,
        /// What the backup recorded of its table.
        source_table: SourceTable,
    }
}

const CANNOT_READ: &str = "Backup cannot be read";

/// A backup that is still being made cannot be restored, so it is taken only where it is asked for.
const DEFAULT_STATUS: &str = "AVAILABLE";

impl DataSource for Backup {
    const NAME: &'static str = "backup";
    type Model = Model;
    type Client = Client;

    fn schema() -> Schema {
        let [kind, status, name_regex, max_age] = backup_filter::arguments();
        let status = status.optional_computed().describe(
            "Status of the backup. Default `AVAILABLE` when the backup is found by `table_name`: others cannot be restored.",
        );
        Schema::new(
            "Finds one backup: by its ARN, or the newest of a table that matches. It is an error when none matches, and the \
             error says what was there. Needs `dynamodb:DescribeBackup`, and `dynamodb:ListBackups` to find it by table.",
        )
        .attributes([
            Attribute::string("arn").optional_computed().validate(Validator::Custom(check_arn)).describe(
                "ARN of the backup. Give this or `table_name`.",
            ),
            Attribute::string("table_name").optional_computed().describe(
                "Table whose newest matching backup is taken: its name or ARN. Backups outlive their table, and a table \
                 made anew under the same name has those of the old one too; `source_table.id` tells them apart. Give this \
                 or `arn`.",
            ),
            kind.optional_computed(),
            status,
            name_regex,
            max_age,
            Attribute::string("region")
                .optional_computed()
                .describe("Region of the backup. Default: that of the ARN, else the provider's."),
            Attribute::string("name").computed().describe("Name of the backup."),
            Attribute::number("size_bytes").computed().describe("Size in bytes; AWS brings it up to date within hours."),
            Attribute::string("created_at").computed().describe("When it was taken, as RFC 3339 in UTC."),
            Attribute::string("expires_at").computed().describe(
                "When AWS deletes it by itself, as RFC 3339 in UTC. Null for backups of type `USER`: they stay.",
            ),
            resources::backup::source_table_attribute(),
        ])
    }

    fn validate(config: &Model) -> Diagnostics {
        let mut found = Diagnostics::new();
        match (&config.arn, &config.table_name) {
            (Attr::Null, Attr::Null) => found.push(Diagnostic::error(
                "Which backup is not said",
                "Neither arn nor table_name is set. Set arn for a certain backup, or table_name for the newest one of a \
                 table.",
            )),
            (Attr::Known(_) | Attr::Unknown, Attr::Known(_) | Attr::Unknown) => found.push(
                Diagnostic::error(
                    "Conflicting arguments",
                    "arn and table_name are both set. The ARN names one backup already: remove table_name.",
                )
                .at(Path::of("table_name")),
            ),
            _ => {}
        }
        if !config.arn.is_null() {
            for (name, given) in [
                ("type", !config.r#type.is_null()),
                ("status", !config.status.is_null()),
                ("name_regex", !config.name_regex.is_null()),
                ("max_age", !config.max_age.is_null()),
            ] {
                if given {
                    found.push(
                        Diagnostic::error(
                            "Conflicting arguments",
                            format!("arn and {name} are both set. The ARN names one backup already: remove {name}."),
                        )
                        .at(Path::of(name)),
                    );
                }
            }
        }
        found
    }

    async fn read(client: &Client, config: Model, cx: &Cx) -> Result<Model, Diagnostics> {
        let aws = client.cx(cx);
        let region = match config.arn.known() {
            Some(arn) if config.region.is_null() => parse_arn(arn)?.region(),
            _ => client.region(config.region.known()),
        };
        let dynamodb = client.aws.dynamodb(&region);
        let arn = match config.arn.known() {
            Some(arn) => parse_arn(arn)?,
            None => find_newest(&dynamodb, &aws, &config).await?.arn,
        };
        let found = dynamodb.find_backup(&aws, &arn).await;
        let found = found.map_err(|err| diagnostics::aws(CANNOT_READ, &err).at(Path::of("arn")))?;
        let Some(backup) = found else {
            return Err(Diagnostic::error(
                "Backup does not exist",
                format!(
                    "There is no backup {arn}. It was deleted, or, if it was made of a deleted table, its 35 days are \
                     over.\n\nTo see what there is: aws dynamodb list-backups --backup-type ALL --table-name {} --region \
                     {region}",
                    arn.table_name()
                ),
            )
            .at(Path::of("arn"))
            .into());
        };
        let summary = &backup.summary;
        let echo = |given: Attr<String>, found: &str| if given.is_null() { found.into() } else { given };
        Ok(Model {
            arn: echo(config.arn, summary.arn.as_str()),
            table_name: echo(config.table_name, summary.table_name.as_str()),
            r#type: echo(config.r#type, summary.backup_type.as_str()),
            status: echo(config.status, summary.status.as_str()),
            name_regex: config.name_regex,
            max_age: config.max_age,
            region: echo(config.region, region.as_str()),
            name: summary.name.clone().into(),
            size_bytes: summary.size_bytes.into(),
            created_at: rfc3339(summary.created_at),
            expires_at: rfc3339(summary.expires_at),
            source_table: SourceTable::of(&backup).into(),
        })
    }
}

async fn find_newest(
    dynamodb: &DynamoDb,
    aws: &aws_clients::Cx,
    config: &Model,
) -> Result<BackupSummary, Diagnostics> {
    let default_status = Attr::from(DEFAULT_STATUS);
    let arguments = Arguments {
        table_name: &config.table_name,
        kind: &config.r#type,
        status: if config.status.is_null() {
            &default_status
        } else {
            &config.status
        },
        name_regex: &config.name_regex,
        max_age: &config.max_age,
    };
    let listed = dynamodb
        .list_backups(aws, &backup_filter::broad(&arguments)?)
        .await;
    let listed = listed.map_err(|err| diagnostics::aws("Backups cannot be listed", &err))?;
    let filter = Filter::of(&arguments, dynamodb.now())?;
    if let Some(newest) = filter.matching(listed.clone()).into_iter().next() {
        return Ok(newest);
    }
    let text = filter.nothing(listed, dynamodb.region().as_str());
    Err(Diagnostic::error("No backup matches", text)
        .at(Path::of("table_name"))
        .into())
}

fn parse_arn(text: &str) -> Result<BackupArn, Diagnostics> {
    text.parse()
        .map_err(|err| diagnostics::aws(CANNOT_READ, &err).at(Path::of("arn")).into())
}

fn check_arn(value: &Value) -> Result<(), String> {
    let Value::String(text) = value else { return Ok(()) };
    rules::syntax::BackupArn::parse(text).map(|_| ()).map_err(|err| {
        format!(
            "The value {text:?} is not the ARN of a DynamoDB backup: {}. It looks like \
             arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d.",
            err.explain()
        )
    })
}
