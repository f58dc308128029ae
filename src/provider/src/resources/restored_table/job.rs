//! Restores by AWS Backup: the job is started, or one of an earlier attempt is taken up, and it is followed until its
//! table is there.
//!
//! A job has what a restore by DynamoDB lacks: an idempotency token, an id, and words about its failure. The token comes
//! from the record of the attempt, so that asking again finds the same job. The id proves later on that a table is ours:
//! the job names the table that it makes, and AWS Backup never makes one under a name that is taken.

use aws_clients::{
    EncryptionChoice, ErrorKind, RecoveryPointRestore, RestoreJob, RestoreJobStatus, Seen, Table, TableStatus,
};
use jiff::SignedDuration;
use tfsdk::{Attr, Diagnostic, Path, Severity};

use super::attempt;
use super::model::Model;
use super::settings::{Encryption, encryption};
use super::source::{Origin, RecoveryPointSource};
use super::start::{Claim, FIRST_PAUSE, LONGEST_PAUSE, Made, Started};
use super::work::{Failure, Work};
use crate::journal::{Attempt, Operation, Record, Stage};

const FAILED: &str = "Restore job failed in AWS Backup";

impl Work<'_> {
    /// The restore that a plan asks AWS Backup for.
    pub(super) async fn job_of(&self, point: &RecoveryPointSource, planned: &Model) -> RecoveryPointRestore {
        let wanted = planned.server_side_encryption.known().and_then(encryption);
        let encryption = match wanted {
            // AWS Backup does not look at the key of the source; said plainly, its default cannot change.
            None | Some(Encryption::AwsOwned) => EncryptionChoice::AwsOwned,
            Some(Encryption::Kms { key: None }) => EncryptionChoice::AwsManaged,
            Some(Encryption::Kms { key: Some(key) }) => {
                let arn = self.key_arn(&key).await;
                EncryptionChoice::Key(arn.unwrap_or(key.text))
            }
        };
        RecoveryPointRestore {
            target: self.name.clone(),
            recovery_point: point.arn.clone(),
            role_arn: point.role_arn.clone(),
            encryption,
            // That of the attempt, when there is one.
            token: String::new(),
        }
    }

    /// Asks for a job under a name that is free.
    pub(super) async fn ask_for_job(
        &self,
        restore: &RecoveryPointRestore,
        attempt: &mut Attempt,
    ) -> Result<(Made, bool), Failure> {
        self.wait_name_free().await?;
        let id = self.ask_job(restore, attempt).await?;
        Ok((Made::Job(id), false))
    }

    /// Goes on with the job that an earlier attempt has started, or clears the way for a new one.
    pub(super) async fn take_up_job(
        &self,
        mut attempt: Attempt,
        record: Record,
        id: String,
    ) -> Result<Claim, Failure> {
        let is_wanted = attempt::is_from(attempt.record(), self.origin.as_ref());
        match self.find_job(&id).await? {
            Earlier::Nothing => {}
            Earlier::Runs | Earlier::Done if is_wanted => return Ok(resumed(attempt, id)),
            // The plan showed that this table is replaced, and its source has been edited since.
            Earlier::Runs | Earlier::Done if attempt.record().stage == Stage::HandedOver => {
                match self.follow_job(&id).await {
                    Ok((_, table)) => self.remove(&table).await?,
                    Err(Failure::Nothing(_)) => {}
                    Err(failure) => return Err(failure),
                }
            }
            Earlier::Runs | Earlier::Done => {
                return Err(self.job_of_another_source(attempt.record(), &id).into());
            }
        }
        attempt.restart(record);
        Ok(Claim::Anew(Box::new(attempt)))
    }

    /// Asks once more in the words of an attempt of which nobody has seen the answer: AWS Backup then answers with the
    /// same job, if there is one.
    pub(super) async fn ask_again(
        &self,
        restore: &RecoveryPointRestore,
        mut attempt: Attempt,
        record: Record,
    ) -> Result<Claim, Failure> {
        if let Some(table) = self.find().await?
            && table.status != TableStatus::Deleting
        {
            let is_ours = match &self.origin {
                Some(origin) => {
                    let record = attempt.record();
                    is_made_by_attempt(self.client, &self.cx, self.region(), record, origin, &table).await?
                }
                None => false,
            };
            if !is_ours {
                attempt.discard();
                return Err(self.occupied(&table, None).into());
            }
        }
        let id = match self.ask_job(restore, &mut attempt).await {
            Ok(id) => id,
            Err(failure) => {
                if !failure.may_be_accepted() {
                    attempt.discard();
                }
                return Err(failure);
            }
        };
        match self.find_job(&id).await? {
            Earlier::Runs | Earlier::Done => Ok(resumed(attempt, id)),
            Earlier::Nothing => {
                attempt.restart(record);
                Ok(Claim::Anew(Box::new(attempt)))
            }
        }
    }

    /// Asks AWS Backup for a job until it takes it, or refuses it for good. Gives the id.
    async fn ask_job(
        &self,
        restore: &RecoveryPointRestore,
        attempt: &mut Attempt,
    ) -> Result<String, Failure> {
        let mut pause = FIRST_PAUSE;
        let restore = RecoveryPointRestore {
            token: attempt::token(attempt.record()),
            ..restore.clone()
        };
        let backup = self.client.aws.aws_backup(self.region());
        loop {
            attempt.asks(self.client.now(self.region()));
            let refusal = match backup.start_restore_job(&self.cx, &restore).await {
                Ok(id) => {
                    attempt.accepted(&id);
                    return Ok(id);
                }
                Err(refusal) if refusal.is_not_now() && refusal.kind() != ErrorKind::Unavailable => refusal,
                Err(refusal) => return Err(refusal.into()),
            };
            tracing::info!(table = %self.name, code = refusal.code(), "the restore job has to wait");
            self.pause(pause, Some(refusal)).await?;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits until no table has the name: a job that finds one fails. Refuses a table that stays.
    async fn wait_name_free(&self) -> Result<(), Failure> {
        match self.find().await? {
            None => Ok(()),
            Some(table) if table.status == TableStatus::Deleting => {
                tracing::info!(table = %self.name, "waiting until the old table of that name is gone");
                Ok(self.dynamodb.wait_table_gone(&self.cx, &self.name).await?)
            }
            Some(table) => Err(self.occupied(&table, None).into()),
        }
    }

    /// What has become of the job that an earlier attempt has started.
    async fn find_job(&self, id: &str) -> Result<Earlier, Failure> {
        let backup = self.client.aws.aws_backup(self.region());
        let Some(job) = backup.find_restore_job(&self.cx, id).await? else {
            return Ok(Earlier::Nothing);
        };
        if !job.is_over() {
            return Ok(Earlier::Runs);
        }
        if job.status != RestoreJobStatus::Completed {
            return Ok(Earlier::Nothing);
        }
        Ok(match self.find().await? {
            Some(table) if is_made_by(&job, &table) => Earlier::Done,
            _ => Earlier::Nothing,
        })
    }

    /// Follows a job of ours to its end, and gives it with the table that it has made.
    ///
    /// # Errors
    /// [`Failure::Nothing`] when the job has failed: then there is no table.
    pub(super) async fn follow_job(&self, id: &str) -> Result<(RestoreJob, Table), Failure> {
        let backup = self.client.aws.aws_backup(self.region());
        let job = backup.wait_restore_job(&self.cx, id).await?;
        if job.status != RestoreJobStatus::Completed {
            return Err(Failure::Nothing(Box::new(self.job_failed(&job))));
        }
        let table = self
            .dynamodb
            .wait_table_active(&self.cx, &self.name, Seen::NotYet)
            .await?;
        if is_made_by(&job, &table) {
            return Ok((job, table));
        }
        Err(Failure::Nothing(Box::new(self.not_of_job(&job, &table))))
    }

    /// Whether the table of an unfinished object may be looked at: before its job names it, a table of that name is
    /// somebody else's.
    pub(super) async fn look_at_job(&self, id: &str, state: &Model) -> Result<Look, Failure> {
        let backup = self.client.aws.aws_backup(self.region());
        let Some(job) = backup.find_restore_job(&self.cx, id).await? else {
            return Ok(Look::Table);
        };
        if job.is_over() && job.status != RestoreJobStatus::Completed {
            let failed = self.job_failed(&job);
            return Ok(Look::Nothing(Box::new(Diagnostic {
                severity: Severity::Warning,
                ..failed
            })));
        }
        if state.table_id.known().is_some() {
            return Ok(Look::Table);
        }
        Ok(match (job.is_over(), self.find().await?) {
            (_, Some(table)) if is_made_by(&job, &table) => Look::Table,
            (true, Some(table)) => Look::Nothing(Box::new(Diagnostic {
                severity: Severity::Warning,
                ..self.not_of_job(&job, &table)
            })),
            (true, None) => Look::Table,
            (false, _) => Look::NoTableYet,
        })
    }

    /// Waits for the end of a job whose table is to be deleted, since nothing can stop it. Says whether there is one.
    pub(super) async fn wait_job_over(&self, id: &str) -> Result<bool, Failure> {
        match self.follow_job(id).await {
            Ok(_) => Ok(true),
            Err(Failure::Nothing(_)) => Ok(false),
            // AWS has forgotten the job: the table speaks for itself.
            Err(failure) if failure.is_gone() => Ok(true),
            Err(failure) => Err(failure),
        }
    }

    /// The object while AWS Backup has accepted the job, and there is no table yet.
    pub(super) fn promised(&self, planned: &Model, job_id: &str, record: &Record) -> Model {
        // The recovery point is in the account of the table.
        let point = self.origin.as_ref().and_then(Origin::account);
        let arn = record.account.as_deref().or(point).map(|account| {
            let region = self.region();
            let partition = region.partition();
            format!("arn:{partition}:dynamodb:{region}:{account}:table/{}", self.name)
        });
        let known = Model {
            region: self.region().as_str().into(),
            arn: arn.into(),
            status: TableStatus::Creating.as_str().into(),
            restored_at: crate::rfc3339::rfc3339(Some(self.client.now(self.region()))),
            restore_job_id: job_id.into(),
            unfinished: true.into(),
            ..Model::default()
        };
        let mut state = super::proposal::filled(planned, &known);
        state.unfinished = true.into();
        state
    }

    fn job_failed(&self, job: &RestoreJob) -> Diagnostic {
        let (name, region, id, status) = (&self.name, self.region(), &job.id, &job.status);
        let said = match &job.status_message {
            Some(message) => format!("AWS Backup says: {}", with_full_stop(message)),
            None => "AWS Backup does not say why.".to_owned(),
        };
        let source = self.origin.as_ref().map(Origin::spoken).unwrap_or_default();
        let role = self
            .origin
            .as_ref()
            .and_then(Origin::recovery_point)
            .map(|point| format!(" {}", point.role_arn))
            .unwrap_or_default();
        Diagnostic::error(
            FAILED,
            format!(
                "Restore job {id} ended as {status}. It was to restore table {name} in {region} from {source}. {said}\n\n\
                 No table was made, and nothing is in the state. Where a permission is missing, give role{role} what the \
                 AWS managed policy AWSBackupServiceRolePolicyForRestores has: dynamodb:RestoreTableFromAwsBackup \
                 (dynamodb:RestoreTableFromBackup for a recovery point with an ARN of DynamoDB), the item actions, and \
                 the use of the KMS keys. Then run terraform apply again: it starts a new job. The whole job: aws backup \
                 describe-restore-job --region {region} --restore-job-id {id}",
            ),
        )
        .at(Path::of("source"))
    }

    fn not_of_job(&self, job: &RestoreJob, table: &Table) -> Diagnostic {
        let (name, region, id) = (&self.name, self.region(), &job.id);
        let made = job
            .created_table
            .as_ref()
            .map_or_else(|| "no table".to_owned(), ToString::to_string);
        Diagnostic::error(
            "Table is not the one that the restore job made",
            format!(
                "Restore job {id} is COMPLETED and made {made}. Table {name} in {region} ({status}) is not that table: it \
                 was made at another time, by somebody else, so it is left alone.\n\nChoose another name, or remove that \
                 table, and run terraform apply again: it restores anew.",
                status = table.status,
            ),
        )
        .at(Path::of("name"))
    }

    /// An earlier apply was killed, its job still runs, and the configuration has another source since.
    fn job_of_another_source(&self, record: &Record, id: &str) -> Diagnostic {
        let (name, region) = (&self.name, self.region());
        let recorded = record.source.as_deref().unwrap_or("another source");
        let wanted = self.origin.as_ref().map(Origin::spoken).unwrap_or_default();
        Diagnostic::error(
            "Table is restored from another source by an earlier apply",
            format!(
                "Restore job {id} restores table {name} in {region} from {recorded}, begun at {started} by an apply that was \
                 cut off before Terraform knew of it. A restore job cannot be stopped. The configuration now wants \
                 {wanted}.\n\nPut the old source back and apply, which takes the job up; or wait until it is over, delete \
                 the table (aws dynamodb delete-table --region {region} --table-name {name}) and apply.",
                started = record.started_at,
            ),
        )
        .at(Path::of("source"))
    }
}

/// What a refresh is to do with an unfinished object.
pub(super) enum Look {
    /// Look at the table.
    Table,
    /// Wait: the job goes on, and there is no table yet.
    NoTableYet,
    /// There is nothing, and the job says why.
    Nothing(Box<Diagnostic>),
}

fn resumed(attempt: Attempt, id: String) -> Claim {
    tracing::info!(job = id, "taking up the restore job of an earlier apply");
    Claim::Resumed(Box::new(Started {
        attempt,
        made: Made::Job(id),
        taken_up: true,
    }))
}

/// What has become of the job of an earlier attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Earlier {
    /// It is on its way.
    Runs,
    /// It is over, and its table is there.
    Done,
    /// It has failed, its table was deleted since, or AWS has forgotten it.
    Nothing,
}

