//! ReadDataSource.

use tfsdk::{Diagnostics, Provider, Server};

use super::lookup;
use crate::convert::{diagnostics, values};
use crate::generated::tfplugin6::read_data_source::{Request, Response};

pub(super) async fn handle<P: Provider>(
    server: &Server<P>,
    request: Request,
) -> Result<Response, Diagnostics> {
    let ty = lookup::data_source(server, &request.type_name)?.ty();
    let config = values::decode(request.config, &ty, "the configuration")?;
    let (state, found) = server.read_data_source(&request.type_name, config).await?;
    Ok(Response {
        state: Some(values::encode(&state, &ty, "a data source's state")?),
        diagnostics: diagnostics::to_proto(found),
        deferred: None,
    })
}
