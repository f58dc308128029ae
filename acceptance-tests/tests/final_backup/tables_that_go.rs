//! Tables that go, each in one of the ways that Terraform has for that, and what becomes of their final backup: of a
//! table of hashicorp/aws, and of one that a restore made.

use acceptance_tests::{
    Backend, HASHICORP_AWS_VERSION, Mirrors, Workdir, backend, hashicorp_aws_mirror, moment, tool,
};
use serde_json::json;

use super::{ADDRESS, only_backup};

const TABLE: &str = "aws_dynamodb_table.orders";

/// How long AWS makes each backup, in seconds: so long that a delete that does not wait comes before its end.
const MAKING: i64 = 2;

/// A table of hashicorp/aws and its final backup, applied. Returns from the test where the provider is not at hand.
macro_rules! scene {
    ($configuration:expr) => {{
        let backend = backend!(Backups, Control);
        let mirror = tool!(hashicorp_aws_mirror());
        let configuration = String::from($configuration);
        let configuration = if configuration.is_empty() {
            with_key("pk", ".arn", "")
        } else {
            configuration
        };
        let config = Workdir::new(&Mirrors::ours().with_hashicorp_aws(mirror), backend.variables());
        config.configure(&configuration);
        config.init();
        config.apply();
        config.assert_empty_plan();
        assert!(backend.aws().backups("orders").is_empty());
        slow_backups(&backend);
        (backend, config)
    }};
}
#[test]
fn both_are_destroyed() {
    let (backend, config) = scene!("");
    let run = config.destroy();
    run.says("Final backup was taken");
    is_backed_up_and_gone(&backend);
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
}

#[test]
fn a_restored_table_is_destroyed() {
    let backend = backend!(Backups, Restores, Control);
    backend.aws().create_table("source");
    backend.aws().put_items("source", ["a"]);
    let from = backend.aws().create_backup("source", "nightly");
    let config = backend.workdir(&restored(&from, "1"));
    config.apply();
    slow_backups(&backend);
    let plan = config.plan_with(&["-destroy"]);
    assert_eq!(plan.actions(ADDRESS), ["delete"]);
    config.destroy();
    is_backed_up_and_gone(&backend);
}

#[test]
fn a_restored_table_is_restored_anew() {
    let backend = backend!(Backups, Restores, Control);
    backend.aws().create_table("source");
    backend.aws().put_items("source", ["a"]);
    let from = backend.aws().create_backup("source", "nightly");
    let config = backend.workdir(&restored(&from, "1"));
    config.apply();
    slow_backups(&backend);
    config.configure(&restored(&from, "2"));
    let plan = config.plan();
    assert_eq!(
        plan.actions("dynamodb_restored_table.orders"),
        ["delete", "create"]
    );
    assert_eq!(plan.actions(ADDRESS), ["delete", "create"], "{}", plan.output);
    config.apply();
    is_backed_up_before_the_delete(&backend);
    config.assert_empty_plan();
}

#[test]
fn both_are_removed_from_the_configuration() {
    let (backend, config) = scene!("");
    config.configure(&providers());
    config.apply();
    is_backed_up_and_gone(&backend);
}

#[test]
fn the_table_alone_is_targeted() {
    let (backend, config) = scene!("");
    config
        .terraform(&[
            "destroy",
            "-auto-approve",
            "-no-color",
            &format!("-target={TABLE}"),
        ])
        .ok();
    is_backed_up_and_gone(&backend);
}

#[test]
fn the_table_is_replaced_by_command() {
    let (backend, config) = scene!("");
    let replace = format!("-replace={TABLE}");
    assert_eq!(
        config.plan_with(&[&replace]).actions(ADDRESS),
        ["delete", "create"]
    );
    config
        .terraform(&["apply", "-auto-approve", "-no-color", &replace])
        .ok();
    is_backed_up_before_the_delete(&backend);
    config.assert_empty_plan();
}

