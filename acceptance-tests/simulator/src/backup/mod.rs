//! AWS Backup for DynamoDB tables: settings of Regions and of the organization, vaults with policies and locks, plans
//! and their selections, recovery points, and the jobs that back up, copy and restore.
//!
//! Not played: every other kind of resource, legal holds, reports, restore testing, indexes and scans, sharing by RAM,
//! and the evaluation of IAM roles (a role has to look like one of the caller's account).

mod jobs;
mod lifecycle;
mod organization;
mod plans;
mod points;
mod settings;
mod tags;
mod vaults;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::jobs::Jobs;
pub(crate) use self::jobs::OrderedFailure;
pub(crate) use self::organization::Organization;
use self::plans::Plan;
use self::settings::RegionSettings;
use self::vaults::Vault;
use crate::arn::{self, Arn};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::place::Place;
use crate::world::{Context, World};

/// Everything that AWS Backup keeps, by account and Region.
#[derive(Default)]
pub(crate) struct Estate {
    regions: BTreeMap<Place, Region>,
    pub(crate) organization: Organization,
}

/// What one account has in one Region.
#[derive(Default)]
pub(crate) struct Region {
    settings: RegionSettings,
    /// By name.
    vaults: BTreeMap<String, Vault>,
    /// By id.
    plans: BTreeMap<String, Plan>,
    jobs: Jobs,
}

impl Estate {
    fn region(&mut self, place: &Place) -> &mut Region {
        self.regions.entry(place.clone()).or_default()
    }

    fn vault(&mut self, place: &Place, name: &str) -> Option<&mut Vault> {
        self.region(place).vaults.get_mut(name)
    }

    /// Orders the end of the next job of a kind.
    pub(crate) fn fail_next_job(&mut self, place: &Place, failure: OrderedFailure) {
        self.region(place).jobs.order(failure);
    }

    /// Makes a recovery point EXPIRED, as one that AWS Backup could not delete. Answers whether there is one.
    pub(crate) fn expire(&mut self, place: &Place, arn: &str) -> bool {
        let vaults = self.region(place).vaults.values_mut();
        let point = vaults.into_iter().find_map(|vault| vault.points.get_mut(arn));
        let Some(point) = point else { return false };
        point.is_expired = true;
        // A deletion that was under way has come to nothing.
        point.deleting_until = None;
        true
    }

    /// A readable dump for assertions and debugging.
    pub(crate) fn dump(&self, account: Option<&str>, region: Option<&str>, now: Moment) -> Value {
        let wanted = |place: &Place| {
            account.is_none_or(|account| account == &*place.account)
                && region.is_none_or(|region| region == &*place.region)
        };
        let places = self.regions.iter().filter(|(place, _)| wanted(place));
        let vaults: Vec<Value> = places
            .flat_map(|(place, region)| {
                region
                    .vaults
                    .values()
                    .map(move |vault| vaults::dump(place, vault, now))
            })
            .collect();
        json!(vaults)
    }
}

/// Brings jobs and recovery points up to the present.
pub(crate) fn settle(world: &mut World, now: Moment) {
    jobs::settle(world, now);
    for region in world.backup.regions.values_mut() {
        for vault in region.vaults.values_mut() {
            vault.settle(now);
        }
    }
}

/// Serves one operation whose request has passed the wire check.
pub(crate) fn serve(cx: &mut Context<'_>, operation: &str, input: Value) -> Result<Value, Failure> {
    match operation {
        "CreateBackupPlan" => plans::create(cx, input),
        "CreateBackupSelection" => plans::selections::create(cx, input),
        "CreateBackupVault" => vaults::create(cx, input),
        "CreateLogicallyAirGappedBackupVault" => vaults::create_air_gapped(cx, input),
        "DeleteBackupPlan" => plans::delete(cx, input),
        "DeleteBackupSelection" => plans::selections::delete(cx, input),
        "DeleteBackupVault" => vaults::delete(cx, input),
        "DeleteBackupVaultAccessPolicy" => vaults::policy::delete(cx, input),
        "DeleteBackupVaultLockConfiguration" => vaults::lock::delete(cx, input),
        "DeleteRecoveryPoint" => points::delete(cx, input),
        "DescribeBackupJob" => jobs::backup::describe(cx, input),
        "DescribeBackupVault" => vaults::describe(cx, input),
        "DescribeCopyJob" => jobs::copy::describe(cx, input),
        "DescribeGlobalSettings" => organization::describe_settings(cx),
        "DescribeRecoveryPoint" => points::describe(cx, input),
        "DescribeRegionSettings" => Ok(settings::describe(cx)),
        "DescribeRestoreJob" => jobs::restore::describe(cx, input),
        "GetBackupPlan" => plans::get(cx, input),
        "GetBackupPlanFromJSON" => plans::from_json(input),
        "GetBackupSelection" => plans::selections::get(cx, input),
        "GetBackupVaultAccessPolicy" => vaults::policy::get(cx, input),
        "GetRecoveryPointRestoreMetadata" => points::restore_metadata(cx, input),
        "ListBackupJobs" => jobs::backup::list(cx, input),
        "ListBackupPlans" => plans::list(cx, input),
        "ListBackupSelections" => plans::selections::list(cx, input),
        "ListBackupVaults" => vaults::list(cx, input),
        "ListCopyJobs" => jobs::copy::list(cx, input),
        "ListRecoveryPointsByBackupVault" => points::list_by_vault(cx, input),
        "ListRecoveryPointsByResource" => points::list_by_resource(cx, input),
        "ListRestoreJobs" => jobs::restore::list(cx, input),
        "ListTags" => tags::list(cx, input),
        "PutBackupVaultAccessPolicy" => vaults::policy::put(cx, input),
        "PutBackupVaultLockConfiguration" => vaults::lock::put(cx, input),
        "StartBackupJob" => jobs::backup::start(cx, input),
        "StartCopyJob" => jobs::copy::start(cx, input),
        "StartRestoreJob" => jobs::restore::start(cx, input),
        "StopBackupJob" => jobs::backup::stop(cx, input),
        "TagResource" => tags::tag(cx, input),
        "UntagResource" => tags::untag(cx, input),
        "UpdateBackupPlan" => plans::update(cx, input),
        "UpdateGlobalSettings" => organization::update_settings(cx, input),
        "UpdateRecoveryPointLifecycle" => points::update_lifecycle(cx, input),
        "UpdateRegionSettings" => settings::update(cx, input),
        _ => Err(Failure::new("UnknownOperationException", "")),
    }
}

