//! From the order to a backup job that AWS has accepted: at most one, whatever was cut off before or goes wrong now.
//!
//! StartBackupJob has an idempotency token. The attempt and its token are recorded before the call, so that a later
//! apply that does not know what became of the call makes it once more with the same token: AWS answers with the job
//! that there is.

use std::time::Duration;

use aws_clients::{
    AwsBackup, BackupJob, BackupJobOrder, Error, ErrorKind, JobState, RecoveryPointArn, TableArn, retry_until,
};
use jiff::{SignedDuration, Timestamp};
use tfsdk::{Cx, Diagnostic, Diagnostics};

use super::CANNOT_CREATE;
use crate::Client;
use crate::client::Account;
use crate::diagnostics;
use crate::journal::{Attempt, Key, Operation, Record, Stage};
use crate::resources::jobs;

/// A job that AWS accepted this much before it was asked has been there before. Both times are AWS's, one by the second.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(10);

/// A recovery point to be made.
pub(super) struct Order<'a> {
    pub(super) client: &'a Client,
    pub(super) backup: &'a AwsBackup,
    pub(super) aws: &'a aws_clients::Cx,
    pub(super) account: Option<Account>,
    pub(super) key: Key,
    /// All but its token.
    pub(super) job: BackupJobOrder,
}

/// A job that AWS has accepted, as far as it is known at once.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) recovery_point: Option<RecoveryPointArn>,
    pub(super) created_at: Option<Timestamp>,
    pub(super) table: TableArn,
}

/// A job and the record of the attempt that started it.
pub(super) struct Accepted {
    pub(super) attempt: Attempt,
    pub(super) job: Job,
    /// Whether an earlier apply has started it: with other arguments, perhaps, that can be changed afterwards.
    pub(super) is_taken_over: bool,
}

enum TakenOver {
    Job(Box<Accepted>),
    /// AWS never started it, or it came to nothing.
    Nothing(Box<Attempt>),
}

