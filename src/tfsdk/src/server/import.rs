//! ImportResourceState and MoveResourceState.

use super::catch::catch_pure;
use super::outgoing::fit_schema;
use super::{Server, not_configured, promises, proposal};
use crate::{Diagnostic, Diagnostics, ImportTarget, Provider, Value};

/// What to import.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// The full type name.
    pub type_name: String,
    /// What to find it by.
    pub target: ImportTarget,
}

/// What was imported: enough for the read that follows.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The full type name.
    pub type_name: String,
    /// Partial state.
    pub state: Value,
    /// The identity that was given, if one was.
    pub identity: Option<Value>,
}

impl<P: Provider> Server<P> {
    /// Imports an object.
    ///
    /// # Errors
    /// The type cannot be imported, the id has another form than the type asks for, or the provider is not
    /// configured: the read that must follow could not be made, and the state would stay a stub.
    pub fn import(&self, request: ImportRequest) -> Result<Imported, Diagnostics> {
        let (resource, schemas) = self.resource(&request.type_name)?;
        let identity = match &request.target {
            ImportTarget::Id(_) => None,
            ImportTarget::Identity(_) if schemas.identity.is_none() => {
                return Err(Diagnostic::error(
                    "Resource has no identity",
                    format!(
                        "{} cannot be imported by identity. Use its id.",
                        request.type_name
                    ),
                )
                .into());
            }
            ImportTarget::Identity(identity) => Some(identity.clone()),
        };
        if self.client().is_none() {
            return Err(not_configured("import the object").into());
        }
        let imported = catch_pure("read the import id", || resource.import(request.target))?;
        let Some(imported) = imported else {
            return Err(Diagnostic::error(
                "Resource Import Not Implemented",
                format!("{} does not support import.", request.type_name),
            )
            .into());
        };
        let (state, mut faults) = fit_schema(&schemas.schema, imported?);
        faults.extend(promises::check_known(&state, "a value is unknown after import"));
        if !faults.is_empty() {
            return Err(faults.into_iter().collect());
        }
        Ok(Imported {
            type_name: request.type_name,
            state: proposal::without_write_only(&schemas.schema, &state),
            identity,
        })
    }

    /// Answers a move from another resource type: none is supported.
    pub fn move_state(&self, source: &str, target: &str) -> Diagnostic {
        Diagnostic::error(
            "Unable to Move Resource State",
            format!(
                "{target} cannot take over the state of {source}. Remove the moved block, then use a removed \
                 block for {source} and an import block for {target}: nothing is destroyed that way."
            ),
        )
    }
}
