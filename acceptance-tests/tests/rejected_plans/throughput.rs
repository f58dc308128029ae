//! Throughput that a restored table would have, or lack, without anybody noticing.

use acceptance_tests::{Backend, backend};
use expect_test::expect;
use serde_json::{Value, json};

use crate::scene::{LATEST, Scene, restored};

/// Nothing else is dropped.
const KEPT: &str = "  carry_over = [\"point_in_time_recovery\"]\n";

/// A table `orders` that differs in these members, recoverable for ten days, with the clock stopped.
fn orders(backend: Backend, input: Value) -> Scene {
    let scene = Scene::on(backend);
    scene.backend.aws().create_table_with("orders", input);
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    scene
}

fn with(arguments: &str) -> String {
    restored(LATEST, &format!("{KEPT}{arguments}"))
}

#[test]
fn more_than_the_default_quota() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let units = |units: u32| {
        with(&format!(
            "  billing_mode = \"PROVISIONED\"\n  provisioned_throughput = {{\n    read_capacity_units  = {units}\n    \
             write_capacity_units = 10\n  }}\n"
        ))
    };
    scene.warns(
        &units(40_001),
        &expect![[r#"
        Warning: Capacity units exceed the default quota

          with dynamodb_restored_table.copy,
          on main.tf line 7, in resource "dynamodb_restored_table" "copy":
           7:     read_capacity_units  = 40001

        read_capacity_units of the table is 40001. Unless AWS has raised the quota
        for this account, a table or index has at most 40000.

        Lower it to 40000 or less. See what holds for you (TableMaxReadCapacityUnits)
        and ask for more in Service Quotas: aws dynamodb describe-limits --region
        us-east-1

        Rule DBK-CAP-005 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-005.md
    "#]],
    );
    scene.accepts(&units(40_000));
}

#[test]
fn indexes_beside_a_table_that_is_made_larger() {
    let units = |read: u32, write: u32| json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write});
    let index = |name: &str, key: &str| {
        json!({
            "IndexName": name, "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": units(10, 5),
        })
    };
    let attributes =
        ["pk", "customer", "status"].map(|name| json!({"AttributeName": name, "AttributeType": "S"}));
    let scene = orders(
        backend!(PitrWindow, RestoreOverrides, Control),
        json!({
            "BillingMode": "PROVISIONED", "ProvisionedThroughput": units(20, 10), "AttributeDefinitions": attributes,
            "GlobalSecondaryIndexes": [index("by-customer", "customer"), index("by-status", "status")],
        }),
    );
    let raised = "  provisioned_throughput = { read_capacity_units = 200, write_capacity_units = 100 }\n";
    scene.warns(
        &with(raised),
        &expect![[r#"
        Warning: Indexes keep their recorded capacity beside that of the table

          with dynamodb_restored_table.copy,
          on main.tf line 1, in resource "dynamodb_restored_table" "copy":
           1: resource "dynamodb_restored_table" "copy" {

        provisioned_throughput changes the capacity of the table to 200 read and 100
        write capacity units. Its global secondary indexes keep what is recorded:
        "by-customer" 10 read and 5 write and "by-status" 10 read and 5 write
        capacity units. Writes are throttled where an index has too little for them.

        Add global_secondary_indexes = { "by-customer" = { provisioned_throughput = {
        read_capacity_units = 200, write_capacity_units = 100 } }, "by-status" = {
        provisioned_throughput = { read_capacity_units = 200, write_capacity_units =
        100 } } }, with numbers that fit.

        Rule DBK-CAP-010 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-010.md
    "#]],
    );
    let chosen = format!("{raised}  global_secondary_indexes = {{ by-status = {{}} }}\n");
    scene.warns(
        &with(&chosen),
        &expect![[r#"
            Warning: Indexes keep their recorded capacity beside that of the table

              with dynamodb_restored_table.copy,
              on main.tf line 6, in resource "dynamodb_restored_table" "copy":
               6:   global_secondary_indexes = { by-status = {} }

            provisioned_throughput changes the capacity of the table to 200 read and 100
            write capacity units. Its global secondary indexes keep what is recorded:
            "by-status" 10 read and 5 write capacity units. Writes are throttled where an
            index has too little for them.

            In global_secondary_indexes, write "by-status" = { provisioned_throughput = {
            read_capacity_units = 200, write_capacity_units = 100 } }, with numbers that
            fit.

            Rule DBK-CAP-010 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-010.md
        "#]],
    );
    let given = "{ read_capacity_units = 200, write_capacity_units = 100 }";
    scene.accepts(&with(&format!(
        "{raised}  global_secondary_indexes = {{ by-status = {{ provisioned_throughput = {given} }} }}\n"
    )));
    scene.accepts(&with(""));
}

#[test]
fn a_source_that_has_grown() {
    let warm = |read: u32, write: u32| json!({"WarmThroughput": {"ReadUnitsPerSecond": read, "WriteUnitsPerSecond": write}});
    let scene = orders(backend!(PitrWindow, Restores, Control), warm(60_000, 20_000));
    scene.warns(
        &with(""),
        &expect![[r#"
        Warning: Restored table will lack the warm throughput of its source

          with dynamodb_restored_table.copy,
          on main.tf line 1, in resource "dynamodb_restored_table" "copy":
           1: resource "dynamodb_restored_table" "copy" {

        The source takes 60000 read and 20000 write units per second at once: its
        warm throughput. A restored table begins with at most 12000 read and 4000
        write, and is throttled beyond that until it has grown.

        Warm it up when it is ACTIVE, before the traffic comes, which AWS charges
        for: aws dynamodb update-table --region us-east-1 --table-name copy
        --warm-throughput ReadUnitsPerSecond=60000,WriteUnitsPerSecond=20000

        Rule DBK-CAR-013 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-013.md
    "#]],
    );
    let capacity = "{ read_capacity_units = 40000, write_capacity_units = 20000 }";
    scene.warns(
        &with(&format!(
            "  billing_mode = \"PROVISIONED\"\n  provisioned_throughput = {capacity}\n"
        )),
        &expect![[r#"
            Warning: Restored table will lack the warm throughput of its source

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source takes 60000 read units per second at once: its warm throughput. A
            restored table begins with at most 40000 read, and is throttled beyond that
            until it has grown.

            Warm it up when it is ACTIVE, before the traffic comes, which AWS charges
            for: aws dynamodb update-table --region us-east-1 --table-name copy
            --warm-throughput ReadUnitsPerSecond=60000

            Rule DBK-CAR-013 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-013.md
        "#]],
    );
}
