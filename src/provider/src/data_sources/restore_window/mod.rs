//! To which moments a table can be restored: the state of its point-in-time recovery, as AWS says it now.
//!
//! IAM: `dynamodb:DescribeContinuousBackups`. Ten calls per second, account-wide.

use aws_clients::{Region, TableRef};
use tfsdk::schema::{Attribute, Schema};
use tfsdk::{Cx, DataSource, Diagnostic, Diagnostics, Path};

use crate::Client;
use crate::client::Account;
use crate::diagnostics;
use crate::rfc3339::rfc3339;
use crate::table_name::table_ref;

/// See the module.
pub(crate) struct RestoreWindow;

tfsdk::model! {
    /// The table, and its window.
    pub(crate) struct Model {
        /// Name or ARN.
        table_name: String,
        /// Region.
        region: String,
        /// ARN.
        table_arn: String,
        /// Whether it is on.
        point_in_time_recovery_enabled: bool,
        /// 1 to 35; null while it is off.
        recovery_period_in_days: i64,
        /// RFC 3339; null while it is off.
        earliest_restorable_time: String,
        /// RFC 3339; null while it is off.
        latest_restorable_time: String,
    }
}

impl DataSource for RestoreWindow {
    const NAME: &'static str = "restore_window";
    type Model = Model;
    type Client = Client;

    fn schema() -> Schema {
        Schema::new(
            "Reads to which moments a table can be restored. A table without point-in-time recovery is no error: \
             `point_in_time_recovery_enabled` is false then, and the times are null. Needs \
             `dynamodb:DescribeContinuousBackups`.\n\nThe window moves while time passes, so each plan reads other times: \
             use them in checks and outputs, and not as arguments of what shall stay as it is.",
        )
        .attributes([
            Attribute::string("table_name").required().describe("The table: its name or ARN."),
            Attribute::string("region")
                .optional_computed()
                .describe("Region of the table. Default: that of the ARN, else the provider's."),
            Attribute::string("table_arn")
                .computed()
                .describe("ARN of the table. Null when the provider does not know its account."),
            Attribute::bool("point_in_time_recovery_enabled")
                .computed()
                .describe("Whether point-in-time recovery is on."),
            Attribute::number("recovery_period_in_days")
                .computed()
                .describe("How many days back the table can be restored at most. Null while recovery is off."),
            Attribute::string("earliest_restorable_time").computed().describe(
                "The earliest moment that can be restored, as RFC 3339 in UTC: the moment at which recovery was switched \
                 on, or the recovery period ago. Null while recovery is off.",
            ),
            Attribute::string("latest_restorable_time").computed().describe(
                "The latest moment that can be restored, as RFC 3339 in UTC; typically five minutes ago. Null while \
                 recovery is off.",
            ),
        ])
    }

    async fn read(client: &Client, config: Model, cx: &Cx) -> Result<Model, Diagnostics> {
        let aws = client.cx(cx);
        let text = config.table_name.known().map(String::as_str).unwrap_or_default();
        let cannot_read = |err: &aws_clients::Error| {
            diagnostics::aws("Restore window cannot be read", err).at(Path::of("table_name"))
        };
        let table = table_ref(text).map_err(|err| cannot_read(&err))?;
        let region = match (&table, config.region.known()) {
            (TableRef::Arn(arn), None) => arn.region(),
            (_, given) => client.region(given),
        };
        let account = client.account_of(&aws, None).await?;
        let found = client
            .aws
            .dynamodb(&region)
            .find_continuous_backups(&aws, &table)
            .await;
        let Some(backups) = found.map_err(|err| cannot_read(&err))? else {
            return Err(no_table(&table, &region, account.as_ref()).into());
        };
        let recovery = backups.point_in_time_recovery;
        Ok(Model {
            region: region.to_string().into(),
            table_arn: table_arn(&table, &region, account.as_ref()).into(),
            point_in_time_recovery_enabled: recovery.is_some().into(),
            recovery_period_in_days: recovery
                .as_ref()
                .and_then(|it| it.recovery_period_in_days.map(i64::from))
                .into(),
            earliest_restorable_time: rfc3339(recovery.as_ref().and_then(|it| it.earliest_restorable_time)),
            latest_restorable_time: rfc3339(recovery.as_ref().and_then(|it| it.latest_restorable_time)),
            table_name: config.table_name,
        })
    }
}

fn no_table(table: &TableRef, region: &Region, account: Option<&Account>) -> Diagnostic {
    let account = account
        .map(|account| format!(" of account {}", account.id))
        .unwrap_or_default();
    let name = table.table_name();
    Diagnostic::error(
        "Table does not exist",
        format!(
            "There is no table \"{name}\" in {region}{account}, or it is still being created, which DynamoDB does not tell \
             apart.\n\nCorrect table_name or region. If the table was deleted while it had point-in-time recovery, DynamoDB \
             keeps a backup of it for 35 days: data \"dynamodb_backup\" with table_name = \"{name}\" and type = \
             \"SYSTEM\" finds it."
        ),
    )
    .at(Path::of("table_name"))
}

fn table_arn(table: &TableRef, region: &Region, account: Option<&Account>) -> Option<String> {
    match (table, account) {
        (TableRef::Arn(arn), _) => Some(arn.to_string()),
        (TableRef::Name(name), Some(Account { id, partition })) => {
            Some(format!("arn:{partition}:dynamodb:{region}:{id}:table/{name}"))
        }
        (TableRef::Name(_), None) => None,
    }
}
