//! From the order to a backup that AWS has accepted: at most one, whatever was cut off before or goes wrong now.
//!
//! CreateBackup has no idempotency token and names need not be unique. So the attempt is recorded before the call, and
//! whenever it is not known whether a call took effect, the backup is looked for before another call is made. What the
//! backup is for, and so how a message must speak of it, is the caller's [`Purpose`].

use std::time::Duration;

use aws_clients::{
    BackupArn, BackupAttempt, BackupFilter, BackupStatus, BackupSummary, BackupType, DynamoDb, Error,
    ErrorKind, TableRef,
};
use jiff::{SignedDuration, Timestamp};
use tfsdk::{Cx, Diagnostic, Diagnostics, Path};

use super::backup_name;
use crate::Client;
use crate::client::Account;
use crate::diagnostics;
use crate::journal::{Attempt, Hold, Key, Operation, Record, Stage};
use crate::resources::creating_table;

/// How much older than its attempt a backup may seem. Both times are AWS's, the one of the attempt by the second.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(10);

/// How often a call is repeated whose answer was lost and whose backup is not there.
const LOST_ANSWERS: usize = 5;

/// What a backup is for: which backup of an earlier attempt will do, and how messages speak of it.
#[derive(Debug)]
pub(crate) struct Purpose {
    /// The summary of all that goes wrong here.
    pub(crate) cannot_create: &'static str,
    /// The command that makes it, as in "an earlier apply".
    pub(crate) command: &'static str,
    /// How old the backup of an attempt that was cut off may be. One that AWS is still making is never too old.
    pub(crate) oldest: Option<SignedDuration>,
    /// What becomes of a backup that is taken over: completes "…, taken at … ago), ".
    pub(crate) taken_over: &'static str,
    /// What a refusal means for the object, where the general advice does not do.
    pub(crate) refused: Option<&'static str>,
}

/// A backup to be made.
pub(crate) struct Order<'a> {
    pub(crate) purpose: &'static Purpose,
    pub(crate) client: &'a Client,
    pub(crate) dynamodb: &'a DynamoDb,
    pub(crate) aws: &'a aws_clients::Cx,
    pub(crate) account: Option<Account>,
    pub(crate) table: TableRef,
    /// Tells tables apart that had the same name, where it is known.
    pub(crate) table_id: Option<String>,
    /// Given by the user, or to be made up.
    pub(crate) name: Option<String>,
    pub(crate) key: Key,
    /// An attempt that was cut off, should the journal have been lost since.
    pub(crate) earlier: Option<Record>,
}

/// A backup that AWS is making, or has made.
pub(crate) struct Accepted {
    pub(crate) attempt: Attempt,
    pub(crate) summary: BackupSummary,
}

