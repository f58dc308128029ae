//! A recovery point that an on-demand job of AWS Backup makes of a table, in a vault.
//!
//! Create is one StartBackupJob, then a wait for the job, which takes from minutes to hours. Of a recovery point only
//! lifecycle and tags can be changed; update also takes up a wait that was cut off. Delete is DeleteRecoveryPoint and a
//! wait until it is gone: AWS may agree and not do it. A job that still runs is stopped before.
//!
//! A create that came to no end leaves `unfinished = true` in the state, or a record in the journal, or both, as with
//! `dynamodb_backup`. The object that is resumed is the job: its id is known at once, the ARN of the recovery point
//! perhaps only at its end (ABJ-004). A job that failed is forgotten: the next apply starts another one.
//!
//! Not done here: schedules (backup plans), copies, and restores.
//!
//! IAM: `backup:StartBackupJob`, `backup:DescribeBackupJob`, `backup:StopBackupJob`, `backup:DescribeRecoveryPoint`,
//! `backup:UpdateRecoveryPointLifecycle`, `backup:DeleteRecoveryPoint`, `backup:DescribeBackupVault`,
//! `backup:DescribeRegionSettings`, `backup:ListTags`, `backup:TagResource`, `backup:UntagResource`, `iam:PassRole`,
//! `dynamodb:DescribeTable`; for an import `dynamodb:ListTagsOfResource`.
//! Limits: one job per table at a time (ABJ-005).

mod model;
mod plan;
mod refresh;
mod removal;
mod schema;
mod tags;
mod taking;
#[cfg(test)]
mod tests;

use std::time::Duration;

use aws_clients::{
    AwsBackup, BackupJobOrder, Error, ErrorKind, RecoveryPoint as Description, Region, TableArn, TableRef,
};
use tfsdk::{
    Attr, Change, Create, Cx, Delete, Diagnostic, Diagnostics, ImportTarget, Operation, Path, Planned,
    Resource, Saved, Schema, Timeouts, Update,
};

use crate::Client;
use crate::client::Account;
use crate::diagnostics;
use crate::journal::{Attempt, Hold, Key};
use crate::resources::tags::Tags;
use crate::table_name::table_ref;
pub(crate) use model::Model;
use model::{Lifecycle, is_kept_as_wanted};
pub(crate) use plan::Observed;
use tags::WrittenTags;
use taking::{Accepted, Order};

/// See the module.
pub(crate) struct RecoveryPoint;

const CANNOT_CREATE: &str = "Recovery point cannot be made";
const NOT_FINISHED: &str = "Recovery point is not finished";

/// The default start window is eight hours; then DynamoDB needs minutes.
const CREATE_TIMEOUT: &str = "12h";
/// An update takes up the wait of a create.
const UPDATE_TIMEOUT: &str = "12h";
const DELETE_TIMEOUT: &str = "1h";

impl Resource for RecoveryPoint {
    const NAME: &'static str = "recovery_point";
    type Model = Model;
    type Client = Client;
    type Observed = Observed;

    fn schema() -> Schema {
        schema::schema()
    }

    fn validate(config: &Model) -> Diagnostics {
        plan::validate(config)
    }

    async fn observe(client: &Client, change: &Change<Model>, cx: &Cx) -> Result<Observed, Diagnostics> {
        Box::pin(plan::observe(client, change, cx)).await
    }

    fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
        plan::plan(change, seen)
    }

    async fn read(client: &Client, state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
        Box::pin(refresh::read(client, state, cx)).await
    }

    async fn create(
        client: &Client,
        create: Create<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        let mut state = create.planned;
        let region = client.region(state.region.known());
        let aws = client.cx_with_timeout(cx, timeout(&state, Operation::Create, CREATE_TIMEOUT));
        let account = client.account_of(&aws, None).await?;
        Box::pin(plan::check_again(client, &aws, &state, &region)).await?;
        let backup = client.aws.aws_backup(&region);
        let order = Order {
            client,
            backup: &backup,
            aws: &aws,
            key: key(&state, &region)?,
            job: job_order(client, &aws, &state, &region, account.as_ref()).await?,
            account,
        };
        let Accepted {
            attempt,
            job,
            is_taken_over,
        } = Box::pin(order.accepted(cx)).await?;
        state.update_from_job(&job);
        saved.save(&state);

        let work = Work {
            backup: &backup,
            aws: &aws,
            tags: Tags::of(&client.aws),
        };
        let others = is_taken_over.then(|| Attr::Known(Default::default()));
        match Box::pin(work.finish(&mut state, others.as_ref(), cx)).await {
            Ok(()) => {
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
        let tags_before = prior.tags_all.clone();
        // Those that this object has set: its own at least, where those of the provider are not all there.
        let tags_set = if tags_before.is_null() {
            prior.tags.clone()
        } else {
            tags_before.clone()
        };
        let lifecycle_before = prior.recovery_point_lifecycle.clone();
        let mut state = Model {
            // All that AWS says is as it was, unless something is changed.
            table_name: planned.table_name,
            role_arn: planned.role_arn,
            start_window_minutes: planned.start_window_minutes,
            completion_window_minutes: planned.completion_window_minutes,
            recovery_point_lifecycle: planned.recovery_point_lifecycle,
            tags: planned.tags,
            triggers: planned.triggers,
            retain_on_destroy: planned.retain_on_destroy,
            timeouts: planned.timeouts,
            tags_all: planned.tags_all,
            ..prior
        };
        let is_changed = lifecycle_before != state.recovery_point_lifecycle || tags_before != state.tags_all;
        if !state.is_unfinished() && !is_changed {
            return Ok(state);
        }
        let aws = client.cx_with_timeout(cx, timeout(&state, Operation::Update, UPDATE_TIMEOUT));
        client.account_of(&aws, state.account().as_deref()).await?;
        let backup = client.aws.aws_backup(&client.region(state.region.known()));
        let work = Work {
            backup: &backup,
            aws: &aws,
            tags: Tags::of(&client.aws),
        };
        if !state.is_unfinished() {
            Box::pin(work.change(&mut state, &tags_set))
                .await
                .map_err(|err| diagnostics::aws("Recovery point cannot be changed", &err))?;
            return Ok(state);
        }
        let id = state.backup_job_id.known().cloned().unwrap_or_default();
        if client.journal.hold(&id) == Hold::Taken {
            return Err(taken_by_another(&id).into());
        }
        match Box::pin(work.finish(&mut state, Some(&tags_set), cx)).await {
            Ok(()) => {
                client.journal.forget(&id);
                Ok(state)
            }
            Err(err) if err.kind() == ErrorKind::Cancelled => {
                cx.warn(interrupted(&state));
                Ok(without_unknown_tags(state, &tags_before))
            }
            Err(err) => Err(diagnostics::aws_after(NOT_FINISHED, &err, &aftermath(&err, &state)).into()),
        }
    }

    async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        Box::pin(removal::delete(client, delete, cx)).await
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(refresh::import);
}

/// What is asked of AWS. The table's ARN is AWS's own where it may be described.
async fn job_order(
    client: &Client,
    aws: &aws_clients::Cx,
    state: &Model,
    region: &Region,
    account: Option<&Account>,
) -> Result<BackupJobOrder, Diagnostics> {
    let text = state.table_name.known().map(String::as_str).unwrap_or_default();
    let at_table = |err: &Error| diagnostics::aws(CANNOT_CREATE, err).at(Path::of("table_name"));
    let table = table_ref(text).map_err(|err| at_table(&err))?;
    let table = match table {
        TableRef::Arn(arn) => arn,
        TableRef::Name(name) => match account {
            Some(account) => format!(
                "arn:{}:dynamodb:{region}:{}:table/{name}",
                account.partition, account.id
            )
            .parse::<TableArn>()
            .map_err(|err| at_table(&err))?,
            None => described_arn(client, aws, region, &TableRef::Name(name)).await?,
        },
    };
    let merged = Tags::of(&client.aws).merged(&state.tags).unwrap_or_default();
    Ok(BackupJobOrder {
        token: String::new(),
        table,
        vault_name: state.vault_name.known().cloned().unwrap_or_default(),
        role_arn: state.role_arn.known().cloned().unwrap_or_default(),
        start_window_minutes: state.start_window_minutes.known().copied(),
        completion_window_minutes: state.completion_window_minutes.known().copied(),
        lifecycle: Lifecycle::days(&state.recovery_point_lifecycle),
        tags: merged,
    })
}

/// The ARN of a table, asked of DynamoDB where the account is not known.
async fn described_arn(
    client: &Client,
    aws: &aws_clients::Cx,
    region: &Region,
    table: &TableRef,
) -> Result<TableArn, Diagnostics> {
    let found = client.aws.dynamodb(region).find_table(aws, table).await;
    let found = found.map_err(|err| diagnostics::aws(CANNOT_CREATE, &err))?;
    found.map(|table| table.arn).ok_or_else(|| {
        Diagnostic::error(
            CANNOT_CREATE,
            format!("There is no table {table} in {region}.\n\nCorrect table_name or region."),
        )
        .at(Path::of("table_name"))
        .into()
    })
}

/// What an operation works with.
struct Work<'a> {
    backup: &'a AwsBackup,
    aws: &'a aws_clients::Cx,
    tags: Tags,
}

