//! The control interface under `/_simulator/`: clock, settings, calls, faults, state, keys, and what only AWS itself
//! could do (fail a running restore, make a backup as AWS Backup). Its requests are described in `README.md`.

use bytes::Bytes;
use hyper::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::backup::{OrderedFailure, Organization};
use crate::calls::{self, Filter};
use crate::clock::Moment;
use crate::credentials::DEFAULT_ACCOUNT;
use crate::dynamodb::PlantedBackup;
use crate::faults::Fault;
use crate::gateway::Shared;
use crate::kms::Key;
use crate::place::Place;
use crate::reply::Reply;
use crate::wire;
use crate::wire::query::Form;
use crate::world::World;

/// Where the control interface begins.
pub(crate) const PREFIX: &str = "/_simulator/";

/// Why a control request was not done.
struct Refusal {
    status: u16,
    reason: String,
}

impl Refusal {
    /// The request makes no sense.
    fn request(reason: impl ToString) -> Self {
        Self {
            status: 400,
            reason: reason.to_string(),
        }
    }

    /// There is nothing of that kind.
    fn missing(reason: impl ToString) -> Self {
        Self {
            status: 404,
            reason: reason.to_string(),
        }
    }
}

/// Serves a control request.
pub(crate) fn serve(shared: &Shared, head: &Parts, body: &Bytes) -> Reply {
    let mut world = shared.lock();
    world.settle();
    let query = Form::parse(head.uri.query().unwrap_or_default().as_bytes());
    let path = head.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    let result = route(&mut world, (head.method.as_str(), path), &query, body);
    let now = world.clock.now();
    match result {
        Ok(value) => Reply::control(200, &value, now),
        Err(Refusal { status, reason }) => Reply::control(status, &json!({"error": reason}), now),
    }
}

fn route(world: &mut World, request: (&str, &str), query: &Form, body: &Bytes) -> Result<Value, Refusal> {
    match request {
        ("GET", "health") => {}
        ("POST", "reset") => *world = World::default(),
        ("GET", "clock") => return Ok(json!({"now": world.clock.now().to_rfc3339()})),
        ("POST", "clock") => return move_clock(world, parse(body)?),
        ("GET", "settings") => return Ok(json!(world.settings)),
        ("PUT", "settings") => return change_settings(world, &parse(body)?),
        ("GET", "calls") => return Ok(list_calls(world, query)),
        ("DELETE", "calls") => world.calls.clear(),
        ("GET", "faults") => return Ok(json!({"faults": world.faults.list()})),
        ("POST", "faults") => {
            let fault: Fault = parse(body)?;
            fault.validate().map_err(Refusal::request)?;
            world.faults.add(fault);
            return Ok(json!({"faults": world.faults.list()}));
        }
        ("DELETE", "faults") => world.faults.clear(),
        ("GET", "state") => {
            let now = world.clock.now();
            let (account, region) = (query.get("account"), query.get("region"));
            let mut state = world.dynamodb.dump(account, region, now);
            state["vaults"] = world.backup.dump(account, region, now);
            return Ok(state);
        }
        ("POST", "tables/fail_restore") => fail_restore(world, &parse(body)?)?,
        ("POST", "backups") => return plant_backup(world, parse(body)?),
        ("GET", "organization") => return Ok(json!(world.backup.organization)),
        ("PUT", "organization") => {
            let organization: Organization = parse(body)?;
            world.backup.organization.replace_accounts(organization);
            return Ok(json!(world.backup.organization));
        }
        ("POST", "backup/fail_next_job") => fail_next_job(world, parse(body)?),
        ("POST", "backup/expire") => expire(world, &parse(body)?)?,
        ("GET", "kms/keys") => return Ok(json!({"keys": world.keys.list()})),
        ("POST", "kms/keys") => {
            let key: Key = parse(body)?;
            let now = world.clock.now();
            world.keys.put(key, now);
            return Ok(json!({"keys": world.keys.list()}));
        }
        (method, path) => {
            return Err(Refusal::missing(format!(
                "the control interface has no {method} {PREFIX}{path}"
            )));
        }
    }
    Ok(json!({"ok": true}))
}

fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(Refusal::request)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    advance_seconds: Option<f64>,
    set: Option<String>,
    freeze: Option<bool>,
}

fn move_clock(world: &mut World, change: ClockChange) -> Result<Value, Refusal> {
    match (change.advance_seconds, change.set, change.freeze) {
        (Some(seconds), None, _) => world.clock.advance((seconds * 1000.0).round() as i64),
        (None, Some(text), _) => {
            let moment = Moment::parse_rfc3339(&text);
            let moment =
                moment.map_err(|error| Refusal::request(format!("{text} is not RFC 3339: {error}")))?;
            world.clock.set(moment);
        }
        (None, None, Some(_)) => {}
        _ => return Err(Refusal::request("give one of advance_seconds and set, or freeze")),
    }
    match change.freeze {
        Some(true) => world.clock.freeze(),
        Some(false) => world.clock.thaw(),
        None => {}
    }
    world.settle();
    Ok(json!({"now": world.clock.now().to_rfc3339()}))
}

fn change_settings(world: &mut World, change: &Value) -> Result<Value, Refusal> {
    let merged = world.settings.merged(change).map_err(Refusal::request)?;
    if let Some(unknown) = merged
        .rates
        .keys()
        .find(|operation| !wire::knows_operation(None, operation))
    {
        return Err(Refusal::request(format!(
            "no service of the simulator has an operation {unknown} to rate"
        )));
    }
    world.settings = merged;
    Ok(json!(world.settings))
}

fn list_calls(world: &World, query: &Form) -> Value {
    let value = |name: &str| query.get(name).map(str::to_owned);
    let filter = Filter {
        service: value("service"),
        operation: value("operation"),
        region: value("region"),
        account: value("account"),
    };
    let made = world.calls.select(&filter);
    json!({"calls": made, "counts": calls::counts(&made), "throttled": calls::throttled(&made)})
}

fn default_account() -> String {
    DEFAULT_ACCOUNT.to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RestoringTable {
    #[serde(default = "default_account")]
    account: String,
    region: String,
    table: String,
}

fn fail_restore(world: &mut World, target: &RestoringTable) -> Result<(), Refusal> {
    let place = Place::new(&target.account, &target.region);
    if world.dynamodb.fail_restore(&place, &target.table) {
        return Ok(());
    }
    Err(Refusal::missing(format!(
        "no restore of {} runs in account {place}",
        target.table
    )))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
struct FailingJob {
    #[serde(default = "default_account")]
    account: String,
    region: String,
    #[serde(flatten)]
    failure: OrderedFailure,
}

fn fail_next_job(world: &mut World, wanted: FailingJob) {
    let place = Place::new(&wanted.account, &wanted.region);
    world.backup.fail_next_job(&place, wanted.failure);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpiringPoint {
    #[serde(default = "default_account")]
    account: String,
    region: String,
    recovery_point_arn: String,
}

fn expire(world: &mut World, wanted: &ExpiringPoint) -> Result<(), Refusal> {
    let place = Place::new(&wanted.account, &wanted.region);
    if world.backup.expire(&place, &wanted.recovery_point_arn) {
        return Ok(());
    }
    Err(Refusal::missing(format!(
        "there is no recovery point {} of {place}",
        wanted.recovery_point_arn
    )))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BackupToPlant {
    #[serde(default = "default_account")]
    account: String,
    region: String,
    table: String,
    name: String,
}

fn plant_backup(world: &mut World, wanted: BackupToPlant) -> Result<Value, Refusal> {
    let place = Place::new(&wanted.account, &wanted.region);
    let suffix = world.ids.backup_suffix();
    let now = world.clock.now();
    let backup = PlantedBackup {
        table: wanted.table,
        name: wanted.name,
        suffix,
    };
    let arn = world
        .dynamodb
        .plant_backup(&place, backup, now)
        .map_err(Refusal::request)?;
    Ok(json!({"backup_arn": arn}))
}
