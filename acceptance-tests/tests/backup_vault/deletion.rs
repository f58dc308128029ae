//! The end of a vault with recovery points in it.

use acceptance_tests::{Backend, backend};
use serde_json::{Value, json};

use super::{ADDRESS, DAY, LIMIT, UNKNOWN_TO_AWS, applied, configuration};

/// Fills the vault with recovery points of a table, which stay for 30 days.
fn fill(backend: &Backend, number: usize) {
    backend.simulator().set(json!({"backup_job_ms": 0}));
    let aws = backend.aws();
    let table = aws.create_table("orders");
    for _ in 0..number {
        let job = json!({"BackupVaultName": "orders", "ResourceArn": table, "IamRoleArn": aws.backup_role(),
            "Lifecycle": {"DeleteAfterDays": 30}});
        aws.aws_backup("PUT", "/backup-jobs", job);
    }
    assert_eq!(backend.aws().recovery_points("orders").len(), number);
}

#[test]
fn a_vault_that_is_not_empty_is_refused_and_told_what_is_in_it() {
    let backend = backend!(Control);
    let config = applied(&backend, "");
    fill(&backend, 3);
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("Backup vault is not empty")
        .says("It holds 3 recovery points of table orders")
        .says("By their lifecycles AWS deletes the last of them at")
        .says("Nothing was deleted");
    assert_eq!(backend.simulator().calls().count("DeleteRecoveryPoint"), 0);
    assert!(config.state().find(ADDRESS).is_some());
}

#[test]
fn force_destroy_deletes_fifty_recovery_points_37774() {
    let backend = backend!(Control);
    let config = applied(&backend, "force_destroy = true");
    config.assert_import(ADDRESS, "orders", UNKNOWN_TO_AWS);
    config.apply();
    fill(&backend, 50);
    backend
        .simulator()
        .set(json!({"recovery_point_deleting_ms": 1500}));
    config.destroy();
    assert_eq!(backend.aws().vault("orders"), None);
}

#[test]
fn an_interrupted_force_destroy_of_fifty_goes_on_with_what_is_left() {
    let backend = backend!(Control);
    let config = applied(&backend, "force_destroy = true");
    fill(&backend, 50);
    backend
        .simulator()
        .set(json!({"recovery_point_deleting_ms": 3_600_000}));
    let running = config.start(&["destroy", "-auto-approve", "-no-color"]);
    backend.simulator().wait_for_calls("DeleteRecoveryPoint", 50);
    running.interrupt();
    running.finish(LIMIT).fails().says("Run the same command again");
    assert!(config.state().find(ADDRESS).is_some());
    backend.simulator().clear_calls();
    backend.simulator().advance(3600);
    config.destroy();
    assert_eq!(
        backend.simulator().calls().count("DeleteRecoveryPoint"),
        0,
        "AWS was at it already"
    );
    assert_eq!(backend.aws().vault("orders"), None);
}

#[test]
fn a_compliance_locked_vault_refuses_its_destruction_and_says_until_when() {
    let backend = backend!(Control);
    let locked = "force_destroy = true\n  lock = { min_retention_days = 7, changeable_for_days = 3 }";
    let config = applied(&backend, locked);
    fill(&backend, 2);
    backend.simulator().advance(4 * DAY);
    let last: Vec<Value> = backend.aws().recovery_points("orders");
    let until = last[0]["CalculatedLifecycle"]["DeleteAt"]
        .as_f64()
        .expect("a time");
    let until = jiff::Timestamp::from_second(until as i64).expect("a time");
    let run = config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails();
    let day = until.strftime("%Y-%m-%d").to_string();
    assert!(run.to_string().contains(&day), "{day}: {run}");
    assert_eq!(backend.simulator().calls().count("DeleteRecoveryPoint"), 0);
    // When the last one has expired, the vault can go.
    backend.simulator().advance(31 * DAY);
    config.destroy();
    assert_eq!(backend.aws().vault("orders"), None);
}

#[test]
fn a_vault_that_is_removed_without_being_destroyed_stays() {
    let backend = backend!(Control);
    let config = applied(&backend, "");
    fill(&backend, 1);
    config.configure(
        "removed {\n  from = dynamodb_backup_vault.orders\n  lifecycle {\n    destroy = false\n  }\n}\n",
    );
    config.apply();
    assert!(backend.aws().vault("orders").is_some());
    config.configure(&configuration(""));
    config.terraform(&["import", "-no-color", ADDRESS, "orders"]).ok();
    config.assert_empty_plan();
}
