//! Tables, items and backups made and read over the AWS wire, so that what a test finds does not come from our provider.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Client, wait_until};

const LIMIT: Duration = Duration::from_secs(60);

impl Client {
    /// Makes an on-demand table with the key `pk` and waits until backups of it can be made. Returns its ARN.
    pub fn create_table(&self, name: &str) -> String {
        self.create_table_with(name, json!({}))
    }

    /// Makes a table as [`create_table`](Self::create_table) does, with the members of `input` on top.
    pub fn create_table_with(&self, name: &str, input: Value) -> String {
        self.start_table(name, input);
        self.wait_for_table(name)
    }

    /// Makes tables side by side: as many as a plan of a bench needs.
    pub fn create_tables(&self, names: impl IntoIterator<Item = String>) {
        let names: Vec<String> = names.into_iter().collect();
        for name in &names {
            self.start_table(name, json!({}));
        }
        for name in &names {
            self.wait_for_table(name);
        }
    }

    fn start_table(&self, name: &str, input: Value) {
        let mut request = json!({
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        });
        for (member, value) in input.as_object().into_iter().flatten() {
            request[member] = value.clone();
        }
        self.call("CreateTable", request);
    }

    /// Waits until a table is there and backups of it can be made. Returns its ARN.
    pub fn wait_for_table(&self, name: &str) -> String {
        let arn = wait_until(&format!("table {name} to become ACTIVE"), LIMIT, || {
            let table = self.table(name)?;
            (table["TableStatus"] == "ACTIVE").then(|| table["TableArn"].as_str().map(str::to_owned))?
        });
        wait_until(
            &format!("continuous backups of {name} to become ENABLED"),
            LIMIT,
            || match self.try_call("DescribeContinuousBackups", json!({"TableName": name})) {
                Ok(answer) => {
                    let status = &answer["ContinuousBackupsDescription"]["ContinuousBackupsStatus"];
                    (status == "ENABLED").then_some(())
                }
                Err(err) => panic!("DescribeContinuousBackups of {name}: {err}"),
            },
        );
        arn
    }

    /// DescribeTable, or none if there is no such table.
    pub fn table(&self, name: &str) -> Option<Value> {
        match self.try_call("DescribeTable", json!({"TableName": name})) {
            Ok(answer) => Some(answer["Table"].clone()),
            Err(err) if err.code == "ResourceNotFoundException" => None,
            Err(err) => panic!("DescribeTable {name}: {err}"),
        }
    }

    /// Deletes a table and waits until its name is free.
    pub fn delete_table(&self, name: &str) {
        self.call("DeleteTable", json!({"TableName": name}));
        wait_until(&format!("table {name} to be gone"), LIMIT, || {
            self.table(name).is_none().then_some(())
        });
    }

    /// Puts items with these keys.
    pub fn put_items<'a>(&self, table: &str, keys: impl IntoIterator<Item = &'a str>) {
        for key in keys {
            self.call("PutItem", json!({"TableName": table, "Item": {"pk": {"S": key}}}));
        }
    }

    /// Deletes the item with this key.
    pub fn delete_item(&self, table: &str, key: &str) {
        self.call(
            "DeleteItem",
            json!({"TableName": table, "Key": {"pk": {"S": key}}}),
        );
    }

    /// The keys of all items, sorted.
    pub fn keys(&self, table: &str) -> Vec<String> {
        let answer = self.call("Scan", json!({"TableName": table}));
        let mut keys: Vec<String> = answer["Items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|item| item["pk"]["S"].as_str().map(str::to_owned))
            .collect();
        keys.sort();
        keys
    }

    /// Switches point-in-time recovery on with this period, in days.
    pub fn enable_recovery(&self, table: &str, days: u8) {
        let specification = json!({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": days});
        self.call(
            "UpdateContinuousBackups",
            json!({"TableName": table, "PointInTimeRecoverySpecification": specification}),
        );
    }

    /// Switches point-in-time recovery off.
    pub fn disable_recovery(&self, table: &str) {
        let specification = json!({"PointInTimeRecoveryEnabled": false});
        self.call(
            "UpdateContinuousBackups",
            json!({"TableName": table, "PointInTimeRecoverySpecification": specification}),
        );
    }

    /// The description of point-in-time recovery of a table.
    pub fn recovery(&self, table: &str) -> Value {
        let answer = self.call("DescribeContinuousBackups", json!({"TableName": table}));
        answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"].clone()
    }

    /// Makes a backup and waits until it is AVAILABLE. Returns its ARN.
    pub fn create_backup(&self, table: &str, name: &str) -> String {
        let answer = self.call("CreateBackup", json!({"TableName": table, "BackupName": name}));
        let arn = answer["BackupDetails"]["BackupArn"]
            .as_str()
            .expect("a backup has an ARN")
            .to_owned();
        wait_until(&format!("backup {arn} to become AVAILABLE"), LIMIT, || {
            let details = self.backup(&arn)?["BackupDetails"].clone();
            (details["BackupStatus"] == "AVAILABLE").then_some(())
        });
        arn
    }

    /// DescribeBackup's description, or none if there is no such backup.
    pub fn backup(&self, arn: &str) -> Option<Value> {
        match self.try_call("DescribeBackup", json!({"BackupArn": arn})) {
            Ok(answer) => Some(answer["BackupDescription"].clone()),
            Err(err) if err.code == "BackupNotFoundException" => None,
            Err(err) => panic!("DescribeBackup {arn}: {err}"),
        }
    }

    /// The summaries of all backups of a table, whatever their type.
    pub fn backups(&self, table: &str) -> Vec<Value> {
        let answer = self.call("ListBackups", json!({"TableName": table, "BackupType": "ALL"}));
        answer["BackupSummaries"].as_array().cloned().unwrap_or_default()
    }

    /// Deletes a backup.
    pub fn delete_backup(&self, arn: &str) {
        self.call("DeleteBackup", json!({"BackupArn": arn}));
    }

    /// The tags of a table, sorted, as `key=value`.
    pub fn tags(&self, arn: &str) -> Vec<String> {
        let answer = self.call("ListTagsOfResource", json!({"ResourceArn": arn}));
        let text = |tag: &Value, member: &str| tag[member].as_str().unwrap_or_default().to_owned();
        let mut tags: Vec<String> = answer["Tags"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|tag| format!("{}={}", text(tag, "Key"), text(tag, "Value")))
            .collect();
        tags.sort();
        tags
    }

    /// The status and the attribute of time to live.
    pub fn time_to_live(&self, table: &str) -> (String, Option<String>) {
        let answer = self.call("DescribeTimeToLive", json!({"TableName": table}));
        let description = &answer["TimeToLiveDescription"];
        let text = |member: &str| description[member].as_str().map(str::to_owned);
        (
            text("TimeToLiveStatus").unwrap_or_default(),
            text("AttributeName"),
        )
    }
}

/// A moment that AWS gave as seconds since 1970, perhaps with a fraction.
///
/// # Panics
/// If it is no such number.
pub fn moment(seconds: &Value) -> Timestamp {
    let seconds: f64 = seconds
        .to_string()
        .parse()
        .unwrap_or_else(|_| panic!("{seconds} is no time"));
    Timestamp::from_microsecond((seconds * 1e6).round() as i64).expect("AWS's times are near")
}
