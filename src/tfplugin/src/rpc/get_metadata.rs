//! GetMetadata: the names of all there is. Terraform never asks; servers that put several providers
//! together do.

use tfsdk::{Diagnostics, Provider, Server};

use super::capabilities;
use crate::generated::tfplugin6::get_metadata::{
    DataSourceMetadata, FunctionMetadata, ResourceMetadata, Response,
};

pub(super) fn handle<P: Provider>(server: &Server<P>) -> Result<Response, Diagnostics> {
    let schemas = server.schemas();
    Ok(Response {
        server_capabilities: Some(capabilities()),
        resources: schemas
            .resources
            .keys()
            .cloned()
            .map(|type_name| ResourceMetadata { type_name })
            .collect(),
        data_sources: schemas
            .data_sources
            .keys()
            .cloned()
            .map(|type_name| DataSourceMetadata { type_name })
            .collect(),
        functions: schemas
            .functions
            .keys()
            .cloned()
            .map(|name| FunctionMetadata { name })
            .collect(),
        ..Response::default()
    })
}
