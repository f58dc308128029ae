//! One backup job of AWS Backup: the one of an id, or the newest of a table.
//!
//! IAM: `backup:DescribeBackupJob`; `backup:ListBackupJobs` to find it by table.

use aws_clients::{BackupJob as Job, BackupJobFilter};
use tfsdk::schema::{Attribute, Schema};
use tfsdk::{Attr, Cx, DataSource, Diagnostic, Diagnostics, Path};

use super::recovery_points::table_arn;
use crate::Client;
use crate::diagnostics;
use crate::rfc3339::rfc3339;

/// See the module.
pub(crate) struct BackupJob;

const CANNOT_READ: &str = "Backup job cannot be read";

tfsdk::model! {
    /// What is asked for, and the job.
    pub(crate) struct Model {
        /// Id.
        backup_job_id: String,
        /// Name or ARN of the table.
        table_name: String,
        /// Name of the vault.
        vault_name: String,
        /// Region.
        region: String,
        /// AWS Backup's word.
        state: String,
        /// AWS Backup's reason.
        status_message: String,
        /// 0 to 100.
        percent_done: i64,
        /// ARN of what it makes.
        recovery_point_arn: String,
        /// ARN of the table.
        table_arn: String,
        /// RFC 3339.
        created_at: String,
        /// RFC 3339.
        starts_before: String,
        /// RFC 3339.
        completed_at: String,
        /// As AWS counts.
        size_bytes: i64,
        /// ARN of the role.
        role_arn: String,
        /// ARN of the plan; null for a job on demand.
        backup_plan_arn: String,
    }
}

impl DataSource for BackupJob {
    const NAME: &'static str = "backup_job";
    type Model = Model;
    type Client = Client;

    fn schema() -> Schema {
        Schema::new(
            "Reads one backup job of AWS Backup: by its id, or the newest of a table. Its `status_message` is the only word on \
             why a job has failed. AWS Backup forgets jobs after about 30 days. It is an error when there is none. Needs \
             `backup:DescribeBackupJob`, or `backup:ListBackupJobs` to find it by table.",
        )
        .attributes([
            Attribute::string("backup_job_id").optional_computed().describe("Id of the job. Give this or `table_name`."),
            Attribute::string("table_name").optional_computed().describe(
                "Table whose newest job is read: its name or ARN. Give this or `backup_job_id`.",
            ),
            Attribute::string("vault_name").optional_computed().describe(
                "Name of the vault that takes the recovery point. With `table_name`, only jobs into this vault count.",
            ),
            Attribute::string("region").optional_computed().describe("Region of the job. Default: the provider's."),
            Attribute::string("state").computed().describe(
                "State: `CREATED`, `PENDING`, `RUNNING`, `ABORTING`, `ABORTED`, `COMPLETED`, `FAILED`, `EXPIRED` or `PARTIAL`.",
            ),
            Attribute::string("status_message").computed().describe("Why it is in that state, where AWS Backup says so."),
            Attribute::number("percent_done").computed().describe("How far it is, in whole percents."),
            Attribute::string("recovery_point_arn").computed().describe(
                "ARN of the recovery point. Null until the job is done for one without the advanced features for DynamoDB.",
            ),
            Attribute::string("table_arn").computed().describe("ARN of the table."),
            Attribute::string("created_at").computed().describe("When it was accepted, as RFC 3339 in UTC."),
            Attribute::string("starts_before").computed().describe(
                "By when it has to start, as RFC 3339 in UTC; otherwise it ends as `EXPIRED`.",
            ),
            Attribute::string("completed_at").computed().describe("When it ended, as RFC 3339 in UTC."),
            Attribute::number("size_bytes").computed().describe("Size of the recovery point in bytes."),
            Attribute::string("role_arn").computed().describe("ARN of the role that AWS Backup assumes."),
            Attribute::string("backup_plan_arn")
                .computed()
                .describe("ARN of the backup plan that started it. Null for a job on demand."),
        ])
    }

