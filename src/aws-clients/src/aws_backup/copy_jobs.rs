//! Copy jobs, and what a copy needs in the vault that it came into: its lifecycle, and its end.

use std::time::Duration;

use aws_sdk_backup::types;
use jiff::Timestamp;

use super::{AwsBackup, LifecycleDays};
use crate::call::{Call, found, incomplete, stopped};
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::{RecoveryPointArn, VaultArn};
use crate::operation::Operation;
use crate::pacing::pause;
use crate::table::timestamp;
use crate::wait::{Gone, Wait, wait};
use crate::words::{CopyJobState, RecoveryPointStatus};

/// A job takes minutes to hours.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How long AWS Backup may refuse a role that was made a moment ago (SEL-010), and how often it is asked meanwhile.
const ROLE_KNOWN_WITHIN: Duration = Duration::from_secs(120);
const ROLE_PAUSE: Duration = Duration::from_secs(5);

/// What `MoveToColdStorageAfterDays` and `DeleteAfterDays` mean "never" with.
const NEVER: i64 = -1;

/// A copy to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy<'a> {
    /// The recovery point.
    pub recovery_point: &'a RecoveryPointArn,
    /// Name of the vault that holds it.
    pub source_vault_name: &'a str,
    /// The vault that takes the copy.
    pub destination_vault: &'a VaultArn,
    /// Role that AWS Backup assumes.
    pub role_arn: &'a str,
    /// How long the copy stays; `None` leaves it to AWS Backup.
    pub lifecycle: Option<LifecycleDays>,
    /// A repeated call with the same token starts no second job.
    pub token: &'a str,
}

/// A copy job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyJob {
    /// Id.
    pub id: String,
    /// State.
    pub state: CopyJobState,
    /// Why it has that state, where AWS says so.
    pub status_message: Option<String>,
    /// ARN of the recovery point that is copied.
    pub source: Option<RecoveryPointArn>,
    /// ARN of the vault that holds it.
    pub source_vault: Option<VaultArn>,
    /// ARN of the vault that takes the copy.
    pub destination_vault: Option<VaultArn>,
    /// ARN of the copy, once there is one.
    pub copy: Option<RecoveryPointArn>,
    /// How long the copy stays.
    pub lifecycle: LifecycleDays,
    /// Role that makes it.
    pub role_arn: Option<String>,
    /// When the job was created.
    pub created_at: Option<Timestamp>,
    /// When the job ended.
    pub completed_at: Option<Timestamp>,
    /// Size of the copy in bytes.
    pub size_bytes: Option<i64>,
}

impl AwsBackup {
    /// Starts a copy job, in the Region of the recovery point, and returns its id.
    ///
    /// A role that AWS Backup does not know yet is tried again for two minutes: new roles take a while to get around.
    ///
    /// # Errors
    /// [`ErrorKind::OtherRegion`] for a recovery point of another Region; [`ErrorKind::NotFound`] where the vault or the
    /// recovery point does not exist; [`ErrorKind::Denied`] where the caller may not `backup:StartCopyJob`,
    /// `backup:CopyFromBackupVault` or pass the role.
    pub async fn start_copy_job(&self, cx: &Cx, copy: &Copy<'_>) -> Result<String, Error> {
        let point = copy.recovery_point;
        let doing = format!("copying recovery point {point} into {}", copy.destination_vault);
        self.check_region(&doing, point.as_str(), &point.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::StartCopyJob, doing, point.as_str());
        let send = || {
            client
                .start_copy_job()
                .recovery_point_arn(point.as_str())
                .source_backup_vault_name(copy.source_vault_name)
                .destination_backup_vault_arn(copy.destination_vault.as_str())
                .iam_role_arn(copy.role_arn)
                .idempotency_token(copy.token)
                .set_lifecycle(copy.lifecycle.map(to_start))
                .send()
        };
        let started = self.clock().elapsed();
        loop {
            let refusal = match self.call(cx, &call, send).await {
                Ok(answer) => {
                    return answer
                        .copy_job_id
                        .ok_or_else(|| incomplete(&call, "the job's id"));
                }
                Err(error) => error,
            };
            let waited = self.clock().elapsed().saturating_sub(started);
            if !is_role_unknown(&refusal) || waited >= ROLE_KNOWN_WITHIN {
                return Err(refusal);
            }
            tracing::debug!(role = copy.role_arn, "AWS Backup does not know the role yet");
            if let Err(stop) = pause(cx, self.clock(), ROLE_PAUSE).await {
                return Err(stopped(cx, self.clock(), &call.doing, stop).with_source(refusal));
            }
        }
    }

    /// Finds a copy job. AWS Backup forgets jobs some time after their end.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `backup:DescribeCopyJob`.
    pub async fn find_copy_job(&self, cx: &Cx, id: &str) -> Result<Option<CopyJob>, Error> {
        let client = self.client(cx).await?;
        let doing = format!("describing copy job {id} in {}", self.region());
        let call = Call::new(Operation::DescribeCopyJob, doing, id);
        let send = || client.describe_copy_job().copy_job_id(id).send();
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        answer
            .copy_job
            .and_then(|job| CopyJob::from_aws(id, job))
            .map(Some)
            .ok_or_else(|| incomplete(&call, "the job's state"))
    }

