//! ImportResourceState. Terraform reads the object right afterwards.

use tfsdk::server::ImportRequest;
use tfsdk::{Diagnostics, ImportTarget, Provider, Server};

use super::lookup;
use crate::convert::{identity, values};
use crate::generated::tfplugin6::import_resource_state::{ImportedResource, Request, Response};

pub(super) fn handle<P: Provider>(server: &Server<P>, request: Request) -> Result<Response, Diagnostics> {
    let schemas = lookup::resource(server, &request.type_name)?;
    let target = match identity::decode(request.identity, schemas.identity.as_ref())? {
        Some(identity) => ImportTarget::Identity(identity),
        None => ImportTarget::Id(request.id),
    };
    let imported = server.import(ImportRequest {
        type_name: request.type_name,
        target,
    })?;
    let resource = ImportedResource {
        type_name: imported.type_name,
        state: Some(values::encode(
            &imported.state,
            &schemas.schema.ty(),
            "an imported state",
        )?),
        private: Vec::new(),
        identity: identity::encode(imported.identity.as_ref(), schemas.identity.as_ref())?,
    };
    Ok(Response {
        imported_resources: vec![resource],
        ..Response::default()
    })
}
