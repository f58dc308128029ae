//! The organization that accounts belong to, and its switch for copies between accounts, which only the management
//! account may turn.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{invalid, refused};
use crate::clock::Moment;
use crate::failure::Failure;
use crate::world::{Context, read};

/// The one organization of the simulated world, as `/_simulator/organization` takes it and lists it. Without a
/// management account there is none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organization {
    #[serde(default)]
    management_account: String,
    /// The other accounts.
    #[serde(default)]
    members: Vec<String>,
    #[serde(skip)]
    settings: BTreeMap<String, String>,
    #[serde(skip)]
    changed_at: Option<Moment>,
}

/// The switch for copies between the accounts of an organization.
const CROSS_ACCOUNT: &str = "isCrossAccountBackupEnabled";

impl Organization {
    pub(crate) fn id(&self) -> &'static str {
        "o-simulated0"
    }

    pub(crate) fn management_account(&self) -> &str {
        &self.management_account
    }

    /// Whether an account belongs to it.
    pub(crate) fn has(&self, account: &str) -> bool {
        !self.management_account.is_empty()
            && (self.management_account == account || self.members.iter().any(|member| member == account))
    }

    /// Whether copies between its accounts are allowed.
    pub(super) fn allows_cross_account(&self) -> bool {
        self.settings
            .get(CROSS_ACCOUNT)
            .is_some_and(|value| value == "true")
    }

    /// Replaces the accounts and keeps the settings, as an account that leaves an organization does not change it.
    pub(crate) fn replace_accounts(&mut self, other: Self) {
        self.management_account = other.management_account;
        self.members = other.members;
    }
}

pub(super) fn describe_settings(cx: &mut Context<'_>) -> Result<Value, Failure> {
    let organization = &cx.world.backup.organization;
    if !organization.has(&cx.place.account) {
        return Err(refused("Your account is not a member of an organization."));
    }
    let mut settings = organization.settings.clone();
    settings
        .entry(CROSS_ACCOUNT.to_owned())
        .or_insert_with(|| "false".to_owned());
    let mut output = json!({"GlobalSettings": settings});
    if let Some(at) = organization.changed_at {
        output["LastUpdateTime"] = at.to_epoch_seconds();
    }
    Ok(output)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Update {
    #[serde(default)]
    global_settings: BTreeMap<String, String>,
}

pub(super) fn update_settings(cx: &mut Context<'_>, input: Value) -> Result<Value, Failure> {
    let input: Update = read(input)?;
    let now = cx.now;
    let organization = &mut cx.world.backup.organization;
    if organization.management_account != *cx.place.account {
        return Err(refused(
            "Only the organization's management account can update global settings.",
        ));
    }
    for (name, value) in &input.global_settings {
        if name != CROSS_ACCOUNT || !["true", "false"].contains(&value.as_str()) {
            return Err(invalid(format!("Invalid global setting {name}: {value}")));
        }
    }
    organization.settings.extend(input.global_settings);
    organization.changed_at = Some(now);
    Ok(json!({}))
}
