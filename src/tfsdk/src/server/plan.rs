//! PlanResourceChange.

use super::catch::{catch, catch_pure};
use super::{Server, promises, proposal};
use crate::resource::Seen;
use crate::{Change, Cx, Diagnostics, Path, Private, Provider, Value};

/// Marks, in the private data that travels from plan to apply, a plan of which the object existed.
/// The destroy half of a replacement is given the private data of the whole replacement.
pub(super) const HAD_PRIOR: &str = ".had_prior";
/// Marks a planned destroy.
pub(super) const DESTROY: &str = ".destroy";

/// A change to plan.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// The full type name.
    pub type_name: String,
    /// Null for a create.
    pub prior: Value,
    /// Null for a destroy.
    pub config: Value,
    /// Null for a destroy.
    pub proposed: Value,
    /// As the last response left it.
    pub prior_private: Vec<u8>,
    /// As the last response left it.
    pub prior_identity: Option<Value>,
}

/// The plan.
#[derive(Debug, Clone)]
pub struct PlanResponse {
    /// Null for a destroy.
    pub planned: Value,
    /// Attributes whose change needs a new object.
    pub requires_replace: Vec<Path>,
    /// To be handed to the apply.
    pub private: Vec<u8>,
    /// Known for an object that exists already.
    pub identity: Option<Value>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

impl<P: Provider> Server<P> {
    /// Plans a change.
    pub async fn plan(&self, request: PlanRequest) -> PlanResponse {
        let mut response = PlanResponse {
            planned: request.proposed.clone(),
            requires_replace: Vec::new(),
            private: request.prior_private.clone(),
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
        let schema = &schemas.schema;
        let PlanRequest {
            prior,
            config,
            proposed,
            prior_private,
            prior_identity,
            ..
        } = request;
        let destroy = config.is_null();
        let change = if destroy {
            Change::Destroy { prior: prior.clone() }
        } else {
            let proposed = proposal::propose(schema, &prior, &config, &proposed);
            if prior.is_null() {
                Change::Create {
                    config: config.clone(),
                    proposed,
                }
            } else {
                Change::Update {
                    prior: prior.clone(),
                    config: config.clone(),
                    proposed,
                }
            }
        };

        let mut private = Private::from_bytes(&prior_private);
        let cx = Cx::new(self.cancel(), private.clone());
        let nothing_changes =
            matches!(&change, Change::Update { prior, proposed, .. } if proposed.same(prior));
        let client = if nothing_changes { None } else { self.client() };
        let seen = match client {
            None => Seen::default(),
            Some(client) => match catch("observe AWS", resource.observe(&client, &change, &cx)).await {
                Ok(Ok(seen)) => seen,
                Ok(Err(diagnostics)) => {
                    response.diagnostics.extend(cx.finish().0);
                    response.diagnostics.extend(diagnostics);
                    return response;
                }
                Err(panic) => {
                    response.diagnostics.push(panic);
                    return response;
                }
            },
        };
        response.diagnostics.extend(cx.finish().0);

        let planned = match catch_pure("plan the change", || resource.plan(change, seen)) {
            Ok(planned) => planned,
            Err(panic) => {
                response.diagnostics.push(panic);
                return response;
            }
        };
        response.diagnostics.extend(planned.diagnostics);

        private.remove(DESTROY);
        if destroy {
            private.set(DESTROY, true.into());
        } else if !prior.is_null() {
            private.set(HAD_PRIOR, true.into());
        }
        response.private = private.to_bytes();
        if destroy {
            response.planned = Value::Null;
            response.identity = prior_identity;
            return response;
        }

        response
            .diagnostics
            .extend(promises::check_plan(schema, &prior, &config, &planned.model));
        if !prior.is_null() {
            response.requires_replace = proposal::replacements(schema, &prior, &config, &planned.model);
            response.requires_replace.extend(planned.replace);
            response.requires_replace.sort();
            response.requires_replace.dedup();
            if schemas.identity.is_some() {
                response.identity = prior_identity.or_else(|| resource.identity(&prior));
            }
        }
        response.planned = planned.model;
        response
    }
}
