//! Sets the settings: reads what is there, changes only what differs, and waits until it shows.

use std::time::Duration;

use aws_clients::{
    AwsBackup, Cx as AwsCx, ErrorKind, GlobalSettings, RegionPreferences, RegionSettingsChange,
};
use tfsdk::{Cx, Diagnostic, Diagnostics};

use super::model::Switch;
use crate::diagnostics;

/// What the settings are to be. `None` leaves one alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Those of the Region.
    pub(super) region: RegionSettingsChange,
    /// That of the organization.
    pub(super) cross_account_backup: Option<bool>,
}

impl Wanted {
    pub(super) fn is_empty(self) -> bool {
        self.region.is_empty() && self.cross_account_backup.is_none()
    }

    /// Wants a setting.
    pub(super) fn set(&mut self, switch: Switch, value: bool) {
        *match switch {
            Switch::OptIn => &mut self.region.opt_in,
            Switch::AdvancedFeatures => &mut self.region.advanced_features,
            Switch::CrossAccountBackup => &mut self.cross_account_backup,
        } = Some(value);
    }
}

/// What the settings were before they were changed.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// Those of the Region.
    pub(super) region: RegionPreferences,
    /// Those of the organization, where they were looked at.
    organization: Option<GlobalSettings>,
}

impl Before {
    /// Reads them, those of the organization only where its setting is wanted.
    ///
    /// # Errors
    /// They cannot be read.
    pub(super) async fn read(backup: &AwsBackup, aws: &AwsCx, wanted: Wanted) -> Result<Self, Diagnostics> {
        let failed = |err| Diagnostics::from(diagnostics::aws("Settings of AWS Backup cannot be read", &err));
        let region = backup.find_region_preferences(aws).await.map_err(failed)?;
        let organization = match wanted.cross_account_backup {
            Some(_) => Some(backup.find_global_settings(aws).await.map_err(failed)?),
            None => None,
        };
        Ok(Self { region, organization })
    }

    /// What a setting was. What AWS does not name is off.
    pub(super) fn of(&self, switch: Switch) -> bool {
        let here = self.region.dynamodb();
        match switch {
            Switch::OptIn => here.opt_in.unwrap_or(false),
            Switch::AdvancedFeatures => here.advanced_features.unwrap_or(false),
            Switch::CrossAccountBackup => self
                .organization
                .as_ref()
                .is_some_and(GlobalSettings::cross_account_backup),
        }
    }
}

/// Changes what differs from `before`. `accepted` is called in the statement after each call that AWS took.
///
/// The organization comes first: it is what AWS refuses most, and then nothing else was done.
///
/// # Errors
/// A change was refused, or did not show in time.
pub(super) async fn change(
    backup: &AwsBackup,
    aws: &AwsCx,
    cx: &Cx,
    before: &Before,
    wanted: Wanted,
    mut accepted: impl FnMut(),
) -> Result<(), Diagnostics> {
    let summary = "Settings of AWS Backup cannot be changed";
    let organization = wanted
        .cross_account_backup
        .filter(|is_on| *is_on != before.of(Switch::CrossAccountBackup));
    if let Some(is_on) = organization {
        let sent = backup.update_cross_account_backup(aws, is_on).await;
        sent.map_err(|err| diagnostics::aws(summary, &err))?;
        accepted();
    }
    let here = before.region.dynamodb();
    let differing = |wanted: Option<bool>, actual: Option<bool>| wanted.filter(|_| wanted != actual);
    let region = RegionSettingsChange {
        opt_in: differing(wanted.region.opt_in, here.opt_in),
        advanced_features: differing(wanted.region.advanced_features, here.advanced_features),
    };
    if !region.is_empty() {
        let sent = backup.update_region_settings(aws, region).await;
        sent.map_err(|err| match organization {
            None => diagnostics::aws(summary, &err),
            Some(is_on) => {
                let done = if is_on { "on" } else { "off" };
                let aftermath = format!(
                    "Cross-account backup has been switched {done} before that. It is safe to send all of it again: run \
                     terraform apply."
                );
                diagnostics::aws_after(summary, &err, &aftermath)
            }
        })?;
        accepted();
        let shown = backup.wait_region_settings(aws, region).await;
        if let Some(after) = unless_interrupted(shown)? {
            let strangers = before.region.differences_beside_dynamodb(&after);
            warn_of_others(
                cx,
                &format!("in {}", backup.region()),
                "UpdateRegionSettings",
                &strangers,
            );
        }
    }
    if let Some(is_on) = organization {
        let shown = backup.wait_cross_account_backup(aws, is_on).await;
        if let (Some(after), Some(before)) = (unless_interrupted(shown)?, &before.organization) {
            let strangers = before.differences_beside_cross_account_backup(&after);
            warn_of_others(cx, "of the organization", "UpdateGlobalSettings", &strangers);
        }
    }
    Ok(())
}

/// AWS has taken the change; when the user does not wait for it, the next refresh shows it.
fn unless_interrupted<T>(shown: Result<T, aws_clients::Error>) -> Result<Option<T>, Diagnostics> {
    match shown {
        Ok(shown) => Ok(Some(shown)),
        Err(err) if err.kind() == ErrorKind::Cancelled => Ok(None),
        Err(err) => {
            let aftermath =
                "AWS has accepted the change, and it is safe to send it again: run terraform apply.";
            let summary = "Settings of AWS Backup cannot be changed";
            Err(diagnostics::aws_after(summary, &err, aftermath).into())
        }
    }
}

/// Nothing was sent about these. That they changed at the same time is somebody else's doing, or AWS's.
fn warn_of_others(cx: &Cx, place: &str, operation: &str, strangers: &[String]) {
    if strangers.is_empty() {
        return;
    }
    cx.warn(Diagnostic::warning(
        "Other settings of AWS Backup changed at the same time",
        format!(
            "While the settings for DynamoDB were changed, other settings of AWS Backup {place} changed, too: {}. Nothing \
             was sent about those, so most likely somebody else changed them in the same moment. CloudTrail records \
             {operation} and who called it.",
            strangers.join("; ")
        ),
    ));
}

/// How long the settings may take to show. They do so at once as a rule.
pub(super) const DEFAULT_TIMEOUT: &str = "5m";

/// The same as a duration.
pub(super) fn default_timeout() -> Duration {
    tfsdk::parse_duration(DEFAULT_TIMEOUT).expect("the constant is a duration")
}
