//! `dynamodb_backup` through the real terraform.

use std::time::Duration;

use acceptance_tests::{Backend, backend};
use serde_json::{Value, json};

const ADDRESS: &str = "dynamodb_backup.orders";
/// What DynamoDB does not keep of a backup's configuration.
const UNKNOWN_TO_AWS: &[&str] = &["triggers", "retain_on_destroy", "timeouts"];

#[test]
fn basic() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&backup(""));
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);

    config.apply();
    config.assert_empty_plan();
    let state = config.state();
    let arn = state.text(ADDRESS, "arn").to_owned();
    let made = backend.aws().backups("orders");
    assert_eq!(made.len(), 1, "{made:?}");
    assert_eq!(made[0]["BackupArn"], json!(arn));
    assert_eq!(state.text(ADDRESS, "status"), "AVAILABLE");
    assert_eq!(state.text(ADDRESS, "type"), "USER");
    assert_eq!(state.text(ADDRESS, "region"), Backend::REGION);
    assert_eq!(state.values(ADDRESS)["source_table"]["name"], json!("orders"));
    let name = state.text(ADDRESS, "name");
    assert!(name.starts_with("orders-") && name.ends_with('Z'), "{name}");
    config.assert_import(ADDRESS, &arn, UNKNOWN_TO_AWS);

    config.destroy();
    assert_eq!(backend.aws().backups("orders"), Vec::<Value>::new());
}

#[test]
fn disappears() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&backup(""));
    config.apply();
    let first = config.state().text(ADDRESS, "arn").to_owned();
    backend.aws().delete_backup(&first);
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    assert!(
        plan.output.contains("Warning:"),
        "it backs up today's data, which is not the same: {}",
        plan.output
    );
    config.apply();
    config.assert_empty_plan();
    assert_ne!(config.state().text(ADDRESS, "arn"), first);
}

#[test]
fn table_name_may_be_an_arn() {
    let backend = backend!(Backups);
    let arn = backend.aws().create_table("orders");
    let config = backend.workdir(&backup("").replace("\"orders\"\n", &format!("\"{arn}\"\n")));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().backups("orders").len(), 1);
    config.configure(&backup(""));
    let plan = config.plan();
    assert_ne!(
        plan.actions(ADDRESS),
        ["delete", "create"],
        "name and ARN are the same table: {}",
        plan.output
    );
}

#[test]
fn table_name_changes_to_another_table_by_replacement() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    backend.aws().create_table("invoices");
    let config = backend.workdir(&backup(""));
    config.apply();
    config.configure(&backup("").replace("\"orders\"\n", "\"invoices\"\n"));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    assert_eq!(backend.aws().backups("invoices").len(), 1);
    assert_eq!(backend.aws().backups("orders").len(), 0);
}

#[test]
fn name() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&backup("name = \"nightly\""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().backups("orders")[0]["BackupName"], "nightly");

    config.configure(&backup("name = \"weekly\""));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    config.assert_empty_plan();
    let made = backend.aws().backups("orders");
    assert_eq!((made.len(), &made[0]["BackupName"]), (1, &json!("weekly")));

    config.configure(&backup(""));
    assert_eq!(
        config.plan().actions(ADDRESS),
        ["no-op"],
        "a name that is left out is any name"
    );
}

#[test]
fn triggers() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&backup("triggers = { release = \"1\" }"));
    config.apply();
    config.assert_empty_plan();
    let first = config.state().text(ADDRESS, "arn").to_owned();

    config.configure(&backup("triggers = { release = \"2\" }"));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    config.assert_empty_plan();
    assert_ne!(config.state().text(ADDRESS, "arn"), first);
    assert_eq!(backend.aws().backups("orders").len(), 1);

    config.configure(&backup(""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(backend.aws().backups("orders").len(), 1);
}

#[test]
fn retain_on_destroy() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&backup("triggers = { release = \"1\" }"));
    config.apply();
    let first = config.state().text(ADDRESS, "arn").to_owned();
    config.configure(&backup(
        "triggers = { release = \"1\" }\n  retain_on_destroy = true",
    ));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(config.state().text(ADDRESS, "arn"), first);

    config.configure(&backup(
        "triggers = { release = \"2\" }\n  retain_on_destroy = true",
    ));
    config.apply();
    assert_eq!(
        backend.aws().backups("orders").len(),
        2,
        "a replacement keeps the old backup too"
    );
    config.destroy();
    assert_eq!(backend.aws().backups("orders").len(), 2);
}

#[test]
fn region() {
    let backend = backend!(Backups);
    let ireland = backend.aws().in_region("eu-west-1");
    ireland.create_table("orders");
    backend.aws().create_table("orders");
    let config = backend.workdir(&backup("region = \"eu-west-1\""));
    config.apply();
    config.assert_empty_plan();
    let arn = config.state().text(ADDRESS, "arn").to_owned();
    assert!(arn.contains(":eu-west-1:"), "{arn}");
    assert_eq!(ireland.backups("orders").len(), 1);
    config.assert_import(ADDRESS, &arn, UNKNOWN_TO_AWS);

    config.configure(&backup("region = \"us-east-1\""));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    assert_eq!(
        (
            ireland.backups("orders").len(),
            backend.aws().backups("orders").len()
        ),
        (0, 1)
    );
}