#[test]
fn the_table_is_replaced_because_its_key_changes() {
    let (backend, config) = scene!("");
    config.configure(&with_key("id", ".arn", ""));
    let plan = config.plan();
    assert_eq!(plan.actions(TABLE), ["delete", "create"]);
    assert_eq!(plan.actions(ADDRESS), ["delete", "create"], "{}", plan.output);
    assert!(
        plan.output.contains("Final backup will be taken"),
        "{}",
        plan.output
    );
    config.apply();
    is_backed_up_before_the_delete(&backend);
    config.assert_empty_plan();
}

/// What the documentation warns of: a name stays the same when its table is replaced.
#[test]
fn a_table_that_is_referred_to_by_name_is_replaced_without_a_backup() {
    let (backend, config) = scene!(with_key("pk", ".name", ""));
    config.configure(&with_key("id", ".name", ""));
    let plan = config.plan();
    assert_eq!(plan.actions(TABLE), ["delete", "create"]);
    assert_eq!(plan.actions(ADDRESS), ["no-op"]);
    config.apply();
    assert!(backend.aws().backups("orders").is_empty());

    // The way out that it gives.
    let lifecycle = format!("lifecycle {{\n    replace_triggered_by = [{TABLE}.arn]\n  }}");
    config.configure(&with_key("id", ".name", &lifecycle));
    config.assert_empty_plan();
    config.configure(&with_key("pk", ".name", &lifecycle));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    backend.simulator().clear_calls();
    config.apply();
    is_backed_up_before_the_delete(&backend);
    config.assert_empty_plan();
}

#[test]
fn the_table_is_renamed() {
    for reference in [".arn", ".name"] {
        let (backend, config) = scene!(with_key("pk", reference, ""));
        config.configure(
            &with_key("pk", reference, "").replace("name         = \"orders\"", "name = \"orders2\""),
        );
        assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
        config.apply();
        is_backed_up_and_gone(&backend);
        config.assert_empty_plan();
    }
}

#[test]
fn the_table_is_renamed_with_create_before_destroy() {
    let lifecycle = "lifecycle {\n    create_before_destroy = true\n  }";
    let (backend, config) = scene!(with_key("pk", ".arn", lifecycle));
    config.configure(
        &with_key("pk", ".arn", lifecycle).replace("name         = \"orders\"", "name = \"orders2\""),
    );
    assert_eq!(config.plan().actions(ADDRESS), ["create", "delete"]);
    config.apply();
    is_backed_up_and_gone(&backend);
    assert!(backend.aws().backups("orders2").is_empty());
    config.assert_empty_plan();
}

#[test]
fn the_table_is_changed_in_place() {
    let (backend, config) = scene!("");
    config.configure(&with_key("pk", ".arn", "").replace(
        "hash_key     = \"pk\"",
        "hash_key = \"pk\"\n  stream_enabled = true\n  stream_view_type = \"KEYS_ONLY\"",
    ));
    let plan = config.plan();
    assert_eq!(plan.actions(TABLE), ["update"]);
    assert_eq!(plan.actions(ADDRESS), ["no-op"]);
    config.apply();
    assert!(backend.aws().backups("orders").is_empty());
}

#[test]
fn the_backup_fails_and_the_table_stays() {
    let (backend, config) = scene!("");
    backend.simulator().deny(&["dynamodb:CreateBackup"]);
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("Allow dynamodb:CreateBackup")
        .says("Nothing was deleted");
    assert_eq!(backend.simulator().calls().count("DeleteTable"), 0);
    let state = config.state();
    assert!(state.find(ADDRESS).is_some() && state.find(TABLE).is_some());
}

#[test]
fn prevent_destroy_takes_no_backup() {
    let (backend, config) = scene!("");
    config.configure(&with_key("pk", ".arn", "").replace(
        "hash_key     = \"pk\"",
        "hash_key = \"pk\"\n  lifecycle {\n    prevent_destroy = true\n  }",
    ));
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("prevent_destroy");
    assert_eq!(backend.simulator().calls().count("CreateBackup"), 0);
    assert_eq!(backend.simulator().calls().count("DeleteTable"), 0);
}

