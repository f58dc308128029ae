//! Backup vaults.

use aws_sdk_backup::operation::describe_backup_vault::DescribeBackupVaultOutput;
use jiff::Timestamp;

use super::AwsBackup;
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::error::Error;
use crate::names::VaultArn;
use crate::operation::Operation;
use crate::table::timestamp;
use crate::words::{VaultState, VaultType};

/// A vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vault {
    /// Name, unique in the account and Region.
    pub name: String,
    /// ARN.
    pub arn: VaultArn,
    /// Kind.
    pub vault_type: VaultType,
    /// State. Standard vaults have none in the answers of AWS, and are usable at once.
    pub state: VaultState,
    /// ARN of the KMS key.
    pub key_arn: Option<String>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// What its creator sent to tell it from others; `None` for vaults of the console.
    pub creator_request_id: Option<String>,
    /// How many recovery points it holds.
    pub recovery_points: i64,
    /// Its lock.
    pub lock: Option<VaultLock>,
}

/// The lock of a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultLock {
    /// Shortest retention that the vault takes, in days.
    pub min_retention_days: Option<i64>,
    /// Longest retention that the vault takes, in days.
    pub max_retention_days: Option<i64>,
    /// From when on nobody can change or remove the lock; `None` in governance mode.
    pub lock_date: Option<Timestamp>,
}

impl AwsBackup {
    /// Finds a vault by name.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:DescribeBackupVault`.
    pub async fn find_vault(&self, cx: &Cx, name: &str) -> Result<Option<Vault>, Error> {
        let client = self.client(cx).await?;
        let doing = format!("describing backup vault {name} in {}", self.region());
        let call = Call::new(Operation::DescribeBackupVault, doing, name);
        let send = || client.describe_backup_vault().backup_vault_name(name).send();
        let Some(answer) = found(self.call(cx, &call, send).await)? else {
            return Ok(None);
        };
        Vault::from_aws(answer)
            .map(Some)
            .ok_or_else(|| incomplete(&call, "the vault's name or ARN"))
    }

    /// Finds the access policy of a vault, as JSON; `None` when it has none, or does not exist.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:GetBackupVaultAccessPolicy`.
    pub async fn find_vault_policy(&self, cx: &Cx, name: &str) -> Result<Option<String>, Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "reading the access policy of backup vault {name} in {}",
            self.region()
        );
        let call = Call::new(Operation::GetBackupVaultAccessPolicy, doing, name);
        let send = || {
            client
                .get_backup_vault_access_policy()
                .backup_vault_name(name)
                .send()
        };
        let answer = found(self.call(cx, &call, send).await)?;
        Ok(answer.and_then(|answer| answer.policy))
    }
}

impl Vault {
    fn from_aws(vault: DescribeBackupVaultOutput) -> Option<Self> {
        let lock = VaultLock {
            min_retention_days: vault.min_retention_days,
            max_retention_days: vault.max_retention_days,
            lock_date: vault.lock_date.as_ref().and_then(timestamp),
        };
        Some(Self {
            name: vault.backup_vault_name?,
            arn: vault.backup_vault_arn?.parse().ok()?,
            vault_type: vault
                .vault_type
                .map_or(VaultType::Standard, |word| word.as_str().into()),
            state: vault
                .vault_state
                .map_or(VaultState::Available, |word| word.as_str().into()),
            key_arn: vault.encryption_key_arn,
            created_at: vault.creation_date.as_ref().and_then(timestamp),
            creator_request_id: vault.creator_request_id,
            recovery_points: vault.number_of_recovery_points,
            lock: vault.locked.unwrap_or(false).then_some(lock),
        })
    }
}
