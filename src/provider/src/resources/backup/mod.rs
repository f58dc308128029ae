//! An on-demand backup: a full copy of a table that DynamoDB keeps until it is deleted.
//!
//! Create is one CreateBackup, then a wait for AVAILABLE. Nothing about a backup can be changed, so update only takes up
//! a wait that was cut off. Delete is DeleteBackup, at once and for good; a backup of DynamoDB itself or of AWS Backup,
//! which an import can bring in, is never deleted. A backup that has gone is planned anew, with a warning.
//!
//! A create that came to no end leaves `unfinished = true` in the state, or a record in the journal, or both. The next
//! apply goes on with the same backup: in `update` when Terraform kept the object, and in `create` when it did not, or
//! tainted it; then `delete` hands the backup over instead of deleting it.
//!
//! Not done here: copies to other Regions or accounts, expiry and tags, which only AWS Backup has; and restores.
//!
//! IAM: `dynamodb:CreateBackup` and `dynamodb:DescribeTable` on the table, `dynamodb:DescribeBackup` and
//! `dynamodb:DeleteBackup` on the backup, `dynamodb:ListBackups` on `*`.
//! Limits: 50 CreateBackup, 10 DescribeBackup, 10 DeleteBackup, 5 ListBackups per second, account-wide. Refreshing N
//! backups of a table takes N/100 ListBackups.

mod model;
mod neighbours;
mod plan;
mod schema;
#[cfg(test)]
mod tests;

use std::time::Duration;

use aws_clients::{Backup as Description, BackupArn, Error, ErrorKind, Region};
use tfsdk::{
    Attr, Change, Create, Cx, Delete, Diagnostic, Diagnostics, IdentitySchema, ImportTarget, Operation, Path,
    Planned, Removal, Resource, Saved, Schema, Timeouts, Update, Value,
};

use crate::Client;
use crate::diagnostics;
use crate::journal::{self, Attempt, Hold, Key, Record, Stage};
use crate::resources::backup_name;
use crate::resources::making_backup::{Accepted, Order, Purpose};
use crate::table_name::{Place, table_ref};
pub(crate) use model::{Model, SourceTable};
pub(crate) use plan::Observed;
pub(crate) use schema::source_table as source_table_attribute;

/// See the module.
pub(crate) struct Backup;

/// Any backup that an apply has asked for is the one of this object, however old: the user is told its age.
const PURPOSE: Purpose = Purpose {
    cannot_create: CANNOT_CREATE,
    command: "apply",
    oldest: None,
    taken_over: "is now managed by this object: it holds the data of that time.\n\nIf you want the data of now, change \
                 triggers and apply again.",
    refused: None,
};

const CANNOT_CREATE: &str = "Backup cannot be created";

/// AWS promises seconds; a large table with many backups at once takes minutes.
const CREATE_TIMEOUT: &str = "30m";
/// A backup that is being restored cannot be deleted before the restore is over.
const DELETE_TIMEOUT: &str = "10m";

