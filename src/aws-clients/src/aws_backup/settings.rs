//! Settings of AWS Backup: those of one Region, and those of the organization.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::AwsBackup;
use crate::call::Call;
use crate::cx::Cx;
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::wait::{Gone, Wait, wait};

/// The kind of resource that the settings are about, as AWS Backup names it.
const DYNAMODB: &str = "DynamoDB";

/// The key of the switch for copies between the accounts of an organization.
const CROSS_ACCOUNT_BACKUP: &str = "isCrossAccountBackupEnabled";

/// What AWS Backup does with DynamoDB tables in one account and Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionSettings {
    /// Whether it backs them up: `ResourceTypeOptInPreference`. `None` where AWS does not name DynamoDB.
    pub opt_in: Option<bool>,
    /// Whether it manages their backups wholly: `ResourceTypeManagementPreference`, the advanced features. `None`
    /// where AWS does not name DynamoDB.
    pub advanced_features: Option<bool>,
}

/// What AWS Backup does with each kind of resource in one account and Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionPreferences {
    opt_in: BTreeMap<String, bool>,
    management: BTreeMap<String, bool>,
}

/// What of the settings of a Region is to change. `None` leaves a switch alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegionSettingsChange {
    /// Whether to back up DynamoDB tables.
    pub opt_in: Option<bool>,
    /// Whether to manage the backups of DynamoDB tables wholly.
    pub advanced_features: Option<bool>,
}

/// The settings of the whole organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GlobalSettings(BTreeMap<String, String>);

impl RegionPreferences {
    /// What it does with DynamoDB tables.
    pub fn dynamodb(&self) -> RegionSettings {
        RegionSettings {
            opt_in: self.opt_in.get(DYNAMODB).copied(),
            advanced_features: self.management.get(DYNAMODB).copied(),
        }
    }

    /// What differs for other kinds of resource than DynamoDB, each as in `opt-in of EBS: true, then false`.
    pub fn differences_beside_dynamodb(&self, later: &Self) -> Vec<String> {
        let mut found = differences(&self.opt_in, &later.opt_in, DYNAMODB, "opt-in of ");
        found.extend(differences(
            &self.management,
            &later.management,
            DYNAMODB,
            "management of ",
        ));
        found
    }
}

impl RegionSettingsChange {
    /// Whether it asks for nothing.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Whether the settings are as this change makes them.
    pub fn is_in_force(self, settings: RegionSettings) -> bool {
        let holds = |wanted: Option<bool>, actual: Option<bool>| wanted.is_none() || wanted == actual;
        holds(self.opt_in, settings.opt_in) && holds(self.advanced_features, settings.advanced_features)
    }
}

impl GlobalSettings {
    /// Whether recovery points may be copied between the accounts of the organization. False where AWS leaves the
    /// switch out.
    pub fn cross_account_backup(&self) -> bool {
        self.0
            .get(CROSS_ACCOUNT_BACKUP)
            .is_some_and(|value| value == "true")
    }

    /// What differs besides that switch, each as in `isMpaEnabled: true, then false`.
    pub fn differences_beside_cross_account_backup(&self, later: &Self) -> Vec<String> {
        differences(&self.0, &later.0, CROSS_ACCOUNT_BACKUP, "")
    }
}

/// What differs between two maps, but for one key.
fn differences<T: PartialEq + std::fmt::Display>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
    but_for: &str,
    what: &str,
) -> Vec<String> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let said = |value: Option<&T>| value.map_or("not there".to_owned(), ToString::to_string);
    keys.into_iter()
        .filter(|key| *key != but_for && before.get(*key) != after.get(*key))
        .map(|key| {
            format!(
                "{what}{key}: {}, then {}",
                said(before.get(key)),
                said(after.get(key))
            )
        })
        .collect()
}

impl AwsBackup {
    /// Reads what the settings of the Region say of DynamoDB.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `backup:DescribeRegionSettings`.
    pub async fn find_region_settings(&self, cx: &Cx) -> Result<RegionSettings, Error> {
        Ok(self.find_region_preferences(cx).await?.dynamodb())
    }

