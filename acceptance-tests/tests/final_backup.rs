//! `dynamodb_final_backup` through the real terraform: the object by itself. What it is for, a table that goes with it,
//! is in `final_backup/tables_that_go.rs`; destroys that are cut off are in `final_backup/cut_off.rs`.

#[path = "final_backup/cut_off.rs"]
mod cut_off;
#[path = "final_backup/tables_that_go.rs"]
mod tables_that_go;

use std::time::Duration;

use acceptance_tests::{Backend, backend, wait_until};
use serde_json::{Value, json};

const ADDRESS: &str = "dynamodb_final_backup.orders";
/// No command may take longer.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn basic() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&final_backup(""));
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);

    config.apply();
    config.assert_empty_plan();
    let state = config.state();
    assert_eq!(state.text(ADDRESS, "table_name"), "orders");
    assert_eq!(state.text(ADDRESS, "region"), Backend::REGION);
    assert_eq!(state.text(ADDRESS, "account_id"), backend.account());
    assert_eq!(state.values(ADDRESS)["enabled"], json!(true));
    assert_eq!(backend.aws().backups("orders"), Vec::<Value>::new());
    config.assert_import(ADDRESS, "orders", &[]);
    config.assert_import(ADDRESS, &format!("orders@{}", Backend::REGION), &[]);

    let plan = config.plan_with(&["-destroy"]);
    assert_eq!(plan.actions(ADDRESS), ["delete"]);
    for part in [
        "Warning: Final backup will be taken",
        "bills it by size until it is deleted",
    ] {
        assert!(flat(&plan.output).contains(part), "{part}: {}", plan.output);
    }
    let run = config.destroy();
    let made = only_backup(&backend);
    run.says("Final backup was taken").says(arn(&made));
    assert_eq!(made["BackupStatus"], "AVAILABLE");
    assert_eq!(made["BackupType"], "USER");
    let name = made["BackupName"].as_str().expect("a name");
    assert!(name.starts_with("orders-") && name.ends_with('Z'), "{name}");
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
    assert!(
        backend.aws().table("orders").is_some(),
        "the table is not ours to delete"
    );
}

#[test]
fn disappears() {
    let backend = backend!(Backups, SystemBackups);
    backend.aws().create_table("orders");
    backend.aws().enable_recovery("orders", 35);
    let config = backend.workdir(&final_backup(""));
    config.apply();
    backend.aws().delete_table("orders");
    wait_until("the system backup", LIMIT, || {
        (!backend.aws().backups("orders").is_empty()).then_some(())
    });
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    let system = only_backup(&backend);
    for part in ["Warning: Table has gone without a final backup", arn(&system)] {
        let words: String = flat(&plan.output);
        assert!(words.contains(part), "{part}: {}", plan.output);
    }
    config
        .try_apply()
        .fails()
        .says("Table to take a final backup of does not exist");

    backend.aws().create_table("orders");
    config.apply();
    config.assert_empty_plan();
}

#[test]
fn disappears_before_a_destroy_without_refresh() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&final_backup(""));
    config.apply();
    backend.aws().delete_table("orders");
    wait_until("the table to go", LIMIT, || {
        backend.aws().table("orders").is_none().then_some(())
    });
    config
        .terraform(&["destroy", "-auto-approve", "-no-color", "-refresh=false"])
        .ok()
        .says("Final backup comes too late")
        .says("Table has gone without a final backup");
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
    assert_eq!(backend.aws().backups("orders"), Vec::<Value>::new());
}

#[test]
fn table_name_may_be_an_arn() {
    let backend = backend!(Backups, TableArns);
    let table = backend.aws().create_table("orders");
    let config = backend.workdir(&final_backup("").replace("\"orders\"\n", &format!("\"{table}\"\n")));
    config.apply();
    config.assert_empty_plan();
    config.assert_import(ADDRESS, &table, &[]);
    config.configure(&final_backup(""));
    assert_eq!(
        config.plan().actions(ADDRESS),
        ["update"],
        "name and ARN are the same table"
    );
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().backups("orders"), Vec::<Value>::new());
    config.destroy();
    only_backup(&backend);
}

