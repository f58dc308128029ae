//! PlanResourceChange.

use super::catch::{catch, catch_pure};
use super::identity::identify;
use super::outgoing::fit_schema;
use super::replacement::replacements;
use super::{ResourceSchemas, Server, marks, promises, proposal};
use crate::resource::Seen;
use crate::{Change, Cx, Diagnostics, DynResource, Path, PlanId, Planned, Private, Provider, Schema, Value};

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
    /// Plans a change. Terraform does so at plan, once more for the create half of a replacement, and once
    /// more right before the apply.
    pub async fn plan(&self, request: PlanRequest) -> PlanResponse {
        let mut response = PlanResponse {
            planned: Value::Null,
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
        let (private, mut marks) = marks::split(&request.prior_private);
        marks.destroy = request.config.is_null();
        marks.had_prior |= !request.prior.is_null() && !marks.destroy;
        // The second half of a replacement is handed what the first half left.
        let plan_id = marks::find_plan(&request.prior_private)
            .filter(|_| request.prior.is_null())
            .unwrap_or_else(PlanId::new);
        response.private = marks::join(private.clone(), marks);
        if request.prior.is_null() && marks.destroy {
            return response;
        }

        let change = change(&schemas.schema, &request);
        if matches!(change, Change::Update { .. }) {
            // It may turn out to be the first half.
            response.private = marks::note_plan(&response.private, &plan_id);
        }
        let planned = match self.decide(resource, change, private, plan_id).await {
            Ok((planned, warnings)) => {
                response.diagnostics.extend(warnings);
                planned
            }
            Err(diagnostics) => {
                response.diagnostics.extend(diagnostics);
                return response;
            }
        };
        response.diagnostics.extend(planned.diagnostics);
        if response.diagnostics.has_error() {
            return response;
        }
        response.identity = known_identity(resource, schemas, &request);
        if marks.destroy {
            return response;
        }

        let PlanRequest { prior, config, .. } = request;
        let schema = &schemas.schema;
        let (model, faults) = fit_schema(schema, planned.model);
        response.diagnostics.extend(faults);
        response.planned = proposal::without_write_only(schema, &model);
        response
            .diagnostics
            .extend(promises::check_plan(schema, &prior, &config, &response.planned));
        if !prior.is_null() {
            response.diagnostics.extend(promises::check_replacements(
                &planned.replace,
                &prior,
                &response.planned,
            ));
            let mut paths = replacements(schema, &prior, &config, &response.planned);
            paths.extend(planned.replace);
            paths.sort();
            paths.dedup();
            response.requires_replace = paths;
        }
        response
    }

    /// Observes what the plan must know, and plans. The diagnostics beside the plan are warnings.
    async fn decide(
        &self,
        resource: &dyn DynResource<P::Client>,
        change: Change<Value>,
        private: Private,
        plan_id: PlanId,
    ) -> Result<(Planned<Value>, Diagnostics), Diagnostics> {
        let cx = Cx::new(self.cancel(), visible(&change, private)).of_plan(plan_id);
        let nothing_changes =
            matches!(&change, Change::Update { prior, proposed, .. } if proposed.same(prior));
        let seen = match self.client().filter(|_| !nothing_changes) {
            None => Ok(Seen::default()),
            Some(client) => catch("observe AWS", || resource.observe(&client, &change, &cx))
                .await
                .unwrap_or_else(|panic| Err(panic.into())),
        };
        let mut warnings = cx.finish().0;
        let planned = seen.and_then(|seen| {
            let review = self.review();
            let reviewed = || {
                let mut planned = resource.plan(change, seen);
                planned.diagnostics = review.of(planned.diagnostics);
                planned
            };
            catch_pure("plan the change", reviewed).map_err(Diagnostics::from)
        });
        match planned {
            Ok(planned) => Ok((planned, warnings)),
            Err(diagnostics) => {
                warnings.extend(diagnostics);
                Err(warnings)
            }
        }
    }
}

fn change(schema: &Schema, request: &PlanRequest) -> Change<Value> {
    let PlanRequest {
        prior,
        config,
        proposed,
        ..
    } = request.clone();
    if config.is_null() {
        return Change::Destroy { prior };
    }
    let proposed = proposal::propose(schema, &prior, &config, &proposed);
    if prior.is_null() {
        Change::Create { config, proposed }
    } else {
        Change::Update {
            prior,
            config,
            proposed,
        }
    }
}

/// The private state that belongs to the object of the change. A new object has none: what Terraform
/// hands over for the create half of a replacement is the old object's.
fn visible(change: &Change<Value>, private: Private) -> Private {
    match change {
        Change::Create { .. } => Private::default(),
        Change::Update { .. } | Change::Destroy { .. } => private,
    }
}

/// The identity of an object that is there already.
fn known_identity<C>(
    resource: &dyn DynResource<C>,
    schemas: &ResourceSchemas,
    request: &PlanRequest,
) -> Option<Value> {
    if schemas.identity.is_none() || request.prior.is_null() {
        return None;
    }
    match &request.prior_identity {
        Some(identity) if !identity.is_null() => Some(identity.clone()),
        // The state is older than the type's identities. One that is not far enough for an identity is no fault
        // before it was read.
        _ => identify(resource, schemas, &request.prior, None).unwrap_or_default(),
    }
}
