//! On-demand backups: find, list, create once, delete, wait.

use std::time::Duration;

use aws_sdk_dynamodb::types;
use jiff::{SignedDuration, Timestamp};

use super::DynamoDb;
use crate::backup::{Backup, BackupSummary};
use crate::call::{Call, found, incomplete, stopped};
use crate::cx::Cx;
use crate::error::Error;
use crate::names::{BackupArn, TableRef};
use crate::operation::Operation;
use crate::pacing::pause;
use crate::table::date_time;
use crate::wait::{Gone, Wait, wait};
use crate::words::BackupType;

/// AWS's page size and its maximum.
const PAGE: i32 = 100;

/// How far AWS's clock and our notion of it may be apart when a lost attempt is looked for.
const SKEW: SignedDuration = SignedDuration::from_mins(2);

/// How long a backup that AWS accepted may take to show in a list.
const SETTLE: Duration = Duration::from_secs(15);

/// Which backups to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BackupFilter {
    /// Of this table, and of all tables that ever had its name; `None`: of all tables.
    pub table: Option<TableRef>,
    /// Made by whom; `None`: by users and by DynamoDB itself. AWS leaves those of AWS Backup out.
    pub backup_type: Option<BackupType>,
    /// Made at this time or later.
    pub created_from: Option<Timestamp>,
    /// Made before this time.
    pub created_before: Option<Timestamp>,
}

/// A CreateBackup whose answer was lost.
#[derive(Clone, Debug, PartialEq)]
pub struct BackupAttempt {
    /// The table.
    pub table: TableRef,
    /// Its id, where known: another table may have had the same name.
    pub table_id: Option<String>,
    /// Name given to the backup.
    pub name: String,
    /// AWS's time just before the call, from [`DynamoDb::now`].
    pub since: Timestamp,
    /// The last moment at which AWS can have made it, where that is known: one that was made later is another one.
    pub until: Option<Timestamp>,
}

impl BackupFilter {
    /// Looks at an entry once more: emulators ignore most filters.
    fn takes(&self, backup: &BackupSummary) -> bool {
        let table = self
            .table
            .as_ref()
            .is_none_or(|table| table.table_name() == backup.table_name);
        let backup_type = self
            .backup_type
            .as_ref()
            .is_none_or(|wanted| *wanted == backup.backup_type);
        let after = self
            .created_from
            .is_none_or(|from| backup.created_at.is_none_or(|at| at >= from));
        let before = self
            .created_before
            .is_none_or(|end| backup.created_at.is_none_or(|at| at < end));
        table && backup_type && after && before
    }
}

/// What a listing came to.
pub(super) struct Listed {
    pub(super) backups: Vec<BackupSummary>,
    pub(super) complete: bool,
}

impl DynamoDb {
    /// Finds a backup, with what it recorded of its table.
    ///
    /// # Errors
    /// [`crate::ErrorKind::OtherRegion`] for an ARN of another Region, which AWS would not notice.
    pub async fn find_backup(&self, cx: &Cx, backup: &BackupArn) -> Result<Option<Backup>, Error> {
        let doing = format!("describing backup {backup}");
        self.check_region(&doing, backup.as_str(), &backup.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DescribeBackup, doing, backup.as_str());
        let send = || client.describe_backup().backup_arn(backup.as_str()).send();
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        let backup = answer.backup_description.and_then(Backup::from_aws);
        backup
            .map(Some)
            .ok_or_else(|| incomplete(&call, "the backup's details or those of its table"))
    }

    /// Lists backups, all pages, in AWS's order.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `dynamodb:ListBackups` on `*`.
    pub async fn list_backups(&self, cx: &Cx, filter: &BackupFilter) -> Result<Vec<BackupSummary>, Error> {
        Ok(self.list_pages(cx, filter, usize::MAX).await?.backups)
    }

    /// Lists backups, at most so many pages.
    pub(super) async fn list_pages(
        &self,
        cx: &Cx,
        filter: &BackupFilter,
        pages: usize,
    ) -> Result<Listed, Error> {
        let doing = match &filter.table {
            Some(table) => format!("listing the backups of table {table} in {}", self.region()),
            None => format!("listing the backups in {}", self.region()),
        };
        if let Some(table) = &filter.table {
            self.check_table_region(&doing, table)?;
        }
        let client = self.client(cx).await?;
        let call = Call::new(Operation::ListBackups, doing, "*");
        let backup_type = filter.backup_type.as_ref().map_or("ALL", BackupType::as_str);
        let mut backups = Vec::new();
        let mut start: Option<String> = None;
        for _ in 0..pages {
            let send = || {
                client
                    .list_backups()
                    .set_table_name(filter.table.as_ref().map(|table| table.as_str().to_owned()))
                    .backup_type(types::BackupTypeFilter::from(backup_type))
                    .set_time_range_lower_bound(filter.created_from.map(date_time))
                    .set_time_range_upper_bound(filter.created_before.map(date_time))
                    .set_exclusive_start_backup_arn(start.clone())
                    .limit(PAGE)
                    .send()
            };
            let page = self.call(cx, &call, send).await?;
            let listed = page.backup_summaries.unwrap_or_default().into_iter();
            backups.extend(
                listed
                    .filter_map(BackupSummary::from_listed)
                    .filter(|backup| filter.takes(backup)),
            );
            match page.last_evaluated_backup_arn {
                Some(last) if Some(&last) != start.as_ref() => start = Some(last),
                _ => {
                    return Ok(Listed {
                        backups,
                        complete: true,
                    });
                }
            }
        }
        Ok(Listed {
            backups,
            complete: false,
        })
    }

