//! Copy jobs: to a vault in another Region or account. What AWS refuses at once is refused at once; all else ends the
//! job in FAILED, with the reason in its message.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::lifecycle::Lifecycle;
use super::super::points::{self, RecoveryPoint};
use super::super::vaults;
use super::super::{check_role, listed, page};
use super::backup::{CopyAction, point_arn};
use super::{JobKind, Progress, job_missing, same_token};
use crate::clock::Moment;
use crate::dynamodb::Snapshot;
use crate::failure::Failure;
use crate::place::Place;
use crate::world::{Context, World, read};

pub(in crate::backup) struct CopyJob {
    id: String,
    token: Option<String>,
    point_arn: String,
    vault_name: String,
    destination_arn: String,
    role_arn: String,
    lifecycle: Lifecycle,
    pub(super) created_by: Option<Value>,
    created_at: Moment,
    copy_arn: Option<String>,
    table_arn: Option<String>,
    progress: Progress,
}

impl CopyJob {
    /// A job that has been accepted.
    pub(super) fn new(
        id: String,
        point_arn: &str,
        vault_name: &str,
        action: &CopyAction,
        role_arn: &str,
        at: Moment,
    ) -> Self {
        Self {
            id,
            token: None,
            point_arn: point_arn.to_owned(),
            vault_name: vault_name.to_owned(),
            destination_arn: action.destination_backup_vault_arn.clone(),
            role_arn: role_arn.to_owned(),
            lifecycle: action.lifecycle.clone(),
            created_by: None,
            created_at: at,
            copy_arn: None,
            table_arn: None,
            progress: Progress::Waiting,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Start {
    recovery_point_arn: String,
    source_backup_vault_name: String,
    iam_role_arn: String,
    idempotency_token: Option<String>,
    #[serde(flatten)]
    action: CopyAction,
}

pub(in crate::backup) fn start(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Start = read(input)?;
    let now = cx.now;
    let jobs = &cx.world.backup.region(cx.place).jobs.copies;
    let known = jobs
        .iter()
        .find(|job| same_token(job.token.as_ref(), input.idempotency_token.as_ref()));
    if let Some(job) = known {
        return Ok(started(job));
    }
    vaults::of_arn(&input.action.destination_backup_vault_arn)?;
    check_role(cx, &input.iam_role_arn)?;
    input.action.lifecycle.check("")?;
    if !vaults::find(cx, &input.source_backup_vault_name)?
        .points
        .contains_key(&input.recovery_point_arn)
    {
        return Err(points::not_found(&input.recovery_point_arn));
    }
    let id = cx.world.ids.uuid().to_uppercase();
    let mut job = CopyJob::new(
        id,
        &input.recovery_point_arn,
        &input.source_backup_vault_name,
        &input.action,
        &input.iam_role_arn,
        now,
    );
    job.token = input.idempotency_token;
    let output = started(&job);
    cx.world.backup.region(cx.place).jobs.copies.push(job);
    Ok(output)
}

fn started(job: &CopyJob) -> Value {
    json!({
        "CopyJobId": job.id,
        "CreationDate": job.created_at.to_epoch_seconds(),
        "IsParent": false,
    })
}

pub(super) fn settle(world: &mut World, place: &Place, now: Moment) {
    let mut jobs = std::mem::take(&mut world.backup.region(place).jobs.copies);
    let step = world.settings.backup_job_ms;
    for job in &mut jobs {
        let runs_at = job.created_at.plus_millis(step);
        if job.progress == Progress::Waiting && runs_at <= now {
            job.progress = match world.backup.region(place).jobs.take_order(JobKind::Copy, runs_at) {
                Some(end) => end,
                None => Progress::Running,
            };
        }
        let ends_at = runs_at.plus_millis(step);
        if job.progress == Progress::Running && ends_at <= now {
            job.progress = match copy(world, place, job, ends_at) {
                Ok(()) => Progress::completed(ends_at),
                Err(why) => Progress::failed(why, ends_at),
            };
        }
    }
    let region = world.backup.region(place);
    jobs.append(&mut region.jobs.copies);
    region.jobs.copies = jobs;
}

/// What a copy takes of the recovery point that it copies.
struct Original {
    table_arn: String,
    vault_arn: String,
    created_at: Moment,
    is_advanced: bool,
    is_cold: bool,
    tags: BTreeMap<String, String>,
    snapshot: Arc<Snapshot>,
}

fn copy(world: &mut World, place: &Place, job: &mut CopyJob, at: Moment) -> Result<(), String> {
    let vault = world
        .backup
        .vault(place, &job.vault_name)
        .ok_or_else(|| format!("Backup vault {} does not exist.", job.vault_name))?;
    let point = vault
        .points
        .get(&job.point_arn)
        .ok_or_else(|| format!("Recovery point {} does not exist.", job.point_arn))?;
    let original = Original {
        table_arn: point.table_arn.clone(),
        vault_arn: vault.arn.clone(),
        created_at: point.created_at,
        is_advanced: point.is_advanced,
        is_cold: point.is_cold(at),
        tags: point.tags.clone(),
        snapshot: point.snapshot.clone(),
    };
    job.table_arn = Some(original.table_arn.clone());
    let (destination, vault_name) =
        vaults::of_arn(&job.destination_arn).map_err(|failure| failure.message)?;
    check_road(world, place, &destination, &original)?;
    let id = world.ids.uuid();
    let is_foreign = destination.account != place.account;
    let organization = world.backup.organization.clone();
    let missing = || {
        // To another account it makes no difference whether the vault is closed or not there.
        if is_foreign {
            "Access Denied trying to call AWS Backup service".to_owned()
        } else {
            format!("Backup vault {} does not exist.", job.destination_arn)
        }
    };
    let vault = world
        .backup
        .vault(&destination, &vault_name)
        .ok_or_else(missing)?;
    if is_foreign {
        let lets_in = vault
            .policy
            .as_deref()
            .is_some_and(|policy| vaults::policy::allows_copy_from(policy, &place.account, &organization));
        if !lets_in {
            return Err("Access Denied trying to call AWS Backup service".to_owned());
        }
        if vault.has_managed_key {
            return Err(format!(
                "Copy job failed because the destination Backup vault is encrypted with the default Backup service \
                 managed key. The contents of this vault cannot be copied. Only the contents of a Backup vault \
                 encrypted by a customer master key (CMK) may be copied. Vault: {}",
                job.destination_arn
            ));
        }
    }
    let days = job.lifecycle.kept_days();
    if let Some(why) = vault.lock.as_ref().and_then(|lock| lock.refusal(days)) {
        return Err(why);
    }
    let arn = point_arn(&destination, &id);
    job.copy_arn = Some(arn.clone());
    let copy = RecoveryPoint {
        arn: arn.clone(),
        vault_name,
        vault_arn: vault.arn.clone(),
        table_arn: original.table_arn,
        source_vault_arn: Some(original.vault_arn),
        created_by: job.created_by.clone(),
        role_arn: job.role_arn.clone(),
        created_at: original.created_at,
        completed_at: at,
        lifecycle: job.lifecycle.clone(),
        is_advanced: true,
        key_arn: Some(vault.key_arn.clone()),
        tags: original.tags,
        is_expired: false,
        deleting_until: None,
        last_restored_at: None,
        snapshot: original.snapshot,
    };
    vault.points.insert(arn, copy);
    Ok(())
}

/// What does not depend on the destination's vault.
fn check_road(world: &World, from: &Place, to: &Place, original: &Original) -> Result<(), String> {
    if from.partition() != to.partition() {
        return Err(format!(
            "Copies from {} to {} are not supported: they are different partitions.",
            from.region, to.region
        ));
    }
    if !original.is_advanced {
        return Err(
            "Recovery points of DynamoDB tables can be copied only if they were made with the advanced features for \
             DynamoDB."
                .to_owned(),
        );
    }
    if from.account == to.account {
        return Ok(());
    }
    if from.partition() == "aws-cn" || from.partition() == "aws-eusc" {
        return Err(format!(
            "Copies between accounts are not supported in {}.",
            from.partition()
        ));
    }
    let organization = &world.backup.organization;
    if !organization.has(&from.account) || !organization.has(&to.account) {
        return Err(
            "Both source and destination account must be a member of the same organization".to_owned(),
        );
    }
    if !organization.allows_cross_account() {
        return Err("Copies between accounts are not enabled for the organization".to_owned());
    }
    if original.is_cold {
        return Err("A recovery point in cold storage cannot be copied to another account".to_owned());
    }
    Ok(())
}

fn description(place: &Place, job: &CopyJob) -> Value {
    let mut it = json!({
        "AccountId": &*place.account,
        "CopyJobId": job.id,
        "SourceBackupVaultArn": vaults::arn(place, &job.vault_name),
        "SourceRecoveryPointArn": job.point_arn,
        "DestinationBackupVaultArn": job.destination_arn,
        "CreationDate": job.created_at.to_epoch_seconds(),
        "State": job.progress.state("CREATED"),
        "IamRoleArn": job.role_arn,
        "ResourceType": "DynamoDB",
        "IsParent": false,
    });
    let mut add = |member: &str, value: Option<Value>| {
        if let Some(value) = value {
            it[member] = value;
        }
    };
    add(
        "CompletionDate",
        job.progress.ended_at().map(Moment::to_epoch_seconds),
    );
    add("StatusMessage", job.progress.message().map(Value::from));
    add(
        "DestinationRecoveryPointArn",
        job.copy_arn.as_deref().map(Value::from),
    );
    add("ResourceArn", job.table_arn.as_deref().map(Value::from));
    add("CreatedBy", job.created_by.clone());
    it
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    copy_job_id: String,
}

pub(in crate::backup) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let jobs = &cx.world.backup.region(cx.place).jobs.copies;
    let job = jobs
        .iter()
        .find(|job| job.id == input.copy_job_id)
        .ok_or_else(|| job_missing(&input.copy_job_id))?;
    let mut job_description = description(cx.place, job);
    job_description["DestinationRecoveryPointLifecycle"] = json!(job.lifecycle);
    Ok(json!({"CopyJob": job_description}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    by_resource_arn: Option<String>,
    by_state: Option<String>,
    by_destination_vault_arn: Option<String>,
    by_source_recovery_point_arn: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

pub(in crate::backup) fn list(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let place = cx.place;
    let jobs = &cx.world.backup.region(place).jobs.copies;
    let fits = |job: &&CopyJob| {
        let is =
            |wanted: &Option<String>, value: Option<&str>| wanted.is_none() || wanted.as_deref() == value;
        is(&input.by_resource_arn, job.table_arn.as_deref())
            && is(&input.by_state, Some(job.progress.state("CREATED")))
            && is(&input.by_destination_vault_arn, Some(&job.destination_arn))
            && is(&input.by_source_recovery_point_arn, Some(&job.point_arn))
    };
    let all = jobs
        .iter()
        .rev()
        .filter(fits)
        .map(|job| description(place, job))
        .collect();
    let page = page(all, input.next_token.as_deref(), input.max_results)?;
    Ok(listed("CopyJobs", page))
}