impl Order<'_> {
    /// Takes over the backup of an attempt that was cut off, or has AWS make one.
    ///
    /// # Errors
    /// AWS refuses, or it cannot be found out whether an earlier attempt has made one.
    pub(crate) async fn accepted(&self, cx: &Cx) -> Result<Accepted, Diagnostics> {
        let account = self.account.as_ref().map(|account| account.id.as_str());
        let journal = &self.client.journal;
        let earlier = journal
            .claim(Operation::CreateBackup, &self.key, account)
            .or_else(|| Some(journal.begin(self.earlier.clone()?)));
        let attempt = match earlier {
            Some(attempt) => match self.take_over(attempt, cx).await? {
                TakenOver::Backup(accepted) => return Ok(*accepted),
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
        self.make(attempt).await
    }

    fn record(&self) -> Record {
        let now = self.dynamodb.now();
        let table_name = self.table.table_name().to_string();
        Record {
            version: Record::VERSION,
            operation: Operation::CreateBackup,
            key: self.key.clone(),
            account: self.account.as_ref().map(|account| account.id.clone()),
            region: self.dynamodb.region().to_string(),
            name: self
                .name
                .clone()
                .unwrap_or_else(|| backup_name::generate(&table_name, now)),
            table_name,
            table_arn: match &self.table {
                TableRef::Arn(arn) => Some(arn.to_string()),
                TableRef::Name(_) => None,
            },
            table_id: self.table_id.clone(),
            source: None,
            token: None,
            started_at: now,
            asked_at: Some(now),
            arn: None,
            stage: Stage::Open,
            run: String::new(),
        }
    }

    /// Finds out what became of an attempt of an earlier run.
    async fn take_over(&self, mut attempt: Attempt, cx: &Cx) -> Result<TakenOver, Diagnostics> {
        let found = match attempt.record().arn.as_deref().map(str::parse::<BackupArn>) {
            Some(Ok(arn)) => self
                .dynamodb
                .find_backup(self.aws, &arn)
                .await
                .map(|found| found.map(|it| it.summary)),
            Some(Err(err)) => Err(err),
            None => self.look_for(&mut attempt).await,
        };
        let summary = found.map_err(|err| {
            let Record { table_name, started_at, .. } = attempt.record();
            let file = attempt.file().map_or_else(String::new, |file| {
                format!(" If you know that there is none, or do not want it, delete {}.", file.display())
            });
            let command = self.purpose.command;
            let why = format!(
                "An earlier {command} asked AWS for a backup of table \"{table_name}\" at {started_at} and was cut off. Before \
                 another one is made, it must be known what became of that one; nothing was made in this {command}.{file}"
            );
            diagnostics::aws_after(&format!("Backup of an earlier {command} cannot be looked for"), &err, &why)
        })?;
        let Some(summary) = summary else {
            return Ok(TakenOver::Nothing(Box::new(attempt)));
        };
        let age = Age::of(&summary, attempt.record(), self.dynamodb.now());
        if let Some(why) = self.is_no_use(&summary, &age) {
            cx.warn(self.left_behind(&summary, &age, &why));
            return Ok(TakenOver::Nothing(Box::new(attempt)));
        }
        cx.warn(self.taken_over(&summary, &age));
        tracing::info!(arn = %summary.arn, "going on with the backup of an earlier apply");
        Ok(TakenOver::Backup(Box::new(Accepted { attempt, summary })))
    }

    /// Why the backup of an earlier attempt is not the one that is wanted now.
    fn is_no_use(&self, summary: &BackupSummary, age: &Age) -> Option<String> {
        if let (Some(recorded), Some(wanted)) = (&summary.table_id, &self.table_id)
            && recorded != wanted
        {
            return Some("It is of another table, which had the same name".to_owned());
        }
        let oldest = self.purpose.oldest?;
        let is_too_old = summary.status != BackupStatus::Creating && age.time > oldest;
        is_too_old.then(|| {
            format!(
                "It is more than {} old, and does not hold what was written since",
                tfsdk::format_duration(oldest.unsigned_abs())
            )
        })
    }

    /// Tells that no new backup was made, and how old the one is that was taken over.
    fn taken_over(&self, summary: &BackupSummary, age: &Age) -> Diagnostic {
        let Purpose {
            command, taken_over, ..
        } = self.purpose;
        Diagnostic::warning(
            format!("Backup of an earlier {command} was taken over"),
            format!(
                "An earlier {command} was cut off after it had asked AWS for this backup, so no second one was made. {}, \
                 taken at {age}, {taken_over}",
                summary.arn,
            ),
        )
    }

    /// Tells of a backup that no object stands for.
    fn left_behind(&self, summary: &BackupSummary, age: &Age, why: &str) -> Diagnostic {
        let command = self.purpose.command;
        let arn = &summary.arn;
        Diagnostic::warning(
            format!("Backup of an earlier {command} is left as it is"),
            format!(
                "An earlier {command} was cut off after it had asked AWS for {arn}, taken at {age}. {why}: so another \
                 backup is made, and this one stays in AWS.\n\nIf you do not need it: aws dynamodb delete-backup \
                 --backup-arn {arn} --region {}",
                arn.region(),
            ),
        )
    }

    /// Looks for the backup of an attempt without an ARN, and keeps others from taking it over.
    async fn look_for(&self, attempt: &mut Attempt) -> Result<Option<BackupSummary>, Error> {
        let record = attempt.record();
        let lost = BackupAttempt {
            table: self.table.clone(),
            table_id: record.table_id.clone(),
            name: record.name.clone(),
            since: record.started_at,
            until: record.made_before(),
        };
        let newest = self.dynamodb.find_backup_made_by_attempt(self.aws, &lost).await?;
        let Some(newest) = newest.filter(|it| is_of_attempt(it, &lost)) else {
            return Ok(None);
        };
        if attempt.found(newest.arn.as_str()) == Hold::Granted {
            return Ok(Some(newest));
        }
        // An alike resource has the newest one; perhaps there are more.
        let filter = BackupFilter {
            table: Some(lost.table.clone()),
            backup_type: Some(BackupType::User),
            created_from: lost.since.checked_sub(TOLERANCE).ok(),
            created_before: lost.until,
        };
        let listed = self.dynamodb.list_backups(self.aws, &filter).await?;
        Ok(listed
            .into_iter()
            .filter(|it| is_of_attempt(it, &lost))
            .find(|it| attempt.found(it.arn.as_str()) == Hold::Granted))
    }

    async fn make(&self, mut attempt: Attempt) -> Result<Accepted, Diagnostics> {
        let backup_name = attempt.record().name.clone();
        let doing = format!("creating backup {backup_name} of table {}", self.table);
        let mut lost_answers = 0;
        loop {
            let send = || {
                attempt.asks(self.dynamodb.now());
                self.dynamodb.create_backup(self.aws, &self.table, &backup_name)
            };
            let answer =
                creating_table::retry(self.client, self.dynamodb, self.aws, &self.table, &doing, send).await;
            let err = match answer {
                Ok(summary) => {
                    attempt.made(summary.arn.as_str());
                    return Ok(Accepted { attempt, summary });
                }
                Err(err) if err.kind() == ErrorKind::Ambiguous => err,
                Err(err) => {
                    attempt.discard();
                    return Err(self.refused(&err).into());
                }
            };
            tracing::warn!(table = %self.table, "answer to CreateBackup was lost, looking for the backup");
            lost_answers += 1;
            match self.look_for(&mut attempt).await {
                Ok(Some(summary)) => return Ok(Accepted { attempt, summary }),
                Ok(None) if lost_answers < LOST_ANSWERS => {}
                Ok(None) => {
                    attempt.discard();
                    return Err(self.failed(&err).into());
                }
                Err(failed) => {
                    // The record stays: the next apply looks again.
                    let Purpose {
                        cannot_create,
                        command,
                        ..
                    } = self.purpose;
                    let why = format!(
                        "AWS's answer was lost, and whether the backup \"{backup_name}\" of table \"{}\" exists cannot be \
                         seen now. The next {command} looks for it before it makes another one.",
                        self.table.table_name()
                    );
                    return Err(diagnostics::aws_after(cannot_create, &failed, &why).into());
                }
            }
        }
    }

    fn refused(&self, err: &Error) -> Diagnostic {
        if !err.is_not_found() || self.purpose.refused.is_some() {
            return self.failed(err);
        }
        let why = creating_table::no_such_table(&self.table, self.dynamodb, self.account.as_ref());
        diagnostics::aws_after(self.purpose.cannot_create, err, &why).at(Path::of("table_name"))
    }

    fn failed(&self, err: &Error) -> Diagnostic {
        match self.purpose.refused {
            Some(why) => diagnostics::aws_after(self.purpose.cannot_create, err, why),
            None => diagnostics::aws(self.purpose.cannot_create, err),
        }
    }
}

enum TakenOver {
    Backup(Box<Accepted>),
    /// AWS never made it, or it is gone.
    Nothing(Box<Attempt>),
}

fn is_of_attempt(backup: &BackupSummary, attempt: &BackupAttempt) -> bool {
    let same_table = match (&backup.table_id, &attempt.table_id) {
        (Some(listed), Some(wanted)) => listed == wanted,
        _ => true,
    };
    let since = attempt.since.checked_sub(TOLERANCE).unwrap_or(Timestamp::MIN);
    let until = attempt.until.unwrap_or(Timestamp::MAX);
    let made_then = backup.created_at.is_none_or(|at| at >= since && at <= until);
    backup.name == attempt.name && same_table && made_then
}

/// When a backup was taken, and how long ago that is.
struct Age {
    created_at: Timestamp,
    time: SignedDuration,
}

impl Age {
    fn of(summary: &BackupSummary, record: &Record, now: Timestamp) -> Self {
        let created_at = summary.created_at.unwrap_or(record.started_at);
        let time = now.duration_since(created_at).max(SignedDuration::ZERO);
        Self { created_at, time }
    }
}

impl std::fmt::Display for Age {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = Duration::from_secs(self.time.unsigned_abs().as_secs());
        write!(
            out,
            "{} ({} ago)",
            self.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            tfsdk::format_duration(time)
        )
    }
}