    /// Waits until a copy job has ended, well or badly: its state and message tell.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when AWS does not know the job, [`ErrorKind::TimedOut`], [`ErrorKind::Cancelled`], and
    /// what [`find_copy_job`](Self::find_copy_job) fails with.
    pub async fn wait_copy_job(&self, cx: &Cx, id: &str) -> Result<CopyJob, Error> {
        let doing = format!("waiting for copy job {id} to end");
        let plan = Wait {
            doing: &doing,
            pending: &["CREATED", "RUNNING"],
            target: &["COMPLETED", "PARTIAL", "FAILED"],
            gone: Gone::FailureOnceSeen("AWS Backup knows no such job"),
            longest_pause: LONGEST_PAUSE,
            goes_on: "AWS goes on copying",
        };
        let find = || async {
            let job = self.find_copy_job(cx, id).await?;
            Ok(job.map(|job| (job.state.to_string(), job)))
        };
        let ended = wait(cx, self.clock(), &plan, find).await?;
        ended.ok_or_else(|| Error::new(ErrorKind::NotFound, doing))
    }

    /// Sets how long a copy stays. AWS replaces the whole lifecycle, so both numbers are always sent (LFC-007).
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where the copy does not exist; [`ErrorKind::Invalid`] where the vault is locked or the
    /// lifecycle is not one; [`ErrorKind::Denied`] where the caller may not `backup:UpdateRecoveryPointLifecycle`.
    pub async fn set_copy_lifecycle(
        &self,
        cx: &Cx,
        vault_name: &str,
        copy: &RecoveryPointArn,
        lifecycle: LifecycleDays,
    ) -> Result<(), Error> {
        let doing = format!("setting the lifecycle of recovery point {copy} in backup vault {vault_name}");
        self.check_region(&doing, copy.as_str(), &copy.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::UpdateRecoveryPointLifecycle, doing, copy.as_str());
        let send = || {
            client
                .update_recovery_point_lifecycle()
                .backup_vault_name(vault_name)
                .recovery_point_arn(copy.as_str())
                .lifecycle(to_replace(lifecycle))
                .send()
        };
        self.call(cx, &call, send).await.map(drop)
    }

    /// Deletes a copy, and waits until it is gone: AWS says yes also where it cannot (TAG-006). One that is gone already
    /// is done.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] where the vault is locked; [`ErrorKind::Denied`] where the caller may not
    /// `backup:DeleteRecoveryPoint` or the vault's policy denies it; [`ErrorKind::UnexpectedStatus`] when AWS Backup
    /// could not delete it after all, [`ErrorKind::TimedOut`] and [`ErrorKind::Cancelled`].
    pub async fn delete_copy(&self, cx: &Cx, vault_name: &str, copy: &RecoveryPointArn) -> Result<(), Error> {
        let doing = format!("deleting recovery point {copy} in backup vault {vault_name}");
        self.check_region(&doing, copy.as_str(), &copy.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DeleteRecoveryPoint, doing, copy.as_str());
        let send = || {
            client
                .delete_recovery_point()
                .backup_vault_name(vault_name)
                .recovery_point_arn(copy.as_str())
                .send()
        };
        if found(self.call(cx, &call, send).await)?.is_none() {
            return Ok(());
        }
        let doing = format!("waiting for recovery point {copy} to be deleted");
        let plan = Wait {
            doing: &doing,
            // Before it is DELETING, it is what it was.
            pending: &["DELETING", "COMPLETED", "AVAILABLE", "PARTIAL"],
            target: &[],
            gone: Gone::Target,
            longest_pause: LONGEST_PAUSE,
            goes_on: "AWS goes on deleting it",
        };
        let find = || async {
            let point = self.find_recovery_point(cx, vault_name, copy).await?;
            match point {
                Some(point) if point.status == RecoveryPointStatus::Expired => {
                    let why = point.status_message.unwrap_or_else(|| {
                        "AWS Backup could not delete it, and made it EXPIRED: the role may lack a permission, or \
                         the vault's policy denies it"
                            .to_owned()
                    });
                    Err(Error::new(ErrorKind::UnexpectedStatus, &*doing).because(why))
                }
                point => Ok(point.map(|point| (point.status.to_string(), ()))),
            }
        };
        wait(cx, self.clock(), &plan, find).await.map(drop)
    }
}

impl CopyJob {
    fn from_aws(id: &str, job: types::CopyJob) -> Option<Self> {
        Some(Self {
            id: id.to_owned(),
            state: job.state?.as_str().into(),
            status_message: job.status_message,
            source: job.source_recovery_point_arn.and_then(|arn| arn.parse().ok()),
            source_vault: job.source_backup_vault_arn.and_then(|arn| arn.parse().ok()),
            destination_vault: job.destination_backup_vault_arn.and_then(|arn| arn.parse().ok()),
            copy: job
                .destination_recovery_point_arn
                .and_then(|arn| arn.parse().ok()),
            lifecycle: LifecycleDays::from_aws(job.destination_recovery_point_lifecycle),
            role_arn: job.iam_role_arn,
            created_at: job.creation_date.as_ref().and_then(timestamp),
            completed_at: job.completion_date.as_ref().and_then(timestamp),
            size_bytes: job.backup_size_in_bytes,
        })
    }
}

/// The lifecycle of a copy to be made.
fn to_start(lifecycle: LifecycleDays) -> types::Lifecycle {
    types::Lifecycle::builder()
        .set_move_to_cold_storage_after_days(lifecycle.move_to_cold_storage_after)
        .set_delete_after_days(lifecycle.delete_after)
        .build()
}

/// The lifecycle that replaces another one.
fn to_replace(lifecycle: LifecycleDays) -> types::Lifecycle {
    types::Lifecycle::builder()
        .move_to_cold_storage_after_days(lifecycle.move_to_cold_storage_after.unwrap_or(NEVER))
        .delete_after_days(lifecycle.delete_after.unwrap_or(NEVER))
        .build()
}

fn is_role_unknown(error: &Error) -> bool {
    error.kind() == ErrorKind::Invalid
        && error
            .message()
            .is_some_and(|message| message.contains("cannot be assumed by AWS Backup"))
}