impl Work<'_> {
    /// Waits for the job and shows what it made. Where the job may have been started with other arguments, changes the
    /// recovery point as they are now; `tags_before` are then those that this object had set.
    async fn finish(
        &self,
        state: &mut Model,
        tags_before: Option<&WrittenTags>,
        cx: &Cx,
    ) -> Result<(), Error> {
        let id = state.backup_job_id.known().cloned().unwrap_or_default();
        let job = self.backup.wait_backup_job_completed(self.aws, &id).await?;
        // The job knows the ARN at its end, whatever it knew before.
        if let Some(arn) = &job.recovery_point {
            state.arn = arn.to_string().into();
        }
        match tags_before {
            Some(tags_before) => self.change(state, tags_before).await?,
            None => {
                let point = self.described(state).await?;
                let wanted = state.recovery_point_lifecycle.clone();
                state.update_from_point(&point);
                // As planned; where AWS keeps it otherwise, the next refresh shows it.
                state.recovery_point_lifecycle = wanted;
                self.settle_tags(state);
            }
        }
        state.unfinished = false.into();
        let has_tags = self.tags.merged(&state.tags).is_some_and(|tags| !tags.is_empty());
        if has_tags && state.is_fully_managed() == Some(false) {
            cx.warn(without_tags(state));
        }
        Ok(())
    }

    /// Makes lifecycle and tags what they should be, and shows the outcome.
    async fn change(&self, state: &mut Model, tags_before: &WrittenTags) -> Result<(), Error> {
        let mut point = self.described(state).await?;
        let days = Lifecycle::days(&state.recovery_point_lifecycle);
        if !is_kept_as_wanted(&point, days) {
            self.backup
                .update_recovery_point_lifecycle(self.aws, &point.vault_name, &point.arn, days)
                .await?;
            point = self.described(state).await?;
        }
        if point.arn.is_fully_managed() {
            let wanted = self.tags.merged(&state.tags).unwrap_or_default();
            tags::change(self.backup, self.aws, &point.arn, &wanted, tags_before).await?;
        }
        let wanted = state.recovery_point_lifecycle.clone();
        state.update_from_point(&point);
        state.recovery_point_lifecycle = wanted;
        self.settle_tags(state);
        Ok(())
    }

    async fn described(&self, state: &Model) -> Result<Description, Error> {
        let vault = state.vault_name.known().map(String::as_str).unwrap_or_default();
        let arn: aws_clients::RecoveryPointArn = state
            .arn
            .known()
            .map(String::as_str)
            .unwrap_or_default()
            .parse()?;
        self.backup.find_recovery_point_made(self.aws, vault, &arn).await
    }

    fn settle_tags(&self, state: &mut Model) {
        state.tags_all = tags::planned(&self.tags, state, state.is_fully_managed());
    }
}

