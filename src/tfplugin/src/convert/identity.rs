//! Identities, from and to protobuf. Nothing is ever sent for a type that declares none: Terraform
//! crashes on it.

use tfsdk::{Diagnostic, IdentitySchema, Value};

use super::values;
use crate::codec::type_json;
use crate::generated::tfplugin6 as proto;

/// The schema of an identity.
pub(crate) fn schema(schema: &IdentitySchema) -> proto::ResourceIdentitySchema {
    let attributes =
        schema
            .attributes
            .iter()
            .map(|attribute| proto::resource_identity_schema::IdentityAttribute {
                name: attribute.name.to_owned(),
                r#type: type_json::to_json(&attribute.ty),
                required_for_import: attribute.required_for_import,
                // Exactly one of the two.
                optional_for_import: !attribute.required_for_import,
                description: attribute.description.to_owned(),
            });
    proto::ResourceIdentitySchema {
        version: schema.version,
        identity_attributes: attributes.collect(),
    }
}

/// Reads an identity, where the type declares one and one was sent.
pub(crate) fn decode(
    data: Option<proto::ResourceIdentityData>,
    schema: Option<&IdentitySchema>,
) -> Result<Option<Value>, Diagnostic> {
    let (Some(data), Some(schema)) = (data, schema) else {
        return Ok(None);
    };
    let identity = values::decode(data.identity_data, &schema.ty(), "the identity")?;
    Ok(Some(identity).filter(|identity| !identity.is_null()))
}

/// Writes an identity, where the type declares one.
pub(crate) fn encode(
    identity: Option<&Value>,
    schema: Option<&IdentitySchema>,
) -> Result<Option<proto::ResourceIdentityData>, Diagnostic> {
    let (Some(identity), Some(schema)) = (identity, schema) else {
        return Ok(None);
    };
    if identity.is_null() {
        return Ok(None);
    }
    let data = values::encode(identity, &schema.ty(), "an identity")?;
    Ok(Some(proto::ResourceIdentityData {
        identity_data: Some(data),
    }))
}
