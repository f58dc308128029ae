//! Settings of AWS Backup: those of one Region, and those of the organization.

use super::AwsBackup;
use crate::call::Call;
use crate::cx::Cx;
use crate::error::Error;
use crate::operation::Operation;

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

impl AwsBackup {
    /// Reads the settings of the Region.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Denied`] where the caller may not `backup:DescribeRegionSettings`.
    pub async fn find_region_settings(&self, cx: &Cx) -> Result<RegionSettings, Error> {
        let client = self.client(cx).await?;
        let doing = format!("reading the settings of AWS Backup in {}", self.region());
        let call = Call::new(Operation::DescribeRegionSettings, doing, "*");
        let answer = self
            .call(cx, &call, || client.describe_region_settings().send())
            .await?;
        let of_dynamodb = |map: Option<std::collections::HashMap<String, bool>>| {
            map.and_then(|map| map.get(DYNAMODB).copied())
        };
        Ok(RegionSettings {
            opt_in: of_dynamodb(answer.resource_type_opt_in_preference),
            advanced_features: of_dynamodb(answer.resource_type_management_preference),
        })
    }

    /// Whether recovery points may be copied between the accounts of the organization. False where AWS leaves the
    /// switch out.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] in an account that is in no organization; [`crate::ErrorKind::Denied`] where the
    /// caller may not `backup:DescribeGlobalSettings`.
    pub async fn find_cross_account_backup(&self, cx: &Cx) -> Result<bool, Error> {
        let client = self.client(cx).await?;
        let call = Call::new(
            Operation::DescribeGlobalSettings,
            "reading the settings of AWS Backup in the organization",
            "*",
        );
        let answer = self
            .call(cx, &call, || client.describe_global_settings().send())
            .await?;
        let settings = answer.global_settings.unwrap_or_default();
        Ok(settings
            .get(CROSS_ACCOUNT_BACKUP)
            .is_some_and(|value| value == "true"))
    }
}
