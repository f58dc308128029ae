//! The part of a table that a backup records and a restore rebuilds: keys, indexes, billing, capacity, encryption.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AttributeDefinition {
    pub(crate) attribute_name: String,
    /// `S`, `N` or `B`.
    pub(crate) attribute_type: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct KeyElement {
    pub(crate) attribute_name: String,
    pub(crate) key_type: KeyType,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum KeyType {
    Hash,
    Range,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Projection {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) projection_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) non_key_attributes: Option<Vec<String>>,
}

impl Projection {
    /// Whether two projections hold the same attributes, in whatever order they are listed.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let sorted = |projection: &Self| {
            let mut names = projection.non_key_attributes.clone().unwrap_or_default();
            names.sort();
            names
        };
        self.projection_type == other.projection_type && sorted(self) == sorted(other)
    }
}

/// Capacity units per second; both zero on an on-demand table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Throughput {
    pub(crate) read_capacity_units: i64,
    pub(crate) write_capacity_units: i64,
}

/// The most that an on-demand table may use; -1 or absent for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OnDemandThroughput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_read_request_units: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_write_request_units: Option<i64>,
}

impl OnDemandThroughput {
    pub(crate) fn is_unlimited(&self) -> bool {
        let unlimited = |units: Option<i64>| units.is_none_or(|units| units == -1);
        unlimited(self.max_read_request_units) && unlimited(self.max_write_request_units)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum BillingMode {
    Provisioned,
    PayPerRequest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum IndexStatus {
    Creating,
    Updating,
    Deleting,
    Active,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GlobalIndex {
    pub(crate) name: String,
    pub(crate) key_schema: Vec<KeyElement>,
    pub(crate) projection: Projection,
    pub(crate) throughput: Throughput,
    pub(crate) on_demand: OnDemandThroughput,
    pub(crate) status: IndexStatus,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LocalIndex {
    pub(crate) name: String,
    pub(crate) key_schema: Vec<KeyElement>,
    pub(crate) projection: Projection,
}

/// How a table is encrypted at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// Under a key that AWS owns: the default, and not shown in descriptions.
    AwsOwned,
    /// Under a key of the account, be it `alias/aws/dynamodb` or the customer's.
    Kms { key_arn: String },
}

impl Encryption {
    /// The `SSEDescription` of tables and backups.
    pub(crate) fn describe(&self) -> Option<Value> {
        match self {
            Self::AwsOwned => None,
            Self::Kms { key_arn } => {
                Some(json!({"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key_arn}))
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Design {
    pub(crate) attributes: Vec<AttributeDefinition>,
    pub(crate) key_schema: Vec<KeyElement>,
    pub(crate) global_indexes: Vec<GlobalIndex>,
    pub(crate) local_indexes: Vec<LocalIndex>,
    pub(crate) billing_mode: BillingMode,
    pub(crate) throughput: Throughput,
    pub(crate) on_demand: OnDemandThroughput,
    pub(crate) encryption: Encryption,
}

impl Design {
    /// The type of a defined attribute: `S`, `N` or `B`.
    pub(crate) fn attribute_type(&self, name: &str) -> Option<&str> {
        let definition = self
            .attributes
            .iter()
            .find(|attribute| attribute.attribute_name == name)?;
        Some(&definition.attribute_type)
    }

    /// The key schema of an index, whichever kind it is.
    pub(crate) fn index_key_schema(&self, name: &str) -> Option<&[KeyElement]> {
        let global = self
            .global_indexes
            .iter()
            .find(|index| index.name == name)
            .map(|index| &index.key_schema);
        let local = || {
            self.local_indexes
                .iter()
                .find(|index| index.name == name)
                .map(|index| &index.key_schema)
        };
        global.or_else(local).map(Vec::as_slice)
    }

    /// Drops definitions of attributes that neither the table's key nor an index's uses.
    pub(crate) fn prune_attributes(&mut self) {
        let schemas = std::iter::once(&self.key_schema)
            .chain(self.global_indexes.iter().map(|index| &index.key_schema))
            .chain(self.local_indexes.iter().map(|index| &index.key_schema));
        let used: Vec<String> = schemas
            .flatten()
            .map(|element| element.attribute_name.clone())
            .collect();
        self.attributes
            .retain(|attribute| used.contains(&attribute.attribute_name));
    }
}
