//! Backup jobs, on demand and by plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::lifecycle::Lifecycle;
use super::super::points::RecoveryPoint;
use super::super::vaults::{self, Kind};
use super::super::{check_role, invalid, listed, missing, page, refused};
use super::copy::CopyJob;
use super::{JobKind, Progress, job_missing, same_token};
use crate::arn::Arn;
use crate::clock::Moment;
use crate::dynamodb::Snapshot;
use crate::failure::Failure;
use crate::place::Place;
use crate::world::{Context, World, read};

pub(in crate::backup) struct BackupJob {
    pub(in crate::backup) id: String,
    pub(in crate::backup) token: Option<String>,
    pub(in crate::backup) vault_name: String,
    pub(in crate::backup) table_name: String,
    pub(in crate::backup) role_arn: String,
    pub(in crate::backup) lifecycle: Lifecycle,
    pub(in crate::backup) tags: BTreeMap<String, String>,
    pub(in crate::backup) created_by: Option<Value>,
    pub(in crate::backup) copies: Vec<CopyAction>,
    pub(in crate::backup) created_at: Moment,
    pub(in crate::backup) start_window_minutes: i64,
    /// Known beforehand with the advanced features; else with the end of the job.
    pub(in crate::backup) point_arn: Option<String>,
    pub(in crate::backup) is_advanced: bool,
    progress: Progress,
    snapshot: Option<Arc<Snapshot>>,
}

/// A copy that a plan's rule wants of each recovery point.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::backup) struct CopyAction {
    pub(in crate::backup) destination_backup_vault_arn: String,
    #[serde(default)]
    pub(in crate::backup) lifecycle: Lifecycle,
}

/// What a backup job is started with.
pub(in crate::backup) struct Order {
    pub(in crate::backup) token: Option<String>,
    pub(in crate::backup) vault_name: String,
    pub(in crate::backup) table_name: String,
    pub(in crate::backup) role_arn: String,
    pub(in crate::backup) lifecycle: Lifecycle,
    pub(in crate::backup) tags: BTreeMap<String, String>,
    pub(in crate::backup) created_by: Option<Value>,
    pub(in crate::backup) copies: Vec<CopyAction>,
    pub(in crate::backup) start_window_minutes: i64,
}

/// Accepts a job and answers its position.
pub(in crate::backup) fn accept(world: &mut World, place: &Place, order: Order, at: Moment) -> usize {
    let id = world.ids.uuid().to_uppercase();
    let point_id = world.ids.uuid();
    let region = world.backup.region(place);
    let is_advanced = region.settings.is_advanced();
    let point_arn = is_advanced.then(|| point_arn(place, &point_id));
    region.jobs.backups.push(BackupJob {
        id,
        token: order.token,
        vault_name: order.vault_name,
        table_name: order.table_name,
        role_arn: order.role_arn,
        lifecycle: order.lifecycle,
        tags: order.tags,
        created_by: order.created_by,
        copies: order.copies,
        created_at: at,
        start_window_minutes: order.start_window_minutes,
        point_arn,
        is_advanced,
        progress: Progress::Waiting,
        snapshot: None,
    });
    region.jobs.backups.len() - 1
}

