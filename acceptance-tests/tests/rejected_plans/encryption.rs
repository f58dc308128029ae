//! The key of the restored table.

use acceptance_tests::{Backend, backend};
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

#[test]
fn keys() {
    let scene = Scene::with_orders(backend!(PitrWindow, RestoreOverrides, Keys, Control));
    let id = |last: u8| format!("1234abcd-12ab-34cd-56ef-1234567890a{last}");
    for (last, state, spec) in [
        (1, "Disabled", "SYMMETRIC_DEFAULT"),
        (2, "PendingDeletion", "SYMMETRIC_DEFAULT"),
        (3, "Enabled", "RSA_2048"),
    ] {
        scene.backend.simulator().make_key(json!({
            "account": scene.backend.account(), "region": Backend::REGION, "key_id": id(last), "state": state,
            "key_spec": spec, "key_usage": "ENCRYPT_DECRYPT", "aliases": [],
        }));
    }
    let key = |key: &str| {
        restored(
            LATEST,
            &format!(
                "  carry_over = [\"point_in_time_recovery\"]\n  server_side_encryption = {{ kms_key_arn = {key:?} }}\n"
            ),
        )
    };
    let arn = |last: u8| format!("arn:aws:kms:us-east-1:111122223333:key/{}", id(last));
    scene.refuses(
        &key(&arn(1)),
        &expect![[r#"
        Error: KMS key is not enabled

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/<uuid>" }

        The key
        "arn:aws:kms:us-east-1:111122223333:key/<uuid>"
        is in the state Disabled, and a table can be made only under a key that is
        Enabled.

        Enable it: aws kms enable-key --key-id
        arn:aws:kms:us-east-1:111122223333:key/<uuid>

        Rule DBK-SSE-007 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-007.md
    "#]],
    );
    scene.refuses(
        &key(&arn(2)),
        &expect![[r#"
        Error: KMS key is not enabled

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/<uuid>" }

        The key
        "arn:aws:kms:us-east-1:111122223333:key/<uuid>"
        is in the state PendingDeletion, and a table can be made only under a key
        that is Enabled.

        Stop its deletion and enable it: aws kms cancel-key-deletion --key-id
        arn:aws:kms:us-east-1:111122223333:key/<uuid>
        && aws kms enable-key --key-id
        arn:aws:kms:us-east-1:111122223333:key/<uuid>

        Rule DBK-SSE-007 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-007.md
    "#]],
    );
    scene.refuses(
        &key(&arn(3)),
        &expect![[r#"
        Error: KMS key cannot encrypt a table

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/<uuid>" }

        The key
        "arn:aws:kms:us-east-1:111122223333:key/<uuid>"
        has the key spec RSA_2048. DynamoDB needs the key spec SYMMETRIC_DEFAULT and
        the usage ENCRYPT_DECRYPT; with any other key AWS fails with an internal
        error.

        Give a symmetric encryption key: aws kms create-key (its defaults are right),
        or write server_side_encryption = { enabled = true } for the key that AWS
        manages.

        Rule DBK-SSE-006 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-006.md
    "#]],
    );
    scene.refuses(
        &key(&arn(9)),
        &expect![[r#"
        Error: KMS key does not exist

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/<uuid>" }

        KMS knows no key
        "arn:aws:kms:us-east-1:111122223333:key/<uuid>"
        in us-east-1.

        Give one that exists: aws kms list-keys

        Rule DBK-SSE-008 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-008.md
    "#]],
    );
    scene.refuses(
        &key(&arn(1).replace("us-east-1", "eu-west-1")),
        &expect![[r#"
        Error: KMS key is in another Region than the restored table

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/<uuid>" }

        kms_key_arn
        "arn:aws:kms:eu-west-1:111122223333:key/<uuid>"
        is in eu-west-1, and the table is restored in us-east-1. A table can use only
        keys of its own Region.

        Give the ARN of a key in us-east-1, or write server_side_encryption = {
        enabled = true } for the key that AWS manages there.

        Rule DBK-SSE-005 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-005.md
    "#]],
    );
    scene.refuses(
        &key("orders-key"),
        &expect![[r#"
        Error: KMS key is not valid

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "orders-key" }

        "orders-key" does not name a KMS key: it has the form neither of a key's id
        nor of an alias.

        For the alias of that name, write "alias/orders-key". Give the key's ARN,
        like
        "arn:aws:kms:us-east-1:111122223333:key/<uuid>".

        Rule DBK-ARN-017 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-017.md
    "#]],
    );
    // This apply may be about to make it.
    scene.warns(
        &key("alias/orders"),
        &expect![[r#"
        Warning: KMS key does not exist

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "alias/orders" }

        KMS knows no alias "alias/orders" in us-east-1. Unless this apply makes it
        first, the restore fails.

        If it is a resource of this configuration, refer to it so that it is made
        first. Otherwise: give one that exists: aws kms list-aliases

        Rule DBK-SSE-008 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-008.md
    "#]],
    );
    scene.refuses(
        &key("alias/aws/s3"),
        &expect![[r#"
        Error: KMS key is one that AWS manages for another service

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   server_side_encryption = { kms_key_arn = "alias/aws/s3" }

        kms_key_arn is "alias/aws/s3", the key that AWS manages for s3. DynamoDB may
        use only alias/aws/dynamodb among the managed keys.

        For DynamoDB's managed key, write server_side_encryption = { enabled = true }
        without a key. Otherwise give a key of your own.

        Rule DBK-SSE-009 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-009.md
    "#]],
    );
    scene.refuses(
        &restored(
            LATEST,
            &format!(
                "  carry_over = [\"point_in_time_recovery\"]\n  server_side_encryption = {{\n    enabled     = false\n    \
                 kms_key_arn = \"{}\"\n  }}\n",
                arn(1)
            ),
        ),
        &expect![[r#"
            Error: KMS key is given while KMS encryption is switched off

              with dynamodb_restored_table.copy,
              on main.tf line 7, in resource "dynamodb_restored_table" "copy":
               7:     kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/<uuid>"

            enabled is false, which means the key that AWS owns, and kms_key_arn is
            "arn:aws:kms:us-east-1:111122223333:key/<uuid>".
            The two contradict each other.

            To use the KMS key, set enabled = true. Otherwise write
            server_side_encryption = { enabled = false } alone.

            Rule DBK-SSE-002 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-002.md
        "#]],
    );
}
