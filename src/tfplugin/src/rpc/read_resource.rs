//! ReadResource.

use tfsdk::server::ReadRequest;
use tfsdk::{Diagnostics, Provider, Server};

use super::lookup;
use crate::convert::{diagnostics, identity, values};
use crate::generated::tfplugin6::read_resource::{Request, Response};

pub(super) async fn handle<P: Provider>(
    server: &Server<P>,
    request: Request,
) -> Result<Response, Diagnostics> {
    let schemas = lookup::resource(server, &request.type_name)?;
    let ty = schemas.schema.ty();
    let state = values::decode(request.current_state, &ty, "the current state")?;
    let native = ReadRequest {
        type_name: request.type_name,
        state,
        private: request.private,
        identity: identity::decode(request.current_identity, schemas.identity.as_ref())?,
    };
    let read = server.read(native).await;
    Ok(Response {
        new_state: Some(values::encode(&read.state, &ty, "a new state")?),
        new_identity: identity::encode(read.identity.as_ref(), schemas.identity.as_ref())?,
        private: read.private,
        diagnostics: diagnostics::to_proto(read.diagnostics),
        deferred: None,
    })
}
