//! Finds out who calls what: service, operation, account, Region and input of a request, for all protocols.

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::http::request::Parts;
use serde_json::Value;

use crate::credentials::{self, Scope};
use crate::failure::Failure;
use crate::place::Place;
use crate::wire::query::Form;
use crate::wire::{self, Model, Protocol};
use crate::world::{Caller, World};

/// A call whose sender and operation are known as far as the request tells. What it does not tell is in `input`.
pub(crate) struct Named {
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) place: Place,
    pub(crate) caller: Caller,
    pub(crate) host: String,
    pub(crate) user_agent: String,
    /// Whether the client speaks the query protocol and so expects XML, also from a service that is not played.
    pub(crate) is_form: bool,
    pub(crate) input: Result<Value, Failure>,
}

impl Named {
    pub(crate) fn of(world: &World, head: &Parts, body: &Bytes) -> Self {
        let sent = Sent::of(head, body);
        let scope = sent.scope(header(&head.headers, "authorization"));
        let named = scope.clone().unwrap_or_else(|_| sent.guessed_scope());
        let caller = world.sessions.caller(&named.access_key, &named.region);
        let operation = sent
            .operation(&named.service)
            .unwrap_or_else(|| format!("{} {}", sent.method, sent.path));
        let input = scope.and_then(|scope| match wire::model_of(&scope.service) {
            Some(model) => sent.input(model, &operation),
            None => Err(unknown(&operation)),
        });
        Self {
            place: Place::new(&caller.account, &named.region),
            service: named.service,
            operation,
            caller,
            host: header(&head.headers, "host").to_owned(),
            user_agent: header(&head.headers, "user-agent").to_owned(),
            is_form: sent.form.is_some(),
            input,
        }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// The refusal of an operation, or of a service, that the simulator does not have.
pub(crate) fn unknown(operation: &str) -> Failure {
    Failure::new(
        "UnknownOperationException",
        format!("The simulator does not play {operation}"),
    )
}

/// The parts of a request that tell what it wants.
struct Sent<'a> {
    method: &'a str,
    path: &'a str,
    query: &'a str,
    target: &'a str,
    body: &'a Bytes,
    form: Option<Form>,
}

impl<'a> Sent<'a> {
    fn of(head: &'a Parts, body: &'a Bytes) -> Self {
        let headers = &head.headers;
        let is_form = header(headers, "content-type").starts_with("application/x-www-form-urlencoded");
        Self {
            method: head.method.as_str(),
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
            target: header(headers, "x-amz-target"),
            body,
            form: is_form.then(|| Form::parse(body)),
        }
    }

    fn action(&self) -> Option<&str> {
        self.form.as_ref()?.get("Action")
    }

    fn operation(&self, service: &str) -> Option<String> {
        if let Some(model) = wire::model_of(service).filter(|it| it.metadata.protocol == Protocol::RestJson) {
            return wire::rest::find_operation(model, self.method, self.path).map(str::to_owned);
        }
        let target = self.target.rsplit_once('.').map(|(_, operation)| operation);
        target.or(self.action()).map(str::to_owned)
    }

    fn scope(&self, authorization: &str) -> Result<Scope, Failure> {
        if !authorization.is_empty() {
            return credentials::parse(authorization);
        }
        // This is how a caller without credentials gets some, so it is never signed.
        if self.action() == Some("AssumeRoleWithWebIdentity") {
            return Ok(self.guessed_scope());
        }
        Err(Failure::new(
            "MissingAuthenticationTokenException",
            "Request must contain either a valid (registered) AWS access key ID or X.509 certificate.",
        ))
    }

    /// The service that an unsigned request most likely means, so that it is refused in that service's protocol.
    fn guessed_scope(&self) -> Scope {
        let service = match self.target {
            target if target.starts_with("DynamoDB_") => "dynamodb",
            target if target.starts_with("TrentService.") => "kms",
            target if target.starts_with("AWSOrganizations") => "organizations",
            target if target.starts_with("AnyScaleFrontendService.") => "application-autoscaling",
            _ if self.form.is_none() && self.path != "/" => "backup",
            _ => "sts",
        };
        Scope {
            access_key: credentials::DEFAULT_ACCOUNT.to_owned(),
            region: "us-east-1".to_owned(),
            service: service.to_owned(),
        }
    }

    fn input(&self, model: &'static Model, operation: &str) -> Result<Value, Failure> {
        let served = model.operations.get(operation);
        match (model.metadata.protocol, served, &self.form) {
            (Protocol::Query, Some(served), Some(form)) => wire::query::to_input(model, served, form),
            (Protocol::Query, ..) => Err(Failure::new(
                "InvalidAction",
                format!("Could not find operation {operation} for version 2011-06-15"),
            )),
            (Protocol::Json, Some(_), _) if self.target.starts_with(&model.metadata.target_prefix) => {
                if self.body.is_empty() {
                    return Ok(Value::Object(serde_json::Map::new()));
                }
                serde_json::from_slice(self.body).map_err(|error| {
                    Failure::new("SerializationException", format!("the body is not JSON: {error}"))
                })
            }
            (Protocol::RestJson, Some(served), _) => {
                let query = Form::parse(self.query.as_bytes());
                wire::rest::to_input(model, served, self.path, query, self.body)
            }
            (Protocol::Json | Protocol::RestJson, ..) => Err(unknown(operation)),
        }
    }
}