    fn validate(config: &Model) -> Diagnostics {
        let mut found = Diagnostics::new();
        match (&config.backup_job_id, &config.table_name) {
            (Attr::Null, Attr::Null) => found.push(Diagnostic::error(
                "Which backup job is not said",
                "Neither backup_job_id nor table_name is set. Set backup_job_id for a certain job, or table_name for the \
                 newest one of a table.",
            )),
            (Attr::Known(_) | Attr::Unknown, Attr::Known(_) | Attr::Unknown) => found.push(
                Diagnostic::error(
                    "Conflicting arguments",
                    "backup_job_id and table_name are both set. The id names one job already: remove table_name.",
                )
                .at(Path::of("table_name")),
            ),
            _ => {}
        }
        if !config.backup_job_id.is_null() && !config.vault_name.is_null() {
            found.push(
                Diagnostic::error(
                    "Conflicting arguments",
                    "backup_job_id and vault_name are both set. The id names one job already: remove vault_name.",
                )
                .at(Path::of("vault_name")),
            );
        }
        found
    }

    async fn read(client: &Client, config: Model, cx: &Cx) -> Result<Model, Diagnostics> {
        let region = client.region(config.region.known());
        let backup = client.aws.aws_backup(&region);
        let aws = client.cx(cx);
        let job = match config.backup_job_id.known() {
            Some(id) => {
                let found = backup.find_backup_job(&aws, id).await;
                let found =
                    found.map_err(|err| diagnostics::aws(CANNOT_READ, &err).at(Path::of("backup_job_id")))?;
                found.ok_or_else(|| {
                    let why = format!(
                        "There is no backup job {id} in {region}: AWS Backup forgets jobs after about 30 days.\n\nTo see what \
                         there is: aws backup list-backup-jobs --by-resource-type DynamoDB --region {region}"
                    );
                    Diagnostic::error("Backup job does not exist", why).at(Path::of("backup_job_id"))
                })?
            }
            None => {
                let text = config.table_name.known().map(String::as_str).unwrap_or_default();
                let filter = BackupJobFilter {
                    table: Some(table_arn(client, &aws, &region, text).await?),
                    vault_name: config.vault_name.known().cloned(),
                    ..BackupJobFilter::default()
                };
                let listed = backup.list_backup_jobs(&aws, &filter).await;
                let listed = listed.map_err(|err| diagnostics::aws("Backup jobs cannot be listed", &err))?;
                newest(listed).ok_or_else(|| nothing(text, &filter, region.as_str()))?
            }
        };
        Ok(shown(config, &job, region.as_str()))
    }
}

/// The job that was accepted last.
fn newest(jobs: Vec<Job>) -> Option<Job> {
    jobs.into_iter().max_by(|one, other| {
        one.created_at
            .cmp(&other.created_at)
            .then_with(|| one.id.cmp(&other.id))
    })
}

fn nothing(table: &str, filter: &BackupJobFilter, region: &str) -> Diagnostic {
    let into = match &filter.vault_name {
        Some(vault) => format!(" into backup vault {vault}"),
        None => String::new(),
    };
    Diagnostic::error(
        "No backup job matches",
        format!(
            "AWS Backup has had no job that backs up table \"{table}\"{into} in {region} in the last 30 days or so, neither on \
             demand nor by a plan.\n\nCorrect table_name, vault_name or region, or take a recovery point (resource \
             \"dynamodb_recovery_point\")."
        ),
    )
    .at(Path::of("table_name"))
}

fn shown(config: Model, job: &Job, region: &str) -> Model {
    let echo = |given: Attr<String>, found: Option<&str>| {
        if given.is_null() {
            found.map(str::to_owned).into()
        } else {
            given
        }
    };
    let table = job.table_arn.as_ref();
    Model {
        backup_job_id: job.id.clone().into(),
        table_name: echo(
            config.table_name,
            table.map(|arn| arn.table_name().to_string()).as_deref(),
        ),
        vault_name: echo(config.vault_name, Some(&job.vault_name)),
        region: echo(config.region, Some(region)),
        state: job.state.to_string().into(),
        status_message: job.status_message.clone().into(),
        percent_done: job.percent_done.into(),
        recovery_point_arn: job.recovery_point.as_ref().map(ToString::to_string).into(),
        table_arn: table.map(ToString::to_string).into(),
        created_at: rfc3339(job.created_at),
        starts_before: rfc3339(job.starts_before),
        completed_at: rfc3339(job.completed_at),
        size_bytes: job.size_bytes.into(),
        role_arn: job.role_arn.clone().into(),
        backup_plan_arn: job.plan_arn.clone().into(),
    }
}
