//! MoveResourceState: a `moved` block across resource types. OpenTofu asks without looking at the
//! capability.

use tfsdk::{Diagnostics, Provider, Server};

use crate::generated::tfplugin6::move_resource_state::{Request, Response};

pub(super) fn handle<P: Provider>(server: &Server<P>, request: &Request) -> Result<Response, Diagnostics> {
    Err(server
        .move_state(&request.source_type_name, &request.target_type_name)
        .into())
}
