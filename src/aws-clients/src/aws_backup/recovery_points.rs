//! Recovery points: find, list, change how long they stay, delete, wait until they are gone.

use std::time::Duration;

use aws_sdk_backup::operation::describe_recovery_point::DescribeRecoveryPointOutput;
use aws_sdk_backup::types;
use jiff::Timestamp;

use super::AwsBackup;
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::{RecoveryPointArn, TableArn, VaultArn};
use crate::operation::Operation;
use crate::table::{date_time, timestamp};
use crate::wait::{Gone, Wait, wait};
use crate::words::{RecoveryPointStatus, StorageClass};

/// AWS's page size and its maximum.
const PAGE: i32 = 1000;

/// A recovery point.
#[derive(Clone, Debug, PartialEq)]
pub struct RecoveryPoint {
    /// ARN.
    pub arn: RecoveryPointArn,
    /// Name of the vault that holds it.
    pub vault_name: String,
    /// ARN of the vault that holds it.
    pub vault_arn: Option<VaultArn>,
    /// ARN of the vault it was copied from.
    pub source_vault_arn: Option<VaultArn>,
    /// ARN of the table that was backed up; `None` when it is no table.
    pub table_arn: Option<TableArn>,
    /// Status.
    pub status: RecoveryPointStatus,
    /// Why it has that status, where AWS says so.
    pub status_message: Option<String>,
    /// Where it is stored.
    pub storage_class: StorageClass,
    /// When it was made. A copy keeps the time of its source (CPY-009).
    pub created_at: Option<Timestamp>,
    /// When it was finished.
    pub completed_at: Option<Timestamp>,
    /// Size in bytes.
    pub size_bytes: Option<i64>,
    /// How long it stays; both `None` for ever.
    pub lifecycle: LifecycleDays,
    /// When it moves to cold storage.
    pub moves_to_cold_storage_at: Option<Timestamp>,
    /// When it is deleted; AWS takes up to eight hours more (LFC-012).
    pub deletes_at: Option<Timestamp>,
    /// ARN of the KMS key.
    pub key_arn: Option<String>,
    /// Role that made it.
    pub role_arn: Option<String>,
    /// ARN of the plan that made it; `None` for an on-demand job.
    pub plan_arn: Option<String>,
}

/// How long a recovery point stays, in days from its creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LifecycleDays {
    /// Days until it moves to cold storage; `None` for never.
    pub move_to_cold_storage_after: Option<i64>,
    /// Days until it is deleted; `None` for never.
    pub delete_after: Option<i64>,
}

/// A recovery point as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedRecoveryPoint {
    /// ARN.
    pub arn: RecoveryPointArn,
    /// Name of the vault that holds it.
    pub vault_name: String,
    /// ARN of the table that was backed up; `None` when it is no table.
    pub table_arn: Option<TableArn>,
    /// Status.
    pub status: RecoveryPointStatus,
    /// Why it has that status, where AWS says so.
    pub status_message: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was finished. Only in the list of a vault.
    pub completed_at: Option<Timestamp>,
    /// Size in bytes.
    pub size_bytes: Option<i64>,
    /// When it moves to cold storage. Only in the list of a vault.
    pub moves_to_cold_storage_at: Option<Timestamp>,
    /// When it is deleted. Only in the list of a vault.
    pub deletes_at: Option<Timestamp>,
    /// ARN of the KMS key.
    pub key_arn: Option<String>,
    /// ARN of the plan that made it. Only in the list of a vault.
    pub plan_arn: Option<String>,
}

/// Which recovery points to list: those of a vault, or those of a table in any vault. AWS has no list of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecoveryPointFilter {
    /// In a vault.
    Vault {
        /// Its name.
        name: String,
        /// Of this table; `None`: of everything.
        table: Option<TableArn>,
        /// Made at this time or later.
        created_from: Option<Timestamp>,
        /// Made before this time.
        created_before: Option<Timestamp>,
    },
    /// Of a table, in any vault of the account and Region.
    Table(TableArn),
}

impl RecoveryPointFilter {
    /// Everything in a vault.
    pub fn of_vault(name: &str) -> Self {
        Self::Vault {
            name: name.to_owned(),
            table: None,
            created_from: None,
            created_before: None,
        }
    }
}

