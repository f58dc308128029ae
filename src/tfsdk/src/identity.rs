//! Resource identity (Terraform 1.12 and newer): the attributes that tell one object from all others.

use crate::Type;

/// The identity of a resource type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdentitySchema {
    /// Counts up when the attributes change.
    pub version: i64,
    /// In documentation order.
    pub attributes: Vec<IdentityAttribute>,
}

/// One attribute of an identity. Its type is a primitive or a list of primitives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityAttribute {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub ty: Type,
    /// Whether an import must give it; otherwise it may.
    pub required_for_import: bool,
    /// One sentence for the user.
    pub description: &'static str,
}

impl IdentitySchema {
    /// The object type of an identity.
    pub fn ty(&self) -> Type {
        Type::object(
            self.attributes
                .iter()
                .map(|attribute| (attribute.name, attribute.ty.clone())),
        )
    }
}
