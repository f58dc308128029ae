//! What AWS checks about keys, attribute definitions, indexes and capacity when a table is made or changed.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::design::{
    BillingMode, Design, GlobalIndex, IndexStatus, KeyElement, KeyType, LocalIndex, OnDemandThroughput,
    Projection, Throughput,
};
use crate::failure::Failure;

/// AWS: five local indexes per table (hard), twenty global ones (a quota's default), 100 projected attributes in all.
const MAX_LOCAL_INDEXES: usize = 5;
const MAX_GLOBAL_INDEXES: usize = 20;
const MAX_PROJECTED_ATTRIBUTES: usize = 100;
const MAX_NON_KEY_ATTRIBUTES: usize = 20;

/// Global indexes take up to four attributes on either side of their key.
const MAX_INDEX_KEY_ATTRIBUTES: usize = 4;

/// A secondary index as requests describe it, global or local.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct IndexInput {
    pub(crate) index_name: String,
    pub(crate) key_schema: Vec<KeyElement>,
    pub(crate) projection: Projection,
    pub(crate) provisioned_throughput: Option<Throughput>,
    pub(crate) on_demand_throughput: Option<OnDemandThroughput>,
}

impl IndexInput {
    pub(crate) fn to_global(&self, status: IndexStatus) -> GlobalIndex {
        GlobalIndex {
            name: self.index_name.clone(),
            key_schema: self.key_schema.clone(),
            projection: self.projection.clone(),
            throughput: self.provisioned_throughput.unwrap_or_default(),
            on_demand: self.on_demand_throughput.unwrap_or_default(),
            status,
        }
    }

    pub(crate) fn to_local(&self) -> LocalIndex {
        LocalIndex {
            name: self.index_name.clone(),
            key_schema: self.key_schema.clone(),
            projection: self.projection.clone(),
        }
    }
}

pub(crate) fn invalid(text: impl std::fmt::Display) -> Failure {
    Failure::validation(format!("One or more parameter values were invalid: {text}"))
}

/// Checks a whole design: a new table's, or one to which an index is added.
pub(crate) fn check(design: &Design) -> Result<(), Failure> {
    check_key_schema(&design.key_schema, 1)?;
    check_names(design)?;
    check_local_indexes(design)?;
    for index in &design.global_indexes {
        check_key_schema(&index.key_schema, MAX_INDEX_KEY_ATTRIBUTES)?;
    }
    check_projections(design)?;
    check_attributes(design)
}

fn check_key_schema(schema: &[KeyElement], most: usize) -> Result<(), Failure> {
    let refuse = |text: &str| Err(Failure::validation(format!("Invalid KeySchema: {text}")));
    let hashes = schema
        .iter()
        .take_while(|element| element.key_type == KeyType::Hash)
        .count();
    let ranges = schema.len() - hashes;
    if hashes == 0 {
        return refuse("The first KeySchemaElement is not a HASH key type");
    }
    if schema[hashes..]
        .iter()
        .any(|element| element.key_type == KeyType::Hash)
        || hashes > most
    {
        return refuse("The second KeySchemaElement is not a RANGE key type");
    }
    if ranges > most {
        return refuse("Some KeySchemaElements are one too many RANGE key types");
    }
    let names: BTreeSet<&str> = schema
        .iter()
        .map(|element| element.attribute_name.as_str())
        .collect();
    if names.len() < schema.len() {
        return Err(invalid(
            "Both the Hash Key and the Range Key element in the KeySchema have the same name",
        ));
    }
    Ok(())
}

fn check_names(design: &Design) -> Result<(), Failure> {
    let global = design.global_indexes.iter().map(|index| &index.name);
    let mut seen = BTreeSet::new();
    for name in global.chain(design.local_indexes.iter().map(|index| &index.name)) {
        if !seen.insert(name) {
            return Err(invalid(format_args!("Duplicate index name: {name}")));
        }
    }
    if design.local_indexes.len() > MAX_LOCAL_INDEXES {
        return Err(invalid(format_args!(
            "Number of LocalSecondaryIndexes exceeds per-table limit of {MAX_LOCAL_INDEXES}"
        )));
    }
    if design.global_indexes.len() > MAX_GLOBAL_INDEXES {
        return Err(invalid(format_args!(
            "Number of GlobalSecondaryIndexes exceeds per-table limit of {MAX_GLOBAL_INDEXES}"
        )));
    }
    Ok(())
}

fn check_local_indexes(design: &Design) -> Result<(), Failure> {
    let table_hash = &design.key_schema[0].attribute_name;
    if !design.local_indexes.is_empty() && design.key_schema.len() < 2 {
        return Err(invalid(
            "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
        ));
    }
    for LocalIndex { name, key_schema, .. } in &design.local_indexes {
        check_key_schema(key_schema, 1)?;
        if key_schema.len() < 2 {
            return Err(invalid(format_args!(
                "Index KeySchema does not have a range key for index: {name}"
            )));
        }
        let hash = &key_schema[0].attribute_name;
        if hash != table_hash {
            return Err(invalid(format_args!(
                "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. \
                 index hash key: {hash}, table hash key: {table_hash}"
            )));
        }
    }
    Ok(())
}