impl AwsBackup {
    /// Lists recovery points of tables, all pages, in AWS's order.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such vault; [`crate::ErrorKind::OtherRegion`] for a table of
    /// another Region; [`crate::ErrorKind::Denied`] where the caller may not
    /// `backup:ListRecoveryPointsByBackupVault` or `backup:ListRecoveryPointsByResource`.
    pub async fn list_recovery_points(
        &self,
        cx: &Cx,
        filter: &RecoveryPointFilter,
    ) -> Result<Vec<ListedRecoveryPoint>, Error> {
        let mut points = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let (page, token) = match filter {
                RecoveryPointFilter::Table(table) => self.page_of_table(cx, table, next.clone()).await?,
                RecoveryPointFilter::Vault { .. } => self.page_of_vault(cx, filter, next.clone()).await?,
            };
            points.extend(page);
            match token {
                Some(token) if Some(&token) != next.as_ref() => next = Some(token),
                _ => return Ok(points),
            }
        }
    }

    async fn page_of_table(&self, cx: &Cx, table: &TableArn, next: Option<String>) -> Result<Page, Error> {
        let doing = format!("listing the recovery points of table {table}");
        self.check_region(&doing, table.as_str(), &table.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::ListRecoveryPointsByResource, doing, table.as_str());
        let send = || {
            client
                .list_recovery_points_by_resource()
                .resource_arn(table.as_str())
                .max_results(PAGE)
                .set_next_token(next.clone())
                .send()
        };
        let page = self.call(cx, &call, send).await?;
        let listed = page.recovery_points.unwrap_or_default().into_iter();
        let points = listed
            .filter_map(|it| ListedRecoveryPoint::of_table(it, table))
            .collect();
        Ok((points, page.next_token))
    }

    async fn page_of_vault(
        &self,
        cx: &Cx,
        filter: &RecoveryPointFilter,
        next: Option<String>,
    ) -> Result<Page, Error> {
        let RecoveryPointFilter::Vault {
            name,
            table,
            created_from,
            created_before,
        } = filter
        else {
            return Ok((Vec::new(), None));
        };
        let doing = format!(
            "listing the recovery points of backup vault {name} in {}",
            self.region()
        );
        if let Some(table) = table {
            self.check_region(&doing, table.as_str(), &table.region())?;
        }
        let client = self.client(cx).await?;
        let call = Call::new(Operation::ListRecoveryPointsByBackupVault, doing, name.as_str());
        let send = || {
            client
                .list_recovery_points_by_backup_vault()
                .backup_vault_name(name)
                .set_by_resource_arn(table.as_ref().map(ToString::to_string))
                .set_by_created_after(created_from.map(date_time))
                .set_by_created_before(created_before.map(date_time))
                .max_results(PAGE)
                .set_next_token(next.clone())
                .send()
        };
        let page = self.call(cx, &call, send).await?;
        let listed = page.recovery_points.unwrap_or_default().into_iter();
        let points = listed
            .filter_map(|it| ListedRecoveryPoint::of_vault(it, name))
            .collect();
        Ok((points, page.next_token))
    }

    /// Finds a recovery point that a job has just made.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when it is not there; and as [`Self::find_recovery_point`].
    pub async fn find_recovery_point_made(
        &self,
        cx: &Cx,
        vault_name: &str,
        recovery_point: &RecoveryPointArn,
    ) -> Result<RecoveryPoint, Error> {
        let found = self.find_recovery_point(cx, vault_name, recovery_point).await?;
        found.ok_or_else(|| {
            let doing = format!("reading recovery point {recovery_point} of a job that is COMPLETED");
            Error::new(ErrorKind::NotFound, doing).because(format!(
                "it is not in backup vault {vault_name}, so it was deleted meanwhile"
            ))
        })
    }

    /// Sets how long a recovery point stays. Both numbers are replaced: what is `None` is cleared (LFC-007).
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] when AWS refuses: in a locked vault (LCK-007), and where the move to cold storage
    /// is over and its number would change (LFC-006).
    pub async fn update_recovery_point_lifecycle(
        &self,
        cx: &Cx,
        vault_name: &str,
        recovery_point: &RecoveryPointArn,
        lifecycle: LifecycleDays,
    ) -> Result<(), Error> {
        let doing =
            format!("changing the lifecycle of recovery point {recovery_point} in backup vault {vault_name}");
        self.check_region(&doing, recovery_point.as_str(), &recovery_point.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(
            Operation::UpdateRecoveryPointLifecycle,
            doing,
            recovery_point.as_str(),
        );
        let send = || {
            client
                .update_recovery_point_lifecycle()
                .backup_vault_name(vault_name)
                .recovery_point_arn(recovery_point.as_str())
                .lifecycle(lifecycle.whole())
                .send()
        };
        self.call(cx, &call, send).await?;
        Ok(())
    }

    /// Asks AWS to delete a recovery point; done already when there is none. AWS may agree and not do it (TAG-006):
    /// wait with [`Self::wait_recovery_point_gone`].
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] in a locked vault and under a legal hold; [`crate::ErrorKind::Denied`] also where
    /// the policy of the vault denies it.
    pub async fn delete_recovery_point(
        &self,
        cx: &Cx,
        vault_name: &str,
        recovery_point: &RecoveryPointArn,
    ) -> Result<(), Error> {
        let doing = format!("deleting recovery point {recovery_point} of backup vault {vault_name}");
        self.check_region(&doing, recovery_point.as_str(), &recovery_point.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DeleteRecoveryPoint, doing, recovery_point.as_str());
        let send = || {
            client
                .delete_recovery_point()
                .backup_vault_name(vault_name)
                .recovery_point_arn(recovery_point.as_str())
                .send()
        };
        found(self.call(cx, &call, send).await)?;
        Ok(())
    }

    /// Waits until a recovery point that is being deleted is gone.
    ///
    /// # Errors
    /// [`crate::ErrorKind::UnexpectedStatus`] when it became EXPIRED instead, with the reason where AWS gives one
    /// (TAG-006); and as [`crate::wait()`].
    pub async fn wait_recovery_point_gone(
        &self,
        cx: &Cx,
        vault_name: &str,
        recovery_point: &RecoveryPointArn,
    ) -> Result<(), Error> {
        let doing = format!("waiting for recovery point {recovery_point} to be deleted");
        let what = Wait {
            doing: &doing,
            // One that is not DELETING yet was perhaps read before the deletion was seen everywhere.
            pending: &[
                "CREATING",
                "COMPLETED",
                "AVAILABLE",
                "PARTIAL",
                "STOPPED",
                "DELETING",
            ],
            target: &[],
            gone: Gone::Target,
            longest_pause: Duration::from_secs(15),
            goes_on: "AWS Backup goes on deleting it, if it has not given up",
        };
        let look = || async {
            let Some(point) = self.find_recovery_point(cx, vault_name, recovery_point).await? else {
                return Ok(None);
            };
            if point.status == RecoveryPointStatus::Expired {
                let reason = match point.status_message.as_deref().map(|it| it.trim_end_matches('.')) {
                    Some(message) if !message.is_empty() => format!("AWS Backup says: {message}"),
                    _ => "AWS Backup gives no reason".to_owned(),
                };
                return Err(Error::new(ErrorKind::UnexpectedStatus, &*doing).because(format!(
                    "AWS Backup agreed to delete it and could not; it is EXPIRED now. {reason}"
                )));
            }
            Ok(Some((point.status.to_string(), ())))
        };
        wait(cx, self.clock(), &what, look).await?;
        Ok(())
    }

    /// Finds a recovery point in a vault of this account.
    ///
    /// # Errors
    /// [`crate::ErrorKind::OtherRegion`] for an ARN of another Region; [`crate::ErrorKind::Denied`] where the caller
    /// may not `backup:DescribeRecoveryPoint`.
    pub async fn find_recovery_point(
        &self,
        cx: &Cx,
        vault_name: &str,
        recovery_point: &RecoveryPointArn,
    ) -> Result<Option<RecoveryPoint>, Error> {
        let doing = format!("describing recovery point {recovery_point} in backup vault {vault_name}");
        self.check_region(&doing, recovery_point.as_str(), &recovery_point.region())?;
        let client = self.client(cx).await?;
        let call = Call::new(Operation::DescribeRecoveryPoint, doing, recovery_point.as_str());
        let send = || {
            client
                .describe_recovery_point()
                .backup_vault_name(vault_name)
                .recovery_point_arn(recovery_point.as_str())
                .send()
        };
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        RecoveryPoint::from_aws(answer)
            .map(Some)
            .ok_or_else(|| incomplete(&call, "the recovery point's ARN, vault or status"))
    }
}

