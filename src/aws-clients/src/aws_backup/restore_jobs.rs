//! Restore jobs: a table from a recovery point, in the account and the Region of the vault that holds it.

use std::time::Duration;

use aws_sdk_backup::operation::describe_restore_job::DescribeRestoreJobOutput;
use aws_sdk_backup::types::RestoreJobsListMember;
use jiff::Timestamp;

use super::AwsBackup;
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::dynamodb::EncryptionChoice;
use crate::error::{Error, ErrorKind};
use crate::names::{RecoveryPointArn, TableArn, TableName};
use crate::operation::Operation;
use crate::table::timestamp;
use crate::wait::{Gone, Wait, wait};
use crate::words::RestoreJobStatus;

/// The kind of resource that is restored, as AWS Backup names it.
const DYNAMODB: &str = "DynamoDB";

/// Longest pause between two looks at a job.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// A restore of a recovery point into a new table.
///
/// The name and the encryption are all that AWS Backup lets one choose (ABR-004).
#[derive(Clone, Debug, PartialEq)]
pub struct RecoveryPointRestore {
    /// The new table.
    pub target: TableName,
    /// What is restored.
    pub recovery_point: RecoveryPointArn,
    /// ARN of the role that AWS Backup assumes.
    pub role_arn: String,
    /// The key of the new table. AWS Backup wants the ARN of a key of one's own, not an id or an alias (ARN-018).
    pub encryption: EncryptionChoice,
    /// Calls with the same token start one job. At most 50 letters, digits, `-`, `_` and `.`.
    pub token: String,
}

/// A restore job.
#[derive(Clone, Debug, PartialEq)]
pub struct RestoreJob {
    /// Id.
    pub id: String,
    /// Status.
    pub status: RestoreJobStatus,
    /// Why it has that status: the only words about a failure that AWS has.
    pub status_message: Option<String>,
    /// What it restores.
    pub recovery_point: Option<RecoveryPointArn>,
    /// ARN of the table that it makes, as soon as it has begun to.
    pub created_table: Option<TableArn>,
    /// When it was accepted.
    pub created_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// When the recovery point was made: the moment of the data.
    pub recovery_point_created_at: Option<Timestamp>,
}

impl RestoreJob {
    /// Whether it has ended, well or badly. A status that is new to us is taken for one on the way.
    pub fn is_over(&self) -> bool {
        matches!(
            self.status,
            RestoreJobStatus::Completed | RestoreJobStatus::Failed | RestoreJobStatus::Aborted
        )
    }
}

impl AwsBackup {
    /// Starts a restore job, and gives its id; wait for it with [`AwsBackup::wait_restore_job`].
    ///
    /// A second call with the same token gives the id of the same job, whatever has become of it, so that the call is
    /// repeated when its answer is lost.
    ///
    /// # Errors
    /// [`ErrorKind::OtherRegion`] for a recovery point of another Region; [`ErrorKind::NotFound`] when there is none;
    /// [`ErrorKind::Invalid`] when AWS Backup refuses the state of the recovery point, the role or the key;
    /// [`ErrorKind::Denied`] where the caller may not `backup:StartRestoreJob` or `iam:PassRole`.
    pub async fn start_restore_job(&self, cx: &Cx, restore: &RecoveryPointRestore) -> Result<String, Error> {
        let point = &restore.recovery_point;
        let doing = format!(
            "restoring table {} in {} from recovery point {point}",
            restore.target,
            self.region()
        );
        self.check_region(&doing, point.as_str(), &point.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::StartRestoreJob, doing, point.as_str());
        let request = client
            .start_restore_job()
            .recovery_point_arn(point.as_str())
            .iam_role_arn(&restore.role_arn)
            .resource_type(DYNAMODB)
            .idempotency_token(&restore.token)
            .metadata("targetTableName", restore.target.as_str());
        let request = match &restore.encryption {
            EncryptionChoice::AwsOwned => request.metadata("encryptionType", "Default"),
            EncryptionChoice::AwsManaged => request.metadata("encryptionType", "KMS"),
            EncryptionChoice::Key(key) => request
                .metadata("encryptionType", "KMS")
                .metadata("kmsMasterKeyArn", key),
        };
        let answer = self.call(cx, &call, || request.clone().send()).await?;
        answer
            .restore_job_id
            .ok_or_else(|| incomplete(&call, "the id of the restore job"))
    }

