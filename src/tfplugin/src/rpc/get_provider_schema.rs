//! GetProviderSchema: every schema. Most processes are never asked, so nothing else relies on it.

use std::collections::BTreeMap;

use tfsdk::{Diagnostics, Provider, Server};

use super::capabilities;
use crate::convert::{functions, schemas};
use crate::generated::tfplugin6::get_provider_schema::Response;

pub(super) fn handle<P: Provider>(server: &Server<P>) -> Result<Response, Diagnostics> {
    let all = server.schemas();
    let mut response = Response {
        provider: Some(schemas::schema(&all.provider)),
        server_capabilities: Some(capabilities()),
        ..Response::default()
    };
    response.resource_schemas = map(&all.resources, |resource| schemas::schema(&resource.schema));
    response.data_source_schemas = map(&all.data_sources, schemas::schema);
    response.functions = map(&all.functions, functions::signature);
    Ok(response)
}

fn map<T, U>(all: &BTreeMap<String, T>, convert: impl Fn(&T) -> U) -> BTreeMap<String, U> {
    all.iter()
        .map(|(name, item)| (name.clone(), convert(item)))
        .collect()
}
