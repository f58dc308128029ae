//! Recovery points: what a backup or a copy leaves in a vault.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::lifecycle::Lifecycle;
use super::vaults::{self, Vault};
use super::{invalid, listed, missing, page, refused};
use crate::arn::Arn;
use crate::clock::Moment;
use crate::dynamodb::Snapshot;
use crate::failure::Failure;
use crate::world::{Context, read};

pub(super) struct RecoveryPoint {
    pub(super) arn: String,
    pub(super) vault_name: String,
    pub(super) vault_arn: String,
    pub(super) table_arn: String,
    /// The vault it was copied from.
    pub(super) source_vault_arn: Option<String>,
    /// The plan and the rule that made it, as replies repeat them.
    pub(super) created_by: Option<Value>,
    pub(super) role_arn: String,
    /// When the backup was made; a copy keeps the date of what it was copied from.
    pub(super) created_at: Moment,
    pub(super) completed_at: Moment,
    pub(super) lifecycle: Lifecycle,
    /// Whether it was made with the advanced features, which lets it be copied, turn cold and have tags.
    pub(super) is_advanced: bool,
    pub(super) key_arn: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    /// Set by the control interface: AWS Backup could not delete it when its time was over.
    pub(super) is_expired: bool,
    pub(super) deleting_until: Option<Moment>,
    pub(super) last_restored_at: Option<Moment>,
    pub(super) snapshot: Arc<Snapshot>,
}

impl RecoveryPoint {
    /// Answers whether it still exists.
    pub(super) fn settle(&mut self, now: Moment) -> bool {
        let is_over = |at: Option<Moment>| at.is_some_and(|at| at <= now);
        self.is_expired
            || !(is_over(self.deleting_until) || is_over(self.lifecycle.deleted_at(self.created_at)))
    }

    pub(super) fn is_cold(&self, now: Moment) -> bool {
        self.is_advanced && self.lifecycle.is_cold(self.created_at, now)
    }

