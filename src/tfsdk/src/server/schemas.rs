//! All schemas of a provider.

use std::collections::BTreeMap;

use crate::{IdentitySchema, Schema, Signature};

/// Everything that GetProviderSchema answers, by full type name.
#[derive(Debug, Clone)]
pub struct Schemas {
    /// The provider block.
    pub provider: Schema,
    /// Managed resources.
    pub resources: BTreeMap<String, ResourceSchemas>,
    /// Data sources.
    pub data_sources: BTreeMap<String, Schema>,
    /// Functions, by the name after `provider::NAME::`.
    pub functions: BTreeMap<String, Signature>,
}

/// The schemas of one resource type.
#[derive(Debug, Clone)]
pub struct ResourceSchemas {
    /// Configuration and state.
    pub schema: Schema,
    /// Identity, where the type has one.
    pub identity: Option<IdentitySchema>,
}
