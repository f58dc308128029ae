//! A copy of a recovery point of AWS Backup in another vault: of another Region, of another account, or of both.
//!
//! Create is one StartCopyJob, then a wait for the job. The copy is read, changed and deleted where it is: in the same
//! account with the provider's own credentials, in another one with the role that `destination` names, and not at all
//! without it, which the plan says. What is copied is provenance: that the original expires later changes nothing.
//! Update changes the lifecycle, and takes up a wait that was cut off. Delete is DeleteRecoveryPoint and a wait until the
//! copy is gone; where it cannot be reached it stays, and a warning says where.
//!
//! All that can be known of both ends is checked by the plan, and once more right before the job is started: a job that
//! fails does so after minutes or hours.
//!
//! Not done here: the copy actions of backup plans; the vaults; tags of copies, which AWS Backup takes from the original.
//!
//! IAM: `backup:StartCopyJob`, `backup:CopyFromBackupVault`, `backup:DescribeCopyJob` and `iam:PassRole`; for the checks
//! `backup:DescribeRecoveryPoint`, `backup:DescribeBackupVault`, `backup:DescribeRegionSettings`,
//! `backup:DescribeGlobalSettings`, `organizations:DescribeOrganization`, `kms:DescribeKey`; where the copy is
//! `backup:DescribeRecoveryPoint`, `backup:UpdateRecoveryPointLifecycle`, `backup:DeleteRecoveryPoint`.
//! Limits: one copy job per resource at a time, 100 per account and destination Region (QTA-009); AWS queues the others.

mod import;
mod making;
mod model;
mod observe;
mod plan;
mod reach;
mod removal;
mod schema;
#[cfg(test)]
mod tests;

use aws_clients::{CopyJobState, RecoveryPointArn};
use tfsdk::{
    Attr, Change, Create, Cx, Delete, Diagnostic, Diagnostics, ImportTarget, Planned, Resource, Saved,
    Schema, Update,
};

use crate::Client;
use crate::diagnostics;
use model::Lifecycle;
pub(crate) use model::Model;
pub(crate) use plan::Observed;
use reach::Reach;

/// See the module.
pub(crate) struct RecoveryPointCopy;

/// A job may try for two hours to begin, and a large table takes hours more.
const CREATE_TIMEOUT: &str = "12h";
/// AWS deletes at once, or within minutes.
const DELETE_TIMEOUT: &str = "1h";

