//! Restored tables that are deleted, or made without protection: what would be lost, and what would be left.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

#[test]
fn a_table_of_which_nothing_is_left() {
    let scene = Scene::on(backend!(Backups, Restores, Control));
    let aws = scene.backend.aws();
    aws.create_table("orders");
    let source = format!("{{ backup_arn = {:?} }}", aws.create_backup("orders", "nightly"));
    scene
        .backend
        .simulator()
        .set(json!({"restore_ms": 200, "backup_creating_ms": 0}));
    scene.config.configure(&restored(&source, ""));
    scene.config.apply();
    scene.stop_the_clock();
    scene.warned(
        &["plan", "-destroy", "-no-color"],
        &expect![[r#"
            Warning: Table would be deleted for good

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            "copy" in us-east-1 goes with all its items. Point-in-time recovery is off,
            so DynamoDB keeps no system backup, and there is no other backup of it.
            Recovery points in vaults of AWS Backup were not looked for.

            To have a backup taken right before the table goes, add this and apply it
            before you destroy: resource "dynamodb_final_backup" "last" { table_name =
            dynamodb_restored_table.NAME.arn }. Or take one now with resource
            "dynamodb_backup" and retain_on_destroy = true.

            Rule DBK-DEL-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-DEL-001.md
        "#]],
    );
    scene.warns(
        &restored(&source, "  triggers = { again = \"1\" }\n"),
        &expect![[r#"
            Warning: Table would be deleted for good

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            "copy" in us-east-1 goes with all its items. Point-in-time recovery is off,
            so DynamoDB keeps no system backup, and there is no other backup of it.
            Recovery points in vaults of AWS Backup were not looked for.

            Take a backup first, in an apply of its own: resource "dynamodb_backup"
            "last" { table_name = dynamodb_restored_table.NAME.name }. Set
            retain_on_destroy = true in it, so that it stays.

            Rule DBK-DEL-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-DEL-001.md
        "#]],
    );
    // A backup of eleven days ago does not hold what was written since.
    scene.backend.simulator().freeze("2040-11-09T09:30:05Z");
    aws.create_backup("copy", "first");
    scene.stop_the_clock();
    scene.config.configure(&restored(&source, ""));
    scene.warned(
        &["plan", "-destroy", "-no-color"],
        &expect![[r#"
            Warning: Table would be deleted for good

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            "copy" in us-east-1 goes with all its items. Point-in-time recovery is off,
            so DynamoDB keeps no system backup, and the newest backup of it,
            arn:aws:dynamodb:us-east-1:111122223333:table/copy/backup/<backup id>,
            is 10 days 23 hours old: what was written since is lost. Recovery points in
            vaults of AWS Backup were not looked for.

            To have a backup taken right before the table goes, add this and apply it
            before you destroy: resource "dynamodb_final_backup" "last" { table_name =
            dynamodb_restored_table.NAME.arn }. Or take one now with resource
            "dynamodb_backup" and retain_on_destroy = true.

            Rule DBK-DEL-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-DEL-001.md
        "#]],
    );
    scene.backend.simulator().freeze("2040-11-19T09:30:05Z");
    aws.create_backup("copy", "second");
    scene.stop_the_clock();
    let run = scene.config.terraform(&["plan", "-destroy", "-no-color"]).ok();
    assert!(!run.stdout.contains("Warning"), "{run}");
    scene.backend.simulator().deny(&["dynamodb:ListBackups"]);
    scene.warned(
        &["plan", "-destroy", "-no-color"],
        &expect![[r#"
            Warning: Check was not made: dynamodb:ListBackups is denied

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            It was not checked whether there is a recent backup of the table that goes.

            Listing the backups of table copy in us-east-1: User:
            arn:aws:iam::111122223333:user/simulated is not authorized to perform:
            dynamodb:ListBackups on resource:
            arn:aws:dynamodb:us-east-1:111122223333:table/copy because no identity-based
            policy allows the dynamodb:ListBackups action.

            Allow dynamodb:ListBackups for the identity that Terraform runs as, and the
            check is made; or set validation = { observe = false } in the provider block
            to plan without reading AWS.

            AWS error AccessDeniedException, request id
            <request id>
        "#]],
    );
}

#[test]
fn a_history_that_goes_with_its_table() {
    let scene = Scene::on(backend!(PitrWindow, Restores, Control));
    scene.backend.aws().create_table("orders");
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.backend.simulator().set_clock("2040-11-11T09:00:00Z");
    scene.backend.simulator().set(json!({"restore_ms": 200}));
    let recoverable = "  carry_over = [\"point_in_time_recovery\"]\n";
    scene.config.configure(&restored(LATEST, recoverable));
    scene.config.apply();
    scene.stop_the_clock();
    scene.warned(
        &["plan", "-destroy", "-no-color"],
        &expect![[r#"
        Warning: Restorable history goes with the table

          with dynamodb_restored_table.copy,
          on main.tf line 1, in resource "dynamodb_restored_table" "copy":
           1: resource "dynamodb_restored_table" "copy" {

        "copy" in us-east-1 goes with its history: every restorable moment from
        2040-11-11T09:00:00Z to 2040-11-20T08:55:00Z (8 days 23 hours of history).
        What DynamoDB keeps is one system backup of its last state, for 35 days,
        until 2040-12-25T09:00:00Z if it goes now.

        Go on if the last state is enough; the system backup then shows in: aws
        dynamodb list-backups --region us-east-1 --table-name copy --backup-type
        SYSTEM

        Rule DBK-DEL-006 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-DEL-006.md
    "#]],
    );
    scene.warns(
        &restored(
            LATEST,
            &format!("{recoverable}  triggers = {{ again = \"1\" }}\n"),
        ),
        &expect![[r#"
            Warning: Restorable history goes with the table

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            "copy" in us-east-1 goes with its history: every restorable moment from
            2040-11-11T09:00:00Z to 2040-11-20T08:55:00Z (8 days 23 hours of history).
            What DynamoDB keeps is one system backup of its last state, for 35 days,
            until 2040-12-25T09:00:00Z if it goes now. The table that takes its place
            begins with an empty window.

            Go on if the last state is enough; the system backup then shows in: aws
            dynamodb list-backups --region us-east-1 --table-name copy --backup-type
            SYSTEM

            Rule DBK-DEL-006 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-DEL-006.md
        "#]],
    );
}

#[test]
fn a_table_that_is_not_protected() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let copy = |arguments: &str| {
        format!(
            "resource \"dynamodb_restored_table\" \"copy\" {{\n  name       = \"copy\"\n  source     = {LATEST}\n  \
             carry_over = [\"point_in_time_recovery\"]\n{arguments}}}\n"
        )
    };
    scene.warns(
        &copy(""),
        &expect![[r#"
        Warning: Restored table will not be protected from deletion

          with dynamodb_restored_table.copy,
          on main.tf line 1, in resource "dynamodb_restored_table" "copy":
           1: resource "dynamodb_restored_table" "copy" {

        deletion_protection_enabled is not given, and a restored table begins without
        it: whoever may call DeleteTable deletes it with all its items.

        Set deletion_protection_enabled = true; or deletion_protection_enabled =
        false, if that is meant.

        Rule DBK-DEL-005 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-DEL-005.md
    "#]],
    );
    scene.accepts(&copy("  deletion_protection_enabled = true\n"));
    scene.accepts(&copy("  deletion_protection_enabled = false\n"));
}
