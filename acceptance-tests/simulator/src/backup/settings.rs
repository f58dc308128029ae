//! The opt-in of resource types and the advanced features, per account and Region.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::invalid;
use crate::failure::Failure;
use crate::world::{Context, read};

/// The types that AWS Backup knows; the account of a test is opted in for all of them, as a new account is.
const TYPES: [&str; 13] = [
    "Aurora",
    "CloudFormation",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "S3",
    "VirtualMachine",
];

/// The types whose backups AWS Backup may manage wholly.
const MANAGEABLE: [&str; 2] = ["DynamoDB", "EFS"];

/// The settings of one account in one Region.
pub(super) struct RegionSettings {
    opt_in: BTreeMap<String, bool>,
    management: BTreeMap<String, bool>,
}

impl Default for RegionSettings {
    /// As in an account that had no vault before November 2021: advanced features are on.
    fn default() -> Self {
        let on = |types: &[&str]| types.iter().map(|it| ((*it).to_owned(), true)).collect();
        Self {
            opt_in: on(&TYPES),
            management: on(&MANAGEABLE),
        }
    }
}

impl RegionSettings {
    /// Whether DynamoDB is opted in.
    pub(super) fn is_opted_in(&self) -> bool {
        self.opt_in.get("DynamoDB").copied().unwrap_or(false)
    }

    /// Whether backups of DynamoDB tables get the advanced features.
    pub(super) fn is_advanced(&self) -> bool {
        self.management.get("DynamoDB").copied().unwrap_or(false)
    }
}

pub(super) fn describe(cx: &mut Context<'_>) -> Value {
    let settings = &cx.world.backup.region(cx.place).settings;
    json!({
        "ResourceTypeOptInPreference": settings.opt_in,
        "ResourceTypeManagementPreference": settings.management,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Update {
    #[serde(default)]
    resource_type_opt_in_preference: BTreeMap<String, bool>,
    #[serde(default)]
    resource_type_management_preference: BTreeMap<String, bool>,
}

/// A type that is left out keeps its value.
pub(super) fn update(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Update = read(input)?;
    let settings = &mut cx.world.backup.region(cx.place).settings;
    let unknown = |given: &BTreeMap<String, bool>, known: &[&str]| {
        given.keys().find(|key| !known.contains(&key.as_str())).cloned()
    };
    if let Some(name) = unknown(&input.resource_type_opt_in_preference, &TYPES)
        .or_else(|| unknown(&input.resource_type_management_preference, &MANAGEABLE))
    {
        return Err(invalid(format!("Unsupported resource type: {name}")));
    }
    settings.opt_in.extend(input.resource_type_opt_in_preference);
    settings
        .management
        .extend(input.resource_type_management_preference);
    Ok(json!({}))
}
