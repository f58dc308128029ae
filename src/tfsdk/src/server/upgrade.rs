//! UpgradeResourceState.

use super::catch::catch_pure;
use super::outgoing::fit_schema;
use super::{Server, proposal};
use crate::{Diagnostic, Diagnostics, Provider, Type, Upgrade, Value};

/// Decodes stored state by a type: attributes that the type lacks are ignored, missing ones are null.
pub trait DecodeState {
    /// Decodes it.
    ///
    /// # Errors
    /// The state does not fit the type.
    fn decode(&self, ty: &Type) -> Result<Value, Diagnostic>;
}

impl<F: Fn(&Type) -> Result<Value, Diagnostic>> DecodeState for F {
    fn decode(&self, ty: &Type) -> Result<Value, Diagnostic> {
        self(ty)
    }
}

/// Stored state to bring up to the current schema.
pub struct UpgradeRequest<'a> {
    /// The full type name.
    pub type_name: &'a str,
    /// The schema version it was stored with.
    pub version: i64,
    /// The state itself.
    pub state: &'a dyn DecodeState,
}

impl<P: Provider> Server<P> {
    /// Upgrades stored state. Terraform asks for it on every use of state.
    ///
    /// # Errors
    /// The state cannot be read, or there is no upgrade from its version.
    pub fn upgrade(&self, request: &UpgradeRequest<'_>) -> Result<Value, Diagnostics> {
        let (resource, schemas) = self.resource(request.type_name)?;
        let current = schemas.schema.version;
        let state = if request.version == current {
            request.state.decode(&schemas.schema.ty())?
        } else {
            let upgrade = resource
                .upgrades()
                .iter()
                .find(|upgrade| upgrade.from == request.version)
                .ok_or_else(|| no_upgrade(request, current))?;
            upgraded(upgrade, request.state)?
        };
        if state.is_null() || !state.is_wholly_known() {
            return Err(Diagnostic::bug(
                "Missing Upgraded Resource State",
                "The upgraded state is null or has unknown values.",
            )
            .into());
        }
        let (state, faults) = fit_schema(&schemas.schema, state);
        if !faults.is_empty() {
            return Err(faults.into_iter().collect());
        }
        Ok(proposal::without_write_only(&schemas.schema, &state))
    }
}

fn upgraded(upgrade: &Upgrade, state: &dyn DecodeState) -> Result<Value, Diagnostics> {
    let old = state.decode(&catch_pure("describe the old state", upgrade.ty)?)?;
    catch_pure("upgrade the state", || (upgrade.upgrade)(old))?
}

fn no_upgrade(request: &UpgradeRequest<'_>, current: i64) -> Diagnostic {
    Diagnostic::error(
        "Unable to Upgrade Resource State",
        format!(
            "The state of this {} was written with schema version {}, and this provider reads version {current}. \
             Use the provider version that wrote it, or remove the object from state and import it again.",
            request.type_name, request.version
        ),
    )
}
