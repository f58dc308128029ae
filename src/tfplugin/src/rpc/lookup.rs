//! Finds the schema by which the values of a call are read.

use tfsdk::server::ResourceSchemas;
use tfsdk::{Diagnostic, Provider, Schema, Server, Signature};

/// The schemas of a resource type.
pub(super) fn resource<'a, P: Provider>(
    server: &'a Server<P>,
    type_name: &str,
) -> Result<&'a ResourceSchemas, Diagnostic> {
    server.schemas().resources.get(type_name).ok_or_else(|| {
        Diagnostic::error(
            "Resource Type Not Found",
            format!("The provider has no resource type {type_name:?}."),
        )
    })
}

/// The schema of a data source.
pub(super) fn data_source<'a, P: Provider>(
    server: &'a Server<P>,
    type_name: &str,
) -> Result<&'a Schema, Diagnostic> {
    server.schemas().data_sources.get(type_name).ok_or_else(|| {
        Diagnostic::error(
            "Data Source Type Not Found",
            format!("The provider has no data source {type_name:?}."),
        )
    })
}

/// What a function takes and gives.
pub(super) fn function<'a, P: Provider>(
    server: &'a Server<P>,
    name: &str,
) -> Result<&'a Signature, Diagnostic> {
    server.schemas().functions.get(name).ok_or_else(|| {
        Diagnostic::error(
            "Function Not Found",
            format!("The provider has no function {name:?}."),
        )
    })
}
