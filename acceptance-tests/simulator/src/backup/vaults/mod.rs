//! Backup vaults, standard and logically air-gapped.

pub(super) mod lock;
pub(super) mod policy;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use self::lock::Lock;
use super::points::RecoveryPoint;
use super::{Region, invalid, listed, missing, page, refused};
use crate::arn::Arn;
use crate::clock::Moment;
use crate::failure::Failure;
use crate::kms::{self, NotFound};
use crate::place::Place;
use crate::world::{Context, read};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Standard,
    AirGapped,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "BACKUP_VAULT",
            Self::AirGapped => "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
        }
    }
}

pub(super) struct Vault {
    pub(super) name: String,
    pub(super) arn: String,
    pub(super) kind: Kind,
    pub(super) key_arn: String,
    /// Whether the key is the one that AWS manages, which cannot be shared with another account.
    pub(super) has_managed_key: bool,
    pub(super) created_at: Moment,
    creator_request_id: Option<String>,
    /// When it can be used.
    ready_at: Moment,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) policy: Option<String>,
    pub(super) lock: Option<Lock>,
    /// By ARN.
    pub(super) points: BTreeMap<String, RecoveryPoint>,
}

impl Vault {
    /// Removes what has come to its end.
    pub(super) fn settle(&mut self, now: Moment) {
        self.points.retain(|_, point| point.settle(now));
    }

    pub(super) fn is_ready(&self, now: Moment) -> bool {
        self.kind == Kind::Standard || self.ready_at <= now
    }

    /// Whether the lock holds back the deletion of recovery points and the change of their lifecycle.
    pub(super) fn is_locked(&self) -> bool {
        self.lock.is_some()
    }

    fn state(&self, now: Moment) -> &'static str {
        if self.is_ready(now) {
            "AVAILABLE"
        } else {
            "CREATING"
        }
    }

    fn description(&self, now: Moment) -> Value {
        let mut description = json!({
            "BackupVaultName": self.name,
            "BackupVaultArn": self.arn,
            "VaultType": self.kind.as_str(),
            "VaultState": self.state(now),
            "EncryptionKeyArn": self.key_arn,
            "EncryptionKeyType": if self.has_managed_key { "AWS_OWNED_KMS_KEY" } else { "CUSTOMER_MANAGED_KMS_KEY" },
            "CreationDate": self.created_at.to_epoch_seconds(),
            "NumberOfRecoveryPoints": self.points.len(),
            "Locked": self.is_locked(),
        });
        if let Some(id) = &self.creator_request_id {
            description["CreatorRequestId"] = json!(id);
        }
        if let Some(lock) = &self.lock {
            lock.describe(&mut description);
        }
        description
    }
}

/// The ARN of a vault.
pub(super) fn arn(place: &Place, name: &str) -> String {
    format!(
        "arn:{}:backup:{}:{}:backup-vault:{name}",
        place.partition(),
        place.region,
        place.account
    )
}

/// The place and the name that a vault's ARN means.
pub(super) fn of_arn(text: &str) -> Result<(Place, String), Failure> {
    let arn = Arn::parse(text).filter(|arn| arn.service == "backup");
    let name = arn.and_then(|arn| Some((arn, arn.resource.strip_prefix("backup-vault:")?)));
    let (arn, name) = name.ok_or_else(|| invalid(format!("Invalid backup vault ARN: {text}")))?;
    Ok((Place::new(arn.account, arn.region), name.to_owned()))
}

