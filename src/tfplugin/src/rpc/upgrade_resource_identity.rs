//! UpgradeResourceIdentity: only asked when the versions differ.

use tfsdk::server::UpgradeRequest;
use tfsdk::{Diagnostics, Provider, Server};

use super::lookup;
use crate::convert::identity;
use crate::convert::values::Stored;
use crate::generated::tfplugin6::upgrade_resource_identity::{Request, Response};

pub(super) fn handle<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let schemas = lookup::resource(server, &request.type_name)?;
    let Some(raw) = &request.raw_identity else {
        return Ok(Response::default());
    };
    let upgraded = server.upgrade_identity(&UpgradeRequest {
        type_name: &request.type_name,
        version: request.version,
        state: &Stored::new(raw, "the stored identity"),
    })?;
    let upgraded_identity = identity::encode(Some(&upgraded), schemas.identity.as_ref())?;
    Ok(Response {
        upgraded_identity,
        diagnostics: Vec::new(),
    })
}