/// Fills in what the job tells of the restore.
pub(super) fn with_job(planned: &Model, job: &RestoreJob) -> Model {
    let fill = |attr: &Attr<String>, known: Option<jiff::Timestamp>| match attr {
        Attr::Known(_) => attr.clone(),
        Attr::Null | Attr::Unknown => crate::rfc3339::rfc3339(known),
    };
    let mut planned = planned.clone();
    planned.restore_job_id = job.id.as_str().into();
    planned.restored_at = fill(&planned.restored_at, job.created_at);
    planned.restore_time = fill(&planned.restore_time, job.recovery_point_created_at);
    if planned.restore_duration_seconds.known().is_none()
        && let (Some(from), Some(to)) = (job.created_at, job.completed_at)
    {
        planned.restore_duration_seconds = to.duration_since(from).as_secs().max(0).into();
    }
    planned
}

/// Whether a job has made this very table, and not one of the same name that somebody made later: AWS Backup names it,
/// and it was made while the job ran.
pub(super) fn is_made_by(job: &RestoreJob, table: &Table) -> bool {
    /// AWS Backup and DynamoDB have clocks of their own.
    const TOLERANCE: SignedDuration = SignedDuration::from_mins(1);
    let is_named = job.created_table.as_ref() == Some(&table.arn);
    let is_after = |created: jiff::Timestamp| {
        job.created_at
            .is_none_or(|began| created.duration_since(began) >= -TOLERANCE)
    };
    let is_before = |created: jiff::Timestamp| {
        job.completed_at
            .is_none_or(|ended| created.duration_since(ended) <= TOLERANCE)
    };
    is_named
        && table
            .created_at
            .is_none_or(|created| is_after(created) && is_before(created))
}

