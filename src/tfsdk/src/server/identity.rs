//! UpgradeResourceIdentity, and the identities of the answers.

use super::catch::catch_pure;
use super::outgoing::fit_type;
use super::upgrade::UpgradeRequest;
use super::{ResourceSchemas, Server};
use crate::{Diagnostic, Diagnostics, DynResource, Provider, Value};

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

/// The identity of an object. `before` is the one that Terraform knows, if it knows one.
///
/// An error is our bug: the type declares identities, and this object has none or a new one.
pub(super) fn identify<C>(
    resource: &dyn DynResource<C>,
    schemas: &ResourceSchemas,
    state: &Value,
    before: Option<&Value>,
) -> Result<Option<Value>, Diagnostics> {
    let Some(schema) = &schemas.identity else {
        return Ok(None);
    };
    if state.is_null() {
        return Ok(None);
    }
    let Some(identity) = catch_pure("tell the object's identity", || resource.identity(state))? else {
        return Err(Diagnostic::bug(
            "Missing Resource Identity",
            "The resource type declares an identity, but the object has none or one that is not wholly known.",
        )
        .into());
    };
    let (identity, faults) = fit_type(&schema.ty(), identity);
    if !faults.is_empty() {
        return Err(faults.into_iter().collect());
    }
    if before.is_some_and(|before| contradicts(before, &identity)) {
        return Err(Diagnostic::bug(
            "Unexpected Identity Change",
            "The object has another identity than the one it was known by. An identity must not change as \
             long as the object lives.",
        )
        .into());
    }
    Ok(Some(identity))
}

/// Whether an attribute has another value than before. After an import by identity, those that the user left
/// out are null and may be filled in.
fn contradicts(before: &Value, after: &Value) -> bool {
    let Value::Object(attributes) = before else {
        return false;
    };
    attributes
        .iter()
        .any(|(name, value)| !value.is_null() && !value.is_unknown() && !value.same(after.attribute(name)))
}
