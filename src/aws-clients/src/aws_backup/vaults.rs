//! Backup vaults: find, make, lock, give a policy, delete, wait.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_backup::operation::describe_backup_vault::DescribeBackupVaultOutput;
use jiff::Timestamp;

use super::AwsBackup;
use crate::call::{Call, found, incomplete};
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::names::VaultArn;
use crate::operation::Operation;
use crate::table::timestamp;
use crate::wait::{Gone, Wait, wait};
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

/// A vault to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVault {
    /// Name, unique in the account and Region.
    pub name: String,
    /// Tells this creation from others of the same name: AWS answers a repetition with the same vault.
    pub creator_request_id: String,
    /// The KMS key; `None` for the one that AWS manages.
    pub key_arn: Option<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// The bounds of retention, in days, of a logically air-gapped vault; `None` for a standard vault.
    pub air_gapped: Option<RetentionDays>,
}

/// The bounds of retention of a logically air-gapped vault, which has both for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionDays {
    /// Shortest retention, in days.
    pub min: i64,
    /// Longest retention, in days.
    pub max: i64,
}

/// A lock to be put on a vault, in place of the one that it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LockChoice {
    /// Shortest retention that the vault takes, in days.
    pub min_retention_days: Option<i64>,
    /// Longest retention that the vault takes, in days.
    pub max_retention_days: Option<i64>,
    /// For how many days from now the lock can be changed; `None` for ever, in governance mode.
    pub changeable_for_days: Option<i64>,
}

impl AwsBackup {
    /// Makes a vault, or finds the one that the same request has made before. Returns its ARN. A logically air-gapped
    /// vault is not usable at once: wait with [`Self::wait_vault_available`].
    ///
    /// # Errors
    /// [`crate::ErrorKind::AlreadyExists`] when another request has made a vault of that name;
    /// [`crate::ErrorKind::Invalid`] for a key that AWS does not take; [`crate::ErrorKind::Denied`] also where the
    /// caller may not `backup-storage:MountCapsule` or use the key (VLT-007).
    pub async fn create_vault(&self, cx: &Cx, vault: &NewVault) -> Result<VaultArn, Error> {
        let client = self.client(cx).await?;
        let name = &*vault.name;
        let tags = (!vault.tags.is_empty()).then(|| vault.tags.clone().into_iter().collect());
        let arn = match vault.air_gapped {
            None => {
                let doing = format!("creating backup vault {name} in {}", self.region());
                let call = Call::new(Operation::CreateBackupVault, doing, name);
                let send = || {
                    client
                        .create_backup_vault()
                        .backup_vault_name(name)
                        .creator_request_id(&vault.creator_request_id)
                        .set_encryption_key_arn(vault.key_arn.clone())
                        .set_backup_vault_tags(tags.clone())
                        .send()
                };
                let answer = self.call(cx, &call, send).await?;
                answer.backup_vault_arn.ok_or(call)
            }
            Some(days) => {
                let doing = format!(
                    "creating logically air-gapped backup vault {name} in {}",
                    self.region()
                );
                let call = Call::new(Operation::CreateLogicallyAirGappedBackupVault, doing, name);
                let send = || {
                    client
                        .create_logically_air_gapped_backup_vault()
                        .backup_vault_name(name)
                        .creator_request_id(&vault.creator_request_id)
                        .min_retention_days(days.min)
                        .max_retention_days(days.max)
                        .set_encryption_key_arn(vault.key_arn.clone())
                        .set_backup_vault_tags(tags.clone())
                        .send()
                };
                let answer = self.call(cx, &call, send).await?;
                answer.backup_vault_arn.ok_or(call)
            }
        };
        let arn = arn.map_err(|call| incomplete(&call, "the vault's ARN"))?;
        arn.parse()
    }

    /// Waits until a vault can be used. Standard vaults can at once, logically air-gapped ones after one to three
    /// minutes (LAG-007).
    ///
    /// # Errors
    /// [`crate::ErrorKind::UnexpectedStatus`] when AWS could not make it; [`crate::ErrorKind::NotFound`] when it has
    /// gone; and as [`crate::wait()`].
    pub async fn wait_vault_available(&self, cx: &Cx, name: &str) -> Result<Vault, Error> {
        const GONE: &str = "the vault is not there";
        let doing = format!("waiting for backup vault {name} to become AVAILABLE");
        let what = Wait {
            doing: &doing,
            pending: &["CREATING"],
            target: &["AVAILABLE"],
            gone: Gone::FailureOnceSeen(GONE),
            longest_pause: Duration::from_secs(10),
            goes_on: "AWS goes on making the vault",
        };
        let look = || async {
            let found = self.find_vault(cx, name).await?;
            Ok(found.map(|vault| (vault.state.to_string(), vault)))
        };
        let found = wait(cx, self.clock(), &what, look).await?;
        found.ok_or_else(|| Error::new(ErrorKind::NotFound, doing).because(GONE))
    }

