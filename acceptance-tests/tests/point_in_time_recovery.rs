//! `dynamodb_point_in_time_recovery` through the real terraform.

use std::time::Duration;

use acceptance_tests::{Backend, backend};
use serde_json::json;

const ADDRESS: &str = "dynamodb_point_in_time_recovery.orders";

#[test]
fn basic() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let config = backend.workdir(&recovery(""));
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["create"]);
    assert_eq!(plan.after(ADDRESS, "recovery_period_in_days"), &json!(35));

    config.apply();
    config.assert_empty_plan();
    assert_eq!(status(&backend), "ENABLED");
    let state = config.state();
    assert_eq!(state.values(ADDRESS)["enabled"], json!(true));
    assert_eq!(state.values(ADDRESS)["recovery_period_in_days"], json!(35));
    assert_eq!(state.text(ADDRESS, "region"), Backend::REGION);
    assert_eq!(state.text(ADDRESS, "account_id"), backend.account());
    config.assert_import(ADDRESS, "orders", &[]);

    config.destroy();
    assert_eq!(
        status(&backend),
        "ENABLED",
        "destroy retains the setting unless it is told otherwise"
    );
}

#[test]
fn disappears_with_its_table() {
    let backend = backend!(PitrSwitch, MissingTables);
    backend.aws().create_table("orders");
    let config = backend.workdir(&recovery(""));
    config.apply();
    backend.aws().delete_table("orders");
    assert_eq!(config.plan().actions(ADDRESS), ["create"]);
    config.try_apply().fails().says("orders");
}

#[test]
fn switched_off_outside_terraform() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let config = backend.workdir(&recovery(""));
    config.apply();
    backend.aws().disable_recovery("orders");
    let plan = config.plan();
    assert_eq!(plan.actions(ADDRESS), ["update"]);
    assert!(
        plan.output.contains("was switched off outside Terraform"),
        "{}",
        plan.output
    );
    config.apply();
    assert_eq!(status(&backend), "ENABLED");
    config.assert_empty_plan();
}

#[test]
fn table_name_changes_to_another_table_by_replacement() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    backend.aws().create_table("invoices");
    let config = backend.workdir(&recovery(""));
    config.apply();
    config.configure(&recovery("").replace("\"orders\"\n", "\"invoices\"\n"));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(
        backend.aws().recovery("invoices")["PointInTimeRecoveryStatus"],
        "ENABLED"
    );
    assert_eq!(status(&backend), "ENABLED", "a replacement switches nothing off");
}

#[test]
fn table_name_may_be_an_arn() {
    let backend = backend!(PitrSwitch, TableArns);
    let arn = backend.aws().create_table("orders");
    let config = backend.workdir(&recovery("").replace("\"orders\"\n", &format!("\"{arn}\"\n")));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(status(&backend), "ENABLED");
    config.configure(&recovery(""));
    let plan = config.plan();
    assert_ne!(
        plan.actions(ADDRESS),
        ["delete", "create"],
        "name and ARN are the same table"
    );
    config.apply();
    config.assert_empty_plan();
}

#[test]
fn enabled() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let config = backend.workdir(&recovery("enabled = false"));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(status(&backend), "DISABLED");

    config.configure(&recovery("enabled = true"));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(status(&backend), "ENABLED");

    config.configure(&recovery("enabled = false"));
    config.plan_fails().says("allow_window_loss");
    config.configure(&recovery("enabled = false\n  allow_window_loss = true"));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(status(&backend), "DISABLED");

    config.configure(&recovery(""));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    assert_eq!(status(&backend), "ENABLED", "on is the default");
}

#[test]
fn recovery_period_in_days() {
    let backend = backend!(PitrSwitch, RecoveryPeriod);
    backend.aws().create_table("orders");
    let period = || backend.aws().recovery("orders")["RecoveryPeriodInDays"].clone();
    let config = backend.workdir(&recovery("recovery_period_in_days = 7"));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(period(), json!(7));

    config.configure(&recovery("recovery_period_in_days = 14"));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(period(), json!(14));

    config.configure(&recovery(""));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    assert_eq!(period(), json!(35), "35 is the default");
}

#[test]
fn recovery_period_changed_outside_terraform_comes_back() {
    let backend = backend!(PitrSwitch, RecoveryPeriod);
    backend.aws().create_table("orders");
    let config = backend.workdir(&recovery("recovery_period_in_days = 14"));
    config.apply();
    backend.aws().enable_recovery("orders", 3);
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    assert_eq!(
        backend.aws().recovery("orders")["RecoveryPeriodInDays"],
        json!(14)
    );
}

#[test]
fn allow_window_loss() {
    let backend = backend!(PitrSwitch, RecoveryPeriod, PitrWindow, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(&recovery("recovery_period_in_days = 14"));
    config.apply();
    backend.simulator().advance(10 * 24 * 3600);

    config.configure(&recovery("recovery_period_in_days = 3"));
    config
        .plan_fails()
        .says("allow_window_loss = true")
        .says("14")
        .says("3");
    config.configure(&recovery(
        "recovery_period_in_days = 3\n  allow_window_loss = true",
    ));
    config.apply();
    assert_eq!(backend.aws().recovery("orders")["RecoveryPeriodInDays"], json!(3));

    // Taking the permission back is Terraform's own business.
    config.configure(&recovery("recovery_period_in_days = 3"));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    backend.simulator().clear_calls();
    config.apply();
    assert_eq!(backend.simulator().calls().count("UpdateContinuousBackups"), 0);
    config.assert_empty_plan();
}

#[test]
fn on_destroy_disables() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let config = backend.workdir(&recovery("on_destroy = \"retain\""));
    config.apply();
    config.configure(&recovery("on_destroy = \"disable\""));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    config.apply();
    config.assert_empty_plan();
    let plan = config.plan_with(&["-destroy"]);
    assert!(plan.output.contains("Warning:"), "{}", plan.output);
    config.destroy();
    assert_eq!(status(&backend), "DISABLED");
}

