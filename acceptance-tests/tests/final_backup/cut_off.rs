//! Destroys that are cut off: Ctrl-C, SIGKILL of the provider or of terraform, answers that never come. Whatever was cut
//! off, the table is still there, and the next destroy ends with the one backup that AWS was ever asked for.

use acceptance_tests::{Backend, Running, Workdir, backend};
use serde_json::json;

use super::{ADDRESS, LIMIT, arn, final_backup, only_backup};

/// So long that no wait ends by itself, and shorter than a backup may be old to be taken over. The clock of the
/// simulator is moved instead.
const LONG: u64 = 1_800_000;

/// The table that the destroy of a configuration would delete.
const TABLE: &str = "dynamodb_restored_table.orders";

#[test]
fn ctrl_c_while_the_backup_is_made() {
    let backend = backend!(Backups, Restores, Control);
    let config = with_table(&backend);
    backend.simulator().set(json!({"backup_creating_ms": LONG}));
    let running = start_destroy(&config);
    backend.simulator().wait_for_calls("DescribeBackup", 1);
    running.interrupt();
    running
        .finish(LIMIT)
        .fails()
        .says("Final backup is not finished")
        .says("The run was interrupted");
    is_gone_on_with(&backend, &config);
}

#[test]
fn provider_killed_while_the_backup_is_made() {
    killed_while_the_backup_is_made(&backend!(Backups, Restores, Control), Running::kill_provider);
}

#[test]
fn terraform_killed_while_the_backup_is_made() {
    killed_while_the_backup_is_made(&backend!(Backups, Restores, Control), Running::kill_terraform);
}

fn killed_while_the_backup_is_made(backend: &Backend, kill: fn(&Running)) {
    let config = with_table(backend);
    backend.simulator().set(json!({"backup_creating_ms": LONG}));
    let running = start_destroy(&config);
    backend.simulator().wait_for_calls("DescribeBackup", 1);
    kill(&running);
    assert_ne!(running.finish(LIMIT).code, Some(0));
    is_gone_on_with(backend, &config);
}

#[test]
fn provider_killed_while_the_answer_to_create_backup_hangs() {
    let backend = backend!(Backups, Restores, Control);
    let config = with_table(&backend);
    backend
        .simulator()
        .fault(json!({"operation": "CreateBackup", "kind": "hang"}));
    let running = start_destroy(&config);
    backend.simulator().wait_for_calls("CreateBackup", 1);
    running.kill_provider();
    running.finish(LIMIT).fails();
    is_gone_on_with(&backend, &config);
}

/// A CI job that ran out of time leaves its state, and nothing else of its checkout.
#[test]
fn timeout_and_a_fresh_checkout() {
    let backend = backend!(Backups, Restores, Control);
    let config = with_table(&backend);
    config.configure(&(table() + &protecting("timeouts = { delete = \"2s\" }")));
    config.apply();
    backend.simulator().set(json!({"backup_creating_ms": LONG}));
    start_destroy(&config)
        .finish(LIMIT)
        .fails()
        .says("Final backup is not finished");
    std::fs::remove_dir_all(config.path().join(".terraform")).expect("terraform init has made it");
    config.init();
    is_gone_on_with(&backend, &config);
}

mod lost_answers {
    use super::*;

    #[test]
    fn reset_before() {
        one_backup(&backend!(Backups, Restores, Control), "reset_before");
    }

    #[test]
    fn reset_after() {
        one_backup(&backend!(Backups, Restores, Control), "reset_after");
    }

    #[test]
    fn error_after() {
        one_backup(&backend!(Backups, Restores, Control), "error_after");
    }

    #[test]
    fn truncate() {
        one_backup(&backend!(Backups, Restores, Control), "truncate");
    }

    fn one_backup(backend: &Backend, kind: &str) {
        let config = with_table(backend);
        backend.simulator().fault(json!({
            "operation": "CreateBackup", "kind": kind, "status": 500, "code": "InternalServerError",
            "message": "Internal server error",
        }));
        let run = start_destroy(&config).finish(LIMIT);
        if run.code != Some(0) {
            // Where it cannot be told whether AWS acted, an error is right, if the next destroy settles it.
            assert!(config.state().find(TABLE).is_some(), "{run}");
            config.destroy();
        }
        is_finished(backend, &config);
    }
}

/// The first destroy left table and object; the second one ends with the same backup.
fn is_gone_on_with(backend: &Backend, config: &Workdir) {
    let made = only_backup(backend);
    let state = config.state();
    assert!(state.find(ADDRESS).is_some() && state.find(TABLE).is_some());
    assert_eq!(backend.simulator().calls().count("DeleteTable"), 0);
    backend.simulator().advance(LONG / 1000);
    config
        .destroy()
        .says("Backup of an earlier destroy was taken over")
        .says(arn(&made));
    assert_eq!(arn(&only_backup(backend)), arn(&made));
    is_finished(backend, config);
}

fn is_finished(backend: &Backend, config: &Workdir) {
    assert_eq!(only_backup(backend)["BackupStatus"], "AVAILABLE");
    assert_eq!(backend.simulator().calls().effective("CreateBackup"), 1);
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
    assert!(backend.aws().table("orders").is_none());
    let attempts = config.path().join(".terraform/dynamodb/attempts");
    let left = std::fs::read_dir(attempts).map_or(0, Iterator::count);
    assert_eq!(left, 0, "no attempt is open any more");
}

/// A table `orders` that Terraform made, and its final backup, applied.
fn with_table(backend: &Backend) -> Workdir {
    backend.aws().create_table("source");
    backend.aws().put_items("source", ["a", "b"]);
    let from = backend.aws().create_backup("source", "nightly");
    let config = backend.workdir(&(table() + &protecting("")));
    config.write("source.auto.tfvars", &format!("source_arn = \"{from}\"\n"));
    config.apply();
    backend.simulator().clear_calls();
    config
}

fn table() -> String {
    "variable \"source_arn\" {\n  type = string\n}\n\nresource \"dynamodb_restored_table\" \"orders\" {\n  name   = \
     \"orders\"\n  source = { backup_arn = var.source_arn }\n}\n"
        .to_owned()
}

fn protecting(arguments: &str) -> String {
    final_backup(arguments).replace("\"orders\"\n", "dynamodb_restored_table.orders.arn\n")
}

fn start_destroy(config: &Workdir) -> Running {
    config.start(&["destroy", "-auto-approve", "-no-color"])
}
