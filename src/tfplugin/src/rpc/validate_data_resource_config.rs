//! ValidateDataResourceConfig. The provider is not configured yet.

use tfsdk::{Diagnostics, Provider, Server};

use super::lookup;
use crate::convert::{diagnostics, values};
use crate::generated::tfplugin6::validate_data_resource_config::{Request, Response};

pub(super) fn handle<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let schema = lookup::data_source(server, &request.type_name)?;
    let config = values::decode(request.config, &schema.ty(), "the configuration")?;
    let found = server.validate_data_source(&request.type_name, &config);
    Ok(Response {
        diagnostics: diagnostics::to_proto(found),
    })
}