impl Resource for RecoveryPointCopy {
    const NAME: &'static str = "recovery_point_copy";
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
        plan::observe(client, change, cx).await
    }

    fn plan(change: Change<Model>, seen: Observed) -> Planned<Model> {
        plan::plan(change, seen)
    }

    async fn read(client: &Client, state: Model, cx: &Cx) -> Result<Option<Model>, Diagnostics> {
        let aws = client.cx(cx);
        let recorded = state.account_id.known().map(String::as_str);
        let account = client.account_of(&aws, recorded).await?;
        // Nobody has seen an object that is being imported.
        let is_import = state.status.known().is_none();
        let mut state = state.with_defaults();
        let region = client.region(state.region.known());
        state.region = region.to_string().into();
        if let Some(account) = account {
            state.account_id = account.id.into();
        }
        if let (true, Some(job_id)) = (state.arn.known().is_none(), state.copy_job_id.known()) {
            let found = client
                .aws
                .aws_backup(&region)
                .find_copy_job(&aws, job_id)
                .await
                .map_err(|err| diagnostics::aws("Copy job cannot be read", &err))?;
            let Some(job) = found else {
                if !is_import {
                    cx.warn(job_forgotten(&state));
                }
                return Ok(None);
            };
            let was_unfinished = state.unfinished == Attr::Known(true);
            if matches!(job.state, CopyJobState::Failed | CopyJobState::Partial) {
                // An apply that saw the end has told it as an error.
                if was_unfinished {
                    let told = making::failed(&state, &job);
                    cx.warn(Diagnostic::warning(told.summary, told.detail));
                }
                return Ok(None);
            }
            state.update_from_job(&job);
            if is_import {
                state.recovery_point_lifecycle = Lifecycle::of(job.lifecycle, &Attr::Null);
            }
            state.unfinished = (was_unfinished || job.state != CopyJobState::Completed).into();
            if state.unfinished == Attr::Known(true) {
                // The update that takes up the wait finds out the rest.
                state.arn = Attr::Null;
                return Ok(Some(state));
            }
        }
        let Some(arn) = state
            .arn
            .known()
            .and_then(|arn| arn.parse::<RecoveryPointArn>().ok())
        else {
            return Ok(None);
        };
        let reach = Reach::of(client, &state).await;
        let Some(place) = reach.place() else {
            if is_import && state.copy_job_id.known().is_none() {
                return Err(import::out_of_sight(&arn).into());
            }
            state.visible = false.into();
            return Ok(Some(state));
        };
        let found = place
            .aws_backup()
            .find_recovery_point(&aws, place.vault.vault_name(), &arn)
            .await
            .map_err(|err| making::unreached(place, "Copy cannot be read", &err))?;
        let Some(copy) = found else {
            if !is_import {
                cx.warn(gone(client, &state));
            }
            return Ok(None);
        };
        state.update_from_copy(&copy);
        Ok(Some(state))
    }

    async fn create(
        client: &Client,
        create: Create<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        making::create(client, create, saved, cx).await
    }

    async fn update(
        client: &Client,
        update: Update<Model>,
        saved: &mut Saved<'_, Model>,
        cx: &Cx,
    ) -> Result<Model, Diagnostics> {
        making::update(client, update, saved, cx).await
    }

    async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
        removal::delete(client, delete, cx).await
    }

    const IMPORT: Option<fn(ImportTarget) -> Result<Model, Diagnostics>> = Some(import::import);
}

/// Tells that a copy has gone, which the plan that follows must not make up for in silence.
fn gone(client: &Client, state: &Model) -> Diagnostic {
    let arn = state.arn.known().map(String::as_str).unwrap_or_default();
    let now = client.now(&client.region(state.region.known()));
    let end = state.deletes_at.known();
    let has_expired = end
        .and_then(|end| end.parse::<jiff::Timestamp>().ok())
        .is_some_and(|end| end <= now);
    let (summary, why, fix) = match (has_expired, end) {
        (true, Some(end)) => (
            "Copy has expired",
            format!("{arn} came to the end of its lifecycle at {end}, and AWS Backup deleted it."),
            "If no other copy is wanted, remove the object from the configuration; if copies are to stay for longer, \
             give a longer recovery_point_lifecycle.",
        ),
        _ => (
            "Copy was deleted outside Terraform",
            format!("{arn} is gone, and nothing brings it back."),
            "Find out who deleted it: CloudTrail records DeleteRecoveryPoint. If no other copy is wanted, remove the \
             object from the configuration.",
        ),
    };
    Diagnostic::warning(
        summary,
        format!(
            "{why} If this object is still in the configuration, the plan makes another copy, as long as the original is \
             there.\n\n{fix}"
        ),
    )
}

/// Tells that nobody knows what became of a copy.
fn job_forgotten(state: &Model) -> Diagnostic {
    let text = |attr: &Attr<String>| attr.known().cloned().unwrap_or_else(|| "?".to_owned());
    Diagnostic::warning(
        "Copy job is not known any more",
        format!(
            "AWS Backup does not know copy job {}, which was not finished when Terraform saw it last: it forgets jobs some \
             time after their end. If this object is still in the configuration, the plan makes another copy.\n\nIf the job \
             has made one, it is in {}: import it instead.",
            text(&state.copy_job_id),
            text(&state.destination_vault_arn)
        ),
    )
}