    /// Reads the settings of the Region, for every kind of resource.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `backup:DescribeRegionSettings`.
    pub async fn find_region_preferences(&self, cx: &Cx) -> Result<RegionPreferences, Error> {
        let client = self.client(cx).await?;
        let doing = format!("reading the settings of AWS Backup in {}", self.region());
        let call = Call::new(Operation::DescribeRegionSettings, doing, "*");
        let answer = self
            .call(cx, &call, || client.describe_region_settings().send())
            .await?;
        let sorted = |map: Option<std::collections::HashMap<String, bool>>| {
            map.into_iter().flatten().collect::<BTreeMap<_, _>>()
        };
        Ok(RegionPreferences {
            opt_in: sorted(answer.resource_type_opt_in_preference),
            management: sorted(answer.resource_type_management_preference),
        })
    }

    /// Changes what the settings of the Region say of DynamoDB, and sends nothing about other kinds of resource: AWS
    /// keeps the value of each one that is left out. Safe to repeat.
    ///
    /// # Errors
    /// [`ErrorKind::Denied`] where the caller may not `backup:UpdateRegionSettings`.
    pub async fn update_region_settings(&self, cx: &Cx, change: RegionSettingsChange) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let doing = format!(
            "changing the settings of AWS Backup for DynamoDB in {}",
            self.region()
        );
        let call = Call::new(Operation::UpdateRegionSettings, doing, "*");
        let send = || {
            let mut request = client.update_region_settings();
            if let Some(is_on) = change.opt_in {
                request = request.resource_type_opt_in_preference(DYNAMODB, is_on);
            }
            if let Some(is_on) = change.advanced_features {
                request = request.resource_type_management_preference(DYNAMODB, is_on);
            }
            request.send()
        };
        self.call(cx, &call, send).await?;
        Ok(())
    }

    /// Waits until a change of the Region's settings shows.
    ///
    /// # Errors
    /// [`ErrorKind::TimedOut`] at the context's deadline, and what [`Self::find_region_preferences`] fails with.
    pub async fn wait_region_settings(
        &self,
        cx: &Cx,
        change: RegionSettingsChange,
    ) -> Result<RegionPreferences, Error> {
        let doing = format!(
            "waiting for the settings of AWS Backup for DynamoDB in {} to be changed",
            self.region()
        );
        let look = || async {
            let preferences = self.find_region_preferences(cx).await?;
            Ok((change.is_in_force(preferences.dynamodb()), preferences))
        };
        self.wait_in_force(cx, &doing, look).await
    }

    /// Whether recovery points may be copied between the accounts of the organization. False where AWS leaves the
    /// switch out.
    ///
    /// # Errors
    /// As [`Self::find_global_settings`].
    pub async fn find_cross_account_backup(&self, cx: &Cx) -> Result<bool, Error> {
        Ok(self.find_global_settings(cx).await?.cross_account_backup())
    }

    /// Reads the settings of the organization.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] in an account that is in no organization; [`ErrorKind::Denied`] where the caller may
    /// not `backup:DescribeGlobalSettings`.
    pub async fn find_global_settings(&self, cx: &Cx) -> Result<GlobalSettings, Error> {
        let client = self.client(cx).await?;
        let call = Call::new(
            Operation::DescribeGlobalSettings,
            "reading the settings of AWS Backup in the organization",
            "*",
        );
        let answer = self
            .call(cx, &call, || client.describe_global_settings().send())
            .await?;
        let settings = answer.global_settings.into_iter().flatten();
        Ok(GlobalSettings(settings.collect()))
    }

    /// Switches copies between the accounts of the organization on or off, and sends no other setting. Safe to repeat.
    /// AWS may take 15 minutes until it stops such copies after they were switched off.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] outside the management account of an organization; [`ErrorKind::Denied`] where the
    /// caller may not `backup:UpdateGlobalSettings`.
    pub async fn update_cross_account_backup(&self, cx: &Cx, is_on: bool) -> Result<(), Error> {
        let client = self.client(cx).await?;
        let on_or_off = if is_on { "on" } else { "off" };
        let call = Call::new(
            Operation::UpdateGlobalSettings,
            format!("switching cross-account backup {on_or_off} in the organization"),
            "*",
        );
        let send = || {
            client
                .update_global_settings()
                .global_settings(CROSS_ACCOUNT_BACKUP, is_on.to_string())
                .send()
        };
        self.call(cx, &call, send).await?;
        Ok(())
    }

    /// Waits until the switch for copies between the accounts of the organization shows as it is to be.
    ///
    /// # Errors
    /// [`ErrorKind::TimedOut`] at the context's deadline, and what [`Self::find_global_settings`] fails with.
    pub async fn wait_cross_account_backup(&self, cx: &Cx, is_on: bool) -> Result<GlobalSettings, Error> {
        let on_or_off = if is_on { "on" } else { "off" };
        let doing = format!("waiting for cross-account backup to be {on_or_off} in the organization");
        let look = || async {
            let settings = self.find_global_settings(cx).await?;
            Ok((settings.cross_account_backup() == is_on, settings))
        };
        self.wait_in_force(cx, &doing, look).await
    }

    /// Looks until what was found is in force.
    async fn wait_in_force<T, F>(&self, cx: &Cx, doing: &str, mut look: impl FnMut() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<(bool, T), Error>>,
    {
        let what = Wait {
            doing,
            pending: &["CHANGING"],
            target: &["IN FORCE"],
            gone: Gone::Target,
            longest_pause: Duration::from_secs(5),
            goes_on: "AWS has taken the change",
        };
        let find = || {
            let found = look();
            async {
                let (is_in_force, found) = found.await?;
                let status = if is_in_force { "IN FORCE" } else { "CHANGING" };
                Ok(Some((status.to_owned(), found)))
            }
        };
        wait(cx, self.clock(), &what, find)
            .await?
            .ok_or_else(|| Error::new(ErrorKind::NotFound, doing).because("AWS showed no settings"))
    }
}

