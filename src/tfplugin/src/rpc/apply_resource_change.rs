//! ApplyResourceChange. Whatever goes wrong on the way out, what was made is answered as far as it can
//! be written: an answer without state makes Terraform forget a new object.

use tfsdk::server::ApplyRequest;
use tfsdk::{Diagnostics, Provider, Server};

use super::lookup;
use crate::convert::{diagnostics, identity, values};
use crate::generated::tfplugin6::apply_resource_change::{Request, Response};

pub(super) async fn handle<P: Provider>(
    server: &Server<P>,
    request: Request,
) -> Result<Response, Diagnostics> {
    let schemas = lookup::resource(server, &request.type_name)?;
    let ty = schemas.schema.ty();
    let native = ApplyRequest {
        type_name: request.type_name,
        prior: values::decode(request.prior_state, &ty, "the prior state")?,
        planned: values::decode(request.planned_state, &ty, "the planned state")?,
        config: values::decode(request.config, &ty, "the configuration")?,
        planned_private: request.planned_private,
        planned_identity: identity::decode(request.planned_identity, schemas.identity.as_ref())?,
    };
    let applied = server.apply(native).await;
    let mut found = applied.diagnostics;
    let (new_state, faults) = values::encode_salvaging(&applied.state, &ty, "a new state");
    found.extend(faults);
    let new_identity =
        identity::encode(applied.identity.as_ref(), schemas.identity.as_ref()).unwrap_or_else(|fault| {
            found.push(fault);
            None
        });
    Ok(Response {
        new_state,
        private: applied.private,
        new_identity,
        diagnostics: diagnostics::to_proto(found),
        // True would relax checks that protect the user.
        legacy_type_system: false,
    })
}
