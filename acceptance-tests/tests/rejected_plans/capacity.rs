//! Billing mode and capacity of the restored table.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

#[test]
fn capacity_of_a_copy_of_a_table_on_demand() {
    let scene = Scene::with_orders(backend!(PitrWindow, RestoreOverrides, Control));
    let with = |arguments: &str| {
        restored(
            LATEST,
            &format!("  carry_over = [\"point_in_time_recovery\"]\n  {arguments}\n"),
        )
    };
    scene.refuses(
        &with("billing_mode = \"ON_DEMAND\""),
        &expect![[r#"
        Error: Billing mode does not exist

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   billing_mode = "ON_DEMAND"

        billing_mode is "ON_DEMAND", and DynamoDB knows only "PROVISIONED" and
        "PAY_PER_REQUEST".

        Set billing_mode = "PAY_PER_REQUEST", or remove it to keep the source's.

        Rule DBK-CAP-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-001.md
    "#]],
    );
    scene.refuses(
        &with("billing_mode = \"PROVISIONED\""),
        &expect![[r#"
        Error: Provisioned billing mode is given without throughput

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   billing_mode = "PROVISIONED"

        billing_mode is "PROVISIONED", and provisioned_throughput is missing.
        DynamoDB does not take the capacity over from the source when the billing
        mode is set.

        Add provisioned_throughput = { read_capacity_units = 5, write_capacity_units
        = 5 } with numbers that fit, or remove billing_mode to keep the source's mode
        and capacity.

        Rule DBK-CAP-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-002.md
    "#]],
    );
    scene.refuses(
        &with("provisioned_throughput = { read_capacity_units = 5, write_capacity_units = 5 }"),
        &expect![[r#"
            Error: Provisioned throughput is given for a table on demand

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   provisioned_throughput = { read_capacity_units = 5, write_capacity_units = 5 }

            provisioned_throughput is given, but billing_mode is not set, and the source
            is PAY_PER_REQUEST. A table on demand has no capacity units.

            Set billing_mode = "PROVISIONED", or remove provisioned_throughput.

            Rule DBK-CAP-003 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-003.md
        "#]],
    );
    scene.refuses(
        &with(
            "billing_mode           = \"PROVISIONED\"\n  \
             provisioned_throughput = { read_capacity_units = 5, write_capacity_units = 0 }",
        ),
        &expect![[r#"
            Error: Capacity units are missing or below one

              with dynamodb_restored_table.copy,
              on main.tf line 6, in resource "dynamodb_restored_table" "copy":
               6:   provisioned_throughput = { read_capacity_units = 5, write_capacity_units = 0 }

            write_capacity_units is 0. Provisioned throughput needs read and write
            capacity units, each at least 1.

            Set write_capacity_units = 1 or more, or make the table on demand with
            billing_mode = "PAY_PER_REQUEST".

            Rule DBK-CAP-004 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-004.md
        "#]],
    );
    scene.refuses(
        &with("billing_mode           = \"PROVISIONED\"\n  provisioned_throughput = { read_capacity_units = 5 }"),
        &expect![[r#"
            Error: Capacity units are missing or below one

              with dynamodb_restored_table.copy,
              on main.tf line 6, in resource "dynamodb_restored_table" "copy":
               6:   provisioned_throughput = { read_capacity_units = 5 }

            write_capacity_units is missing. Provisioned throughput needs read and write
            capacity units, each at least 1.

            Set write_capacity_units = 1 or more, or make the table on demand with
            billing_mode = "PAY_PER_REQUEST".

            Rule DBK-CAP-004 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-004.md
        "#]],
    );
    scene.refuses(
        &with("on_demand_throughput = {}"),
        &expect![[r#"
        Error: On-demand maxima are given without any maximum

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   on_demand_throughput = {}

        on_demand_throughput has neither max_read_request_units nor
        max_write_request_units. AWS answers such a request with an error and starts
        the restore all the same.

        Remove on_demand_throughput for no maximum, or give at least one of the two.

        Rule DBK-CAP-008 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-008.md
    "#]],
    );
    scene.refuses(
        &with("on_demand_throughput = { max_read_request_units = -1 }"),
        &expect![[r#"
        Error: On-demand maximum is below one

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   on_demand_throughput = { max_read_request_units = -1 }

        max_read_request_units is -1, and the least that a restore takes is 1.

        Remove max_read_request_units for no maximum, or set it to 1 or more.

        Rule DBK-CAP-007 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-007.md
    "#]],
    );
}

#[test]
fn maxima_of_a_copy_of_a_provisioned_table() {
    let scene = Scene::on(backend!(PitrWindow, RestoreOverrides, Control));
    let throughput = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
    scene.backend.aws().create_table_with(
        "orders",
        json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": throughput}),
    );
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    let maxima = "  carry_over = [\"point_in_time_recovery\"]\n  on_demand_throughput = { max_read_request_units = 100 }\n";
    scene.refuses(
        &restored(LATEST, maxima),
        &expect![[r#"
        Error: On-demand maximum is given for a table with provisioned capacity

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   on_demand_throughput = { max_read_request_units = 100 }

        on_demand_throughput is given, but billing_mode is not set, and the source is
        PROVISIONED. Only a table on demand has maxima of request units.

        Set billing_mode = "PAY_PER_REQUEST", or remove on_demand_throughput.

        Rule DBK-CAP-006 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-006.md
    "#]],
    );
}
