//! GetResourceIdentitySchemas: the identities of the resource types that have one.

use tfsdk::{Diagnostics, Provider, Server};

use crate::convert::identity;
use crate::generated::tfplugin6::get_resource_identity_schemas::Response;

pub(super) fn handle<P: Provider>(server: &Server<P>) -> Result<Response, Diagnostics> {
    let with_identity =
        server.schemas().resources.iter().filter_map(|(name, resource)| {
            Some((name.clone(), identity::schema(resource.identity.as_ref()?)))
        });
    Ok(Response {
        identity_schemas: with_identity.collect(),
        diagnostics: Vec::new(),
    })
}
