//! Delete: really, handed over to the create that goes on with an unfinished job, or not at all.

use aws_clients::{AwsBackup, Error, ErrorKind, RecoveryPoint, RecoveryPointArn, Region, retry_until};
use tfsdk::{Attr, Cx, Delete, Diagnostic, Diagnostics, Operation, Removal};

use super::model::Model;
use super::{DELETE_TIMEOUT, key, timeout};
use crate::Client;
use crate::diagnostics;
use crate::journal::{self, Record, Stage};

const CANNOT_DELETE: &str = "Recovery point cannot be deleted";

pub(super) async fn delete(client: &Client, delete: Delete<Model>, cx: &Cx) -> Result<(), Diagnostics> {
    let Delete { state, reason } = delete;
    let job_id = state.backup_job_id.known().cloned();
    let region = region_of(client, &state);
    if let Some(id) = job_id.as_deref().filter(|_| state.is_unfinished()) {
        if client.journal.is_taken_over(id) {
            // Terraform holds the job twice: as this object, and as the one that has taken it over.
            tracing::info!(
                job = id,
                "recovery point is kept: another object has taken its job over"
            );
            return Ok(());
        }
        if reason == Removal::Tainted {
            return hand_over(client, &state, id, &region, cx);
        }
    }
    if state.retain_on_destroy == Attr::Known(true) {
        forget(client, job_id.as_deref());
        return Ok(());
    }
    let aws = client.cx_with_timeout(cx, timeout(&state, Operation::Delete, DELETE_TIMEOUT));
    let account = state.account();
    client.account_of(&aws, account.as_deref()).await?;
    let work = Work {
        backup: client.aws.aws_backup(&region),
        client,
        aws: &aws,
        vault: state.vault_name.known().cloned().unwrap_or_default(),
    };
    let point = match job_id.as_deref().filter(|_| state.is_unfinished()) {
        Some(id) => work.end_job(id).await?,
        None => state.point(),
    };
    if let Some(point) = point {
        work.delete(&point).await?;
    }
    forget(client, job_id.as_deref());
    Ok(())
}

fn region_of(client: &Client, state: &Model) -> Region {
    state
        .point()
        .map_or_else(|| client.region(state.region.known()), |point| point.region())
}

fn forget(client: &Client, job_id: Option<&str>) {
    if let Some(id) = job_id {
        client.journal.forget(id);
    }
}

/// Keeps an unfinished job for the create that follows.
fn hand_over(
    client: &Client,
    state: &Model,
    job_id: &str,
    region: &Region,
    cx: &Cx,
) -> Result<(), Diagnostics> {
    let table = state.table_name.known().map(String::as_str).unwrap_or_default();
    let table = crate::table_name::table_ref(table).map_err(|err| diagnostics::aws("Not a table", &err))?;
    let record = Record {
        version: Record::VERSION,
        operation: journal::Operation::StartBackupJob,
        key: key(state, region)?,
        account: state.account(),
        region: region.to_string(),
        table_name: table.table_name().to_string(),
        table_arn: state.table_arn.known().cloned(),
        table_id: None,
        // The job is found by its id; its token is not needed any more.
        name: String::new(),
        source: None,
        started_at: state
            .created_at
            .known()
            .and_then(|text| text.parse().ok())
            .unwrap_or_else(|| client.now(region)),
        asked_at: None,
        arn: Some(job_id.to_owned()),
        job: None,
        stage: Stage::HandedOver,
        run: String::new(),
    };
    if client.journal.hand_over(record) {
        cx.warn(Diagnostic::warning(
            "Unfinished backup job is kept for the new object",
            format!(
                "Backup job {job_id} was not finished when an earlier apply ended. It is not stopped: the object that \
                 replaces this one takes it over. If the replacement is of another table or vault, or has other triggers, it \
                 starts a job of its own, and the recovery point of this one stays in its vault; aws backup \
                 describe-backup-job --backup-job-id {job_id} --region {region} shows its ARN."
            ),
        ));
    }
    if let Some(warning) = client.journal.warning() {
        cx.warn(warning);
    }
    Ok(())
}

/// What the deletion works with.
struct Work<'a> {
    client: &'a Client,
    aws: &'a aws_clients::Cx,
    backup: AwsBackup,
    vault: String,
}