impl LifecycleDays {
    /// Takes over what AWS answers; it writes −1 and leaves out alike for "never" (LFC-001).
    pub(super) fn from_aws(lifecycle: Option<types::Lifecycle>) -> Self {
        let given = |days: Option<i64>| days.filter(|days| *days > 0);
        lifecycle.map_or_else(Self::default, |lifecycle| Self {
            move_to_cold_storage_after: given(lifecycle.move_to_cold_storage_after_days),
            delete_after: given(lifecycle.delete_after_days),
        })
    }
}

/// One page of a list, and the token of the next.
type Page = (Vec<ListedRecoveryPoint>, Option<String>);

impl LifecycleDays {
    /// As the SDK takes it, with both numbers.
    fn whole(self) -> types::Lifecycle {
        types::Lifecycle::builder()
            .set_move_to_cold_storage_after_days(self.move_to_cold_storage_after)
            .set_delete_after_days(self.delete_after)
            .build()
    }

    /// As the SDK takes it; none where the recovery point stays as it is for ever.
    pub(super) fn to_aws(self) -> Option<types::Lifecycle> {
        (self != Self::default()).then(|| self.whole())
    }
}

impl ListedRecoveryPoint {
    fn of_table(point: types::RecoveryPointByResource, table: &TableArn) -> Option<Self> {
        Some(Self {
            arn: point.recovery_point_arn?.parse().ok()?,
            vault_name: point.backup_vault_name?,
            table_arn: Some(table.clone()),
            status: point.status?.as_str().into(),
            status_message: point.status_message,
            created_at: point.creation_date.as_ref().and_then(timestamp),
            completed_at: None,
            size_bytes: point.backup_size_bytes,
            moves_to_cold_storage_at: None,
            deletes_at: None,
            key_arn: point.encryption_key_arn,
            plan_arn: None,
        })
    }

