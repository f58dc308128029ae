//! What tests may set: how long AWS takes for what, whether rates are enforced, which actions are denied.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Durations are in milliseconds of the simulated clock, `latency_ms` in real ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// From CreateTable to ACTIVE.
    pub table_creating_ms: i64,
    /// From UpdateTable to ACTIVE, and how long TTL, insights, streaming destinations and policies take to change.
    pub table_updating_ms: i64,
    /// From DeleteTable until the name is free.
    pub table_deleting_ms: i64,
    /// From one change of a resource policy until the next is taken. AWS: 15 seconds.
    pub policy_interval_ms: i64,
    /// From CreateBackup to AVAILABLE.
    pub backup_creating_ms: i64,
    /// From a restore call to ACTIVE.
    pub restore_ms: i64,
    /// From ACTIVE until backups of the table can be made and point-in-time recovery switched.
    pub continuous_backups_ready_ms: i64,
    /// From DeleteTable until the SYSTEM backup shows.
    pub system_backup_ms: i64,
    /// From the start of a backup or copy job of AWS Backup until it runs, and again until it is completed; a restore
    /// job waits as long and then takes `restore_ms`.
    pub backup_job_ms: i64,
    /// From the creation of a logically air-gapped vault until it can be used.
    pub air_gapped_vault_ms: i64,
    /// From DeleteRecoveryPoint until the recovery point is gone.
    pub recovery_point_deleting_ms: i64,
    /// Backup vaults per account and Region. AWS: 300 (Service Quotas).
    pub max_backup_vaults: usize,
    /// Whether calls beyond `rates` are throttled.
    pub enforce_rates: bool,
    /// Delay of every reply.
    pub latency_ms: u64,
    /// Actions that are refused for everyone, as `dynamodb:DescribeTable`.
    pub denied_actions: Vec<String>,
    /// Restores that an account may have in flight. AWS: 50 (Service Quotas).
    pub max_concurrent_restores: usize,
    /// Tables per account and Region. AWS: 2,500 by default (Service Quotas).
    pub max_tables: usize,
    /// Calls per second, account and Region.
    pub rates: BTreeMap<String, f64>,
}

/// The rates in the API reference's pages of these operations.
const DOCUMENTED_RATES: [(&str, f64); 6] = [
    ("CreateBackup", 50.0),
    ("DeleteBackup", 10.0),
    ("DescribeBackup", 10.0),
    ("DescribeContinuousBackups", 10.0),
    ("ListBackups", 5.0),
    ("RestoreTableFromBackup", 10.0),
];

impl Default for Settings {
    fn default() -> Self {
        Self {
            table_creating_ms: 300,
            table_updating_ms: 200,
            table_deleting_ms: 200,
            policy_interval_ms: 500,
            backup_creating_ms: 200,
            restore_ms: 700,
            continuous_backups_ready_ms: 300,
            system_backup_ms: 200,
            backup_job_ms: 200,
            air_gapped_vault_ms: 300,
            recovery_point_deleting_ms: 100,
            max_backup_vaults: 300,
            enforce_rates: true,
            latency_ms: 0,
            denied_actions: Vec::new(),
            max_concurrent_restores: 50,
            max_tables: 2500,
            rates: DOCUMENTED_RATES
                .map(|(operation, rate)| (operation.to_owned(), rate))
                .into(),
        }
    }
}

impl Settings {
    /// These settings with the keys of `change` replaced; `rates` is merged key by key, and null removes a rate.
    ///
    /// # Errors
    /// Names the key that does not exist or whose value does not fit.
    pub fn merged(&self, change: &Value) -> Result<Self, String> {
        let Value::Object(change) = change else {
            return Err(format!("settings are a JSON object, not {change}"));
        };
        let mut merged = serde_json::to_value(self).map_err(|error| error.to_string())?;
        for (key, value) in change {
            match (key.as_str(), value, &mut merged["rates"]) {
                ("rates", Value::Object(rates), Value::Object(known)) => {
                    for (operation, rate) in rates {
                        if rate.is_null() {
                            known.remove(operation);
                        } else {
                            known.insert(operation.clone(), rate.clone());
                        }
                    }
                }
                _ => merged[key] = value.clone(),
            }
        }
        let merged: Self = serde_json::from_value(merged).map_err(|error| error.to_string())?;
        match merged.rates.iter().find(|(_, rate)| **rate <= 0.0) {
            Some((operation, rate)) => Err(format!("the rate of {operation} is {rate}, not above 0")),
            None => Ok(merged),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_given_keys_change() {
        let change = json!({"restore_ms": 5, "rates": {"ListBackups": 1, "CreateBackup": null}});
        let merged = Settings::default().merged(&change).unwrap();
        assert_eq!(merged.restore_ms, 5);
        assert_eq!(merged.rates.get("ListBackups"), Some(&1.0));
        assert_eq!(merged.rates.get("CreateBackup"), None);
        assert_eq!(merged.table_creating_ms, Settings::default().table_creating_ms);
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        let refused = Settings::default()
            .merged(&json!({"restore_msec": 5}))
            .unwrap_err();
        assert!(refused.contains("restore_msec"), "{refused}");
        assert!(
            Settings::default()
                .merged(&json!({"rates": {"ListBackups": 0}}))
                .is_err()
        );
    }
}