/// The vault of a request, of the caller's account and Region.
pub(super) fn find<'a>(cx: &'a mut Context<'_>, name: &str) -> Result<&'a mut Vault, Failure> {
    cx.world
        .backup
        .vault(cx.place, name)
        .ok_or_else(|| missing(format!("Backup vault {name} not found.")))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Create {
    backup_vault_name: String,
    #[serde(default)]
    backup_vault_tags: BTreeMap<String, String>,
    encryption_key_arn: Option<String>,
    creator_request_id: Option<String>,
    min_retention_days: Option<i64>,
    max_retention_days: Option<i64>,
}

pub(super) fn create(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Create = read(input)?;
    let ready_at = cx.now;
    put_new(cx, input, Kind::Standard, None, ready_at)
}

pub(super) fn create_air_gapped(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Create = read(input)?;
    let (least, most) = (
        input.min_retention_days.unwrap_or_default(),
        input.max_retention_days.unwrap_or_default(),
    );
    if least < 7 || most < least || most > 36_500 {
        return Err(invalid(format!(
            "Invalid retention for a logically air-gapped vault: MinRetentionDays {least} must be at least 7, and \
             MaxRetentionDays {most} from there to 36500"
        )));
    }
    let lock = Lock {
        least_days: Some(least),
        most_days: Some(most),
        date: Some(cx.now),
    };
    let ready_at = cx.now.plus_millis(cx.world.settings.air_gapped_vault_ms);
    put_new(cx, input, Kind::AirGapped, Some(lock), ready_at)
}

fn put_new(
    cx: &mut Context<'_>,
    input: Create,
    kind: Kind,
    lock: Option<Lock>,
    ready_at: Moment,
) -> Result<Value, Failure> {
    let name = input.backup_vault_name;
    if let Some(there) = cx.world.backup.vault(cx.place, &name) {
        if there.creator_request_id.is_some() && there.creator_request_id == input.creator_request_id {
            return Ok(created(there, cx.now));
        }
        let mut failure = Failure::new(
            "AlreadyExistsException",
            format!("Backup vault with the same name already exists: {name}"),
        )
        .with("Arn", there.arn.clone());
        if let Some(id) = &there.creator_request_id {
            failure = failure.with("CreatorRequestId", id.clone());
        }
        return Err(failure);
    }
    let most = cx.world.settings.max_backup_vaults;
    if cx.world.backup.region(cx.place).vaults.len() >= most {
        return Err(Failure::new(
            "LimitExceededException",
            format!("Only {most} backup vaults are allowed in an account and Region"),
        ));
    }
    let reference = input.encryption_key_arn.as_deref().unwrap_or(kms::BACKUP_ALIAS);
    let key = cx
        .world
        .keys
        .resolve(cx.place, reference)
        .map_err(|NotFound(message)| invalid(format!("The specified KMS key is not valid: {message}")))?;
    if key.key_spec != "SYMMETRIC_DEFAULT" || key.state != kms::State::Enabled {
        return Err(invalid(format!(
            "The specified KMS key {} is {:?} and {}: a vault takes an enabled symmetric key",
            key.arn, key.state, key.key_spec
        )));
    }
    let vault = Vault {
        arn: arn(cx.place, &name),
        kind,
        has_managed_key: key.is_managed(),
        key_arn: key.arn,
        created_at: cx.now,
        creator_request_id: input.creator_request_id,
        ready_at,
        tags: input.backup_vault_tags,
        policy: None,
        lock,
        points: BTreeMap::new(),
        name: name.clone(),
    };
    let output = created(&vault, cx.now);
    cx.world.backup.region(cx.place).vaults.insert(name, vault);
    Ok(output)
}

fn created(vault: &Vault, now: Moment) -> Value {
    let mut output = json!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "CreationDate": vault.created_at.to_epoch_seconds(),
    });
    if vault.kind == Kind::AirGapped {
        output["VaultState"] = json!(vault.state(now));
    }
    output
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    pub(super) backup_vault_name: String,
    backup_vault_account_id: Option<String>,
}

impl Named {
    /// Vaults of other accounts are seen only where they are shared, which is not played.
    pub(super) fn check_account(&self, cx: &Context<'_>, action: &str) -> Result<(), Failure> {
        match self.backup_vault_account_id.as_deref() {
            Some(account) if account != &*cx.place.account => {
                let place = Place::new(account, &cx.place.region);
                let action = format!("backup:{action}");
                Err(cx.denied(
                    &action,
                    &arn(&place, &self.backup_vault_name),
                    &format!("no resource-based policy allows the {action} action"),
                ))
            }
            _ => Ok(()),
        }
    }
}

pub(super) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    input.check_account(cx, "DescribeBackupVault")?;
    let now = cx.now;
    Ok(find(cx, &input.backup_vault_name)?.description(now))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    by_vault_type: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

pub(super) fn list(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let now = cx.now;
    let Region { vaults, .. } = cx.world.backup.region(cx.place);
    let fits = |vault: &&Vault| {
        input
            .by_vault_type
            .as_deref()
            .is_none_or(|kind| kind == vault.kind.as_str())
    };
    let all = vaults.values().filter(fits).map(|vault| vault.description(now));
    let page = page(all.collect(), input.next_token.as_deref(), input.max_results)?;
    Ok(listed("BackupVaultList", page))
}

pub(super) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let vault = find(cx, &input.backup_vault_name)?;
    if !vault.points.is_empty() {
        return Err(refused(
            "Backup vault cannot be deleted because it contains recovery points.",
        ));
    }
    cx.world
        .backup
        .region(cx.place)
        .vaults
        .remove(&input.backup_vault_name);
    Ok(json!({}))
}

/// A vault in the control interface's dump.
pub(super) fn dump(place: &Place, vault: &Vault, now: Moment) -> Value {
    let points: Vec<Value> = vault.points.values().map(|point| point.dump(now)).collect();
    json!({
        "account": &*place.account,
        "region": &*place.region,
        "name": vault.name,
        "arn": vault.arn,
        "locked": vault.is_locked(),
        "recovery_points": points,
    })
}