impl Resource for Backup {
    const NAME: &'static str = "backup";
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
        let arn: BackupArn = state.arn.known()?.parse().ok()?;
        Some(Value::object([
            ("arn", Value::string(arn.as_str())),
            ("region", Value::string(arn.region().as_str())),
            ("account_id", Value::string(arn.account())),
        ]))
    }

    fn validate(config: &Model) -> Diagnostics {
        plan::validate(config)
    }

    async fn observe(client: &Client, change: &Change<Model>, cx: &Cx) -> Result<Observed, Diagnostics> {
        let mut seen = plan::observe(client, change, cx).await?;
        let made = neighbours::made(change, |config| client.region(config.region.known()));
        seen.planner.neighbours = client.ledger.note(cx.plan_id(), made);
        Ok(seen)
    }

    fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
        plan::plan(change, seen)
    }

    async fn read(client: &Client, mut state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
        const CANNOT_READ: &str = "Backup cannot be read";
        let arn = parse_arn(&state)?;
        let aws = client.cx(cx);
        client.account_of(&aws, Some(arn.account())).await?;
        let dynamodb = client.aws.dynamodb(&arn.region());
        let cannot_read = |err: Error| diagnostics::aws(CANNOT_READ, &err);
        if state.source_table.known().is_none() {
            // After an import, or a create that was cut off.
            let found = dynamodb.find_backup(&aws, &arn).await.map_err(cannot_read)?;
            let Some(backup) = found else {
                return Ok(gone(&state, cx));
            };
            state.update_from_description(&backup);
        } else {
            let found = dynamodb
                .find_backup_listed(&aws, &arn)
                .await
                .map_err(cannot_read)?;
            let Some(summary) = found else {
                return Ok(gone(&state, cx));
            };
            state.update_from_summary(&summary);
        }
        Ok(Some(state))
    }

    async fn create(
        client: &Client,
        create: Create<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        let mut state = create.planned;
        let table = state.table_name.known().map(String::as_str).unwrap_or_default();
        let table = table_ref(table)
            .map_err(|err| diagnostics::aws(CANNOT_CREATE, &err).at(Path::of("table_name")))?;
        let region = client.region(state.region.known());
        let aws = client.cx_with_timeout(cx, create_timeout(&state));
        let account = client.account_of(&aws, None).await?;
        let dynamodb = client.aws.dynamodb(&region);
        // Its id makes sure that a look-up finds no backup of another table of that name. Whoever may not describe the
        // table goes without.
        let described = dynamodb.find_table(&aws, &table).await.ok().flatten();
        plan::check_table(&state, &region, described.as_ref(), &client.policy)?;

        let order = Order {
            purpose: &PURPOSE,
            client,
            dynamodb: &dynamodb,
            aws: &aws,
            account,
            table_id: described.and_then(|table| table.id),
            name: state.name.known().cloned(),
            key: key(&state, &region)?,
            table,
            earlier: None,
        };
        let Accepted { attempt, summary } = order.accepted(cx).await?;
        state.unfinished = true.into();
        state.update_from_summary(&summary);
        saved.save(&state);

        match dynamodb.wait_backup_available(&aws, &summary.arn).await {
            Ok(backup) => {
                finish(&mut state, &backup);
                attempt.finish();
                Ok(state)
            }
            Err(err) => wait_ended(&err, attempt, state, cx),
        }
    }

    async fn update(
        client: &Client,
        update: Update<Model>,
        _saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        let Update { prior, planned, .. } = update;
        let mut state = Model {
            // All that AWS says is as it was, unless the wait goes on.
            table_name: planned.table_name,
            triggers: planned.triggers,
            retain_on_destroy: planned.retain_on_destroy,
            timeouts: planned.timeouts,
            ..prior
        };
        if state.unfinished != Attr::Known(true) {
            return Ok(state);
        }
        let arn = parse_arn(&state)?;
        if client.journal.hold(arn.as_str()) == Hold::Taken {
            return Err(Diagnostic::error(
                "Backup is managed by another object",
                format!(
                    "{arn} was not finished, and another object of this configuration with the same arguments has taken \
                     it over in this apply.\n\nRemove this object from the state (terraform state rm), then apply again: \
                     it gets a backup of its own."
                ),
            )
            .into());
        }
        let aws = client.cx_with_timeout(cx, create_timeout(&state));
        client.account_of(&aws, Some(arn.account())).await?;
        let dynamodb = client.aws.dynamodb(&arn.region());
        match dynamodb.wait_backup_available(&aws, &arn).await {
            Ok(backup) => {
                finish(&mut state, &backup);
                client.journal.forget(arn.as_str());
                Ok(state)
            }
            Err(err) if err.kind() == ErrorKind::Cancelled => {
                cx.warn(interrupted(&state));
                Ok(state)
            }
            Err(err) => {
                let aftermath = if err.is_not_found() {
                    "No backup is left. The next plan takes a new one, of the data of then.".to_owned()
                } else {
                    format!(
                        "AWS goes on making {arn}. It stays in the state as it is, and the next apply takes up the wait."
                    )
                };
                Err(diagnostics::aws_after("Backup is not finished", &err, &aftermath).into())
            }
        }
    }

    async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        let Delete { state, reason } = delete;
        let arn = parse_arn(&state)?;
        let unfinished = state.unfinished == Attr::Known(true);
        if unfinished && client.journal.is_taken_over(arn.as_str()) {
            // Terraform holds the backup twice: as this object, and as the one that has taken it over.
            tracing::info!(%arn, "backup is kept: another object has taken it over");
            return Ok(());
        }
        if unfinished && reason == Removal::Tainted {
            hand_over(client, &state, &arn, cx)?;
            return Ok(());
        }
        if state.retain_on_destroy == Attr::Known(true) {
            client.journal.forget(arn.as_str());
            return Ok(());
        }
        may_be_deleted(&state, &arn)?;
        let aws = client.cx_with_timeout(cx, timeout(&state, Operation::Delete, DELETE_TIMEOUT));
        client.account_of(&aws, Some(arn.account())).await?;
        let dynamodb = client.aws.dynamodb(&arn.region());
        let doing = format!("deleting backup {arn}");
        // Not yet while it is being made, or a restore reads it.
        aws_clients::retry_until(&aws, &**client.aws.clock(), &doing, || {
            dynamodb.delete_backup(&aws, &arn)
        })
        .await
        .map_err(|err| diagnostics::aws("Backup cannot be deleted", &err))?;
        client.journal.forget(arn.as_str());
        Ok(())
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(import);
}

