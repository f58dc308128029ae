//! Restore jobs: a table from a recovery point, in the account and the Region of the vault that holds it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::points;
use super::super::{check_role, invalid, listed, page, refused};
use super::{JobKind, Progress, job_missing, same_token};
use crate::arn::is_table_name;
use crate::clock::Moment;
use crate::dynamodb::{self, Target};
use crate::failure::Failure;
use crate::place::Place;
use crate::world::{Context, World, read};

pub(in crate::backup) struct RestoreJob {
    id: String,
    token: Option<String>,
    point_arn: String,
    role_arn: Option<String>,
    wanted: Wanted,
    copies_tags: bool,
    created_at: Moment,
    /// When the table that is being made will be ready.
    ready_at: Option<Moment>,
    progress: Progress,
}

/// The metadata of a restore, read.
#[derive(Clone)]
struct Wanted {
    table_name: String,
    key: Option<String>,
}

/// The key under which a table is restored that asks for KMS and names none.
const DEFAULT_KEY: &str = "alias/aws/dynamodb";

impl Wanted {
    /// Reads metadata; the case of keys makes no difference.
    fn of(metadata: &BTreeMap<String, String>) -> Result<Self, Failure> {
        let find = |name: &str| {
            metadata
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
        };
        let table_name = find("targetTableName")
            .filter(|name| is_table_name(name))
            .ok_or_else(|| {
                invalid("Metadata must name the target: targetTableName, of 3 to 255 characters.")
            })?;
        let key = match (find("encryptionType"), find("kmsMasterKeyArn")) {
            (None | Some("Default"), None) => None,
            (Some("KMS"), key) => Some(key.unwrap_or(DEFAULT_KEY).to_owned()),
            (None | Some("Default"), Some(_)) => {
                return Err(invalid(
                    "kmsMasterKeyArn can only be given with encryptionType KMS.",
                ));
            }
            (Some(other), _) => {
                return Err(invalid(format!(
                    "Invalid encryptionType {other}: use Default or KMS."
                )));
            }
        };
        Ok(Self {
            table_name: table_name.to_owned(),
            key,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Start {
    recovery_point_arn: String,
    metadata: BTreeMap<String, String>,
    iam_role_arn: Option<String>,
    idempotency_token: Option<String>,
    #[serde(default)]
    copy_source_tags_to_restored_resource: bool,
}

pub(in crate::backup) fn start(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Start = read(input)?;
    let now = cx.now;
    let jobs = &cx.world.backup.region(cx.place).jobs.restores;
    let known = jobs
        .iter()
        .find(|job| same_token(job.token.as_ref(), input.idempotency_token.as_ref()));
    if let Some(job) = known {
        return Ok(json!({"RestoreJobId": job.id}));
    }
    let wanted = Wanted::of(&input.metadata)?;
    match &input.iam_role_arn {
        Some(role) => check_role(cx, role)?,
        None => return Err(invalid("IamRoleArn is required to restore a DynamoDB table.")),
    }
    let region = cx.world.backup.region(cx.place);
    let point = region
        .vaults
        .values()
        .find_map(|vault| vault.points.get(&input.recovery_point_arn))
        .ok_or_else(|| points::not_found(&input.recovery_point_arn))?;
    if point.status() != "COMPLETED" {
        return Err(refused(format!(
            "Recovery point {} is {}.",
            input.recovery_point_arn,
            point.status()
        )));
    }
    let id = cx.world.ids.uuid().to_uppercase();
    cx.world.backup.region(cx.place).jobs.restores.push(RestoreJob {
        id: id.clone(),
        token: input.idempotency_token,
        point_arn: input.recovery_point_arn,
        role_arn: input.iam_role_arn,
        wanted,
        copies_tags: input.copy_source_tags_to_restored_resource,
        created_at: now,
        ready_at: None,
        progress: Progress::Waiting,
    });
    Ok(json!({"RestoreJobId": id}))
}

pub(super) fn settle(world: &mut World, place: &Place, now: Moment) {
    let mut jobs = std::mem::take(&mut world.backup.region(place).jobs.restores);
    let step = world.settings.backup_job_ms;
    for job in &mut jobs {
        let runs_at = job.created_at.plus_millis(step);
        if job.progress == Progress::Waiting && runs_at <= now {
            job.progress = match world
                .backup
                .region(place)
                .jobs
                .take_order(JobKind::Restore, runs_at)
            {
                Some(end) => end,
                None => match begin(world, place, job, runs_at) {
                    Ok(()) => Progress::Running,
                    Err(why) => Progress::failed(why, runs_at),
                },
            };
        }
        if let (Progress::Running, Some(ready_at)) = (&job.progress, job.ready_at)
            && ready_at <= now
        {
            job.progress = match world.dynamodb.has_table(place, &job.wanted.table_name) {
                true => Progress::completed(ready_at),
                false => Progress::failed(
                    format!("Table {} could not be restored.", job.wanted.table_name),
                    ready_at,
                ),
            };
        }
    }
    let region = world.backup.region(place);
    jobs.append(&mut region.jobs.restores);
    region.jobs.restores = jobs;
}

fn begin(world: &mut World, place: &Place, job: &mut RestoreJob, at: Moment) -> Result<(), String> {
    let region = world.backup.region(place);
    let point = region
        .vaults
        .values_mut()
        .find_map(|vault| vault.points.get_mut(&job.point_arn))
        .ok_or_else(|| format!("Recovery point {} does not exist.", job.point_arn))?;
    point.last_restored_at = Some(at);
    let snapshot = point.snapshot.clone();
    let tags = if job.copies_tags && point.is_advanced {
        snapshot.tags().clone()
    } else {
        BTreeMap::new()
    };
    let target = Target {
        place,
        name: &job.wanted.table_name,
        key: job.wanted.key.as_deref(),
        tags,
    };
    job.ready_at = Some(dynamodb::restore_snapshot(world, &snapshot, target, at)?);
    Ok(())
}

fn description(cx: &mut Context<'_>, position: usize) -> Value {
    let place = cx.place;
    let region = cx.world.backup.region(place);
    let job = &region.jobs.restores[position];
    let mut it = json!({
        "AccountId": &*place.account,
        "RestoreJobId": job.id,
        "RecoveryPointArn": job.point_arn,
        "CreationDate": job.created_at.to_epoch_seconds(),
        "Status": job.progress.state("PENDING"),
        "PercentDone": format!("{}%", job.progress.percent()),
        "ResourceType": "DynamoDB",
        "IsParent": false,
    });
    let point = region
        .vaults
        .values()
        .find_map(|vault| vault.points.get(&job.point_arn));
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
    add("IamRoleArn", job.role_arn.as_deref().map(Value::from));
    add("SourceResourceArn", point.map(|point| json!(point.table_arn)));
    add("BackupVaultArn", point.map(|point| json!(point.vault_arn)));
    add(
        "BackupSizeInBytes",
        point.map(|point| json!(point.snapshot.size_bytes())),
    );
    add(
        "RecoveryPointCreationDate",
        point.map(|point| point.created_at.to_epoch_seconds()),
    );
    add(
        "CreatedResourceArn",
        job.ready_at
            .map(|_| json!(place.table_arn(&job.wanted.table_name))),
    );
    it
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    restore_job_id: String,
}

pub(in crate::backup) fn describe(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Named = read(input)?;
    let jobs = &cx.world.backup.region(cx.place).jobs.restores;
    let position = jobs
        .iter()
        .position(|job| job.id == input.restore_job_id)
        .ok_or_else(|| job_missing(&input.restore_job_id))?;
    Ok(description(cx, position))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    by_status: Option<String>,
    next_token: Option<String>,
    max_results: Option<i64>,
}

pub(in crate::backup) fn list(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: List = read(input)?;
    let jobs = &cx.world.backup.region(cx.place).jobs.restores;
    let fitting: Vec<usize> = jobs
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, job)| {
            input
                .by_status
                .as_deref()
                .is_none_or(|status| status == job.progress.state("PENDING"))
        })
        .map(|(position, _)| position)
        .collect();
    let all = fitting
        .into_iter()
        .map(|position| description(cx, position))
        .collect();
    let page = page(all, input.next_token.as_deref(), input.max_results)?;
    Ok(listed("RestoreJobs", page))
}