fn check_projections(design: &Design) -> Result<(), Failure> {
    let global = design.global_indexes.iter().map(|index| &index.projection);
    let mut projected = 0;
    for projection in global.chain(design.local_indexes.iter().map(|index| &index.projection)) {
        projected += check_projection(projection)?;
    }
    if projected > MAX_PROJECTED_ATTRIBUTES {
        return Err(invalid(format_args!(
            "Number of attributes in all NonKeyAttributes exceeds the limit of {MAX_PROJECTED_ATTRIBUTES}"
        )));
    }
    Ok(())
}

/// Answers how many attributes are projected by name.
pub(crate) fn check_projection(projection: &Projection) -> Result<usize, Failure> {
    let named = projection.non_key_attributes.as_ref().map(Vec::len);
    match (projection.projection_type.as_deref(), named) {
        (None, _) => Err(invalid("Unknown ProjectionType: null")),
        (Some("INCLUDE"), None) => Err(invalid(
            "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
        )),
        (Some("INCLUDE"), Some(count)) if count > MAX_NON_KEY_ATTRIBUTES => Err(invalid(format_args!(
            "Number of NonKeyAttributes exceeds per-index limit of {MAX_NON_KEY_ATTRIBUTES}"
        ))),
        (Some("INCLUDE"), Some(count)) => Ok(count),
        (Some(kind), Some(_)) => Err(invalid(format_args!(
            "ProjectionType is {kind}, but NonKeyAttributes is specified"
        ))),
        (Some(_), None) => Ok(0),
    }
}

fn check_attributes(design: &Design) -> Result<(), Failure> {
    let list = |names: &[&str]| format!("[{}]", names.join(", "));
    let defined: Vec<&str> = design
        .attributes
        .iter()
        .map(|attribute| &*attribute.attribute_name)
        .collect();
    if defined.iter().collect::<BTreeSet<_>>().len() < defined.len() {
        return Err(invalid("Cannot have two attributes with the same name"));
    }
    let schemas = std::iter::once(&design.key_schema)
        .chain(design.local_indexes.iter().map(|index| &index.key_schema))
        .chain(design.global_indexes.iter().map(|index| &index.key_schema));
    let mut used: Vec<&str> = Vec::new();
    for (position, schema) in schemas.enumerate() {
        let names: Vec<&str> = schema.iter().map(|element| &*element.attribute_name).collect();
        if names.iter().any(|name| !defined.contains(name)) {
            let kind = if position == 0 { "" } else { "index " };
            return Err(invalid(format_args!(
                "Some {kind}key attributes are not defined in AttributeDefinitions. Keys: {}, \
                 AttributeDefinitions: {}",
                list(&names),
                list(&defined)
            )));
        }
        used.extend(
            names
                .iter()
                .filter(|name| !used.contains(name))
                .copied()
                .collect::<Vec<_>>(),
        );
    }
    if used.len() == defined.len() {
        return Ok(());
    }
    if design.global_indexes.is_empty() && design.local_indexes.is_empty() {
        return Err(invalid(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in \
             AttributeDefinitions",
        ));
    }
    Err(invalid(format_args!(
        "Some AttributeDefinitions are not used. AttributeDefinitions: {}, keys used: {}",
        list(&defined),
        list(&used)
    )))
}

/// Checks that capacity is given where the billing mode wants it and nowhere else.
pub(crate) fn check_capacity(
    mode: BillingMode,
    table: Option<Throughput>,
    indexes: &[IndexInput],
) -> Result<(), Failure> {
    match (mode, table) {
        (BillingMode::Provisioned, None) => {
            return Err(invalid(
                "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
            ));
        }
        (BillingMode::PayPerRequest, Some(_)) => {
            return Err(invalid(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is \
                 PAY_PER_REQUEST",
            ));
        }
        _ => {}
    }
    for index in indexes {
        check_index_capacity(mode, &index.index_name, index.provisioned_throughput)?;
    }
    Ok(())
}

pub(crate) fn check_index_capacity(
    mode: BillingMode,
    name: &str,
    throughput: Option<Throughput>,
) -> Result<(), Failure> {
    match (mode, throughput) {
        (BillingMode::Provisioned, None) => Err(invalid(format_args!(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified for index: {name}"
        ))),
        (BillingMode::PayPerRequest, Some(_)) => Err(invalid(format_args!(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: {name} when BillingMode is \
             PAY_PER_REQUEST"
        ))),
        _ => Ok(()),
    }
}

/// Checks the maxima of an on-demand table: -1 for none, or at least 1.
pub(crate) fn check_on_demand(mode: BillingMode, limits: Option<OnDemandThroughput>) -> Result<(), Failure> {
    let Some(limits) = limits else { return Ok(()) };
    for (name, units) in [
        ("MaxReadRequestUnits", limits.max_read_request_units),
        ("MaxWriteRequestUnits", limits.max_write_request_units),
    ] {
        match units {
            None | Some(-1) => {}
            Some(_) if mode == BillingMode::Provisioned => {
                return Err(invalid(format_args!(
                    "{name} can only be specified when BillingMode is PAY_PER_REQUEST"
                )));
            }
            Some(units) if units < 1 => {
                return Err(invalid(format_args!("{name} {units} is outside of valid range")));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
