//! ConfigureProvider. In debug mode one process is configured several times.

use tfsdk::{ConfigureRequest, Diagnostics, Provider, Server};

use crate::convert::{diagnostics, values};
use crate::generated::tfplugin6::configure_provider::{Request, Response};

pub(super) async fn handle<P: Provider>(
    server: &Server<P>,
    request: Request,
) -> Result<Response, Diagnostics> {
    let config = values::decode(
        request.config,
        &server.schemas().provider.ty(),
        "the provider's configuration",
    )?;
    let native = ConfigureRequest {
        terraform_version: request.terraform_version,
    };
    let found = server.configure(&config, native).await;
    Ok(Response {
        diagnostics: diagnostics::to_proto(found),
    })
}