/// A wait that ended before the recovery point was there: with an unfinished object when the user interrupted,
/// otherwise with an error, after which Terraform taints the object.
fn wait_ended(err: &Error, attempt: Attempt, state: Model, cx: &Cx) -> Result<Model, Diagnostics> {
    match err.kind() {
        ErrorKind::Cancelled => {
            attempt.discard();
            cx.warn(interrupted(&state));
            Ok(without_unknown_tags(state, &Attr::Null))
        }
        ErrorKind::JobFailed | ErrorKind::NotFound => {
            let text = aftermath(err, &state);
            attempt.discard();
            Err(diagnostics::aws_after(CANNOT_CREATE, err, &text).into())
        }
        _ => {
            attempt.leave();
            let id = state
                .backup_job_id
                .known()
                .map(String::as_str)
                .unwrap_or_default();
            let text = format!(
                "AWS Backup has accepted job {id}, and goes on with it. It is kept, and Terraform has it in its state. The \
                 next apply takes up the wait with this same job, although its plan will show a replacement: nothing is \
                 deleted, and no second job is started."
            );
            Err(diagnostics::aws_after(NOT_FINISHED, err, &text).into())
        }
    }
}

/// Shows the tags of before where those of the finished recovery point are not known yet.
fn without_unknown_tags(mut state: Model, before: &WrittenTags) -> Model {
    if state.tags_all.is_unknown() {
        state.tags_all = before.clone();
    }
    state
}

/// How it goes on after a wait that ended badly.
fn aftermath(err: &Error, state: &Model) -> String {
    match err.kind() {
        ErrorKind::JobFailed | ErrorKind::NotFound => {
            "No recovery point was made, and none is left. Mend what AWS Backup names, then run terraform apply again: it \
             starts a new job, of the data of then."
                .to_owned()
        }
        _ => {
            let id = state.backup_job_id.known().map(String::as_str).unwrap_or_default();
            format!("AWS Backup goes on with job {id}. It stays in the state as it is, and the next apply takes up the wait.")
        }
    }
}

fn interrupted(state: &Model) -> Diagnostic {
    let id = state
        .backup_job_id
        .known()
        .map(String::as_str)
        .unwrap_or_default();
    Diagnostic::warning(
        "Recovery point is not finished yet",
        format!(
            "The run was interrupted. AWS Backup goes on with job {id}, and it is in the state with unfinished = true. The \
             next apply takes up the wait; no second job is started."
        ),
    )
}

fn taken_by_another(job_id: &str) -> Diagnostic {
    Diagnostic::error(
        "Recovery point is managed by another object",
        format!(
            "Backup job {job_id} was not finished, and another object of this configuration with the same arguments has taken \
             it over in this apply.\n\nRemove this object from the state (terraform state rm), then apply again: it gets a \
             recovery point of its own."
        ),
    )
}

fn without_tags(state: &Model) -> Diagnostic {
    let arn = state.arn.known().map(String::as_str).unwrap_or_default();
    Diagnostic::warning(
        "Recovery point has no tags",
        format!(
            "{arn} was made without the advanced features for DynamoDB, and AWS Backup keeps no tags for such a recovery \
             point: tags and default_tags have no effect on it.\n\nSwitch the advanced features on in this Region (aws backup \
             update-region-settings --resource-type-management-preference DynamoDB=true) and change triggers to take another \
             one; or remove tags."
        ),
    )
}

/// What makes two attempts one: the same table and vault, and the same wish for a recovery point. What can be changed
/// afterwards is no part of it.
fn key(state: &Model, region: &Region) -> Result<Key, Diagnostics> {
    let table = state.table_name.known().map(String::as_str).unwrap_or_default();
    let table = table_ref(table)
        .map_err(|err| diagnostics::aws("Not a table", &err))?
        .table_name();
    let triggers = state.triggers.known().into_iter().flatten();
    let triggers = triggers.flat_map(|(key, value)| [Some(key.as_str()), value.known().map(String::as_str)]);
    Ok(Key::of(
        [
            Some("recovery_point"),
            Some(region.as_str()),
            Some(table.as_str()),
            state.vault_name.known().map(String::as_str),
        ]
        .into_iter()
        .chain(triggers),
    ))
}

fn timeout(state: &Model, operation: Operation, default: &str) -> Duration {
    let default = tfsdk::parse_duration(default).expect("the constant is a duration");
    Timeouts::of(&state.timeouts, operation, default)
}