    /// Finds a restore job of this account and Region. AWS keeps jobs for some thirty days.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `backup:DescribeRestoreJob`.
    pub async fn find_restore_job(&self, cx: &Cx, id: &str) -> Result<Option<RestoreJob>, Error> {
        let client = self.client(cx).await?;
        let doing = format!("describing restore job {id} in {}", self.region());
        let call = Call::new(Operation::DescribeRestoreJob, doing, id);
        let send = || client.describe_restore_job().restore_job_id(id).send();
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        RestoreJob::from_aws(answer)
            .map(Some)
            .ok_or_else(|| incomplete(&call, "the restore job's id or status"))
    }

    /// Lists the restore jobs of DynamoDB tables that AWS accepted at this moment or later.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `backup:ListRestoreJobs`.
    pub async fn list_restore_jobs(&self, cx: &Cx, since: Timestamp) -> Result<Vec<RestoreJob>, Error> {
        let client = self.client(cx).await?;
        let doing = format!("listing restore jobs in {}", self.region());
        let call = Call::new(Operation::ListRestoreJobs, doing, "*");
        // Whole seconds, and one to spare, since AWS does not say whether its bound counts.
        let after = aws_smithy_types::DateTime::from_secs(since.as_second() - 1);
        let mut jobs = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let send = || {
                client
                    .list_restore_jobs()
                    .by_resource_type(DYNAMODB)
                    .by_created_after(after)
                    .set_next_token(next.clone())
                    .send()
            };
            let page = self.call(cx, &call, send).await?;
            let listed = page.restore_jobs.unwrap_or_default();
            jobs.extend(listed.into_iter().filter_map(RestoreJob::from_listed));
            match page.next_token {
                Some(token) if Some(&token) != next.as_ref() => next = Some(token),
                _ => break,
            }
        }
        jobs.retain(|job| job.created_at.is_none_or(|created| created >= since));
        Ok(jobs)
    }

    /// Waits until a restore job is over, well or badly: [`RestoreJob::status`] says which.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when AWS knows no such job.
    pub async fn wait_restore_job(&self, cx: &Cx, id: &str) -> Result<RestoreJob, Error> {
        let doing = format!("waiting for restore job {id} to become COMPLETED");
        let gone = "AWS Backup knows no such job; it forgets a job some thirty days after its end";
        let what = Wait {
            doing: &doing,
            pending: &["PENDING", "RUNNING"],
            target: &["COMPLETED", "FAILED", "ABORTED"],
            gone: Gone::FailureOnceSeen(gone),
            longest_pause: LONGEST_PAUSE,
            goes_on: "AWS Backup goes on with the job",
        };
        let look = || async {
            let job = self.find_restore_job(cx, id).await?;
            Ok(job.map(|job| (job.status.as_str().to_owned(), job)))
        };
        wait(cx, self.clock(), &what, look)
            .await?
            .ok_or_else(|| Error::new(ErrorKind::NotFound, &*doing).because(gone))
    }
}

/// The members that a description and a listed job have in common.
macro_rules! restore_job {
    ($job:expr) => {{
        let job = $job;
        Some(RestoreJob {
            id: job.restore_job_id?,
            status: job.status?.as_str().into(),
            status_message: job.status_message.filter(|message| !message.is_empty()),
            recovery_point: job.recovery_point_arn.and_then(|arn| arn.parse().ok()),
            created_table: job.created_resource_arn.and_then(|arn| arn.parse().ok()),
            created_at: job.creation_date.as_ref().and_then(timestamp),
            completed_at: job.completion_date.as_ref().and_then(timestamp),
            recovery_point_created_at: job.recovery_point_creation_date.as_ref().and_then(timestamp),
        })
    }};
}

impl RestoreJob {
    fn from_aws(job: DescribeRestoreJobOutput) -> Option<Self> {
        restore_job!(job)
    }

    fn from_listed(job: RestoreJobsListMember) -> Option<Self> {
        restore_job!(job)
    }
}