    /// Puts a lock on a vault, in place of the one that it has. With `changeable_for_days` the lock date is that many
    /// days from this call, also where there was a lock with a date before.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] after the lock date, for a logically air-gapped vault, and for bounds that AWS does
    /// not take.
    pub async fn put_vault_lock(&self, cx: &Cx, name: &str, lock: LockChoice) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!("locking backup vault {name} in {}", self.region());
        let call = Call::new(Operation::PutBackupVaultLockConfiguration, doing, name);
        let send = || {
            client
                .put_backup_vault_lock_configuration()
                .backup_vault_name(name)
                .set_min_retention_days(lock.min_retention_days)
                .set_max_retention_days(lock.max_retention_days)
                .set_changeable_for_days(lock.changeable_for_days)
                .send()
        };
        self.call(cx, &call, send).await?;
        Ok(())
    }

    /// Takes the lock off a vault: one in governance mode, or one that can still be changed.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] after the lock date.
    pub async fn delete_vault_lock(&self, cx: &Cx, name: &str) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!("removing the lock of backup vault {name} in {}", self.region());
        let call = Call::new(Operation::DeleteBackupVaultLockConfiguration, doing, name);
        let send = || {
            client
                .delete_backup_vault_lock_configuration()
                .backup_vault_name(name)
                .send()
        };
        found(self.call(cx, &call, send).await)?;
        Ok(())
    }

    /// Gives a vault an access policy, in place of the one that it has.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] for a policy that AWS does not take.
    pub async fn put_vault_policy(&self, cx: &Cx, name: &str, policy: &str) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "setting the access policy of backup vault {name} in {}",
            self.region()
        );
        let call = Call::new(Operation::PutBackupVaultAccessPolicy, doing, name);
        let send = || {
            client
                .put_backup_vault_access_policy()
                .backup_vault_name(name)
                .policy(policy)
                .send()
        };
        self.call(cx, &call, send).await?;
        Ok(())
    }

    /// Takes the access policy off a vault; done already when it has none.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:DeleteBackupVaultAccessPolicy`.
    pub async fn delete_vault_policy(&self, cx: &Cx, name: &str) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "removing the access policy of backup vault {name} in {}",
            self.region()
        );
        let call = Call::new(Operation::DeleteBackupVaultAccessPolicy, doing, name);
        let send = || {
            client
                .delete_backup_vault_access_policy()
                .backup_vault_name(name)
                .send()
        };
        found(self.call(cx, &call, send).await)?;
        Ok(())
    }

    /// Deletes a vault; done already when there is none. AWS answers before it is gone: wait with
    /// [`Self::wait_vault_gone`].
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] when it holds recovery points.
    pub async fn delete_vault(&self, cx: &Cx, name: &str) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!("deleting backup vault {name} in {}", self.region());
        let call = Call::new(Operation::DeleteBackupVault, doing, name);
        let send = || client.delete_backup_vault().backup_vault_name(name).send();
        found(self.call(cx, &call, send).await)?;
        Ok(())
    }

    /// Waits until a vault that was deleted is gone, and its name free again.
    ///
    /// # Errors
    /// As [`crate::wait()`].
    pub async fn wait_vault_gone(&self, cx: &Cx, name: &str) -> Result<(), Error> {
        let doing = format!("waiting for backup vault {name} to be gone");
        let what = Wait {
            doing: &doing,
            pending: &["CREATING", "AVAILABLE", "FAILED", "DELETING"],
            target: &[],
            gone: Gone::Target,
            longest_pause: Duration::from_secs(10),
            goes_on: "AWS goes on deleting the vault",
        };
        let look = || async {
            let found = self.find_vault(cx, name).await?;
            Ok(found.map(|vault| (vault.state.to_string(), ())))
        };
        wait(cx, self.clock(), &what, look).await?;
        Ok(())
    }

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
