//! The table that a restore makes: its name, and what may stand in its way.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

#[test]
fn name() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let named = |name: &str| {
        format!(
            "resource \"dynamodb_restored_table\" \"copy\" {{\n  name   = {name:?}\n  source = {LATEST}\n  \
             carry_over = [\"point_in_time_recovery\"]\n  deletion_protection_enabled = false\n}}\n"
        )
    };
    scene.refuses(
        &named("ab"),
        &expect![[r#"
        Error: Table name is not valid

          with dynamodb_restored_table.copy,
          on main.tf line 2, in resource "dynamodb_restored_table" "copy":
           2:   name   = "ab"

        "ab" cannot be the name of a table: it has 2 characters, and a name has 3 to
        255. DynamoDB has no tables with other names.

        Use a name of that form, for example "ab-orders".

        Rule DBK-NAME-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-001.md
    "#]],
    );
    scene.refuses(
        &named("orders copy"),
        &expect![[r#"
        Error: Table name is not valid

          with dynamodb_restored_table.copy,
          on main.tf line 2, in resource "dynamodb_restored_table" "copy":
           2:   name   = "orders copy"

        "orders copy" cannot be the name of a table: character 7 is ' ', and a name
        consists of 3 to 255 letters (a-z, A-Z), digits, "_", "-" and ".". DynamoDB
        has no tables with other names.

        Use a name of that form, for example "orders-copy".

        Rule DBK-NAME-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-001.md
    "#]],
    );
    scene.refuses(
        &named("arn:aws:dynamodb:us-east-1:111122223333:table/copy"),
        &expect![[r#"
        Error: ARN given where a plain table name is needed

          with dynamodb_restored_table.copy,
          on main.tf line 2, in resource "dynamodb_restored_table" "copy":
           2:   name   = "arn:aws:dynamodb:us-east-1:111122223333:table/copy"

        name is "arn:aws:dynamodb:us-east-1:111122223333:table/copy". It takes the
        plain name of the new table; its account and Region are those in which the
        restore runs.

        Write name = "copy-restored", and region = "…" for a restore into another
        Region.

        Rule DBK-ARN-011 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-011.md
    "#]],
    );
    scene.refuses(
        &named("orders"),
        &expect![[r#"
        Error: Table would be restored over its own source

          with dynamodb_restored_table.copy,
          on main.tf line 2, in resource "dynamodb_restored_table" "copy":
           2:   name   = "orders"

        The restore takes its data from the table "orders" and would also be called
        "orders". DynamoDB restores only into a new table, and the source must exist
        to be restored from, so the name is taken.

        Choose another name, for example name = "orders-restored".

        Rule DBK-NAME-014 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-014.md
    "#]],
    );
}

#[test]
fn a_table_that_exists() {
    let scene = Scene::on(backend!(PitrWindow, Restores, Control));
    scene.backend.aws().create_table("orders");
    scene.backend.aws().create_table("copy");
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    scene.refuses(
        &restored(LATEST, "  carry_over = [\"point_in_time_recovery\"]\n"),
        &expect![[r#"
        Error: Table to restore into already exists

          with dynamodb_restored_table.copy,
          on main.tf line 2, in resource "dynamodb_restored_table" "copy":
           2:   name   = "copy"

        DynamoDB restores only into a new table, and "copy" exists in us-east-1
        (account 111122223333, ACTIVE).

        Choose another name, for example name = "copy-20401120", and switch your
        application to it when the data are right. To put an existing restored table
        under this configuration instead: terraform import.

        Rule DBK-RST-003 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-003.md
    "#]],
    );
}

#[test]
fn a_table_that_is_being_made() {
    let scene = Scene::on(backend!(PitrWindow, Restores, Control));
    let aws = scene.backend.aws();
    for name in ["orders", "customers"] {
        aws.create_table(name);
    }
    let theirs = aws.create_backup("customers", "nightly");
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    scene
        .backend
        .simulator()
        .set(json!({"restore_ms": 3_600_000, "table_creating_ms": 3_600_000}));
    aws.call(
        "RestoreTableFromBackup",
        json!({"TargetTableName": "copy", "BackupArn": theirs}),
    );
    scene.refuses(
        &restored(LATEST, "  carry_over = [\"point_in_time_recovery\"]\n"),
        &expect![[r#"
        Error: Table to restore into is being made already

          with dynamodb_restored_table.copy,
          on main.tf line 2, in resource "dynamodb_restored_table" "copy":
           2:   name   = "copy"

        A table "copy" is being restored from
        arn:aws:dynamodb:us-east-1:111122223333:table/customers/backup/<backup id>,
        and this configuration did not start that. Its name is taken, and a running
        restore cannot be cancelled.

        Choose another name. If that restore is the one you want, wait until the
        table is ACTIVE, then: terraform import.

        Rule DBK-RST-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-004.md
    "#]],
    );

    aws.call(
        "CreateTable",
        json!({
            "TableName": "empty", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        }),
    );
    let empty = restored(LATEST, "  carry_over = [\"point_in_time_recovery\"]\n")
        .replace("\"copy\"\n", "\"empty\"\n");
    scene.refuses(
        &empty,
        &expect![[r#"
        Error: Table to restore into is being made already

          with dynamodb_restored_table.copy,
          on main.tf line 2, in resource "dynamodb_restored_table" "copy":
           2:   name   = "empty"

        A table "empty" is being created, not by a restore, and this configuration
        did not start that. Its name is taken.

        Choose another name. If that table is not wanted, delete it when it is
        ACTIVE, then plan again.

        Rule DBK-RST-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-004.md
    "#]],
    );
}

#[test]
fn another_region() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, CrossRegionRestore, Control));
    let source = "{ point_in_time = { table_arn = \"arn:aws:dynamodb:us-east-1:111122223333:table/orders\", latest = true } }";
    let into = |region: &str| {
        restored(
            source,
            &format!("  region = {region:?}\n  carry_over = [\"point_in_time_recovery\"]\n"),
        )
    };
    scene.refuses(
        &into("eu-west-1"),
        &expect![[r#"
        Error: Restore into another Region needs its encryption spelled out

          with dynamodb_restored_table.copy,
          on main.tf line 1, in resource "dynamodb_restored_table" "copy":
           1: resource "dynamodb_restored_table" "copy" {

        The source is in us-east-1, and the table is restored in eu-west-1. Keys
        belong to a Region, so AWS wants to be told how the new table is encrypted,
        and does not take the source's encryption over.

        Add server_side_encryption = { enabled = true, kms_key_arn =
        "arn:aws:kms:eu-west-1:…:key/…" } for a key of your own in eu-west-1, {
        enabled = true } for the one that AWS manages, or { enabled = false } for the
        one that AWS owns.

        Rule DBK-SSE-012 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-012.md
    "#]],
    );
    let excluded = restored(
        source,
        "  region = \"me-south-1\"\n  carry_over = [\"point_in_time_recovery\"]\n  server_side_encryption = {}\n",
    );
    scene.refuses(&excluded, &expect![[r#"
        Error: Region takes no part in restores across Regions

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders", latest = true } }

        The source is in us-east-1, the table is to be restored in me-south-1, and
        AWS excludes me-south-1 from restores across Regions.

        Restore in us-east-1, where the source is, and export the table from there,
        or copy a recovery point of AWS Backup to me-south-1.

        Rule DBK-XRG-003 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-XRG-003.md
    "#]]);
}
