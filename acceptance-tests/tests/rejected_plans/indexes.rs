//! The choice of secondary indexes.

use acceptance_tests::backend;
use expect_test::expect;

use crate::scene::{LATEST, Scene, restored};

#[test]
fn indexes() {
    let scene = Scene::on(backend!(PitrWindow, RestoreOverrides, Control));
    scene.create_orders_with_indexes();
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    let with = |arguments: &str| {
        restored(
            LATEST,
            &format!("  carry_over = [\"point_in_time_recovery\"]\n  {arguments}\n"),
        )
    };
    scene.refuses(
        &with("global_secondary_indexes = { by-custmer = {} }"),
        &expect![[r#"
        Error: Source has no such global secondary index

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   global_secondary_indexes = { by-custmer = {} }

        The source of the restore has no global secondary index "by-custmer"; it has
        "by-customer" and "by-status". A restore can leave indexes out, but cannot
        add any.

        Did you mean "by-customer"? Otherwise remove "by-custmer", and add the index
        to the restored table afterwards.

        Rule DBK-IDX-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-IDX-001.md
    "#]],
    );
    scene.refuses(
        &with("global_secondary_indexes = { \"no good\" = {} }"),
        &expect![[r#"
        Error: Index name is not valid

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   global_secondary_indexes = { "no good" = {} }

        "no good" cannot be the name of a secondary index: character 3 is ' ', and a
        name consists of 3 to 255 letters (a-z, A-Z), digits, "_", "-" and ".". No
        table has an index of that name, so none can be restored.

        Write the name as the source table has it, for example "no-good".

        Rule DBK-NAME-003 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-003.md
    "#]],
    );
    scene.refuses(
        &with("local_secondary_indexes = [\"by-dat\"]"),
        &expect![[r#"
        Error: Source has no such local secondary index

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   local_secondary_indexes = ["by-dat"]

        The source of the restore has no local secondary index "by-dat"; it has
        "by-date". A restore can leave indexes out, but cannot add any.

        Did you mean "by-date"? Otherwise remove "by-dat".

        Rule DBK-IDX-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-IDX-004.md
    "#]],
    );
    scene.refuses(
        &with("global_secondary_indexes = { by-date = {} }\n  local_secondary_indexes  = [\"by-date\"]"),
        &expect![[r#"
            Error: Index is named among the global and among the local ones

              with dynamodb_restored_table.copy,
              on main.tf line 6, in resource "dynamodb_restored_table" "copy":
               6:   local_secondary_indexes  = ["by-date"]

            "by-date" stands in global_secondary_indexes and in local_secondary_indexes.
            The indexes of a table share one set of names, so the source has only one
            "by-date".

            Keep "by-date" where it belongs: the source's description says whether it is
            global or local.

            Rule DBK-IDX-013 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-IDX-013.md
        "#]],
    );
    scene.refuses(
        &with(
            "global_secondary_indexes = {\n    by-customer = {\n      \
             provisioned_throughput = { read_capacity_units = 5, write_capacity_units = 5 }\n    }\n  }",
        ),
        &expect![[r#"
            Error: Throughput of an index does not fit the billing mode

              with dynamodb_restored_table.copy,
              on main.tf line 6, in resource "dynamodb_restored_table" "copy":
               6:     by-customer = {

            The restored table is PAY_PER_REQUEST, like its source, and "by-customer" is
            given provisioned throughput. On demand, neither a table nor its indexes have
            any.

            Remove provisioned_throughput from "by-customer", or set billing_mode =
            "PROVISIONED" with throughput for the table and each index.

            Rule DBK-IDX-010 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-IDX-010.md
        "#]],
    );
    scene.refuses(
        &with(
            "billing_mode             = \"PROVISIONED\"\n  \
             provisioned_throughput   = { read_capacity_units = 5, write_capacity_units = 5 }\n  \
             global_secondary_indexes = { by-customer = {} }",
        ),
        &expect![[r#"
            Error: Throughput of an index does not fit the billing mode

              with dynamodb_restored_table.copy,
              on main.tf line 7, in resource "dynamodb_restored_table" "copy":
               7:   global_secondary_indexes = { by-customer = {} }

            The restored table is PROVISIONED, and "by-customer" is given no throughput.
            The source was on demand, so there is none recorded to take over.

            Add provisioned_throughput = { read_capacity_units = 5, write_capacity_units
            = 5 } to it, with numbers that fit.

            Rule DBK-IDX-010 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-IDX-010.md
        "#]],
    );
    scene.warns(
        &with("local_secondary_indexes = []"),
        &expect![[r#"
        Warning: Local secondary index is left out for good

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   local_secondary_indexes = []

        The source has the local secondary index "by-date", and
        local_secondary_indexes leaves it out. Local secondary indexes are made with
        their table: no later change can add one, only another restore.

        To keep all of them, remove local_secondary_indexes or write
        local_secondary_indexes = ["by-date"].

        Rule DBK-IDX-003 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-IDX-003.md
    "#]],
    );
}
