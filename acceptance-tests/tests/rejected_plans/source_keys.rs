//! The key of the data that are restored, which must be there whatever key the new table gets.

use acceptance_tests::{Backend, backend};
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890a1";

/// Makes the table `orders` under a key, and gives what changes the state of the key.
fn encrypted(scene: &Scene) -> impl Fn(&str) {
    let simulator = scene.backend.simulator();
    let key = move |state: &str| {
        simulator.make_key(json!({
            "account": "111122223333", "region": Backend::REGION, "state": state, "key_id": KEY_ID, "aliases": [],
        }));
    };
    key("Enabled");
    let encryption = json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": KEY_ID});
    scene
        .backend
        .aws()
        .create_table_with("orders", json!({"SSESpecification": encryption}));
    key
}

#[test]
fn the_key_of_a_backup() {
    let scene = Scene::on(backend!(Backups, Restores, Keys, Control));
    let key = encrypted(&scene);
    let arn = scene.backend.aws().create_backup("orders", "nightly");
    let source = format!("{{ backup_arn = {arn:?} }}");
    scene.stop_the_clock();
    scene.accepts(&restored(&source, ""));
    key("Disabled");
    scene.refuses(&restored(&source, ""), &expect![[r#"
        Error: KMS key of the data to restore cannot be used

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>" }

        The backup is encrypted under
        "arn:aws:kms:us-east-1:111122223333:key/<uuid>",
        which is in the state Disabled. DynamoDB would refuse the restore.

        Enable it: aws kms enable-key --key-id
        arn:aws:kms:us-east-1:111122223333:key/<uuid>
        --region us-east-1

        Rule DBK-BKP-020 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-020.md
    "#]]);
    // The new table may have any key: what the backup holds is still read under its own.
    key("PendingDeletion");
    scene.refuses(
        &restored(&source, "  server_side_encryption = { enabled = false }\n"),
        &expect![[r#"
            Error: KMS key of the data to restore cannot be used

              with dynamodb_restored_table.copy,
              on main.tf line 3, in resource "dynamodb_restored_table" "copy":
               3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>" }

            The backup is encrypted under
            "arn:aws:kms:us-east-1:111122223333:key/<uuid>",
            which is in the state PendingDeletion. DynamoDB would refuse the restore.

            Stop its deletion and enable it: aws kms cancel-key-deletion --key-id
            arn:aws:kms:us-east-1:111122223333:key/<uuid>
            --region us-east-1 && aws kms enable-key --key-id
            arn:aws:kms:us-east-1:111122223333:key/<uuid>
            --region us-east-1

            Rule DBK-BKP-020 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-020.md
        "#]],
    );
    scene.backend.simulator().deny(&["kms:DescribeKey"]);
    scene.warns(
        &restored(&source, ""),
        &expect![[r#"
            Warning: Check was not made: kms:DescribeKey is denied

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            It was not checked whether the KMS key of the source exists and can be used.

            Describing KMS key
            arn:aws:kms:us-east-1:111122223333:key/<uuid>:
            User: arn:aws:iam::111122223333:user/simulated is not authorized to perform:
            kms:DescribeKey on resource: * because no identity-based policy allows the
            kms:DescribeKey action.

            Allow kms:DescribeKey for the identity that Terraform runs as, and the check
            is made; or set validation = { observe = false } in the provider block to
            plan without reading AWS.

            AWS error AccessDeniedException, request id
            <request id>
        "#]],
    );
}

#[test]
fn the_key_of_the_source_table() {
    let scene = Scene::on(backend!(PitrWindow, Restores, Keys, Control));
    let key = encrypted(&scene);
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    let carried = "  carry_over = [\"point_in_time_recovery\"]\n";
    scene.accepts(&restored(LATEST, carried));
    key("Disabled");
    scene.refuses(
        &restored(LATEST, carried),
        &expect![[r#"
        Error: KMS key of the data to restore cannot be used

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_name = "orders", latest = true } }

        The restored table would have the key of its source,
        "arn:aws:kms:us-east-1:111122223333:key/<uuid>",
        which is in the state Disabled. DynamoDB would refuse the restore.

        Enable it: aws kms enable-key --key-id
        arn:aws:kms:us-east-1:111122223333:key/<uuid>
        --region us-east-1

        Rule DBK-BKP-020 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-020.md
    "#]],
    );
    // Seven days without its key, and the table is archived.
    scene.backend.simulator().freeze("2040-11-27T09:00:05Z");
    scene.config.terraform(&["plan", "-no-color"]).fails();
    key("Enabled");
    scene.warns(
        &restored(LATEST, ""),
        &expect![[r#"
        Warning: Table to restore from is archived

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_name = "orders", latest = true } }

        The table "orders" is ARCHIVED: DynamoDB could not use its KMS key for seven
        days, and its items are gone. Its last state is kept as the backup
        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>.

        Enable the KMS key of the table again
        (arn:aws:kms:us-east-1:111122223333:key/<uuid>).
        Then restore the backup: source = { backup_arn =
        "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>"
        }. To give the new table the name "orders", delete the archived one first.

        Rule DBK-BKP-025 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-025.md
    "#]],
    );
}