#[test]
fn table_name_changes_to_another_table_with_a_backup_of_the_one_before() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    backend.aws().create_table("invoices");
    let config = backend.workdir(&final_backup(""));
    config.apply();
    config.configure(&final_backup("").replace("\"orders\"\n", "\"invoices\"\n"));
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["delete", "create"]);
    assert!(
        plan.output.contains("Final backup will be taken"),
        "{}",
        plan.output
    );
    config.apply();
    config.assert_empty_plan();
    only_backup(&backend);
    assert_eq!(backend.aws().backups("invoices"), Vec::<Value>::new());
}

#[test]
fn name() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&final_backup("name = \"first\""));
    config.apply();
    config.assert_empty_plan();

    config.configure(&final_backup(""));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(config.state().values(ADDRESS)["name"], Value::Null);

    config.configure(&final_backup("name = \"last\""));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().backups("orders"), Vec::<Value>::new());
    config.destroy();
    assert_eq!(only_backup(&backend)["BackupName"], "last");
}

#[test]
fn enabled() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&final_backup("enabled = false"));
    config.apply();
    config.assert_empty_plan();
    let plan = config.plan_with(&["-destroy"]);
    assert!(
        plan.output.contains("Warning: No final backup will be taken"),
        "{}",
        plan.output
    );
    config.destroy();
    assert_eq!(backend.aws().backups("orders"), Vec::<Value>::new());

    config.apply();
    config.configure(&final_backup(""));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    config.configure(&final_backup("enabled = true"));
    config.assert_empty_plan();
    config.destroy();
    only_backup(&backend);
}

#[test]
fn region() {
    let backend = backend!(Backups);
    let ireland = backend.aws().in_region("eu-west-1");
    ireland.create_table("orders");
    backend.aws().create_table("orders");
    let config = backend.workdir(&final_backup("region = \"eu-west-1\""));
    config.apply();
    config.assert_empty_plan();
    config.assert_import(ADDRESS, "orders@eu-west-1", &[]);

    config.configure(&final_backup("region = \"us-east-1\""));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(
        (
            ireland.backups("orders").len(),
            backend.aws().backups("orders").len()
        ),
        (1, 0)
    );
    config.configure(&final_backup(""));
    assert_eq!(config.plan().actions(ADDRESS), ["no-op"]);
}

#[test]
fn timeouts_are_terraforms_own_business() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&final_backup("timeouts = { delete = \"5m\" }"));
    config.apply();
    config.assert_empty_plan();
    config.configure(&final_backup("timeouts = { delete = \"6m\" }"));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.configure(&final_backup(""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().backups("orders"), Vec::<Value>::new());
}

#[test]
fn arguments_are_checked_by_validate() {
    let backend = backend!();
    let config = backend.workdir(&final_backup("name = \"a b\""));
    config
        .terraform(&["validate", "-no-color"])
        .fails()
        .says("Backup name is not valid")
        .says("DBK-NAME");
}

#[test]
fn wait_fails_keeps_state() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(&final_backup("timeouts = { delete = \"2s\" }"));
    config.apply();
    backend.simulator().set(json!({"backup_creating_ms": 1_800_000}));
    let run = config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("Final backup is not finished")
        .says("no second one is made");
    assert!(run.took < LIMIT / 2, "the user's timeout holds: {run}");
    let made = only_backup(&backend);
    run.says(arn(&made));
    assert!(config.state().find(ADDRESS).is_some());

    backend.simulator().advance(1800);
    config
        .destroy()
        .says("Backup of an earlier destroy was taken over");
    assert_eq!(arn(&only_backup(&backend)), arn(&made));
    assert_eq!(backend.simulator().calls().effective("CreateBackup"), 1);
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
}

#[test]
fn a_denied_backup_names_the_action_and_deletes_nothing() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(&final_backup(""));
    config.apply();
    backend.simulator().deny(&["dynamodb:CreateBackup"]);
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("Final backup cannot be taken")
        .says("Allow dynamodb:CreateBackup")
        .says("Nothing was deleted");
    assert!(config.state().find(ADDRESS).is_some());
}

fn final_backup(arguments: &str) -> String {
    format!(
        "resource \"dynamodb_final_backup\" \"orders\" {{\n  table_name = \"orders\"\n  {arguments}\n}}\n"
    )
}

/// The one backup of `orders`.
#[track_caller]
fn only_backup(backend: &Backend) -> Value {
    let mut made = backend.aws().backups("orders");
    assert_eq!(made.len(), 1, "{made:?}");
    made.remove(0)
}

fn arn(backup: &Value) -> &str {
    backup["BackupArn"].as_str().expect("a backup has an ARN")
}

/// A text without Terraform's line breaks and frames.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