    pub(super) fn status(&self) -> &'static str {
        // A deletion that was asked for and given up ends here, too; another attempt takes the mark away.
        if self.is_expired {
            "EXPIRED"
        } else if self.deleting_until.is_some() {
            "DELETING"
        } else {
            "COMPLETED"
        }
    }

    /// What all replies say of it.
    fn summary(&self) -> Value {
        let mut summary = json!({
            "RecoveryPointArn": self.arn,
            "BackupVaultName": self.vault_name,
            "BackupVaultArn": self.vault_arn,
            "ResourceArn": self.table_arn,
            "ResourceType": "DynamoDB",
            "ResourceName": self.snapshot.table_name(),
            "IamRoleArn": self.role_arn,
            "Status": self.status(),
            "CreationDate": self.created_at.to_epoch_seconds(),
            "InitiationDate": self.created_at.to_epoch_seconds(),
            "CompletionDate": self.completed_at.to_epoch_seconds(),
            "BackupSizeInBytes": self.snapshot.size_bytes(),
            "Lifecycle": self.lifecycle,
            "CalculatedLifecycle": self.lifecycle.calculated(self.created_at),
            "IsEncrypted": true,
            "IsParent": false,
            "VaultType": "BACKUP_VAULT",
        });
        let mut add = |member: &str, value: Option<Value>| {
            if let Some(value) = value {
                summary[member] = value;
            }
        };
        add("EncryptionKeyArn", self.key_arn.as_ref().map(|arn| json!(arn)));
        add(
            "SourceBackupVaultArn",
            self.source_vault_arn.as_ref().map(|arn| json!(arn)),
        );
        add("CreatedBy", self.created_by.clone());
        add(
            "LastRestoreTime",
            self.last_restored_at.map(Moment::to_epoch_seconds),
        );
        add(
            "StatusMessage",
            self.is_expired
                .then(|| json!("The recovery point could not be deleted at the end of its retention.")),
        );
        summary
    }

    fn description(&self, now: Moment) -> Value {
        let mut description = self.summary();
        description["StorageClass"] = json!(if self.is_cold(now) { "COLD" } else { "WARM" });
        description
    }

    /// A recovery point in the control interface's dump.
    pub(super) fn dump(&self, now: Moment) -> Value {
        json!({
            "arn": self.arn,
            "table_arn": self.table_arn,
            "status": self.status(),
            "cold": self.is_cold(now),
            "created_at": self.created_at.to_rfc3339(),
            "item_count": self.snapshot.item_count(),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    backup_vault_name: String,
    recovery_point_arn: String,
    #[serde(default)]
    lifecycle: Lifecycle,
}

/// The recovery point of a request, and its vault, of the caller's account and Region.
fn find<'a>(cx: &'a mut Context<'_>, vault: &str, arn: &str) -> Result<&'a mut RecoveryPoint, Failure> {
    if Arn::parse(arn).is_none() {
        return Err(invalid(format!("Invalid recovery point ARN: {arn}")));
    }
    vaults::find(cx, vault)?
        .points
        .get_mut(arn)
        .ok_or_else(|| not_found(arn))
}

pub(super) fn not_found(arn: &str) -> Failure {
    missing(format!("Cannot find recovery point {arn}"))
}

pub(super) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let account: vaults::Named = read(input.clone())?;
    account.check_account(cx, "DescribeRecoveryPoint")?;
    let input: Named = read(input)?;
    let now = cx.now;
    Ok(find(cx, &input.backup_vault_name, &input.recovery_point_arn)?.description(now))
}

pub(super) fn restore_metadata(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let point = find(cx, &input.backup_vault_name, &input.recovery_point_arn)?;
    let mut metadata = json!({"originalTableName": point.snapshot.table_name()});
    if point.is_advanced {
        metadata["encryptionType"] = json!("Default");
    }
    Ok(json!({
        "BackupVaultArn": point.vault_arn,
        "RecoveryPointArn": point.arn,
        "RestoreMetadata": metadata,
        "ResourceType": "DynamoDB",
    }))
}

pub(super) fn delete(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let until = cx.now.plus_millis(cx.world.settings.recovery_point_deleting_ms);
    let account = cx.place.account.clone();
    let vault = vaults::find(cx, &input.backup_vault_name)?;
    if vault.is_locked() {
        return Err(refused(format!(
            "Recovery points of backup vault {} cannot be deleted: the vault is locked.",
            vault.name
        )));
    }
    let action = "backup:DeleteRecoveryPoint";
    let is_denied = vault
        .policy
        .as_deref()
        .is_some_and(|policy| vaults::policy::denies(policy, action, &account));
    if is_denied {
        return Err(cx.denied(
            action,
            &input.recovery_point_arn,
            "of an explicit deny in a resource-based policy",
        ));
    }
    let point = find(cx, &input.backup_vault_name, &input.recovery_point_arn)?;
    point.is_expired = false;
    if point.deleting_until.is_none() {
        point.deleting_until = Some(until);
    }
    let arn = point.arn.clone();
    let is_advanced = point.is_advanced;
    if !is_advanced {
        cx.world.dynamodb.forget_backup(cx.place, &arn);
    }
    Ok(json!({}))
}

/// The whole lifecycle is replaced: a member that is left out is cleared.
pub(super) fn update_lifecycle(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    input.lifecycle.check("")?;
    let now = cx.now;
    let vault = vaults::find(cx, &input.backup_vault_name)?;
    if vault.is_locked() {
        return Err(refused(format!(
            "The lifecycle of recovery points of backup vault {} cannot be changed: the vault is locked.",
            vault.name
        )));
    }
    let point = find(cx, &input.backup_vault_name, &input.recovery_point_arn)?;
    let (old, new) = (
        point.lifecycle.move_to_cold_storage_after_days,
        input.lifecycle.move_to_cold_storage_after_days,
    );
    if point.is_cold(now) && old != new {
        return Err(refused(
            "The transition to cold storage cannot be changed after the recovery point has moved.",
        ));
    }
    point.lifecycle = input.lifecycle;
    Ok(json!({
        "BackupVaultArn": point.vault_arn,
        "RecoveryPointArn": point.arn,
        "Lifecycle": point.lifecycle,
        "CalculatedLifecycle": point.lifecycle.calculated(point.created_at),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    backup_vault_name: Option<String>,
    resource_arn: Option<String>,
    by_resource_arn: Option<String>,
    by_backup_plan_id: Option<String>,
    by_created_before: Option<f64>,
    by_created_after: Option<f64>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

pub(super) fn list_by_vault(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let vault: &Vault = vaults::find(cx, input.backup_vault_name.as_deref().unwrap_or_default())?;
    let fits = |point: &&RecoveryPoint| {
        let made = |bound: Option<f64>| bound.map(Moment::from_epoch_seconds);
        input
            .by_resource_arn
            .as_ref()
            .is_none_or(|arn| *arn == point.table_arn)
            && input.by_backup_plan_id.as_ref().is_none_or(|id| {
                point
                    .created_by
                    .as_ref()
                    .is_some_and(|by| by["BackupPlanId"] == *id)
            })
            && made(input.by_created_before).is_none_or(|at| point.created_at < at)
            && made(input.by_created_after).is_none_or(|at| point.created_at >= at)
    };
    let all = vault
        .points
        .values()
        .filter(fits)
        .map(RecoveryPoint::summary)
        .collect();
    let page = page(all, input.next_token.as_deref(), input.max_results)?;
    Ok(listed("RecoveryPoints", page))
}

pub(super) fn list_by_resource(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let region = cx.world.backup.region(cx.place);
    let all = region
        .vaults
        .values()
        .flat_map(|vault| vault.points.values())
        .filter(|point| Some(&point.table_arn) == input.resource_arn.as_ref())
        .map(|point| {
            json!({
                "RecoveryPointArn": point.arn,
                "CreationDate": point.created_at.to_epoch_seconds(),
                "Status": point.status(),
                "BackupSizeBytes": point.snapshot.size_bytes(),
                "BackupVaultName": point.vault_name,
                "IsParent": false,
                "ResourceName": point.snapshot.table_name(),
                "VaultType": "BACKUP_VAULT",
            })
        })
        .collect();
    let page = page(all, input.next_token.as_deref(), input.max_results)?;
    Ok(listed("RecoveryPoints", page))
}
