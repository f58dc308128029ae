//! Applies that are cut off, with real processes and signals: one vault, and the next apply goes on with it.

use acceptance_tests::{Backend, Workdir, backend};
use serde_json::{Value, json};

use super::{ADDRESS, LIMIT, configuration, vault};

const AIR_GAPPED: &str = "vault_type = \"LOGICALLY_AIR_GAPPED_BACKUP_VAULT\"\n  lock = { min_retention_days = 7, \
                          max_retention_days = 30 }";

fn request_id(backend: &Backend) -> Value {
    vault(backend)["CreatorRequestId"].clone()
}

fn is_finished(config: &Workdir, backend: &Backend, id: &Value) {
    config.apply();
    config.assert_empty_plan();
    assert_eq!(request_id(backend), *id, "the same vault");
    assert_eq!(config.state().values(ADDRESS)["unfinished"], json!(false));
}

#[test]
fn a_provider_that_was_killed_left_a_vault_which_is_taken_over() {
    let backend = backend!(Control);
    let policy = "policy = jsonencode({ Statement = [] })\n  lock = { min_retention_days = 7 }";
    let config = backend.workdir(&configuration(policy));
    backend
        .simulator()
        .fault(json!({"service": "backup", "operation": "CreateBackupVault", "kind": "hang"}));
    let running = config.start(&["apply", "-auto-approve", "-no-color"]);
    backend.simulator().wait_for_calls("CreateBackupVault", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    let id = request_id(&backend);
    assert!(id.is_string());
    backend.simulator().clear_faults();
    is_finished(&config, &backend, &id);
    assert_eq!(vault(&backend)["MinRetentionDays"], 7);
}

#[test]
fn ctrl_c_while_an_air_gapped_vault_is_made() {
    let backend = backend!(Control);
    backend.simulator().set(json!({"air_gapped_vault_ms": 3_600_000}));
    let config = backend.workdir(&configuration(AIR_GAPPED));
    let running = config.start(&["apply", "-auto-approve", "-no-color"]);
    backend
        .simulator()
        .wait_for_calls("CreateLogicallyAirGappedBackupVault", 1);
    backend.simulator().clear_calls();
    backend.simulator().wait_for_calls("DescribeBackupVault", 1);
    running.interrupt();
    running.finish(LIMIT).says("Backup vault is not finished yet");
    let id = request_id(&backend);
    assert!(!config.state().is_tainted(ADDRESS));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    backend.simulator().advance(3600);
    is_finished(&config, &backend, &id);
}

#[test]
fn a_step_that_failed_is_taken_up_and_not_replaced() {
    let backend = backend!(Control);
    backend
        .simulator()
        .deny(&["backup:PutBackupVaultLockConfiguration"]);
    let config = backend.workdir(&configuration("lock = { min_retention_days = 7 }"));
    config
        .terraform(&["apply", "-auto-approve", "-no-color"])
        .fails()
        .says("Lock of the backup vault cannot be changed")
        .says("goes on with this same vault");
    assert!(config.state().is_tainted(ADDRESS));
    let id = request_id(&backend);
    backend.simulator().deny(&[]);
    is_finished(&config, &backend, &id);
    assert_eq!(vault(&backend)["MinRetentionDays"], 7);
}
