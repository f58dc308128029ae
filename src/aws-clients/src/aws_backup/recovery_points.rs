//! Recovery points.

use aws_sdk_backup::operation::describe_recovery_point::DescribeRecoveryPointOutput;
use aws_sdk_backup::types;
use jiff::Timestamp;

use super::AwsBackup;
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::error::Error;
use crate::names::{RecoveryPointArn, TableArn, VaultArn};
use crate::operation::Operation;
use crate::table::timestamp;
use crate::words::{RecoveryPointStatus, StorageClass};

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

impl AwsBackup {
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
