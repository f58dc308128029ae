//! Backup jobs: start on demand, find, list, stop, wait.

use std::collections::BTreeMap;

use aws_sdk_backup::operation::describe_backup_job::DescribeBackupJobOutput;
use aws_sdk_backup::types;
use jiff::Timestamp;

use super::AwsBackup;
use super::jobs::{Look, percent, wait_job, while_role_spreads};
use super::recovery_points::LifecycleDays;
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::error::Error;
use crate::names::{RecoveryPointArn, TableArn, VaultArn};
use crate::operation::Operation;
use crate::table::{date_time, timestamp};
use crate::words::JobState;

/// AWS's page size and its maximum.
const PAGE: i32 = 1000;

/// A backup job.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupJob {
    /// Id, unique in the account and Region.
    pub id: String,
    /// State.
    pub state: JobState,
    /// Why it is in that state, where AWS says so; the only word on why a job has failed.
    pub status_message: Option<String>,
    /// How far it is, in whole percents.
    pub percent_done: Option<i64>,
    /// ARN of what it makes. Known from the start for fully managed recovery points, else when the job has ended
    /// (ABJ-004).
    pub recovery_point: Option<RecoveryPointArn>,
    /// Name of the vault that takes the recovery point.
    pub vault_name: String,
    /// ARN of that vault.
    pub vault_arn: Option<VaultArn>,
    /// ARN of the table; `None` when it backs up something else.
    pub table_arn: Option<TableArn>,
    /// Role that AWS Backup assumes.
    pub role_arn: Option<String>,
    /// When it was accepted.
    pub created_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// By when it has to start.
    pub starts_before: Option<Timestamp>,
    /// Size of the recovery point in bytes.
    pub size_bytes: Option<i64>,
    /// ARN of the plan that started it; `None` for a job on demand.
    pub plan_arn: Option<String>,
}

/// A backup job to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupJobOrder {
    /// Tells this job from an alike one: the same token starts no second job.
    pub token: String,
    /// The table.
    pub table: TableArn,
    /// The vault that takes the recovery point, by name.
    pub vault_name: String,
    /// Role that AWS Backup assumes.
    pub role_arn: String,
    /// By when the job has to start, in minutes; `None` for AWS's default of 480.
    pub start_window_minutes: Option<i64>,
    /// By when the job has to be done, in minutes; `None` for AWS's default of 10,080.
    pub completion_window_minutes: Option<i64>,
    /// How long the recovery point stays.
    pub lifecycle: LifecycleDays,
    /// Tags of the recovery point, should it be a fully managed one.
    pub tags: BTreeMap<String, String>,
}

/// A job that AWS has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartedBackupJob {
    /// Id of the job.
    pub id: String,
    /// ARN of what it is going to make, where that is known already.
    pub recovery_point: Option<RecoveryPointArn>,
    /// When it was accepted: the first time, should it have been started before with the same token.
    pub created_at: Option<Timestamp>,
}

/// Which jobs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupJobFilter {
    /// Of this table; `None`: of everything.
    pub table: Option<TableArn>,
    /// Into this vault; `None`: into any.
    pub vault_name: Option<String>,
    /// In this state; `None`: in any.
    pub state: Option<JobState>,
    /// Accepted at this time or later.
    pub created_from: Option<Timestamp>,
}

impl AwsBackup {
    /// Starts a job that backs up a table. Repeated with the same token it starts no second one.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] for arguments that AWS refuses, also for a role that it cannot assume for two
    /// minutes; [`crate::ErrorKind::NotFound`] when there is no such table or vault.
    pub async fn start_backup_job(&self, cx: &Cx, order: &BackupJobOrder) -> Result<StartedBackupJob, Error> {
        let doing = format!(
            "starting a backup job of table {} into backup vault {}",
            order.table, order.vault_name
        );
        self.check_region(&doing, order.table.as_str(), &order.table.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::StartBackupJob, &*doing, order.table.as_str());
        let send = || {
            client
                .start_backup_job()
                .backup_vault_name(&order.vault_name)
                .resource_arn(order.table.as_str())
                .iam_role_arn(&order.role_arn)
                .idempotency_token(&order.token)
                .set_start_window_minutes(order.start_window_minutes)
                .set_complete_window_minutes(order.completion_window_minutes)
                .set_lifecycle(order.lifecycle.to_aws())
                .set_recovery_point_tags(given(&order.tags))
                .send()
        };
        let answer = while_role_spreads(cx, self.clock(), &doing, || self.call(cx, &call, send)).await?;
        let id = answer
            .backup_job_id
            .ok_or_else(|| incomplete(&call, "the job's id"))?;
        Ok(StartedBackupJob {
            id,
            recovery_point: answer.recovery_point_arn.and_then(|arn| arn.parse().ok()),
            created_at: answer.creation_date.as_ref().and_then(timestamp),
        })
    }

    /// Finds a job.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:DescribeBackupJob`.
    pub async fn find_backup_job(&self, cx: &Cx, id: &str) -> Result<Option<BackupJob>, Error> {
        let client = self.client(cx).await?;
        let doing = format!("describing backup job {id} in {}", self.region());
        let call = Call::new(Operation::DescribeBackupJob, doing, id);
        let send = || client.describe_backup_job().backup_job_id(id).send();
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        BackupJob::from_description(answer)
            .map(Some)
            .ok_or_else(|| incomplete(&call, "the job's id, vault or state"))
    }