#[test]
fn on_destroy_disable_does_nothing_in_a_replacement() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    backend.aws().create_table("invoices");
    let config = backend.workdir(&recovery("on_destroy = \"disable\""));
    config.apply();
    config.configure(&recovery("on_destroy = \"disable\"").replace("\"orders\"\n", "\"invoices\"\n"));
    config.apply().says("Point-in-time recovery was left on");
    assert_eq!(status(&backend), "ENABLED");
}

#[test]
fn region() {
    let backend = backend!(PitrSwitch);
    backend.aws().create_table("orders");
    let ireland = backend.aws().in_region("eu-west-1");
    ireland.create_table("orders");
    let config = backend.workdir(&recovery("region = \"eu-west-1\""));
    config.apply();
    config.assert_empty_plan();
    assert_eq!(ireland.recovery("orders")["PointInTimeRecoveryStatus"], "ENABLED");
    assert_eq!(status(&backend), "DISABLED");
    config.assert_import(ADDRESS, "orders@eu-west-1", &[]);

    config.configure(&recovery(""));
    config.plan();
    config.configure(&recovery("region = \"us-east-1\""));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    assert_eq!(status(&backend), "ENABLED");
}

#[test]
fn timeouts_are_terraforms_own_business() {
    let backend = backend!(PitrSwitch, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(&recovery("timeouts = { create = \"5m\" }"));
    config.apply();
    config.assert_empty_plan();
    config.configure(&recovery("timeouts = { create = \"6m\", update = \"1m30s\" }"));
    assert_eq!(config.plan().actions(ADDRESS), ["update"]);
    backend.simulator().clear_calls();
    config.apply();
    assert_eq!(backend.simulator().calls().count("UpdateContinuousBackups"), 0);
    config.configure(&recovery(""));
    config.apply();
    config.assert_empty_plan();
}

#[test]
fn waits_for_a_table_that_is_being_made() {
    let backend = backend!(PitrSwitch, Control);
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
    let config = backend.workdir(&recovery(""));
    config.apply();
    assert_eq!(status(&backend), "ENABLED");
    config.assert_empty_plan();
}

#[test]
fn wait_that_fails_says_so_and_the_next_apply_succeeds() {
    let backend = backend!(PitrSwitch, Control);
    backend
        .simulator()
        .set(json!({"continuous_backups_ready_ms": 3_600_000}));
    backend.aws().call(
        "CreateTable",
        json!({
            "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        }),
    );
    let config = backend.workdir(&recovery("timeouts = { create = \"3s\" }"));
    let run = config.try_apply().fails().says("orders");
    assert!(
        run.took < Duration::from_secs(30),
        "the user's timeout holds: {run}"
    );
    backend.simulator().advance(3600);
    config.apply();
    assert_eq!(status(&backend), "ENABLED");
    config.assert_empty_plan();
}

#[test]
fn an_answer_that_is_lost_is_asked_for_again() {
    let backend = backend!(PitrSwitch, Control);
    backend.aws().create_table("orders");
    let config = backend.workdir(&recovery("recovery_period_in_days = 7"));
    backend
        .simulator()
        .fault(json!({"operation": "UpdateContinuousBackups", "kind": "reset_after"}));
    backend.simulator().fault(json!({
        "operation": "UpdateContinuousBackups", "kind": "error_after", "status": 500, "code": "InternalServerError",
    }));
    config.apply();
    assert_eq!(backend.aws().recovery("orders")["RecoveryPeriodInDays"], json!(7));
    config.assert_empty_plan();
}

#[test]
fn a_plan_asks_once_per_object() {
    let backend = backend!(PitrSwitch, Control);
    let names: Vec<String> = (0..20).map(|index| format!("t-{index}")).collect();
    backend.aws().create_tables(names);
    let config = backend.workdir(
        "resource \"dynamodb_point_in_time_recovery\" \"t\" {\n  count      = 20\n  table_name = \"t-${count.index}\"\n}\n",
    );
    config.apply();
    backend.simulator().clear_calls();
    config.assert_empty_plan();
    let calls = backend.simulator().calls();
    assert_eq!(
        calls.count("DescribeContinuousBackups"),
        20,
        "{:?}",
        calls.by_operation()
    );
    assert!(calls.total() <= 22, "{:?}", calls.by_operation());
    assert_eq!(calls.throttled(), 0);
}

fn recovery(arguments: &str) -> String {
    format!(
        "resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = \"orders\"\n  {arguments}\n}}\n"
    )
}

fn status(backend: &Backend) -> String {
    let status = backend.aws().recovery("orders")["PointInTimeRecoveryStatus"].clone();
    status.as_str().expect("recovery has a status").to_owned()
}
