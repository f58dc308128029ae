//! Keys that work, and of which people should know what they do.

use acceptance_tests::{Backend, backend};
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

fn with(encryption: &str) -> String {
    restored(
        LATEST,
        &format!("  carry_over = [\"point_in_time_recovery\"]\n  server_side_encryption = {encryption}\n"),
    )
}

/// A key of the account's own that has the alias `alias/orders`.
fn make_key(backend: &Backend) {
    backend.simulator().make_key(json!({
        "account": backend.account(), "region": Backend::REGION, "key_id": KEY_ID, "state": "Enabled",
        "key_spec": "SYMMETRIC_DEFAULT", "key_usage": "ENCRYPT_DECRYPT", "aliases": ["alias/orders"],
    }));
}

#[test]
fn aliases() {
    let scene = Scene::with_orders(backend!(PitrWindow, RestoreOverrides, Keys, Control));
    make_key(&scene.backend);
    scene.warns(
        &with("{ kms_key_arn = \"alias/orders\" }"),
        &expect![[r#"
        Warning: KMS key is given by an alias

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "alias/orders" }

        kms_key_arn is the alias "alias/orders". AWS looks it up once, when the table
        is made: pointing the alias to another key later does not change the key of
        the table.

        Give the key that it stands for now: kms_key_arn =
        "arn:aws:kms:us-east-1:111122223333:key/<uuid>".

        Rule DBK-SSE-010 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-010.md
    "#]],
    );
    scene.warns(
        &with("{ kms_key_arn = \"alias/aws/dynamodb\" }"),
        &expect![[r#"
        Warning: KMS key is the default

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "alias/aws/dynamodb" }

        kms_key_arn is "alias/aws/dynamodb", the key that AWS manages for DynamoDB.
        It is the one that is taken where none is given.

        Remove kms_key_arn and write server_side_encryption = { enabled = true }.

        Rule DBK-SSE-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-004.md
    "#]],
    );
    let arn = format!("arn:aws:kms:us-east-1:111122223333:key/{KEY_ID}");
    scene.accepts(&with(&format!("{{ kms_key_arn = {arn:?} }}")));
    scene.accepts(&with("{ enabled = true }"));
}

#[test]
fn a_source_under_a_key() {
    let scene = Scene::on(backend!(
        PitrWindow,
        RestoreOverrides,
        CrossRegionRestore,
        Keys,
        Control
    ));
    make_key(&scene.backend);
    scene.backend.aws().create_table_with(
        "orders",
        json!({"SSESpecification": {"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "alias/orders"}}),
    );
    let backup_arn = scene.backend.aws().create_backup("orders", "nightly");
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    scene.warns(
        &with("{ enabled = false }"),
        &expect![[r#"
        Warning: Restored table gives up the KMS key of its source

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { enabled = false }

        The source is encrypted by the KMS key
        arn:aws:kms:us-east-1:111122223333:key/<uuid>,
        and enabled = false restores it under a key that AWS owns, which nobody can
        disable, audit or restrict.

        Write server_side_encryption = { enabled = true, kms_key_arn =
        "arn:aws:kms:us-east-1:111122223333:key/<uuid>"
        }, or remove server_side_encryption to keep the key of the source.

        Rule DBK-SSE-013 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-013.md
    "#]],
    );
    let from_backup = |region: &str| {
        restored(
            &format!("{{ backup_arn = {backup_arn:?} }}"),
            &format!(
                "  region = {region:?}\n  carry_over = [\"point_in_time_recovery\"]\n  server_side_encryption = {{ enabled = \
                 false }}\n"
            ),
        )
    };
    scene.warns(
        &from_backup("eu-west-1"),
        &expect![[r#"
        Warning: Restored table gives up the KMS key of its source

          with dynamodb_restored_table.copy,
          on main.tf line 6, in resource "dynamodb_restored_table" "copy":
           6:   server_side_encryption = { enabled = false }

        The source is encrypted by the KMS key
        arn:aws:kms:us-east-1:111122223333:key/<uuid>,
        and enabled = false restores it under a key that AWS owns, which nobody can
        disable, audit or restrict.

        Write server_side_encryption = { enabled = true, kms_key_arn = … } with a key
        of eu-west-1: for a multi-Region key, its replica there.

        Rule DBK-SSE-013 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-013.md
    "#]],
    );
    scene.accepts(&restored(LATEST, "  carry_over = [\"point_in_time_recovery\"]\n"));
}
