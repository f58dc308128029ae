//! The promise of a last backup: nothing as long as it stands, and a backup when it is destroyed.
//!
//! Create, update and read make nothing in AWS; they only see to it that there is a table. Delete is one CreateBackup,
//! a wait for AVAILABLE, and no more: the backup is left to itself. As long as the backup is not there, delete fails,
//! and Terraform keeps this object and all that it depends on, the table first of all. What it rests on, and why the
//! table is best referred to by its ARN: `docs/design/002-final-backup.md`.
//!
//! A destroy that came to no end leaves a record in the journal, and the same one in the private state for the case that
//! the journal is lost. The next destroy goes on with the same backup, unless it is too old to be the last one.
//!
//! Not done here: the deletion of the table, or of an older final backup.
//!
//! IAM: `dynamodb:DescribeTable` and `dynamodb:CreateBackup` on the table, `dynamodb:DescribeBackup` on the backup,
//! `dynamodb:ListBackups` on `*`.
//! Limits: 50 CreateBackup, 10 DescribeBackup, 5 ListBackups per second, account-wide. One DescribeTable per object and
//! refresh.

mod model;
mod plan;
mod schema;
mod taking;
#[cfg(test)]
mod tests;

use aws_clients::{ErrorKind, TableRef};
use jiff::SignedDuration;
use tfsdk::{
    Change, Create, Cx, Delete, Diagnostics, IdentitySchema, ImportTarget, Path, Planned, Resource, Saved,
    Schema, Update, Value,
};

use super::creating_table;
use crate::Client;
use crate::diagnostics;
use crate::table_name::{Place, table_ref};
pub(crate) use model::Model;
pub(crate) use plan::Observed;

/// See the module.
pub(crate) struct FinalBackup;

/// AWS promises seconds; a large table with many backups at once takes minutes.
const DELETE_TIMEOUT: &str = "30m";

/// How old the backup of a destroy that was cut off may be to serve the next one. A backup more costs little; what was
/// written since the backup would be lost.
const OLDEST: SignedDuration = SignedDuration::from_hours(1);

impl Resource for FinalBackup {
    const NAME: &'static str = "final_backup";
    type Model = Model;
    type Client = Client;
    type Observed = Observed;

    fn schema() -> Schema {
        schema::schema()
    }

    fn identity_schema() -> Option<IdentitySchema> {
        Some(schema::identity())
    }

    fn identity(state: &Model) -> Option<Value> {
        let table = table_ref(state.table_name.known()?).ok()?;
        Some(Value::object([
            ("table_name", Value::string(table.table_name().as_str())),
            ("region", state.region.to_value()),
            ("account_id", state.account_id.to_value()),
        ]))
    }

    fn validate(config: &Model) -> Diagnostics {
        plan::validate(config)
    }

    async fn observe(client: &Client, change: &Change<Model>, cx: &Cx) -> Result<Observed, Diagnostics> {
        plan::observe(client, change, cx).await
    }

    fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
        plan::plan(change, seen)
    }

    async fn read(client: &Client, state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
        let aws = client.cx(cx);
        let account = client
            .account_of(&aws, state.account_id.known().map(String::as_str))
            .await?;
        let region = client.region(state.region.known());
        let table = parse_table(&state)?;
        let dynamodb = client.aws.dynamodb(&region);
        match dynamodb.find_table(&aws, &table).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                // Nobody has promised anything for an object that is being imported.
                if state.enabled.known().is_some() && state.takes_backup() {
                    cx.warn(taking::table_gone(&dynamodb, &aws, &table).await);
                }
                return Ok(None);
            }
            // The promise needs no read.
            Err(err) if err.kind() == ErrorKind::Denied => {}
            Err(err) => return Err(diagnostics::aws("Table cannot be read", &err).into()),
        }
        let mut state = state.with_defaults();
        state.region = region.to_string().into();
        if let Some(account) = account {
            state.account_id = account.id.into();
        }
        Ok(Some(state))
    }

    async fn create(
        client: &Client,
        create: Create<Model>,
        _saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        let mut state = create.planned;
        let aws = client.cx(cx);
        let account = client.account_of(&aws, None).await?;
        let region = client.region(state.region.known());
        let table = parse_table(&state)?;
        // A promise for a table that is not there, perhaps for a mistyped one, would be found out when it is too late.
        if client.validation.observe {
            let dynamodb = client.aws.dynamodb(&region);
            match dynamodb.find_table(&aws, &table).await {
                Ok(Some(_)) => {}
                Ok(None) => {
                    let why = creating_table::no_such_table(&table, &dynamodb, account.as_ref());
                    let diagnostic =
                        tfsdk::Diagnostic::error("Table to take a final backup of does not exist", why);
                    return Err(diagnostic.at(Path::of("table_name")).into());
                }
                Err(err) if err.kind() == ErrorKind::Denied => {
                    let check = "the table exists";
                    let unread = diagnostics::unreadable(client.validation, check, &err);
                    let unread = unread.at(Path::of("table_name"));
                    if unread.is_error() {
                        return Err(unread.into());
                    }
                    cx.warn(unread);
                }
                Err(err) => return Err(diagnostics::aws("Table cannot be read", &err).into()),
            }
        }
        state.region = region.to_string().into();
        state.account_id = account.map(|account| account.id).into();
        Ok(state)
    }

    async fn update(
        _client: &Client,
        update: Update<Model>,
        _saved: &mut Saved<'_, Model>,
        _cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        let Update { prior, planned, .. } = update;
        Ok(Model {
            region: prior.region,
            account_id: prior.account_id,
            ..planned
        })
    }

    async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        taking::delete(client, &delete.state, cx).await
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(import);
}

fn parse_table(model: &Model) -> Result<TableRef, Diagnostics> {
    let text = model.table_name.known().map(String::as_str).unwrap_or_default();
    table_ref(text)
        .map_err(|err| Diagnostics::from(diagnostics::aws("Not a table", &err).at(Path::of("table_name"))))
}

fn import(target: ImportTarget) -> Result<Model, Diagnostics> {
    let place = Place::of_import_by_table(target)?;
    Ok(Model {
        table_name: place.id.into(),
        region: place.region.into(),
        account_id: place.account.into(),
        ..Model::default()
    })
}
