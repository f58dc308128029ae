//! ValidateResourceConfig. The provider is not configured yet.

use tfsdk::{Diagnostics, Provider, Server};

use super::lookup;
use crate::convert::{diagnostics, values};
use crate::generated::tfplugin6::validate_resource_config::{Request, Response};

pub(super) fn handle<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let schemas = lookup::resource(server, &request.type_name)?;
    let config = values::decode(request.config, &schemas.schema.ty(), "the configuration")?;
    // A client that says nothing of itself understands nothing new.
    let write_only = request
        .client_capabilities
        .is_some_and(|client| client.write_only_attributes_allowed);
    let found = server.validate_resource(&request.type_name, &config, write_only);
    Ok(Response {
        diagnostics: diagnostics::to_proto(found),
    })
}
