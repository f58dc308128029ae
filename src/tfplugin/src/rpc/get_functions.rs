//! GetFunctions: OpenTofu asks here; Terraform takes functions from the schemas.

use tfsdk::{Diagnostics, Provider, Server};

use crate::convert::functions;
use crate::generated::tfplugin6::get_functions::Response;

pub(super) fn handle<P: Provider>(server: &Server<P>) -> Result<Response, Diagnostics> {
    let all = server.schemas().functions.iter();
    let functions = all.map(|(name, function)| (name.clone(), functions::signature(function)));
    Ok(Response {
        functions: functions.collect(),
        diagnostics: Vec::new(),
    })
}
