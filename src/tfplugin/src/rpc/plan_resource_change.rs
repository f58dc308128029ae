//! PlanResourceChange: called up to three times for one change, so its answer must always be the same.

use tfsdk::server::PlanRequest;
use tfsdk::{Diagnostics, Provider, Server};

use super::lookup;
use crate::convert::{diagnostics, identity, values};
use crate::generated::tfplugin6::plan_resource_change::{Request, Response};

pub(super) async fn handle<P: Provider>(
    server: &Server<P>,
    request: Request,
) -> Result<Response, Diagnostics> {
    let schemas = lookup::resource(server, &request.type_name)?;
    let ty = schemas.schema.ty();
    let native = PlanRequest {
        type_name: request.type_name,
        prior: values::decode(request.prior_state, &ty, "the prior state")?,
        config: values::decode(request.config, &ty, "the configuration")?,
        proposed: values::decode(request.proposed_new_state, &ty, "the proposed state")?,
        prior_private: request.prior_private,
        prior_identity: identity::decode(request.prior_identity, schemas.identity.as_ref())?,
    };
    let plan = server.plan(native).await;
    Ok(Response {
        planned_state: Some(values::encode(&plan.planned, &ty, "a plan")?),
        requires_replace: plan.requires_replace.iter().map(diagnostics::path).collect(),
        planned_private: plan.private,
        planned_identity: identity::encode(plan.identity.as_ref(), schemas.identity.as_ref())?,
        diagnostics: diagnostics::to_proto(plan.diagnostics),
        // True would relax checks that protect the user.
        legacy_type_system: false,
        deferred: None,
    })
}