fn finish(state: &mut Model, backup: &Description) {
    state.update_from_description(backup);
    state.unfinished = false.into();
}

/// A wait that ended before the backup was AVAILABLE: with an unfinished object when the user interrupted, otherwise
/// with an error, after which Terraform taints the object.
fn wait_ended(err: &Error, attempt: Attempt, state: Model, cx: &Cx) -> Result<Model, Diagnostics> {
    match err.kind() {
        ErrorKind::Cancelled => {
            attempt.discard();
            cx.warn(interrupted(&state));
            Ok(state)
        }
        ErrorKind::NotFound => {
            attempt.discard();
            let aftermath = "No backup is left. Run terraform apply again to make another one.";
            Err(diagnostics::aws_after(CANNOT_CREATE, err, aftermath).into())
        }
        _ => {
            let arn = state.arn.known().map(String::as_str).unwrap_or_default();
            let aftermath = format!(
                "AWS has accepted the backup, and goes on making it: {arn}. It is kept, and Terraform has it in its state. \
                 The next apply takes up the wait with this same backup, although its plan will show a replacement: \
                 nothing is deleted, and no second backup is made."
            );
            attempt.leave();
            Err(diagnostics::aws_after("Backup is not finished", err, &aftermath).into())
        }
    }
}

fn interrupted(state: &Model) -> Diagnostic {
    let arn = state.arn.known().map(String::as_str).unwrap_or_default();
    Diagnostic::warning(
        "Backup is not finished yet",
        format!(
            "The run was interrupted. AWS goes on making {arn}, and it is in the state with unfinished = true. The next \
             apply takes up the wait; no second backup is made."
        ),
    )
}

/// Keeps an unfinished backup for the create that follows.
fn hand_over(client: &Client, state: &Model, arn: &BackupArn, cx: &Cx) -> Result<(), Diagnostics> {
    let region = arn.region();
    let record = Record {
        version: Record::VERSION,
        operation: journal::Operation::CreateBackup,
        key: key(state, &region)?,
        account: Some(arn.account().to_owned()),
        region: region.to_string(),
        table_name: arn.table_name().to_string(),
        table_arn: None,
        table_id: None,
        name: state.name.known().cloned().unwrap_or_default(),
        source: None,
        started_at: state
            .created_at
            .known()
            .and_then(|text| text.parse().ok())
            .unwrap_or_else(|| client.now(&region)),
        asked_at: None,
        token: None,
        arn: Some(arn.to_string()),
        stage: Stage::HandedOver,
        run: String::new(),
    };
    if client.journal.hand_over(record) {
        cx.warn(Diagnostic::warning(
            "Unfinished backup is kept for the new object",
            format!(
                "{arn} was not finished when an earlier apply ended. It is not deleted: the object that replaces this one \
                 takes it over. If the replacement has other arguments, it takes a backup of its own, and this one stays in \
                 AWS; delete it then with aws dynamodb delete-backup --backup-arn {arn} --region {region}"
            ),
        ));
    }
    if let Some(warning) = client.journal.warning() {
        cx.warn(warning);
    }
    Ok(())
}

