//! The backups of a table, or of all tables of a Region, that match.
//!
//! IAM: `dynamodb:ListBackups` on `*`. One call per hundred backups, five per second.

use aws_clients::BackupSummary;
use tfsdk::schema::{Attribute, Schema};
use tfsdk::{Attr, Cx, DataSource, Diagnostics};

use super::backup_filter::{self, Arguments, Filter};
use crate::Client;
use crate::diagnostics;
use crate::rfc3339::rfc3339;

/// See the module.
pub(crate) struct Backups;

tfsdk::model! {
    /// What is asked for, and the backups.
    pub(crate) struct Model {
        /// Name or ARN of the table.
        table_name: String,
        /// DynamoDB's word for who made them.
        r#type: String,
        /// DynamoDB's word.
        status: String,
        /// What the name must match.
        name_regex: String,
        /// How old they may be.
        max_age: String,
        /// Region.
        region: String,
        /// The newest first.
        arns: Vec<Attr<String>>,
        /// The newest first.
        backups: Vec<Attr<Listed>>,
    }
}

tfsdk::model! {
    /// One backup.
    pub(crate) struct Listed {
        /// ARN.
        arn: String,
        /// Name.
        name: String,
        /// Name of the table.
        table_name: String,
        /// Id of the table.
        table_id: String,
        /// ARN of the table.
        table_arn: String,
        /// DynamoDB's word.
        status: String,
        /// DynamoDB's word for who made it.
        r#type: String,
        /// Hours old.
        size_bytes: i64,
        /// RFC 3339.
        created_at: String,
        /// RFC 3339; null for backups that stay.
        expires_at: String,
    }
}

impl DataSource for Backups {
    const NAME: &'static str = "backups";
    type Model = Model;
    type Client = Client;

    fn schema() -> Schema {
        Schema::new(
            "Lists the backups of a table, or of all tables of a Region, that match, the newest first. No match is an empty \
             list. Needs `dynamodb:ListBackups` on `*`.",
        )
        .attributes([Attribute::string("table_name").describe(
            "Table whose backups are listed: its name or ARN. Backups outlive their table. Default: all tables.",
        )])
        .attributes(backup_filter::arguments())
        .attributes([
            Attribute::string("region").optional_computed().describe("Region to look in. Default: the provider's."),
            Attribute::of("arns", tfsdk::Type::list(tfsdk::Type::String))
                .computed()
                .describe("ARNs of the backups, the newest first."),
            Attribute::nested_list("backups", listed()).computed().describe("The backups, the newest first."),
        ])
    }

    async fn read(client: &Client, config: Model, cx: &Cx) -> Result<Model, Diagnostics> {
        let region = client.region(config.region.known());
        let dynamodb = client.aws.dynamodb(&region);
        let arguments = Arguments {
            table_name: &config.table_name,
            kind: &config.r#type,
            status: &config.status,
            name_regex: &config.name_regex,
            max_age: &config.max_age,
        };
        let asked = backup_filter::narrow(&arguments, dynamodb.now())?;
        let found = dynamodb.list_backups(&client.cx(cx), &asked).await;
        let found = found.map_err(|err| diagnostics::aws("Backups cannot be listed", &err))?;
        let found = Filter::of(&arguments, dynamodb.now())?.matching(found);
        Ok(Model {
            region: region.to_string().into(),
            arns: found
                .iter()
                .map(|it| it.arn.to_string().into())
                .collect::<Vec<_>>()
                .into(),
            backups: found
                .iter()
                .map(|it| Listed::of(it).into())
                .collect::<Vec<_>>()
                .into(),
            ..config
        })
    }
}

impl Listed {
    fn of(summary: &BackupSummary) -> Self {
        Self {
            arn: summary.arn.to_string().into(),
            name: summary.name.clone().into(),
            table_name: summary.table_name.to_string().into(),
            table_id: summary.table_id.clone().into(),
            table_arn: summary.table_arn.as_ref().map(ToString::to_string).into(),
            status: summary.status.to_string().into(),
            r#type: summary.backup_type.to_string().into(),
            size_bytes: summary.size_bytes.into(),
            created_at: rfc3339(summary.created_at),
            expires_at: rfc3339(summary.expires_at),
        }
    }
}

fn listed() -> [Attribute; 10] {
    [
        Attribute::string("arn").describe("ARN of the backup."),
        Attribute::string("name").describe("Name of the backup; not unique."),
        Attribute::string("table_name").describe("Name of the table."),
        Attribute::string("table_id")
            .describe("Id of the table, which tells tables apart that had the same name."),
        Attribute::string("table_arn").describe("ARN of the table."),
        Attribute::string("status").describe("Status: `CREATING` or `AVAILABLE`."),
        Attribute::string("type").describe("Who made it: `USER` or `SYSTEM`."),
        Attribute::number("size_bytes").describe("Size in bytes; AWS brings it up to date within hours."),
        Attribute::string("created_at").describe("When it was taken, as RFC 3339 in UTC."),
        Attribute::string("expires_at")
            .describe("When AWS deletes it by itself, as RFC 3339 in UTC. Null for backups that stay."),
    ]
    .map(Attribute::computed)
}