/// The ARN of a recovery point with the advanced features.
pub(super) fn point_arn(place: &Place, id: &str) -> String {
    format!(
        "arn:{}:backup:{}:{}:recovery-point:{id}",
        place.partition(),
        place.region,
        place.account
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Start {
    backup_vault_name: String,
    resource_arn: String,
    iam_role_arn: String,
    idempotency_token: Option<String>,
    start_window_minutes: Option<i64>,
    complete_window_minutes: Option<i64>,
    #[serde(default)]
    lifecycle: Lifecycle,
    #[serde(default)]
    recovery_point_tags: BTreeMap<String, String>,
}

pub(in crate::backup) fn start(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Start = read(input)?;
    let now = cx.now;
    let known = cx
        .world
        .backup
        .region(cx.place)
        .jobs
        .backups
        .iter()
        .find(|job| same_token(job.token.as_ref(), input.idempotency_token.as_ref()));
    if let Some(job) = known {
        return Ok(started(job));
    }
    let table_name = table_of(cx, &input.resource_arn)?;
    let vault = vaults::find(cx, &input.backup_vault_name)?;
    if !vault.is_ready(now) {
        return Err(refused(format!("Backup vault {} is not available.", vault.name)));
    }
    check_role(cx, &input.iam_role_arn)?;
    input.lifecycle.check("")?;
    check_windows(input.start_window_minutes, input.complete_window_minutes, "")?;
    if !cx.world.dynamodb.has_table(cx.place, &table_name) {
        return Err(missing(format!(
            "Resource {} does not exist.",
            input.resource_arn
        )));
    }
    let order = Order {
        token: input.idempotency_token,
        vault_name: input.backup_vault_name,
        table_name,
        role_arn: input.iam_role_arn,
        lifecycle: input.lifecycle,
        tags: input.recovery_point_tags,
        created_by: None,
        copies: Vec::new(),
        start_window_minutes: input.start_window_minutes.unwrap_or(480),
    };
    let position = accept(cx.world, cx.place, order, now);
    Ok(started(&cx.world.backup.region(cx.place).jobs.backups[position]))
}

/// Start and completion windows, in minutes.
pub(in crate::backup) fn check_windows(
    start: Option<i64>,
    completion: Option<i64>,
    prefix: &str,
) -> Result<(), Failure> {
    let start_minutes = start.unwrap_or(480);
    if start_minutes < 60 {
        return Err(invalid(format!(
            "{prefix}Backup start window must be at least 60 minutes."
        )));
    }
    if completion.is_some_and(|minutes| minutes < start_minutes + 60) {
        return Err(invalid(format!(
            "{prefix}Backup completion window must be at least 60 minutes greater than backup start window"
        )));
    }
    Ok(())
}

/// The name of the table that a request's ARN means, of the caller's account and Region.
fn table_of(cx: &Context<'_>, text: &str) -> Result<String, Failure> {
    let arn = Arn::parse(text).filter(Arn::is_dynamodb);
    let table = arn.and_then(|arn| Some((arn, arn.table()?)));
    let (arn, name) = table.ok_or_else(|| invalid(format!("Unsupported resource: {text}")))?;
    if arn.account != &*cx.place.account || arn.region != &*cx.place.region {
        return Err(invalid(format!(
            "The resource {text} is not of this account and Region."
        )));
    }
    Ok(name.to_owned())
}

fn started(job: &BackupJob) -> Value {
    let mut output = json!({
        "BackupJobId": job.id,
        "CreationDate": job.created_at.to_epoch_seconds(),
        "IsParent": false,
    });
    if let Some(arn) = job.point_arn.as_ref().filter(|_| job.is_advanced) {
        output["RecoveryPointArn"] = json!(arn);
    }
    output
}

pub(super) fn settle(world: &mut World, place: &Place, now: Moment) {
    let mut jobs = std::mem::take(&mut world.backup.region(place).jobs.backups);
    let step = world.settings.backup_job_ms;
    for job in &mut jobs {
        let runs_at = job.created_at.plus_millis(step);
        if job.progress == Progress::Waiting && runs_at <= now {
            begin(world, place, job, runs_at);
        }
        let ends_at = runs_at.plus_millis(step);
        if job.progress == Progress::Running && ends_at <= now {
            end(world, place, job, ends_at);
        }
    }
    let region = world.backup.region(place);
    jobs.append(&mut region.jobs.backups);
    region.jobs.backups = jobs;
}

fn begin(world: &mut World, place: &Place, job: &mut BackupJob, at: Moment) {
    job.progress = match world.backup.region(place).jobs.take_order(JobKind::Backup, at) {
        Some(end) => end,
        None => match world.dynamodb.snapshot(place, &job.table_name) {
            Ok(snapshot) => {
                job.snapshot = Some(Arc::new(snapshot));
                Progress::Running
            }
            Err(why) => Progress::failed(why, at),
        },
    };
}

fn end(world: &mut World, place: &Place, job: &mut BackupJob, at: Moment) {
    job.progress = match keep(world, place, job, at) {
        Ok(()) => Progress::completed(at),
        Err(why) => Progress::failed(why, at),
    };
}

/// Puts the recovery point into the vault and starts the copies that the rule wants.
fn keep(world: &mut World, place: &Place, job: &mut BackupJob, at: Moment) -> Result<(), String> {
    let suffix = world.ids.backup_suffix();
    let snapshot = job.snapshot.take().ok_or("the job has no snapshot")?;
    let vault = world
        .backup
        .vault(place, &job.vault_name)
        .ok_or_else(|| format!("Backup vault {} does not exist.", job.vault_name))?;
    let refusal = vault
        .lock
        .as_ref()
        .and_then(|lock| lock.refusal(job.lifecycle.kept_days()));
    if let Some(why) = refusal {
        return Err(why);
    }
    if vault.kind == Kind::AirGapped && !job.is_advanced {
        return Err("A logically air-gapped vault takes fully managed resources only.".to_owned());
    }
    let key_arn = if job.is_advanced {
        Some(vault.key_arn.clone())
    } else {
        snapshot.key_arn().map(str::to_owned)
    };
    let (vault_arn, vault_name) = (vault.arn.clone(), vault.name.clone());
    let arn = match &job.point_arn {
        Some(arn) => arn.clone(),
        None => world
            .dynamodb
            .keep_for_aws_backup(place, &job.table_name, suffix, at)?,
    };
    job.point_arn = Some(arn.clone());
    let mut tags = job.tags.clone();
    if job.is_advanced {
        // The tags of the table come along, and those of the job win.
        for (key, value) in snapshot.tags() {
            tags.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    let point = RecoveryPoint {
        arn: arn.clone(),
        vault_name,
        vault_arn,
        table_arn: place.table_arn(&job.table_name),
        source_vault_arn: None,
        created_by: job.created_by.clone(),
        role_arn: job.role_arn.clone(),
        created_at: job.created_at,
        completed_at: at,
        lifecycle: job.lifecycle.clone(),
        is_advanced: job.is_advanced,
        key_arn,
        tags,
        is_expired: false,
        deleting_until: None,
        last_restored_at: None,
        snapshot,
    };
    if let Some(vault) = world.backup.vault(place, &job.vault_name) {
        vault.points.insert(arn.clone(), point);
    }
    for action in &job.copies {
        let id = world.ids.uuid().to_uppercase();
        let mut copy = CopyJob::new(id, &arn, &job.vault_name, action, &job.role_arn, at);
        copy.created_by = job.created_by.clone();
        world.backup.region(place).jobs.copies.push(copy);
    }
    Ok(())
}

fn description(place: &Place, job: &BackupJob, step: i64) -> Value {
    let mut it = json!({
        "AccountId": &*place.account,
        "BackupJobId": job.id,
        "BackupVaultName": job.vault_name,
        "BackupVaultArn": vaults::arn(place, &job.vault_name),
        "CreationDate": job.created_at.to_epoch_seconds(),
        "State": job.progress.state("CREATED"),
        "PercentDone": job.progress.percent(),
        "IamRoleArn": job.role_arn,
        "ResourceArn": place.table_arn(&job.table_name),
        "ResourceName": job.table_name,
        "ResourceType": "DynamoDB",
        "StartBy": job.created_at.plus_millis(job.start_window_minutes * 60_000).to_epoch_seconds(),
        "InitiationDate": job.created_at.plus_millis(step).to_epoch_seconds(),
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
    add("RecoveryPointArn", job.point_arn.as_deref().map(Value::from));
    add("CreatedBy", job.created_by.clone());
    it
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    backup_job_id: String,
}

pub(in crate::backup) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let step = cx.world.settings.backup_job_ms;
    let jobs = &cx.world.backup.region(cx.place).jobs.backups;
    let job = jobs
        .iter()
        .find(|job| job.id == input.backup_job_id)
        .ok_or_else(|| job_missing(&input.backup_job_id))?;
    let mut output = description(cx.place, job, step);
    output["RecoveryPointLifecycle"] = json!(job.lifecycle);
    Ok(output)
}

pub(in crate::backup) fn stop(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let now = cx.now;
    let jobs = &mut cx.world.backup.region(cx.place).jobs.backups;
    let job = jobs
        .iter_mut()
        .find(|job| job.id == input.backup_job_id)
        .ok_or_else(|| job_missing(&input.backup_job_id))?;
    if job.progress.is_over() {
        return Err(refused(format!("Backup job {} has ended.", job.id)));
    }
    job.progress = Progress::Ended {
        state: "ABORTED".to_owned(),
        message: None,
        at: now,
    };
    Ok(json!({}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    by_resource_arn: Option<String>,
    by_state: Option<String>,
    by_backup_vault_name: Option<String>,
    by_created_before: Option<f64>,
    by_created_after: Option<f64>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

pub(in crate::backup) fn list(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let step = cx.world.settings.backup_job_ms;
    let place = cx.place;
    let jobs = &cx.world.backup.region(place).jobs.backups;
    let fits = |job: &&BackupJob| {
        let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|it| it == value);
        let made = |bound: Option<f64>| bound.map(Moment::from_epoch_seconds);
        is(&input.by_resource_arn, &place.table_arn(&job.table_name))
            && is(&input.by_state, job.progress.state("CREATED"))
            && is(&input.by_backup_vault_name, &job.vault_name)
            && made(input.by_created_before).is_none_or(|at| job.created_at < at)
            && made(input.by_created_after).is_none_or(|at| job.created_at >= at)
    };
    // The newest first.
    let all = jobs
        .iter()
        .rev()
        .filter(fits)
        .map(|job| description(place, job, step))
        .collect();
    let page = page(all, input.next_token.as_deref(), input.max_results)?;
    Ok(listed("BackupJobs", page))
}