    /// Makes a backup. Sent once: AWS has no token for it, and names need not be unique.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Ambiguous`] when it is unknown whether AWS took the call: look for the
    /// backup with [`Self::find_backup_made_by_attempt`] before anything else.
    /// [`crate::ErrorKind::Conflict`] while continuous backups of the table are being set up, or
    /// another backup or restore runs: repeat with [`crate::retry_until`].
    pub async fn create_backup(&self, cx: &Cx, table: &TableRef, name: &str) -> Result<BackupSummary, Error> {
        let doing = format!("creating backup {name} of table {table} in {}", self.region());
        self.check_table_region(&doing, table)?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::CreateBackup, doing, table.as_str());
        let send = || {
            client
                .create_backup()
                .table_name(table.as_str())
                .backup_name(name)
                .send()
        };
        let answer = self.call(cx, &call, send).await;
        self.regional.listing.forget(&table.table_name());
        let summary = answer?.backup_details.and_then(BackupSummary::from_details);
        // Accepted, but without an ARN: to be looked for like a lost answer.
        summary.ok_or_else(|| incomplete(&call, "the backup's details").into_ambiguous())
    }

    /// Looks for the backup that an attempt with a lost answer has made: by name, table and time.
    /// The newest, should there be more than one.
    ///
    /// A backup may take some seconds to show, so `None` comes only after fifteen of them.
    ///
    /// # Errors
    /// As [`Self::list_backups`].
    pub async fn find_backup_made_by_attempt(
        &self,
        cx: &Cx,
        attempt: &BackupAttempt,
    ) -> Result<Option<BackupSummary>, Error> {
        let filter = BackupFilter {
            table: Some(attempt.table.clone()),
            backup_type: Some(BackupType::User),
            created_from: attempt.since.checked_sub(SKEW).ok(),
            created_before: attempt.until,
        };
        let started = self.clock().elapsed();
        let mut next_pause = Duration::from_secs(1);
        loop {
            let listed = self
                .list_backups(cx, &filter)
                .await?
                .into_iter()
                .filter(|backup| {
                    let same_table = match (&backup.table_id, &attempt.table_id) {
                        (Some(listed), Some(wanted)) => listed == wanted,
                        _ => true,
                    };
                    backup.name == attempt.name && same_table
                });
            let newest = listed.max_by_key(|backup| backup.created_at);
            if newest.is_some() || self.clock().elapsed().saturating_sub(started) >= SETTLE {
                return Ok(newest);
            }
            let doing = format!("looking for backup {} of table {}", attempt.name, attempt.table);
            pause(cx, self.clock(), next_pause)
                .await
                .map_err(|stop| stopped(cx, self.clock(), &doing, stop))?;
            next_pause *= 2;
        }
    }

    /// Deletes a backup, at once and for good; done already when there is none.
    ///
    /// # Errors
    /// [`crate::ErrorKind::OtherRegion`] for an ARN of another Region: AWS would delete the backup
    /// of this Region. [`crate::ErrorKind::Conflict`] while it is being made or restored.
    pub async fn delete_backup(&self, cx: &Cx, backup: &BackupArn) -> Result<(), Error> {
        let doing = format!("deleting backup {backup}");
        self.check_region(&doing, backup.as_str(), &backup.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DeleteBackup, doing, backup.as_str());
        let send = || client.delete_backup().backup_arn(backup.as_str()).send();
        let answer = found(self.call(cx, &call, send).await);
        self.regional.listing.deleted(backup);
        answer?;
        Ok(())
    }

    /// Waits until a backup can be restored.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when it has gone: there is no status for a failed backup.
    pub async fn wait_backup_available(&self, cx: &Cx, backup: &BackupArn) -> Result<Backup, Error> {
        let doing = format!("waiting for backup {backup} to become AVAILABLE");
        let gone = "the backup has gone: it was deleted, or AWS could not make it";
        let what = Wait {
            doing: &doing,
            pending: &["CREATING"],
            target: &["AVAILABLE"],
            gone: Gone::FailureOnceSeen(gone),
            longest_pause: Duration::from_secs(5),
            goes_on: "AWS goes on making the backup",
        };
        let look = || async {
            let backup = self.find_backup(cx, backup).await?;
            Ok(backup.map(|backup| (backup.summary.status.to_string(), backup)))
        };
        wait(cx, self.clock(), &what, look)
            .await?
            .ok_or_else(|| Error::new(crate::ErrorKind::NotFound, &*doing).because(gone))
    }
}
