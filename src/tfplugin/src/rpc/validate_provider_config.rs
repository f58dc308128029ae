//! ValidateProviderConfig.

use tfsdk::{Diagnostics, Provider, Server};

use crate::convert::{diagnostics, values};
use crate::generated::tfplugin6::validate_provider_config::{Request, Response};

pub(super) fn handle<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let config = values::decode(
        request.config,
        &server.schemas().provider.ty(),
        "the provider's configuration",
    )?;
    Ok(Response {
        diagnostics: diagnostics::to_proto(server.validate_provider(&config)),
    })
}
