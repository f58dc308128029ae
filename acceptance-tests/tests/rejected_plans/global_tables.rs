//! Restores of tables that have replicas.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

#[test]
fn a_copy_has_none() {
    let scene = Scene::on(backend!(PitrWindow, Restores, Streams, Control));
    let aws = scene.backend.aws();
    let stream = json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    aws.create_table_with("orders", json!({"StreamSpecification": stream}));
    for region in ["eu-west-1", "ap-northeast-1"] {
        let replica = json!([{"Create": {"RegionName": region}}]);
        aws.call(
            "UpdateTable",
            json!({"TableName": "orders", "ReplicaUpdates": replica}),
        );
        aws.wait_for_table("orders");
    }
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    scene.warns(
        &restored(
            LATEST,
            "  carry_over = [\"point_in_time_recovery\", \"stream\"]\n",
        ),
        &expect![[r#"
            Warning: Restored table will have no replicas

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source is a global table with replicas in ap-northeast-1 and eu-west-1. A
            restore makes a table in us-east-1 alone: the replicas keep the data that
            they have, and none of them belongs to the new table.

            When the new table is right, add replicas to it with the resource
            aws_dynamodb_table_replica, one in each Region; for that it needs stream = {
            view_type = "NEW_AND_OLD_IMAGES" }. Point-in-time recovery is switched on in
            each Region separately.

            Rule DBK-CAR-014 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-014.md
        "#]],
    );
}

/// The name of a table is taken in every Region that has a replica of it.
#[test]
fn the_name_is_taken_in_each_region() {
    let scene = Scene::on(backend!(PitrWindow, CrossRegionRestore, Streams, Control));
    let aws = scene.backend.aws();
    let stream = json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    aws.create_table_with("copy", json!({"StreamSpecification": stream}));
    let replica = json!([{"Create": {"RegionName": "eu-west-1"}}]);
    aws.call(
        "UpdateTable",
        json!({"TableName": "copy", "ReplicaUpdates": replica}),
    );
    aws.wait_for_table("copy");
    aws.create_table("orders");
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    let source = "{ point_in_time = { table_arn = \"arn:aws:dynamodb:us-east-1:111122223333:table/orders\", latest = true } }";
    scene.refuses(
        &restored(
            source,
            "  region = \"eu-west-1\"\n  carry_over = [\"point_in_time_recovery\"]\n  server_side_encryption = {}\n",
        ),
        &expect![[r#"
            Error: Table to restore into already exists

              with dynamodb_restored_table.copy,
              on main.tf line 2, in resource "dynamodb_restored_table" "copy":
               2:   name   = "copy"

            DynamoDB restores only into a new table, and "copy" exists in eu-west-1
            (account 111122223333, ACTIVE).

            Choose another name, for example name = "copy-20401120", and switch your
            application to it when the data are right. To put an existing restored table
            under this configuration instead: terraform import.

            Rule DBK-RST-003 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-003.md
        "#]],
    );
}
