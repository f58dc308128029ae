//! ApplyResourceChange.

use super::catch::{catch, catch_pure};
use super::plan::{DESTROY, HAD_PRIOR};
use super::{ResourceSchemas, Server, not_configured, promises, proposal};
use crate::{
    Change, Create, Cx, Diagnostic, Diagnostics, DynResource, Private, Provider, Removal, Update, Value,
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
        let mut response = ApplyResponse {
            state: request.prior.clone(),
            private: Vec::new(),
            identity: None,
            diagnostics: Diagnostics::new(),
        };
        let mut private = Private::from_bytes(&request.planned_private);
        let reason = removal(&private);
        private.remove(DESTROY);
        private.remove(HAD_PRIOR);
        response.private = private.to_bytes();

        let (resource, schemas) = match self.resource(&request.type_name) {
            Ok(found) => found,
            Err(diagnostic) => {
                response.diagnostics.push(diagnostic);
                return response;
            }
        };
        let Some(client) = self.client() else {
            response.diagnostics.push(not_configured("apply the change"));
            return response;
        };
        let cx = Cx::new(self.cancel(), private);
        if request.planned.is_null() {
            response.identity = request.planned_identity.filter(|_| schemas.identity.is_some());
            match delete(resource, &client, request.prior, reason, &cx).await {
                Ok(()) => {
                    response.state = Value::Null;
                    response.private = Vec::new();
                    response.identity = None;
                }
                Err(diagnostics) => response.diagnostics.extend(diagnostics),
            }
            response.diagnostics.extend(cx.finish().0);
            return response;
        }

        let mut saved = None;
        let planned = request.planned.clone();
        let outcome = if request.prior.is_null() {
            let create = Create {
                config: request.config,
                planned: request.planned,
            };
            catch(
                "create the object",
                resource.create(&client, create, &mut saved, &cx),
            )
            .await
        } else {
            let update = Update {
                prior: request.prior,
                config: request.config,
                planned: request.planned,
            };
            catch(
                "update the object",
                resource.update(&client, update, &mut saved, &cx),
            )
            .await
        };
        let (warnings, private) = cx.finish();
        response.diagnostics.extend(warnings);
        response.private = private.to_bytes();
        let applied = match outcome {
            Ok(Ok(applied)) => {
                let applied = proposal::without_write_only(&schemas.schema, &applied);
                response
                    .diagnostics
                    .extend(promises::check_applied(&planned, &applied));
                Some(applied)
            }
            Ok(Err(diagnostics)) => {
                response.diagnostics.extend(diagnostics);
                saved
            }
            Err(panic) => {
                response.diagnostics.push(panic);
                saved
            }
        };
        if let Some(applied) = applied {
            let applied = proposal::without_write_only(&schemas.schema, &applied);
            response.state = proposal::without_unknown(applied);
        }
        let failed = response.diagnostics.has_error();
        response.identity = identity(resource, schemas, &response.state)
            .unwrap_or_else(|missing| {
                // After a failure the object may not be far enough to have one.
                if !failed {
                    response.diagnostics.push(missing);
                }
                None
            })
            .or(request.planned_identity.filter(|_| schemas.identity.is_some()));
        response
    }
}

/// Why the object goes, from the marks that the plan left.
fn removal(planned_private: &Private) -> Removal {
    if planned_private.get(DESTROY).is_some() {
        Removal::Destroy
    } else if planned_private.get(HAD_PRIOR).is_some() {
        Removal::Replace
    } else {
        // A tainted object is planned as if there were none.
        Removal::Tainted
    }
}

/// Terraform plans creates and updates again right before it applies them, but not destroys: so what a
/// destroy must not do is checked once more here.
async fn delete<C>(
    resource: &dyn DynResource<C>,
    client: &C,
    prior: Value,
    reason: Removal,
    cx: &Cx,
) -> Result<(), Diagnostics> {
    let change = Change::Destroy { prior: prior.clone() };
    let seen = catch("observe AWS", resource.observe(client, &change, cx)).await??;
    let planned = catch_pure("check the delete", || resource.plan(change, seen))?;
    if planned.diagnostics.has_error() {
        return Err(planned
            .diagnostics
            .into_iter()
            .filter(Diagnostic::is_error)
            .collect());
    }
    catch("delete the object", resource.delete(client, prior, reason, cx)).await?
}

/// The identity of an object. The error is our bug: the type declares identities and this one has none.
pub(super) fn identity<C>(
    resource: &dyn DynResource<C>,
    schemas: &ResourceSchemas,
    state: &Value,
) -> Result<Option<Value>, Diagnostic> {
    if schemas.identity.is_none() || state.is_null() {
        return Ok(None);
    }
    resource.identity(state).map(Some).ok_or_else(|| {
        Diagnostic::bug(
            "Missing Resource Identity",
            "The resource type declares an identity, but the object has none or one that is not wholly known.",
        )
    })
}
