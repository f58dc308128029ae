//! Objects of AWS Backup made and read over the wire, never with our provider.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Client, wait_until};

/// How long a job may take.
const JOB_LIMIT: Duration = Duration::from_secs(60);

impl Client {
    /// The role that jobs of this account run as. AWS Backup looks only whether it is of the account.
    pub fn backup_role(&self) -> String {
        format!("arn:aws:iam::{}:role/backup", self.credentials().account)
    }

    /// Makes a vault under the key that AWS manages. Returns its ARN.
    ///
    /// # Panics
    /// If AWS refuses.
    pub fn create_vault(&self, name: &str) -> String {
        self.create_vault_with(name, json!({}))
    }

    /// Makes a vault with more of `CreateBackupVault` than its name. Returns its ARN.
    ///
    /// # Panics
    /// If AWS refuses.
    pub fn create_vault_with(&self, name: &str, input: Value) -> String {
        let made = self.aws_backup("PUT", &format!("/backup-vaults/{name}"), input);
        made["BackupVaultArn"]
            .as_str()
            .expect("a vault has an ARN")
            .to_owned()
    }

    /// What DescribeBackupVault says of a vault, if there is one.
    ///
    /// # Panics
    /// If AWS refuses to say.
    pub fn vault(&self, name: &str) -> Option<Value> {
        match self.try_aws_backup("GET", &format!("/backup-vaults/{name}"), &Value::Null) {
            Ok(vault) => Some(vault),
            Err(err) if err.code == "ResourceNotFoundException" => None,
            Err(err) => panic!("describing vault {name}: {err}"),
        }
    }

    /// Opts DynamoDB in or out, and switches its advanced features, in the Region.
    ///
    /// # Panics
    /// If AWS refuses.
    pub fn set_backup_settings(&self, opt_in: bool, advanced_features: bool) {
        self.aws_backup(
            "PUT",
            "/account-settings",
            json!({
                "ResourceTypeOptInPreference": {"DynamoDB": opt_in},
                "ResourceTypeManagementPreference": {"DynamoDB": advanced_features},
            }),
        );
    }

    /// Switches backups across the accounts of the organization. Only its management account may.
    ///
    /// # Panics
    /// If AWS refuses.
    pub fn set_cross_account_backup(&self, is_on: bool) {
        let settings = json!({"GlobalSettings": {"isCrossAccountBackupEnabled": is_on.to_string()}});
        self.aws_backup("PUT", "/global-settings", settings);
    }

    /// Backs a table up into a vault and waits until that is done. Returns the ARN of the recovery point.
    ///
    /// # Panics
    /// If AWS refuses, or the job fails.
    pub fn make_recovery_point(&self, table: &str, vault: &str) -> String {
        let table = self.table(table).expect("the table is there");
        let job = self.aws_backup(
            "PUT",
            "/backup-jobs",
            json!({
                "BackupVaultName": vault,
                "ResourceArn": table["TableArn"],
                "IamRoleArn": self.backup_role(),
            }),
        );
        let id = job["BackupJobId"].as_str().expect("a job has an id").to_owned();
        let job = wait_until(&format!("backup job {id}"), JOB_LIMIT, || {
            let job = self.aws_backup("GET", &format!("/backup-jobs/{id}"), Value::Null);
            let has_ended = !["CREATED", "PENDING", "RUNNING"].contains(&job["State"].as_str()?);
            has_ended.then_some(job)
        });
        assert_eq!(job["State"], "COMPLETED", "{job}");
        job["RecoveryPointArn"]
            .as_str()
            .expect("a finished job has a recovery point")
            .to_owned()
    }

    /// The recovery points of a vault, newest first as AWS lists them.
    ///
    /// # Panics
    /// If AWS refuses.
    pub fn recovery_points(&self, vault: &str) -> Vec<Value> {
        let path = format!("/backup-vaults/{vault}/recovery-points/");
        let page = self.aws_backup("GET", &path, Value::Null);
        page["RecoveryPoints"].as_array().cloned().unwrap_or_default()
    }

    /// What DescribeRecoveryPoint says of a recovery point, if there is one.
    ///
    /// # Panics
    /// If AWS refuses to say.
    pub fn recovery_point(&self, vault: &str, arn: &str) -> Option<Value> {
        match self.try_aws_backup("GET", &recovery_point_path(vault, arn), &Value::Null) {
            Ok(point) => Some(point),
            Err(err) if err.code == "ResourceNotFoundException" => None,
            Err(err) => panic!("describing recovery point {arn}: {err}"),
        }
    }

    /// Deletes a recovery point.
    ///
    /// # Panics
    /// If AWS refuses.
    pub fn delete_recovery_point(&self, vault: &str, arn: &str) {
        self.aws_backup("DELETE", &recovery_point_path(vault, arn), Value::Null);
    }
}

fn recovery_point_path(vault: &str, arn: &str) -> String {
    let arn = arn.replace(':', "%3A").replace('/', "%2F");
    format!("/backup-vaults/{vault}/recovery-points/{arn}")
}