/// The last line of defence: rules have said it in the plan.
fn may_be_deleted(state: &Model, arn: &BackupArn) -> Result<(), Diagnostics> {
    let refused = |why: String| {
        Err(Diagnostic::error(
            "Backup must not be deleted",
            format!("{why} Nothing was deleted.\n\nSet retain_on_destroy = true and apply, then destroy."),
        )
        .into())
    };
    match state.r#type.known().map(String::as_str) {
        Some("USER") | None => {}
        Some(kind) => {
            return refused(format!(
                "{arn} is of type {kind}: it was not made by a user, and only its maker deletes it."
            ));
        }
    }
    match state.region.known() {
        Some(region) if *region != arn.region().as_str() => refused(format!(
            "The state says that {arn} is in {region}, and its ARN says {}.",
            arn.region()
        )),
        _ => Ok(()),
    }
}

/// Warns that the backup has gone, which the plan that follows must not make up for in silence.
fn gone(state: &Model, cx: &Cx) -> Option<Model> {
    // Nobody has seen an object that is being imported.
    if let (Some(arn), Some(_)) = (state.arn.known(), state.status.known()) {
        let taken = state
            .created_at
            .known()
            .map(|at| format!(", taken at {at},"))
            .unwrap_or_default();
        cx.warn(Diagnostic::warning(
            "Backup was deleted outside Terraform",
            format!(
                "{arn}{taken} is gone, and nothing brings it back. If this object is still in the configuration, the plan \
                 takes a new backup: it will hold the data of today, not those of then.\n\nFind out who deleted it: \
                 CloudTrail records DeleteBackup. If no new backup is wanted, remove the object from the configuration."
            ),
        ));
    }
    None
}

/// What makes two attempts one: the same table, and the same wish for a backup of it.
fn key(state: &Model, region: &Region) -> Result<Key, Diagnostics> {
    let table = state.table_name.known().map(String::as_str).unwrap_or_default();
    let table = table_ref(table)
        .map_err(|err| diagnostics::aws("Not a table", &err))?
        .table_name();
    // A name that was made up is no wish. In the state it looks like one that was given.
    let wished = state
        .name
        .known()
        .map(String::as_str)
        .filter(|wished| !backup_name::is_generated(wished, table.as_str()));
    let triggers = state.triggers.known().into_iter().flatten();
    let triggers = triggers.flat_map(|(key, value)| [Some(key.as_str()), value.known().map(String::as_str)]);
    Ok(Key::of(
        [Some(region.as_str()), Some(table.as_str()), wished]
            .into_iter()
            .chain(triggers),
    ))
}

fn parse_arn(state: &Model) -> Result<BackupArn, Diagnostics> {
    let text = state.arn.known().map(String::as_str).unwrap_or_default();
    text.parse()
        .map_err(|err| diagnostics::aws("State has no ARN of a backup", &err).into())
}

fn create_timeout(state: &Model) -> Duration {
    timeout(state, Operation::Create, CREATE_TIMEOUT)
}

fn timeout(state: &Model, operation: Operation, default: &str) -> Duration {
    let default = tfsdk::parse_duration(default).expect("the constant is a duration");
    Timeouts::of(&state.timeouts, operation, default)
}

fn import(target: ImportTarget) -> Result<Model, Diagnostics> {
    let form = "the ARN of the backup, as in arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/01700000000000-0a1b2c3d";
    let place = Place::of_import(target, "arn", form, |text| {
        text.parse::<BackupArn>()
            .map(|arn| Some(arn.region().to_string()))
    })?;
    Ok(Model {
        arn: place.id.into(),
        region: place.region.into(),
        ..Model::default()
    })
}
