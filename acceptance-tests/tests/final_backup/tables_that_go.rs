//! Tables that go, each in one of the ways that Terraform has for that, and what becomes of their final backup: tables
//! that a restore made, and, where it is about what another provider plans, tables of hashicorp/aws.

use acceptance_tests::{
    Backend, HASHICORP_AWS_VERSION, Mirrors, Workdir, backend, hashicorp_aws_mirror, moment, tool,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{ADDRESS, flat, only_backup};

const TABLE: &str = "dynamodb_restored_table.orders";
const AWS_TABLE: &str = "aws_dynamodb_table.orders";

/// How long AWS makes each backup, in seconds: so long that a delete that does not wait comes before its end.
const MAKING: i64 = 2;

#[test]
fn both_are_destroyed() {
    let (backend, config) = applied(backend!(Backups, Restores, Control));
    assert_eq!(config.plan_with(&["-destroy"]).actions(ADDRESS), ["delete"]);
    config.destroy().says("Final backup was taken");
    is_backed_up_and_gone(&backend);
    assert_eq!(config.state().addresses(), Vec::<&str>::new());
}

#[test]
fn both_are_removed_from_the_configuration() {
    let (backend, config) = applied(backend!(Backups, Restores, Control));
    config.configure("");
    config.apply();
    is_backed_up_and_gone(&backend);
}

#[test]
fn the_table_alone_is_targeted() {
    let (backend, config) = applied(backend!(Backups, Restores, Control));
    let target = format!("-target={TABLE}");
    config
        .terraform(&["destroy", "-auto-approve", "-no-color", &target])
        .ok();
    is_backed_up_and_gone(&backend);
}

#[test]
fn the_table_is_replaced_by_command() {
    let (backend, config) = applied(backend!(Backups, Restores, Control));
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
fn the_table_is_restored_anew() {
    let (backend, config) = applied(backend!(Backups, Restores, Control));
    config.configure(&restored("orders", "triggers = { release = \"2\" }"));
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

#[test]
fn the_table_is_renamed() {
    let (backend, config) = applied(backend!(Backups, Restores, Control));
    config.configure(&restored("orders2", ""));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    is_backed_up_and_gone(&backend);
    config.assert_empty_plan();
}

#[test]
fn the_backup_fails_and_the_table_stays() {
    let (backend, config) = applied(backend!(Backups, Restores, Control));
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
    let (backend, config) = applied(backend!(Backups, Restores, Control));
    let lifecycle = "lifecycle {\n    prevent_destroy = true\n  }";
    config.configure(&restored("orders", lifecycle));
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("prevent_destroy");
    assert_eq!(backend.simulator().calls().count("CreateBackup"), 0);
    assert_eq!(backend.simulator().calls().count("DeleteTable"), 0);
}

/// A restored table that is protected ends the plan, so that no backup is taken in vain.
#[test]
fn a_protected_restored_table_takes_no_backup() {
    let (backend, config) = applied(backend!(Backups, Restores, DeletionProtection, Control));
    config.configure(&restored("orders", "deletion_protection_enabled = true"));
    config.apply();
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("Warning: Table is protected from deletion")
        .says("Error: Table is protected from deletion");
    assert_eq!(backend.simulator().calls().count("CreateBackup"), 0);
    assert!(config.state().find(ADDRESS).is_some());
}

/// The one order of things in which the backup is taken and the table stays: hashicorp/aws lets AWS refuse.
#[test]
fn a_protected_table_of_hashicorp_aws_is_told_of_before() {
    let mirror = tool!(hashicorp_aws_mirror());
    let (backend, config) = applied_beside_aws(backend!(Backups, Control), mirror, ".arn", "");
    backend.aws().call(
        "UpdateTable",
        json!({"TableName": "orders", "DeletionProtectionEnabled": true}),
    );
    config
        .terraform(&["destroy", "-auto-approve", "-no-color"])
        .fails()
        .says("Warning: Table is protected from deletion")
        .says("Final backup was taken");
    only_backup(&backend);
    let state = config.state();
    assert!(state.find(ADDRESS).is_none() && state.find(AWS_TABLE).is_some());
    assert_eq!(
        config.plan().actions(ADDRESS),
        ["create"],
        "the next apply promises anew"
    );
}

#[test]
fn a_removed_block_forgets_without_a_backup() {
    let (backend, config) = applied(backend!(Backups, Restores, Control));
    let (table, _) = restored("orders", "")
        .split_once("resource \"dynamodb_final_backup\"")
        .map(|(table, rest)| (table.to_owned(), rest.to_owned()))
        .expect("it stands last");
    config.configure(&format!(
        "{table}removed {{\n  from = {ADDRESS}\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
    ));
    config.apply();
    assert!(config.state().find(ADDRESS).is_none());
    config.destroy();
    assert!(backend.aws().backups("orders").is_empty());
}

/// The table is changed in place first, which is no reason for a backup.
#[test]
fn a_table_of_hashicorp_aws_is_replaced_because_its_key_changes() {
    let mirror = tool!(hashicorp_aws_mirror());
    let (backend, config) = applied_beside_aws(backend!(Backups, Control), mirror, ".arn", "");
    let streaming = beside_aws("orders", "pk", ".arn", "").replace(
        "hash_key     = \"pk\"",
        "hash_key = \"pk\"\n  stream_enabled = true\n  stream_view_type = \"KEYS_ONLY\"",
    );
    config.configure(&streaming);
    let plan = config.plan();
    assert_eq!(
        (plan.actions(AWS_TABLE), plan.actions(ADDRESS)),
        (vec!["update"], vec!["no-op"])
    );

    config.configure(&beside_aws("orders", "id", ".arn", ""));
    let plan = config.plan();
    assert_eq!(plan.actions(AWS_TABLE), ["delete", "create"]);
    assert_eq!(plan.actions(ADDRESS), ["delete", "create"], "{}", plan.output);
    assert!(
        flat(&plan.output).contains("Final backup will be taken"),
        "{}",
        plan.output
    );
    config.apply();
    is_backed_up_before_the_delete(&backend);
    config.assert_empty_plan();
    backend.simulator().clear_calls();
    config.destroy();
    assert_eq!(backend.aws().backups("orders").len(), 2);
    is_deleted_after_its_backup(&backend);
    assert!(backend.aws().table("orders").is_none());
}

/// What the documentation warns of: a name stays the same when its table is replaced. Then the way out that it gives.
#[test]
fn a_table_of_hashicorp_aws_that_is_referred_to_by_name_needs_a_trigger() {
    let mirror = tool!(hashicorp_aws_mirror());
    let (backend, config) = applied_beside_aws(backend!(Backups, Control), mirror, ".name", "");
    config.configure(&beside_aws("orders", "id", ".name", ""));
    let plan = config.plan();
    assert_eq!(plan.actions(AWS_TABLE), ["delete", "create"]);
    assert_eq!(plan.actions(ADDRESS), ["no-op"]);

    let lifecycle = format!("lifecycle {{\n    replace_triggered_by = [{AWS_TABLE}.arn]\n  }}");
    config.configure(&beside_aws("orders", "id", ".name", &lifecycle));
    assert_eq!(config.plan().actions(ADDRESS), ["delete", "create"]);
    config.apply();
    is_backed_up_before_the_delete(&backend);
}

#[test]
fn a_table_of_hashicorp_aws_is_renamed_with_create_before_destroy() {
    let mirror = tool!(hashicorp_aws_mirror());
    let lifecycle = "lifecycle {\n    create_before_destroy = true\n  }";
    let (backend, config) = applied_beside_aws(backend!(Backups, Control), mirror, ".arn", lifecycle);
    config.configure(&beside_aws("orders2", "pk", ".arn", lifecycle));
    assert_eq!(config.plan().actions(ADDRESS), ["create", "delete"]);
    config.apply();
    is_backed_up_and_gone(&backend);
    assert!(backend.aws().backups("orders2").is_empty());
}

/// The final backup was AVAILABLE when the table was deleted, and is still there.
#[track_caller]
fn is_backed_up_and_gone(backend: &Backend) {
    is_backed_up_before_the_delete(backend);
    assert!(backend.aws().table("orders").is_none());
}

#[track_caller]
fn is_backed_up_before_the_delete(backend: &Backend) {
    assert_eq!(only_backup(backend)["BackupStatus"], "AVAILABLE");
    is_deleted_after_its_backup(backend);
}

/// Of the calls since the log was cleared.
#[track_caller]
fn is_deleted_after_its_backup(backend: &Backend) {
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
        text.parse::<Timestamp>().expect("RFC 3339")
    };
    let backups = backend.aws().backups("orders");
    let taken = backups
        .iter()
        .map(|backup| moment(&backup["BackupCreationDateTime"]))
        .max()
        .expect("a backup");
    let (asked, deleted) = (at("CreateBackup"), at("DeleteTable"));
    assert!(
        asked < deleted,
        "backup asked for at {asked}, table deleted at {deleted}"
    );
    assert!(
        deleted >= taken + SignedDuration::from_secs(MAKING),
        "backup begun at {taken}, table deleted at {deleted}"
    );
}

/// A restored table `orders` and its final backup, applied; from now on backups take their time.
fn applied(backend: Backend) -> (Backend, Workdir) {
    backend.aws().create_table("source");
    backend.aws().put_items("source", ["a"]);
    let from = backend.aws().create_backup("source", "nightly");
    let config = backend.workdir(&restored("orders", ""));
    config.write("source.auto.tfvars", &format!("source_arn = \"{from}\"\n"));
    config.write("variables.tf", "variable \"source_arn\" {\n  type = string\n}\n");
    config.apply();
    config.assert_empty_plan();
    slow_backups(&backend);
    (backend, config)
}

/// The same for a table of hashicorp/aws.
fn applied_beside_aws(
    backend: Backend,
    mirror: std::path::PathBuf,
    reference: &str,
    arguments: &str,
) -> (Backend, Workdir) {
    let config = Workdir::new(&Mirrors::ours().with_hashicorp_aws(mirror), backend.variables());
    config.configure(&beside_aws("orders", "pk", reference, arguments));
    config.init();
    config.apply();
    slow_backups(&backend);
    (backend, config)
}

fn slow_backups(backend: &Backend) {
    assert!(backend.aws().backups("orders").is_empty());
    backend
        .simulator()
        .set(json!({"backup_creating_ms": MAKING * 1000}));
    backend.simulator().clear_calls();
}

fn restored(name: &str, arguments: &str) -> String {
    format!(
        r#"resource "dynamodb_restored_table" "orders" {{
  name   = "{name}"
  source = {{ backup_arn = var.source_arn }}
  {arguments}
}}

resource "dynamodb_final_backup" "orders" {{
  table_name = dynamodb_restored_table.orders.arn
}}
"#
    )
}

fn beside_aws(name: &str, key: &str, reference: &str, arguments: &str) -> String {
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

resource "aws_dynamodb_table" "orders" {{
  name         = "{name}"
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
