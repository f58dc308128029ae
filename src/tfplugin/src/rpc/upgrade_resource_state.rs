//! UpgradeResourceState: Terraform asks on every use of stored state, also when the versions are equal.

use tfsdk::server::UpgradeRequest;
use tfsdk::{Diagnostics, Provider, Server, Value};

use super::lookup;
use crate::convert::values::{self, Stored};
use crate::generated::tfplugin6::upgrade_resource_state::{Request, Response};

pub(super) fn handle<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let schemas = lookup::resource(server, &request.type_name)?;
    let upgraded = match &request.raw_state {
        None => Value::Null,
        Some(raw) => server.upgrade(&UpgradeRequest {
            type_name: &request.type_name,
            version: request.version,
            state: &Stored::new(raw, "the stored state"),
        })?,
    };
    let upgraded_state = values::encode(&upgraded, &schemas.schema.ty(), "an upgraded state")?;
    Ok(Response {
        upgraded_state: Some(upgraded_state),
        diagnostics: Vec::new(),
    })
}
