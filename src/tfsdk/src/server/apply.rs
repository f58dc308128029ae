//! ApplyResourceChange.

use super::catch::{catch, catch_pure};
use super::identity::identify;
use super::outgoing::fit_schema;
use super::{Server, marks, not_configured, promises, proposal};
use crate::{
    Change, Create, Cx, Diagnostic, Diagnostics, DynResource, Private, Provider, Removal, Review, Update,
    Value,
};

/// A planned change to carry out.
#[derive(Debug, Clone)]
pub struct ApplyRequest {
    /// The full type name.
    pub type_name: String,
    /// Null for a create.
    pub prior: Value,
    /// Null for a delete.
    pub planned: Value,
    /// Null for a delete. The only place of write-only values.
    pub config: Value,
    /// As the plan left it.
    pub planned_private: Vec<u8>,
    /// As the plan left it.
    pub planned_identity: Option<Value>,
}

/// What is there now.
#[derive(Debug, Clone)]
pub struct ApplyResponse {
    /// Null when there is no object.
    pub state: Value,
    /// To be kept beside the state.
    pub private: Vec<u8>,
    /// Of the object, where the type has identities.
    pub identity: Option<Value>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

impl<P: Provider> Server<P> {
    /// Carries out a change. Whatever fails, the response holds the object as far as it is there.
    pub async fn apply(&self, request: ApplyRequest) -> ApplyResponse {
        let (private, marks) = marks::split(&request.planned_private);
        let mut response = ApplyResponse {
            state: request.prior.clone(),
            private: private.to_bytes(),
            identity: None,
            diagnostics: Diagnostics::new(),
        };
        let (resource, schemas) = match self.resource(&request.type_name) {
            Ok(found) => found,
            Err(diagnostic) => {
                response.diagnostics.push(diagnostic);
                return response;
            }
        };
        // The plan of a create knows no identity, nor does the plan of a replacement for its delete.
        response.identity = request
            .planned_identity
            .clone()
            .filter(|identity| {
                schemas.identity.is_some() && !identity.is_null() && identity.is_wholly_known()
            })
            .or_else(|| identify(resource, schemas, &request.prior, None).unwrap_or_default());
        let Some(client) = self.client() else {
            response.diagnostics.push(not_configured("apply the change"));
            return response;
        };
        // A new object has no private state yet: what comes with the create half of a replacement is the old
        // object's.
        let private = if request.prior.is_null() {
            Private::default()
        } else {
            private
        };
        let cx = Cx::new(self.cancel(), private);
        if request.planned.is_null() {
            let deleted = delete(
                resource,
                &client,
                request.prior,
                marks.removal(),
                &self.review(),
                &cx,
            )
            .await;
            let (warnings, private) = cx.finish();
            response.diagnostics.extend(warnings);
            match deleted {
                Ok(()) => {
                    response.state = Value::Null;
                    response.private = Vec::new();
                    response.identity = None;
                }
                Err(diagnostics) => {
                    response.private = private.to_bytes();
                    response.diagnostics.extend(diagnostics);
                }
            }
            return response;
        }

        let mut saved = None;
        let planned = request.planned.clone();
        let outcome = make(resource, &client, request, &mut saved, &cx).await;
        let (warnings, private) = cx.finish();
        response.diagnostics.extend(warnings);
        response.private = private.to_bytes();
        let (object, complete) = match outcome {
            Ok(Value::Null) => {
                response.diagnostics.push(Diagnostic::bug(
                    "Missing Resource State After Apply",
                    "The provider returned no object, and no error.",
                ));
                (saved, false)
            }
            Ok(applied) => (Some(applied), true),
            Err(diagnostics) => {
                response.diagnostics.extend(diagnostics);
                (saved, false)
            }
        };
        // Whatever is wrong with the answer, the object is there.
        if let Some(object) = object.filter(|object| !object.is_null()) {
            let (object, faults) = fit_schema(&schemas.schema, object);
            let object = proposal::without_write_only(&schemas.schema, &object);
            response.diagnostics.extend(faults);
            if complete {
                response
                    .diagnostics
                    .extend(promises::check_applied(&planned, &object));
            }
            response.state = proposal::without_unknown(object);
        }
        let failed = response.diagnostics.has_error();
        match identify(resource, schemas, &response.state, response.identity.as_ref()) {
            Ok(identity) => response.identity = identity,
            // After a failure the object may not be far enough to have one.
            Err(_) if failed => {}
            Err(faults) => response.diagnostics.extend(faults),
        }
        response
    }
}

/// Makes or changes the object.
async fn make<C>(
    resource: &dyn DynResource<C>,
    client: &C,
    request: ApplyRequest,
    saved: &mut Option<Value>,
    cx: &Cx,
) -> Result<Value, Diagnostics> {
    let ApplyRequest {
        prior,
        planned,
        config,
        ..
    } = request;
    if prior.is_null() {
        let create = Create { config, planned };
        catch("create the object", || resource.create(client, create, saved, cx)).await?
    } else {
        let update = Update {
            prior,
            config,
            planned,
        };
        catch("update the object", || resource.update(client, update, saved, cx)).await?
    }
}

/// Terraform plans creates and updates again right before it applies them, but not destroys: so what a
/// destroy must not do is checked once more here.
async fn delete<C>(
    resource: &dyn DynResource<C>,
    client: &C,
    prior: Value,
    reason: Removal,
    review: &Review,
    cx: &Cx,
) -> Result<(), Diagnostics> {
    if prior.is_null() {
        return Ok(());
    }
    let change = Change::Destroy { prior: prior.clone() };
    let seen = catch("observe AWS", || resource.observe(client, &change, cx)).await??;
    let found = catch_pure("check the delete", || {
        review.of(resource.plan(change, seen).diagnostics)
    })?;
    if found.has_error() {
        return Err(found.into_iter().filter(Diagnostic::is_error).collect());
    }
    catch("delete the object", || resource.delete(client, prior, reason, cx)).await?
}
