//! The road of one call: who calls what, faults, rates, permissions, wire check, service, wire check, log.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::http::request::Parts;
use serde_json::Value;

use crate::autoscaling;
use crate::backup;
use crate::calls;
use crate::clock::Moment;
use crate::dynamodb;
use crate::failure::Failure;
use crate::faults::{Candidate, Hit, Kind};
use crate::kms;
use crate::naming::{Named, unknown};
use crate::organizations;
use crate::reply::{Reply, Stamp};
use crate::sts;
use crate::wire::{self, Protocol};
use crate::world::{Context, World};

/// The world, shared by all connections.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<World>>);

impl Shared {
    /// Locks the world. A panic in one call must not take the others with it.
    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What becomes of the connection.
pub(crate) enum Outcome {
    Answer(Reply),
    /// Reset, without an answer.
    Reset,
    /// Half of the answer, then the end.
    Truncated(Reply),
    /// No answer, for as long as the client waits.
    Hang,
}

/// Serves one request of an AWS client.
pub(crate) async fn serve(shared: &Shared, head: &Parts, body: &Bytes) -> Outcome {
    let (call, hit, seq, latency) = {
        let mut world = shared.lock();
        let call = Named::of(&world, head, body);
        let candidate = Candidate {
            service: &call.service,
            operation: &call.operation,
            account: &call.place.account,
            region: &call.place.region,
        };
        let hit = world.faults.strike(&candidate);
        (call, hit, world.calls.next_seq(), world.settings.latency_ms)
    };
    let delay = latency + hit.as_ref().map_or(0, |hit| hit.delay_ms);
    if delay > 0 {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    let mut world = shared.lock();
    let now = world.settle();
    let request_id = world.ids.base32(52);
    let kind = hit.as_ref().map(|hit| hit.kind);
    let result = match &hit {
        Some(Hit {
            kind: Kind::Error,
            failure,
            ..
        }) => Err(failure.clone()),
        Some(Hit {
            kind: Kind::ResetBefore,
            ..
        }) => Err(Failure {
            status: 0,
            ..Failure::new("Reset", "")
        }),
        Some(Hit {
            kind: Kind::ErrorAfter,
            failure,
            ..
        }) => {
            let _ = perform(&mut world, &call, now);
            Err(failure.clone())
        }
        _ => perform(&mut world, &call, now),
    };
    let unanswered = matches!(kind, Some(Kind::ResetBefore | Kind::ResetAfter | Kind::Hang));
    world.calls.record(calls::Call {
        seq,
        at: now.to_rfc3339(),
        service: call.service.clone(),
        operation: call.operation.clone(),
        account: call.place.account.to_string(),
        region: call.place.region.to_string(),
        status: match &result {
            _ if unanswered => 0,
            Ok(_) => 200,
            Err(failure) => failure.status,
        },
        error: result.as_ref().err().map(|failure| failure.code.to_string()),
        message: result.as_ref().err().map(|failure| failure.message.clone()),
        fault: kind.map(|kind| serde_json::to_value(kind).map_or_else(|_| String::new(), plain)),
        user_agent: call.user_agent.clone(),
        target: call
            .input
            .as_ref()
            .ok()
            .and_then(|input| match call.service.as_str() {
                "backup" => backup::target(input),
                _ => dynamodb::target(input),
            }),
    });
    drop(world);
    let reply = render(
        &call,
        result,
        Stamp {
            now,
            request_id: &request_id,
        },
    );
    match kind {
        Some(Kind::ResetBefore | Kind::ResetAfter) => Outcome::Reset,
        Some(Kind::Truncate) => Outcome::Truncated(reply),
        Some(Kind::Hang) => Outcome::Hang,
        _ => Outcome::Answer(reply),
    }
}

fn plain(value: Value) -> String {
    value.as_str().map(str::to_owned).unwrap_or_default()
}

/// Lets the call take effect.
fn perform(world: &mut World, call: &Named, now: Moment) -> Result<Value, Failure> {
    let input = call.input.clone()?;
    let Some(model) = wire::model_of(&call.service) else {
        return Err(unknown(&call.operation));
    };
    let rate = world
        .settings
        .rates
        .get(&call.operation)
        .copied()
        .filter(|_| world.settings.enforce_rates);
    if let Some(rate) = rate
        && !world
            .rates
            .take(&call.place, &call.operation, rate, Instant::now())
    {
        return Err(Failure::new("ThrottlingException", "Rate exceeded"));
    }
    let action = format!("{}:{}", call.service, call.operation);
    let mut context = Context {
        world,
        caller: &call.caller,
        place: &call.place,
        now,
        host: &call.host,
    };
    let resource = match call.service.as_str() {
        "backup" => backup::resource(context.place, &input),
        "dynamodb" => dynamodb::resource(context.place, &input),
        _ => "*".to_owned(),
    };
    context.check_allowed(&action, &resource)?;
    wire::check_request(model, &call.operation, &input).map_err(|failure| match call.service.as_str() {
        "backup" => backup::as_own_failure(failure),
        _ => failure,
    })?;
    let result = match call.service.as_str() {
        "application-autoscaling" => autoscaling::serve(&mut context, &call.operation, input),
        "backup" => backup::serve(&mut context, &call.operation, input),
        "dynamodb" => dynamodb::serve(&mut context, &call.operation, input),
        "kms" => kms::serve(&mut context, &call.operation, input),
        "organizations" => organizations::serve(&mut context, &call.operation),
        "sts" => sts::serve(&mut context, &call.operation, input),
        _ => Err(unknown(&call.operation)),
    };
    wire::conforming(model, &call.operation, result)
}

fn render(call: &Named, result: Result<Value, Failure>, stamp: Stamp<'_>) -> Reply {
    let model = wire::model_of(&call.service);
    let speaks = |protocol| model.is_some_and(|model| model.metadata.protocol == protocol);
    let is_query = speaks(Protocol::Query);
    if speaks(Protocol::RestJson) {
        return match result {
            Ok(output) => Reply::rest(200, &output, stamp),
            Err(failure) => Reply::rest_failure(&failure, stamp),
        };
    }
    let version = model.map_or("1.0", |model| model.metadata.json_version.as_str());
    match (result, model) {
        (Ok(output), Some(model)) if is_query => {
            let xml = wire::query::reply_xml(model, &call.operation, &output, stamp.request_id);
            Reply::xml(200, xml, stamp)
        }
        (Ok(output), _) => Reply::json(200, version, &output, stamp),
        (Err(failure), model) if is_query || call.is_form => {
            let namespace = model.map_or("", |model| model.metadata.xml_namespace.as_str());
            let failure = sts::as_query_failure(failure);
            let xml = wire::query::error_xml(namespace, &failure, stamp.request_id);
            Reply::xml(failure.status, xml, stamp)
        }
        (Err(failure), _) => {
            let namespace = match call.service.as_str() {
                "application-autoscaling" => "com.amazonaws.autoscaling.frontend.v20160206",
                "dynamodb" => "com.amazonaws.dynamodb.v20120810",
                "organizations" => "com.amazonaws.organizations.v20161128",
                _ => "com.amazonaws.kms",
            };
            Reply::json_failure(version, &failure, namespace, stamp)
        }
    }
}