    /// Lists jobs of the last 30 days, all pages, in AWS's order.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:ListBackupJobs`.
    pub async fn list_backup_jobs(&self, cx: &Cx, filter: &BackupJobFilter) -> Result<Vec<BackupJob>, Error> {
        let doing = match &filter.table {
            Some(table) => format!("listing the backup jobs of table {table}"),
            None => format!("listing the backup jobs in {}", self.region()),
        };
        if let Some(table) = &filter.table {
            self.check_region(&doing, table.as_str(), &table.region())?;
        }
        let client = self.client(cx).await?;
        let call = Call::new(Operation::ListBackupJobs, doing, "*");
        let mut jobs = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let send = || {
                client
                    .list_backup_jobs()
                    .set_by_resource_arn(filter.table.as_ref().map(ToString::to_string))
                    .set_by_backup_vault_name(filter.vault_name.clone())
                    .set_by_state(filter.state.as_ref().map(|state| state.as_str().into()))
                    .set_by_created_after(filter.created_from.map(date_time))
                    .max_results(PAGE)
                    .set_next_token(next.clone())
                    .send()
            };
            let page = self.call(cx, &call, send).await?;
            let listed = page.backup_jobs.unwrap_or_default().into_iter();
            jobs.extend(listed.filter_map(BackupJob::from_listed));
            match page.next_token {
                Some(token) if Some(&token) != next.as_ref() => next = Some(token),
                _ => return Ok(jobs),
            }
        }
    }

    /// Waits until a job is COMPLETED.
    ///
    /// # Errors
    /// [`crate::ErrorKind::JobFailed`] when it has ended otherwise, with AWS's reason; [`crate::ErrorKind::NotFound`]
    /// when AWS does not know it any more; and as [`crate::wait()`].
    pub async fn wait_backup_job_completed(&self, cx: &Cx, id: &str) -> Result<BackupJob, Error> {
        let doing = format!("waiting for backup job {id} to be COMPLETED");
        let find = || async {
            let job = self.find_backup_job(cx, id).await?;
            Ok(job.map(|job| Look {
                state: job.state.clone(),
                status_message: job.status_message.clone(),
                percent_done: job.percent_done,
                job,
            }))
        };
        wait_job(cx, self.clock(), &doing, "AWS Backup goes on with the job", find).await
    }

    /// Asks AWS to cancel a job. Done already when there is none.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] for a job that has ended.
    pub async fn stop_backup_job(&self, cx: &Cx, id: &str) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!("stopping backup job {id} in {}", self.region());
        let call = Call::new(Operation::StopBackupJob, doing, id);
        let send = || client.stop_backup_job().backup_job_id(id).send();
        found(self.call(cx, &call, send).await)?;
        Ok(())
    }
}

/// Tags as the SDK takes them; none are left out.
fn given(tags: &BTreeMap<String, String>) -> Option<std::collections::HashMap<String, String>> {
    (!tags.is_empty()).then(|| tags.clone().into_iter().collect())
}

impl BackupJob {
    /// Whether it has not ended yet.
    pub fn is_on_its_way(&self) -> bool {
        matches!(
            self.state,
            JobState::Created | JobState::Pending | JobState::Running | JobState::Aborting
        )
    }

    fn from_description(job: DescribeBackupJobOutput) -> Option<Self> {
        Some(Self {
            id: job.backup_job_id?,
            state: job.state?.as_str().into(),
            status_message: job.status_message,
            percent_done: percent(job.percent_done.as_deref()),
            recovery_point: job.recovery_point_arn.and_then(|arn| arn.parse().ok()),
            vault_name: job.backup_vault_name?,
            vault_arn: job.backup_vault_arn.and_then(|arn| arn.parse().ok()),
            table_arn: job.resource_arn.and_then(|arn| arn.parse().ok()),
            role_arn: job.iam_role_arn,
            created_at: job.creation_date.as_ref().and_then(timestamp),
            completed_at: job.completion_date.as_ref().and_then(timestamp),
            starts_before: job.start_by.as_ref().and_then(timestamp),
            size_bytes: job.backup_size_in_bytes,
            plan_arn: job.created_by.and_then(|creator| creator.backup_plan_arn),
        })
    }

    fn from_listed(job: types::BackupJob) -> Option<Self> {
        Some(Self {
            id: job.backup_job_id?,
            state: job.state?.as_str().into(),
            status_message: job.status_message,
            percent_done: percent(job.percent_done.as_deref()),
            recovery_point: job.recovery_point_arn.and_then(|arn| arn.parse().ok()),
            vault_name: job.backup_vault_name?,
            vault_arn: job.backup_vault_arn.and_then(|arn| arn.parse().ok()),
            table_arn: job.resource_arn.and_then(|arn| arn.parse().ok()),
            role_arn: job.iam_role_arn,
            created_at: job.creation_date.as_ref().and_then(timestamp),
            completed_at: job.completion_date.as_ref().and_then(timestamp),
            starts_before: job.start_by.as_ref().and_then(timestamp),
            size_bytes: job.backup_size_in_bytes,
            plan_arn: job.created_by.and_then(|creator| creator.backup_plan_arn),
        })
    }
}
