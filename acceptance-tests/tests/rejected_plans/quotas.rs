//! Quotas that a restore meets.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

const CARRIED: &str = "  carry_over = [\"point_in_time_recovery\"]\n";

#[test]
fn room_for_one_more_table() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    scene
        .backend
        .simulator()
        .set(json!({"table_creating_ms": 0, "continuous_backups_ready_ms": 0, "enforce_rates": false}));
    scene
        .backend
        .aws()
        .create_tables((1..2499).map(|number| format!("table-{number}")));
    scene.accepts(&restored(LATEST, CARRIED));
    scene.backend.aws().create_table("table-2499");
    scene.warns(
        &restored(LATEST, CARRIED),
        &expect![[r#"
        Warning: Region is at its quota of tables

          with dynamodb_restored_table.copy,
          on main.tf line 2, in resource "dynamodb_restored_table" "copy":
           2:   name   = "copy"

        us-east-1 has 2500 tables of this account, and AWS allows 2500 unless it has
        raised the quota. Where it has not, the restore is refused.

        Compare the quota that you have: aws service-quotas list-service-quotas
        --service-code dynamodb

        Rule DBK-RST-015 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-015.md
    "#]],
    );
    let calls = scene.backend.simulator().calls();
    assert_eq!(calls.count("ListTables"), 25, "a hundred names a page");
}

#[test]
fn tables_are_counted_once_in_a_run_and_only_for_a_restore() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let two = restored(LATEST, CARRIED) + &restored(LATEST, CARRIED).replace("copy", "second");
    scene.backend.simulator().clear_calls();
    scene.accepts(&two);
    assert_eq!(scene.backend.simulator().calls().count("ListTables"), 1);
    scene.backend.simulator().deny(&["dynamodb:ListTables"]);
    scene.backend.simulator().clear_calls();
    scene.warns(
        &restored(LATEST, CARRIED),
        &expect![[r#"
            Warning: Check was not made: dynamodb:ListTables is denied

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            It was not checked whether the Region has room for another table.

            Counting the tables in us-east-1: User:
            arn:aws:iam::111122223333:user/simulated is not authorized to perform:
            dynamodb:ListTables on resource:
            arn:aws:dynamodb:us-east-1:111122223333:table/* because no identity-based
            policy allows the dynamodb:ListTables action.

            Allow dynamodb:ListTables for the identity that Terraform runs as, and the
            check is made; or set validation = { observe = false } in the provider block
            to plan without reading AWS.

            AWS error AccessDeniedException, request id
            <request id>
        "#]],
    );
    scene.backend.simulator().clear_calls();
    scene
        .accepts("resource \"dynamodb_point_in_time_recovery\" \"orders\" {\n  table_name = \"orders\"\n}\n");
    assert_eq!(scene.backend.simulator().calls().count("ListTables"), 0);
}