/// AWS Backup has its own name for a broken constraint of the model.
pub(crate) fn as_own_failure(failure: Failure) -> Failure {
    if failure.code != "ValidationException" {
        return failure;
    }
    let is_missing = failure.message.contains("must not be null");
    Failure {
        code: if is_missing {
            "MissingParameterValueException"
        } else {
            "InvalidParameterValueException"
        }
        .into(),
        ..failure
    }
}

/// The members in which a request names what it is about, the most telling first.
const TARGETS: [&str; 9] = [
    "DestinationBackupVaultArn",
    "RecoveryPointArn",
    "ResourceArn",
    "BackupVaultName",
    "BackupPlanId",
    "BackupJobId",
    "CopyJobId",
    "RestoreJobId",
    "SelectionId",
];

/// What a request names, for the log.
pub(crate) fn target(input: &Value) -> Option<String> {
    TARGETS
        .iter()
        .find_map(|member| input[*member].as_str())
        .map(str::to_owned)
}

/// The ARN on which an action is refused.
pub(crate) fn resource(place: &Place, input: &Value) -> String {
    match (target(input), input["BackupVaultName"].as_str()) {
        (Some(arn), _) if arn.starts_with("arn:") => arn,
        (_, Some(vault)) => vaults::arn(place, vault),
        _ => "*".to_owned(),
    }
}

fn invalid(message: impl Into<String>) -> Failure {
    Failure::new("InvalidParameterValueException", message)
}

fn refused(message: impl Into<String>) -> Failure {
    Failure::new("InvalidRequestException", message)
}

fn missing(message: impl Into<String>) -> Failure {
    Failure::new("ResourceNotFoundException", message)
}

/// Checks that a role could be one that AWS Backup assumes in this account.
fn check_role(cx: &Context<'_>, role_arn: &str) -> Result<(), Failure> {
    let role = Arn::parse(role_arn).filter(|arn| {
        arn.service == "iam"
            && arn.region.is_empty()
            && arn.partition == cx.place.partition()
            && arn::is_account(arn.account)
            && arn.resource.starts_with("role/")
    });
    match role {
        None => Err(invalid(format!("Invalid role ARN: {role_arn}"))),
        Some(role) if role.account != &*cx.place.account => Err(invalid(format!(
            "IAM Role {role_arn} cannot be assumed by AWS Backup"
        ))),
        Some(_) => Ok(()),
    }
}

/// One page of a list: the members from the token on, and the next token.
fn page(
    all: Vec<Value>,
    token: Option<&str>,
    most: Option<i64>,
) -> Result<(Vec<Value>, Option<String>), Failure> {
    let from: usize = match token {
        Some(token) => token
            .parse()
            .map_err(|_| invalid(format!("Invalid NextToken: {token}")))?,
        None => 0,
    };
    let most = usize::try_from(most.unwrap_or(1000)).unwrap_or(1000);
    let next = (all.len() > from + most).then(|| (from + most).to_string());
    Ok((all.into_iter().skip(from).take(most).collect(), next))
}

/// A reply with a list, and a token where there is more.
fn listed(member: &str, (list, next): (Vec<Value>, Option<String>)) -> Value {
    let mut output = json!({member: list});
    if let Some(token) = next {
        output["NextToken"] = json!(token);
    }
    output
}
