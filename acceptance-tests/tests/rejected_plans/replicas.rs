//! Point-in-time recovery of a table with replicas in other Regions, and of one that has lost its key.

use acceptance_tests::{Backend, backend};
use expect_test::expect;
use serde_json::json;

use crate::scene::Scene;

const RECOVERY: &str =
    "resource \"dynamodb_point_in_time_recovery\" \"orders\" {\n  table_name = \"orders\"\n}\n";

#[test]
fn replicas_without_recovery() {
    let scene = Scene::on(backend!(PitrSwitch, Control));
    let aws = scene.backend.aws();
    let stream = json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    aws.create_table_with("orders", json!({"StreamSpecification": stream}));
    for region in ["eu-west-1", "eu-central-1"] {
        let create = json!([{"Create": {"RegionName": region}}]);
        aws.call(
            "UpdateTable",
            json!({"TableName": "orders", "ReplicaUpdates": create}),
        );
        aws.in_region(region).wait_for_table("orders");
        aws.wait_for_table("orders");
    }
    scene.stop_the_clock();
    scene.warns(
        RECOVERY,
        &expect![[r#"
        Warning: Replicas of the table have no point-in-time recovery

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
           2:   table_name = "orders"

        "orders" is a global table, and point-in-time recovery is off for its
        replicas in "eu-central-1" and "eu-west-1". This object switches it on in
        us-east-1 alone.

        Add an object for each of these Regions: resource
        "dynamodb_point_in_time_recovery" with table_name = "orders" and region =
        "eu-central-1".

        Rule DBK-PITR-013 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-013.md
    "#]],
    );
    aws.in_region("eu-central-1").enable_recovery("orders", 35);
    scene.warns(
        RECOVERY,
        &expect![[r#"
        Warning: Replicas of the table have no point-in-time recovery

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
           2:   table_name = "orders"

        "orders" is a global table, and point-in-time recovery is off for its
        replicas in "eu-west-1". This object switches it on in us-east-1 alone.

        Add an object for each of these Regions: resource
        "dynamodb_point_in_time_recovery" with table_name = "orders" and region =
        "eu-west-1".

        Rule DBK-PITR-013 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-013.md
    "#]],
    );
    aws.in_region("eu-west-1").enable_recovery("orders", 35);
    scene.accepts(RECOVERY);
}

#[test]
fn a_table_that_lost_its_key() {
    let scene = Scene::on(backend!(PitrSwitch, Keys, Control));
    let key = |state: &str| {
        scene.backend.simulator().make_key(json!({
            "account": scene.backend.account(), "region": Backend::REGION, "state": state,
            "key_id": "1234abcd-12ab-34cd-56ef-1234567890a1", "aliases": ["alias/orders"],
        }));
    };
    key("Enabled");
    let encryption = json!({"Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": "alias/orders"});
    scene
        .backend
        .aws()
        .create_table_with("orders", json!({"SSESpecification": encryption}));
    scene.stop_the_clock();
    scene.accepts(RECOVERY);
    key("Disabled");
    scene.warns(
        RECOVERY,
        &expect![[r#"
        Warning: Table cannot use its KMS key

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
           2:   table_name = "orders"

        The table "orders" is INACCESSIBLE_ENCRYPTION_CREDENTIALS: DynamoDB cannot
        use its KMS key. Nothing can be read of it or written to it, and seven days
        after its key was lost it is archived.

        Enable the KMS key of the table again
        (arn:aws:kms:us-east-1:111122223333:key/<uuid>).
        The table is ACTIVE again after that.

        Rule DBK-PITR-020 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-020.md
    "#]],
    );
    scene.backend.simulator().freeze("2040-11-27T09:00:05Z");
    scene.warns(
        RECOVERY,
        &expect![[r#"
        Warning: Table cannot use its KMS key

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 2, in resource "dynamodb_point_in_time_recovery" "orders":
           2:   table_name = "orders"

        The table "orders" is ARCHIVED: DynamoDB cannot use its KMS key. Its key
        could not be used for seven days. Its last state is kept as the backup
        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>.

        Enable the KMS key of the table again
        (arn:aws:kms:us-east-1:111122223333:key/<uuid>).
        Then restore that backup as a table of another name, and give this object
        that name.

        Rule DBK-PITR-020 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-020.md
    "#]],
    );
    let backup = "resource \"dynamodb_backup\" \"orders\" {\n  table_name = \"orders\"\n}\n";
    scene.refuses(
        backup,
        &expect![[r#"
        Error: Table cannot be backed up

          with dynamodb_backup.orders,
          on main.tf line 2, in resource "dynamodb_backup" "orders":
           2:   table_name = "orders"

        The table "orders" in us-east-1 is ARCHIVED: DynamoDB could not use its KMS
        key for seven days, and its items are gone. Its last state is kept as the
        backup
        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>.

        Remove this backup from the configuration. Enable the KMS key of the table
        again
        (arn:aws:kms:us-east-1:111122223333:key/<uuid>).
        Then restore the backup that is left, with resource
        "dynamodb_restored_table".

        Rule DBK-BKP-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-BKP-001.md
    "#]],
    );
}