    fn of_vault(point: types::RecoveryPointByBackupVault, vault_name: &str) -> Option<Self> {
        let calculated = point.calculated_lifecycle;
        let dates = calculated.as_ref();
        Some(Self {
            arn: point.recovery_point_arn?.parse().ok()?,
            vault_name: point.backup_vault_name.unwrap_or_else(|| vault_name.to_owned()),
            table_arn: point.resource_arn.and_then(|arn| arn.parse().ok()),
            status: point.status?.as_str().into(),
            status_message: point.status_message,
            created_at: point.creation_date.as_ref().and_then(timestamp),
            completed_at: point.completion_date.as_ref().and_then(timestamp),
            size_bytes: point.backup_size_in_bytes,
            moves_to_cold_storage_at: dates
                .and_then(|dates| dates.move_to_cold_storage_at.as_ref())
                .and_then(timestamp),
            deletes_at: dates
                .and_then(|dates| dates.delete_at.as_ref())
                .and_then(timestamp),
            key_arn: point.encryption_key_arn,
            plan_arn: point.created_by.and_then(|creator| creator.backup_plan_arn),
        })
    }
}

impl RecoveryPoint {
    fn from_aws(point: DescribeRecoveryPointOutput) -> Option<Self> {
        let calculated = point.calculated_lifecycle;
        Some(Self {
            arn: point.recovery_point_arn?.parse().ok()?,
            vault_name: point.backup_vault_name?,
            vault_arn: point.backup_vault_arn.and_then(|arn| arn.parse().ok()),
            source_vault_arn: point.source_backup_vault_arn.and_then(|arn| arn.parse().ok()),
            table_arn: point.resource_arn.and_then(|arn| arn.parse().ok()),
            status: point.status?.as_str().into(),
            status_message: point.status_message,
            storage_class: point
                .storage_class
                .map_or(StorageClass::Warm, |word| word.as_str().into()),
            created_at: point.creation_date.as_ref().and_then(timestamp),
            completed_at: point.completion_date.as_ref().and_then(timestamp),
            size_bytes: point.backup_size_in_bytes,
            lifecycle: LifecycleDays::from_aws(point.lifecycle),
            moves_to_cold_storage_at: calculated
                .as_ref()
                .and_then(|dates| dates.move_to_cold_storage_at.as_ref())
                .and_then(timestamp),
            deletes_at: calculated
                .as_ref()
                .and_then(|dates| dates.delete_at.as_ref())
                .and_then(timestamp),
            key_arn: point.encryption_key_arn,
            role_arn: point.iam_role_arn,
            plan_arn: point.created_by.and_then(|creator| creator.backup_plan_arn),
        })
    }
}