impl Work<'_> {
    /// Stops a job that has not ended, and gives what it made nevertheless.
    async fn end_job(&self, id: &str) -> Result<Option<RecoveryPointArn>, Diagnostics> {
        const CANNOT_STOP: &str = "Backup job cannot be stopped";
        let failed = |err: Error| Diagnostics::from(diagnostics::aws(CANNOT_STOP, &err));
        let Some(job) = self.backup.find_backup_job(self.aws, id).await.map_err(failed)? else {
            return Ok(None);
        };
        if job.is_on_its_way() {
            match self.backup.stop_backup_job(self.aws, id).await {
                // It may have ended just now, or is of a kind that cannot be stopped: then its end is waited for.
                Ok(()) => {}
                Err(err) if err.kind() == ErrorKind::Invalid => {
                    tracing::info!(job = id, error = ?err, "backup job is not stopped, waiting for its end");
                }
                Err(err) => return Err(failed(err)),
            }
        }
        match self.backup.wait_backup_job_completed(self.aws, id).await {
            Ok(job) => Ok(job.recovery_point),
            Err(err) if matches!(err.kind(), ErrorKind::JobFailed | ErrorKind::NotFound) => Ok(None),
            Err(err) => Err(failed(err)),
        }
    }

    async fn delete(&self, arn: &RecoveryPointArn) -> Result<(), Diagnostics> {
        let failed = |err: Error| Diagnostics::from(diagnostics::aws(CANNOT_DELETE, &err));
        let found = self.backup.find_recovery_point(self.aws, &self.vault, arn).await;
        let Some(point) = found.map_err(failed)? else {
            return Ok(());
        };
        let doing = format!("deleting recovery point {arn}");
        let deleting = retry_until(self.aws, &**self.client.aws.clock(), &doing, || {
            self.backup.delete_recovery_point(self.aws, &self.vault, arn)
        });
        if let Err(err) = deleting.await {
            return Err(self.refused(&err, &point).await.into());
        }
        match self
            .backup
            .wait_recovery_point_gone(self.aws, &self.vault, arn)
            .await
        {
            Ok(()) => Ok(()),
            Err(err) => Err(not_gone(&err, &point).into()),
        }
    }

    /// Says of a refusal whether the vault is locked, and until when.
    async fn refused(&self, err: &Error, point: &RecoveryPoint) -> Diagnostic {
        let is_refusal = matches!(err.kind(), ErrorKind::Invalid | ErrorKind::Denied);
        let vault = if is_refusal {
            // The refusal is told in any case; the lock only explains it.
            self.backup.find_vault(self.aws, &self.vault).await.ok().flatten()
        } else {
            None
        };
        let Some(lock) = vault.and_then(|vault| vault.lock) else {
            return diagnostics::aws(CANNOT_DELETE, err);
        };
        let mode = match lock.lock_date {
            None => {
                "Whoever may backup:DeleteBackupVaultLockConfiguration can lift the lock, which is in governance mode."
            }
            Some(at) if at > self.backup.now() => {
                "The lock is in compliance mode, and can still be lifted before its lock date."
            }
            Some(_) => "The lock is in compliance mode, and nobody can lift it.",
        };
        let until = match point.deletes_at {
            Some(at) => format!(
                "AWS Backup deletes it by itself at {}, give or take 8 hours.",
                at.strftime("%Y-%m-%dT%H:%M:%SZ")
            ),
            None => "Its lifecycle has no end, so it stays for as long as the vault is locked.".to_owned(),
        };
        let text = format!(
            "Backup vault {} is locked, and a locked vault lets nobody delete its recovery points. {until} {mode}\n\nTo let \
             Terraform forget it and leave it there: set retain_on_destroy = true and apply, then destroy; or use a removed \
             block with destroy = false.",
            self.vault
        );
        diagnostics::aws_after(CANNOT_DELETE, err, &text)
    }
}

/// AWS agreed, and the recovery point is still there.
fn not_gone(err: &Error, point: &RecoveryPoint) -> Diagnostic {
    if err.kind() != ErrorKind::UnexpectedStatus {
        let why = format!(
            "AWS has agreed to delete {}, and may take long. It stays in the state; the next destroy goes on waiting.",
            point.arn
        );
        return diagnostics::aws_after("Recovery point is not deleted yet", err, &why);
    }
    let role = point.role_arn.as_deref().unwrap_or("the role that made it");
    let permission = if point.arn.is_fully_managed() {
        "must still exist and trust backup.amazonaws.com"
    } else {
        "must still exist, trust backup.amazonaws.com and allow dynamodb:DeleteBackup"
    };
    let why = format!(
        "It is still there, is paid for, and keeps its vault from being deleted.\n\nAWS Backup deletes it with {role}, which \
         {permission}; and no policy of the vault may deny backup:DeleteRecoveryPoint. Mend that, then destroy again."
    );
    diagnostics::aws_after(CANNOT_DELETE, err, &why)
}
