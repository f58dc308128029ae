//! What two objects of one plan do to each other, which AWS tells only when it meets the second.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{Scene, restored};

#[test]
fn two_restores_to_one_name() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    scene.refuses(
        r#"
resource "dynamodb_restored_table" "copy" {
  count                       = 2
  name                        = "orders-copy"
  source                      = { point_in_time = { table_name = "orders", latest = true } }
  deletion_protection_enabled = false
  point_in_time_recovery      = { enabled = false }
}
"#,
        &expect![[r#"
            Error: Two restores make a table of the same name

              with dynamodb_restored_table.copy[0],
              on main.tf line 4, in resource "dynamodb_restored_table" "copy":
               4:   name                        = "orders-copy"

            Another object of this plan restores a table "orders-copy" in us-east-1, too.
            DynamoDB restores only into a new table, so the one that comes second fails.

            Give one of them another name, for example name = "orders-copy-2", or another
            region.

            Rule DBK-RST-005 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-005.md
        "#]],
    );
}

#[test]
fn backups_of_one_table_under_one_name() {
    let scene = Scene::with_orders(backend!(PitrWindow, Backups, Control));
    scene.warns(
        r#"
resource "dynamodb_backup" "nightly" {
  count      = 2
  table_name = "orders"
  name       = "nightly"
}
"#,
        &expect![[r#"
            Warning: Two backups of one table share a name

              with dynamodb_backup.nightly[0],
              on main.tf line 5, in resource "dynamodb_backup" "nightly":
               5:   name       = "nightly"

            The same plan makes another backup of "orders" in us-east-1 that is called
            "nightly", too. DynamoDB makes both, and nothing but their ARNs tells them
            apart.

            Give one of them another name, for example name = "nightly-2", or leave name
            out to have one made from the table and the time.

            Rule DBK-NAME-004 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-004.md
        "#]],
    );
}

/// The window begins when recovery is switched on: nothing before that can be restored.
#[test]
fn a_moment_before_recovery_is_switched_on() {
    let scene = Scene::on(backend!(PitrWindow, Restores, Control));
    scene.backend.aws().create_table("orders");
    scene.stop_the_clock();
    let with = |moment: &str| {
        format!(
            r#"
resource "dynamodb_point_in_time_recovery" "orders" {{
  table_name = "orders"
}}

resource "dynamodb_restored_table" "copy" {{
  name                        = "orders-copy"
  source                      = {{ point_in_time = {{ table_name = dynamodb_point_in_time_recovery.orders.table_name, {moment} }} }}
  deletion_protection_enabled = false
}}
"#
        )
    };
    scene.refuses(&with(r#"time = "2040-11-19T09:00:00Z""#), &expect![[r#"
        Error: Moment to restore lies before recovery is switched on

          with dynamodb_restored_table.copy,
          on main.tf line 8, in resource "dynamodb_restored_table" "copy":
           8:   source                      = { point_in_time = { table_name = dynamodb_point_in_time_recovery.orders.table_name, time = "2040-11-19T09:00:00Z" } }

        time is 2040-11-19T09:00:00Z, and the same plan switches point-in-time
        recovery of "orders" on: the history of the table begins with this apply, 1
        day after that moment at the earliest.

        To copy the table as it is, write latest = true instead of time. For an older
        state, restore a backup: source = { backup_arn = "arn:…" }.

        Rule DBK-RPT-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-009.md
    "#]]);
    scene.warns(&with("latest = true"), &expect![[r#"
        Warning: Point-in-time recovery of the source table is off

          with dynamodb_restored_table.copy,
          on main.tf line 8, in resource "dynamodb_restored_table" "copy":
           8:   source                      = { point_in_time = { table_name = dynamodb_point_in_time_recovery.orders.table_name, latest = true } }

        The table "orders" has point-in-time recovery switched off, and the same plan
        switches it on. Unless this apply does that first, the restore fails.

        Make sure of the order: depends_on = [dynamodb_point_in_time_recovery.NAME].

        Rule DBK-RPT-008 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-008.md
    "#]]);
}

/// What would be deleted for good is not, when a last backup is taken first.
#[test]
fn a_final_backup_before_the_table_goes() {
    let scene = Scene::on(backend!(Backups, Restores, Control));
    let aws = scene.backend.aws();
    aws.create_table("orders");
    let source = format!("{{ backup_arn = {:?} }}", aws.create_backup("orders", "nightly"));
    scene
        .backend
        .simulator()
        .set(json!({"restore_ms": 200, "backup_creating_ms": 0}));
    let last =
        "resource \"dynamodb_final_backup\" \"last\" {\n  table_name = dynamodb_restored_table.copy.arn\n}\n";
    scene
        .config
        .configure(&format!("{}{last}", restored(&source, "")));
    scene.config.apply();
    scene.stop_the_clock();
    let run = scene.config.terraform(&["plan", "-destroy", "-no-color"]).ok();
    assert!(!run.stdout.contains("DBK-DEL-001"), "{run}");
    assert!(run.stdout.contains("Final backup will be taken"), "{run}");
}

/// Each warning of a new table is told when it takes the place of an old one, too.
#[test]
fn a_replacement_tells_what_the_new_table_will_lack() {
    let scene = Scene::on(backend!(Backups, Restores, Tags, Control));
    let aws = scene.backend.aws();
    let arn = aws.create_table("orders");
    aws.call(
        "TagResource",
        json!({"ResourceArn": arn, "Tags": [{"Key": "team", "Value": "data"}]}),
    );
    let source = format!("{{ backup_arn = {:?} }}", aws.create_backup("orders", "nightly"));
    scene
        .backend
        .simulator()
        .set(json!({"restore_ms": 200, "backup_creating_ms": 0}));
    scene.config.configure(&restored(&source, ""));
    scene.config.apply();
    scene.stop_the_clock();
    scene
        .config
        .configure(&restored(&source, "  triggers = { again = \"1\" }\n"));
    let run = scene.config.terraform(&["plan", "-no-color"]).ok();
    for id in ["DBK-CAR-004", "DBK-DEL-001"] {
        let times = run.stdout.matches(&format!("Rule {id}")).count();
        assert_eq!(times, 1, "{id}: {run}");
    }
}
