//! UpgradeResourceIdentity.

use super::Server;
use super::upgrade::UpgradeRequest;
use crate::{Diagnostic, Diagnostics, Provider, Value};

impl<P: Provider> Server<P> {
    /// Brings a stored identity up to the current schema. Terraform asks only when versions differ.
    ///
    /// # Errors
    /// The type has no identity, or the stored one is of another version.
    pub fn upgrade_identity(&self, request: &UpgradeRequest<'_>) -> Result<Value, Diagnostics> {
        let (_, schemas) = self.resource(request.type_name)?;
        let Some(identity) = &schemas.identity else {
            return Err(Diagnostic::error(
                "Resource has no identity",
                format!("{} declares no identity.", request.type_name),
            )
            .into());
        };
        if request.version != identity.version {
            return Err(Diagnostic::error(
                "Unable to Upgrade Resource Identity",
                format!(
                    "The identity of this {} was written with version {}, and this provider reads version {}. \
                     Use the provider version that wrote it, or import the object again.",
                    request.type_name, request.version, identity.version
                ),
            )
            .into());
        }
        Ok(request.state.decode(&identity.ty())?)
    }
}