/// Whether a table that stands in the way was made by the job of an earlier attempt, which waits to be taken up.
///
/// # Errors
/// AWS Backup cannot be asked.
pub(super) async fn is_ours(
    client: &crate::Client,
    cx: &aws_clients::Cx,
    account: Option<&str>,
    region: &aws_clients::Region,
    table: &Table,
    origin: &Origin,
) -> Result<bool, aws_clients::Error> {
    let key = attempt::key(region, table.name.as_str());
    match client.journal.find(Operation::RestoreTable, &key, account) {
        Some(record) => is_made_by_attempt(client, cx, region, &record, origin, table).await,
        None => Ok(false),
    }
}

/// Whether AWS shows that a table was made by the job of an attempt whose answer may have been lost.
///
/// # Errors
/// AWS Backup cannot be asked.
async fn is_made_by_attempt(
    client: &crate::Client,
    cx: &aws_clients::Cx,
    region: &aws_clients::Region,
    record: &Record,
    origin: &Origin,
    table: &Table,
) -> Result<bool, aws_clients::Error> {
    let Some(point) = origin.recovery_point() else {
        return Ok(false);
    };
    let makes_room = matches!(record.stage, Stage::InState | Stage::HandedOver);
    if !makes_room && !attempt::is_from(record, Some(origin)) {
        return Ok(false);
    }
    let backup = client.aws.aws_backup(region);
    if let Some(id) = &record.job {
        let job = backup.find_restore_job(cx, id).await?;
        return Ok(job.is_some_and(|job| is_made_by(&job, table)));
    }
    // Nobody has seen the id: the job restores what is wanted, was begun when AWS was asked, and names the table.
    let jobs = backup.list_restore_jobs(cx, attempt::earliest(record)).await?;
    let latest = record.made_before();
    Ok(jobs.iter().any(|job| {
        let in_time = match (job.created_at, latest) {
            (Some(created), Some(latest)) => created <= latest,
            _ => false,
        };
        in_time && job.recovery_point.as_ref() == Some(&point.arn) && is_made_by(job, table)
    }))
}

fn with_full_stop(message: &str) -> String {
    match message.ends_with(['.', '!', '?']) {
        true => message.to_owned(),
        false => format!("{message}."),
    }
}