#[test]
fn timeouts_are_terraforms_own_business() {
    let backend = backend!(Backups);
    backend.aws().create_table("orders");
    let config = backend.workdir(&backup("timeouts = { create = \"5m\" }"));
    config.apply();
    config.assert_empty_plan();
    let first = config.state().text(ADDRESS, "arn").to_owned();
    config.configure(&backup("timeouts = { create = \"6m\", delete = \"1m\" }"));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.configure(&backup(""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(config.state().text(ADDRESS, "arn"), first);
}

#[test]
fn wait_fails_keeps_state() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    backend.simulator().set(json!({"backup_creating_ms": 3_600_000}));
    let config = backend.workdir(&backup("timeouts = { create = \"2s\" }"));
    let run = config.try_apply().fails();
    assert!(
        run.took < Duration::from_secs(30),
        "the user's timeout holds: {run}"
    );
    let state = config.state();
    let arn = state.text(ADDRESS, "arn").to_owned();
    assert_eq!(backend.aws().backups("orders")[0]["BackupArn"], json!(arn));

    backend.simulator().advance(3600);
    config.apply();
    let state = config.state();
    assert_eq!(
        state.text(ADDRESS, "arn"),
        arn,
        "the next apply takes up the same backup"
    );
    assert_eq!(state.text(ADDRESS, "status"), "AVAILABLE");
    assert!(!state.is_tainted(ADDRESS));
    assert_eq!(backend.simulator().calls().effective("CreateBackup"), 1);
    config.assert_empty_plan();
}

#[test]
fn waits_for_a_table_that_is_being_made() {
    let backend = backend!(Backups, Control);
    backend
        .simulator()
        .set(json!({"table_creating_ms": 2000, "continuous_backups_ready_ms": 1500}));
    backend.aws().call(
        "CreateTable",
        json!({
            "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        }),
    );
    let config = backend.workdir(&backup(""));
    config.apply();
    assert_eq!(backend.aws().backups("orders").len(), 1);
}

/// What can happen to a call that has no idempotency token, and each time there must be one backup and no more.
mod lost_answers {
    use super::*;

    #[test]
    fn reset_before() {
        one_backup(&backend!(Backups, Control), "reset_before");
    }

    #[test]
    fn reset_after() {
        one_backup(&backend!(Backups, Control), "reset_after");
    }

    #[test]
    fn error() {
        one_backup(&backend!(Backups, Control), "error");
    }

    #[test]
    fn error_after() {
        one_backup(&backend!(Backups, Control), "error_after");
    }

    #[test]
    fn truncate() {
        one_backup(&backend!(Backups, Control), "truncate");
    }

    fn one_backup(backend: &Backend, kind: &str) {
        backend.aws().create_table("orders");
        let config = backend.workdir(&backup("name = \"nightly\""));
        backend.simulator().fault(json!({
            "operation": "CreateBackup", "kind": kind, "status": 500, "code": "InternalServerError",
            "message": "Internal server error",
        }));
        let run = config.try_apply();
        if run.code != Some(0) {
            // Where it cannot be told whether AWS acted, an error is right, if the next apply settles it.
            config.apply();
        }
        let made = backend.aws().backups("orders");
        assert_eq!(made.len(), 1, "{made:?}\n{run}");
        assert_eq!(made[0]["BackupArn"], json!(config.state().text(ADDRESS, "arn")));
        config.assert_empty_plan();
    }
}

#[test]
fn throttling_is_waited_out() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    for (code, times) in [("ThrottlingException", 2), ("LimitExceededException", 1)] {
        backend.simulator().fault(json!({
            "operation": "CreateBackup", "kind": "error", "code": code, "times": times,
            "message": "Rate exceeded",
        }));
    }
    let config = backend.workdir(&backup(""));
    config.apply();
    assert_eq!(backend.aws().backups("orders").len(), 1);
    assert_eq!(backend.simulator().calls().effective("CreateBackup"), 1);
}

#[test]
fn a_plan_of_many_backups_lists_them() {
    let backend = backend!(Backups, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(
        "resource \"dynamodb_backup\" \"orders\" {\n  count      = 25\n  table_name = \"orders\"\n  \
         name       = \"backup-${count.index}\"\n}\n",
    );
    config.apply();
    assert_eq!(backend.aws().backups("orders").len(), 25);
    backend.simulator().clear_calls();
    config.assert_empty_plan();
    let calls = backend.simulator().calls();
    assert_eq!(calls.count("ListBackups"), 1, "{:?}", calls.by_operation());
    assert!(calls.total() <= 3, "{:?}", calls.by_operation());
    assert_eq!(calls.throttled(), 0);
    config.destroy();
    assert_eq!(backend.aws().backups("orders").len(), 0);
}

#[test]
fn backups_that_are_not_ours_are_never_deleted() {
    let backend = backend!(Backups, SystemBackups, Control);
    backend.aws().create_table("orders");
    backend.aws().enable_recovery("orders", 35);
    backend.aws().delete_table("orders");
    let system = acceptance_tests::wait_until("the system backup", Duration::from_secs(10), || {
        let backups = backend.aws().backups("orders");
        backups
            .first()
            .and_then(|backup| backup["BackupArn"].as_str().map(str::to_owned))
    });
    let config = backend.workdir(&backup(""));
    config.terraform(&["import", "-no-color", ADDRESS, &system]).ok();
    assert_eq!(config.state().text(ADDRESS, "type"), "SYSTEM");
    config.terraform(&["destroy", "-auto-approve", "-no-color"]);
    assert_eq!(backend.aws().backups("orders").len(), 1);
}

fn backup(arguments: &str) -> String {
    format!("resource \"dynamodb_backup\" \"orders\" {{\n  table_name = \"orders\"\n  {arguments}\n}}\n")
}