#[cfg(test)]
mod tests {
    use super::{DYNAMODB, GlobalSettings, RegionPreferences, RegionSettings, RegionSettingsChange};

    fn preferences(opt_in: &[(&str, bool)], management: &[(&str, bool)]) -> RegionPreferences {
        let map = |pairs: &[(&str, bool)]| pairs.iter().map(|(key, it)| ((*key).to_owned(), *it)).collect();
        RegionPreferences {
            opt_in: map(opt_in),
            management: map(management),
        }
    }

    #[test]
    fn only_the_switches_of_dynamodb_are_told_and_all_others_are_compared() {
        let before = preferences(&[(DYNAMODB, true), ("EBS", true), ("S3", true)], &[("EFS", true)]);
        assert_eq!(
            before.dynamodb(),
            RegionSettings {
                opt_in: Some(true),
                advanced_features: None,
            }
        );
        let after = preferences(
            &[(DYNAMODB, false), ("EBS", false), ("S3", true)],
            &[(DYNAMODB, true)],
        );
        assert_eq!(
            before.differences_beside_dynamodb(&after),
            [
                "opt-in of EBS: true, then false",
                "management of EFS: true, then not there"
            ]
        );
        assert_eq!(before.differences_beside_dynamodb(&before), [""; 0]);
    }

    #[test]
    fn a_change_is_in_force_when_each_switch_that_it_names_is() {
        let settings = |opt_in, advanced_features| RegionSettings {
            opt_in,
            advanced_features,
        };
        let change = |opt_in, advanced_features| RegionSettingsChange {
            opt_in,
            advanced_features,
        };
        let both_on = settings(Some(true), Some(true));
        assert!(change(None, None).is_empty() && change(None, None).is_in_force(settings(None, None)));
        assert!(!change(Some(false), None).is_empty() && !change(None, Some(false)).is_empty());
        assert!(change(Some(true), Some(true)).is_in_force(both_on));
        assert!(!change(Some(false), Some(true)).is_in_force(both_on));
        assert!(!change(Some(true), Some(false)).is_in_force(both_on));
        assert!(change(None, Some(true)).is_in_force(settings(Some(false), Some(true))));
        assert!(!change(Some(false), None).is_in_force(settings(None, Some(true))));
    }

    #[test]
    fn the_switch_of_the_organization_is_off_unless_it_says_true() {
        let settings = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(key, it)| ((*key).to_owned(), (*it).to_owned()));
            GlobalSettings(pairs.collect())
        };
        let on = settings(&[("isCrossAccountBackupEnabled", "true"), ("isMpaEnabled", "true")]);
        let off = settings(&[
            ("isCrossAccountBackupEnabled", "false"),
            ("isMpaEnabled", "false"),
        ]);
        assert!(on.cross_account_backup() && !off.cross_account_backup());
        assert!(!GlobalSettings::default().cross_account_backup());
        assert_eq!(
            on.differences_beside_cross_account_backup(&off),
            ["isMpaEnabled: true, then false"]
        );
    }
}