/// The one order of things in which the backup is taken and the table stays.
#[test]
fn a_protected_table_is_told_of_before() {
    let (backend, config) = scene!("");
    config.configure(&with_key("pk", ".arn", "").replace(
        "hash_key     = \"pk\"",
        "hash_key = \"pk\"\n  deletion_protection_enabled = true",
    ));
    config.apply();
    let plan = config.plan_with(&["-destroy"]);
    assert!(
        plan.output.contains("Warning: Table is protected from deletion"),
        "{}",
        plan.output
    );
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails();
    only_backup(&backend);
    assert!(backend.aws().table("orders").is_some());
    assert_eq!(
        config.plan().actions(ADDRESS),
        ["create"],
        "the next apply promises anew"
    );
}

#[test]
fn a_removed_block_forgets_without_a_backup() {
    let (backend, config) = scene!("");
    let table_only = with_key("pk", ".arn", "");
    let (table_only, _) = table_only
        .split_once("resource \"dynamodb_final_backup\"")
        .expect("it stands last");
    config.configure(&format!(
        "{table_only}removed {{\n  from = {ADDRESS}\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
    ));
    config.apply();
    assert!(config.state().find(ADDRESS).is_none());
    config.destroy();
    assert!(backend.aws().backups("orders").is_empty());
}

/// The final backup was AVAILABLE when the table was deleted, and is still there.
#[track_caller]
fn is_backed_up_and_gone(backend: &Backend) {
    is_backed_up_before_the_delete(backend);
    assert!(backend.aws().table("orders").is_none());
}

#[track_caller]
fn is_backed_up_before_the_delete(backend: &Backend) {
    let backup = only_backup(backend);
    assert_eq!(backup["BackupStatus"], "AVAILABLE");
    let calls = backend.simulator().calls();
    let at = |operation: &str| {
        let mut made = calls
            .all()
            .filter(|call| call["operation"] == operation && call["error"].is_null());
        let call = made.next().unwrap_or_else(|| panic!("no {operation}"));
        assert!(
            made.next().is_none(),
            "one {operation}: {:?}",
            calls.by_operation()
        );
        let text = call["at"].as_str().expect("a time");
        text.parse::<jiff::Timestamp>().expect("RFC 3339")
    };
    let taken = moment(&backup["BackupCreationDateTime"]);
    let available = taken + jiff::SignedDuration::from_secs(MAKING);
    let deleted = at("DeleteTable");
    assert!(at("CreateBackup") < deleted);
    assert!(
        deleted >= available,
        "taken at {taken}, table deleted at {deleted}"
    );
}

fn slow_backups(backend: &Backend) {
    backend
        .simulator()
        .set(json!({"backup_creating_ms": MAKING * 1000}));
    backend.simulator().clear_calls();
}

/// Both providers and nothing else.
fn providers() -> String {
    format!(
        r#"terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{HASHICORP_AWS_VERSION}"
    }}
    dynamodb = {{
      source = "dynamodb-backup/dynamodb"
    }}
  }}
}}

provider "aws" {{
  region = "us-east-1"
}}
"#
    )
}

fn with_key(key: &str, reference: &str, arguments: &str) -> String {
    let providers = providers();
    format!(
        r#"{providers}
resource "aws_dynamodb_table" "orders" {{
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "{key}"

  attribute {{
    name = "{key}"
    type = "S"
  }}
}}

resource "dynamodb_final_backup" "orders" {{
  table_name = aws_dynamodb_table.orders{reference}
  {arguments}
}}
"#
    )
}

fn restored(from: &str, release: &str) -> String {
    format!(
        r#"resource "dynamodb_restored_table" "orders" {{
  name     = "orders"
  source   = {{ backup_arn = "{from}" }}
  triggers = {{ release = "{release}" }}
}}

resource "dynamodb_final_backup" "orders" {{
  table_name = dynamodb_restored_table.orders.arn
}}
"#
    )
}