impl Order<'_> {
    /// Takes over the job of an attempt that was cut off, or has AWS start one.
    ///
    /// # Errors
    /// AWS refuses, or it cannot be found out what became of an earlier attempt.
    pub(super) async fn accepted(&self, cx: &Cx) -> Result<Accepted, Diagnostics> {
        let account = self.account.as_ref().map(|account| account.id.as_str());
        let journal = &self.client.journal;
        let attempt = match journal.claim(Operation::StartBackupJob, &self.key, account) {
            Some(attempt) => match self.take_over(attempt, cx).await? {
                TakenOver::Job(accepted) => return Ok(*accepted),
                TakenOver::Nothing(mut attempt) => {
                    attempt.restart(self.record());
                    *attempt
                }
            },
            None => journal.begin(self.record()),
        };
        if let Some(warning) = journal.warning() {
            cx.warn(warning);
        }
        let (attempt, job) = self.start(attempt).await?;
        Ok(Accepted {
            attempt,
            job,
            is_taken_over: false,
        })
    }

    fn record(&self) -> Record {
        let now = self.backup.now();
        Record {
            version: Record::VERSION,
            operation: Operation::StartBackupJob,
            key: self.key.clone(),
            account: self.account.as_ref().map(|account| account.id.clone()),
            region: self.backup.region().to_string(),
            table_name: self.job.table.table_name().to_string(),
            table_arn: Some(self.job.table.to_string()),
            table_id: None,
            name: jobs::token(&self.key, now),
            source: None,
            started_at: now,
            asked_at: Some(now),
            arn: None,
            job: None,
            stage: Stage::Open,
            run: String::new(),
        }
    }

    /// Finds out what became of an attempt of an earlier run.
    async fn take_over(&self, attempt: Attempt, cx: &Cx) -> Result<TakenOver, Diagnostics> {
        let asked_at = self.backup.now();
        let attempt = if attempt.record().arn.is_some() {
            attempt
        } else {
            // Whether AWS ever took the call is not known. With its token it can be made again.
            self.start(attempt).await?.0
        };
        let id = attempt.record().arn.clone().unwrap_or_default();
        let found = self.look_at(&id).await.map_err(|err| {
            let Record { table_name, started_at, .. } = attempt.record();
            let file = attempt.file().map_or_else(String::new, |file| {
                format!(" If you do not want what it makes, delete {}.", file.display())
            });
            let why = format!(
                "An earlier apply started backup job {id} of table \"{table_name}\" at {started_at} and was cut off. Before \
                 another one is started, it must be known what became of that one; nothing was made in this apply.{file}"
            );
            diagnostics::aws_after("Backup job of an earlier apply cannot be looked at", &err, &why)
        })?;
        let Some(job) = found else {
            return Ok(TakenOver::Nothing(Box::new(attempt)));
        };
        if !job.is_on_its_way() && job.state != JobState::Completed {
            cx.warn(came_to_nothing(&job, "A new job is started in this apply."));
            return Ok(TakenOver::Nothing(Box::new(attempt)));
        }
        let is_older = |at: Timestamp| asked_at.duration_since(at) > TOLERANCE;
        if job.created_at.is_none_or(is_older) {
            cx.warn(self.taken_over(&job));
        }
        tracing::info!(job = %job.id, "going on with the backup job of an earlier apply");
        Ok(TakenOver::Job(Box::new(Accepted {
            attempt,
            job: Job {
                id: job.id,
                recovery_point: job.recovery_point,
                created_at: job.created_at,
                table: self.job.table.clone(),
            },
            is_taken_over: true,
        })))
    }

    /// The job; none where it is done and what it made has gone since.
    async fn look_at(&self, id: &str) -> Result<Option<BackupJob>, Error> {
        let Some(job) = self.backup.find_backup_job(self.aws, id).await? else {
            return Ok(None);
        };
        if job.state != JobState::Completed {
            return Ok(Some(job));
        }
        let Some(arn) = &job.recovery_point else {
            return Ok(None);
        };
        let made = self
            .backup
            .find_recovery_point(self.aws, &job.vault_name, arn)
            .await?;
        Ok(made.map(|_| job))
    }

    /// Tells that no new job was started, and how old the data are.
    fn taken_over(&self, job: &BackupJob) -> Diagnostic {
        let accepted = match job.created_at {
            Some(at) => {
                let age = self.backup.now().duration_since(at).max(SignedDuration::ZERO);
                let age = Duration::from_secs(age.unsigned_abs().as_secs());
                format!(
                    ", accepted at {} ({} ago)",
                    at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    tfsdk::format_duration(age)
                )
            }
            None => String::new(),
        };
        Diagnostic::warning(
            "Backup job of an earlier apply was taken over",
            format!(
                "An earlier apply was cut off after it had asked AWS Backup for this job, so no second one was started. Job \
                 {}{accepted}, is now that of this object: its recovery point holds the data of that time.\n\nIf you want \
                 the data of now, change triggers and apply again.",
                job.id
            ),
        )
    }

    async fn start(&self, mut attempt: Attempt) -> Result<(Attempt, Job), Diagnostics> {
        let mut order = self.job.clone();
        order.token.clone_from(&attempt.record().name);
        let doing = format!("starting a backup job of table {}", order.table);
        attempt.asks(self.backup.now());
        let answer = retry_until(self.aws, &**self.client.aws.clock(), &doing, || {
            self.backup.start_backup_job(self.aws, &order)
        })
        .await;
        match answer {
            Ok(started) => {
                attempt.made(&started.id);
                let job = Job {
                    id: started.id,
                    recovery_point: started.recovery_point,
                    created_at: started.created_at,
                    table: order.table,
                };
                Ok((attempt, job))
            }
            Err(err) if may_have_started(&err) => {
                // The record stays: the next apply makes the same call.
                let why = "Whether AWS Backup has taken the call is not known. The next apply makes it once more with the \
                           same token: that starts no second job.";
                Err(diagnostics::aws_after(CANNOT_CREATE, &err, why).into())
            }
            Err(err) => {
                attempt.discard();
                Err(diagnostics::aws(CANNOT_CREATE, &err).into())
            }
        }
    }
}

fn may_have_started(err: &Error) -> bool {
    matches!(
        err.kind(),
        ErrorKind::Unavailable
            | ErrorKind::Ambiguous
            | ErrorKind::NotAws
            | ErrorKind::Other
            | ErrorKind::Cancelled
            | ErrorKind::TimedOut
    )
}

/// Tells that a job has ended without a recovery point. `next` says what follows.
pub(super) fn came_to_nothing(job: &BackupJob, next: &str) -> Diagnostic {
    let said = match job.status_message.as_deref().map(|it| it.trim_end_matches('.')) {
        Some(message) if !message.is_empty() => format!("AWS Backup says: {message}."),
        _ => "AWS Backup gives no reason.".to_owned(),
    };
    let meaning = match job.state {
        JobState::Expired => ": it did not start within its start window",
        _ => "",
    };
    Diagnostic::warning(
        "Backup job of an earlier apply has failed",
        format!(
            "Backup job {} ended as {}{meaning}, and there is no recovery point of it. {said}\n\n{next}",
            job.id, job.state
        ),
    )
}
