//! What other services do with a restored table: told where it would be lost, and refused where it cannot be.

use acceptance_tests::{Backend, backend};
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

const STREAM: &str = "arn:aws:kinesis:us-east-1:111122223333:stream/changes";

/// The table `orders` with provisioned capacity and everything that this is about, and the clock stopped.
fn rich(backend: Backend) -> Scene {
    let scene = Scene::on(backend);
    let aws = scene.backend.aws();
    let units = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
    let arn = aws.create_table_with(
        "orders",
        json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": units}),
    );
    aws.call("PutResourcePolicy", json!({"ResourceArn": arn, "Policy": "{}"}));
    aws.call(
        "EnableKinesisStreamingDestination",
        json!({"TableName": "orders", "StreamArn": STREAM}),
    );
    aws.call(
        "UpdateContributorInsights",
        json!({"TableName": "orders", "ContributorInsightsAction": "ENABLE"}),
    );
    let target = json!({
        "ResourceId": "table/orders", "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "MinCapacity": 5, "MaxCapacity": 50,
    });
    aws.try_autoscaling("RegisterScalableTarget", target)
        .expect("it is served");
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 35);
    scene.stop_the_clock();
    scene
}

#[test]
fn what_a_restore_drops() {
    let scene = rich(backend!(PitrWindow, Restores, AutoScaling, Control));
    scene.warns(
        &restored(LATEST, "  point_in_time_recovery = {}\n"),
        &expect![[r#"
            Warning: Restored table will lack the auto scaling of its source

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source has auto scaling of the reads of the table. A restore does not
            bring it back, so the capacity of the new table stays at what the restore
            sets (5 read and 5 write capacity units, as auto scaling had them at one
            moment).

            Add carry_over = ["autoscaling"] to copy it from the source, or write
            autoscaling = { read = { min_capacity = 5, max_capacity = 100 } } with your
            own numbers.

            Rule DBK-CAR-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-001.md

            Warning: Restored table will lack the resource policy of its source

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source has a resource policy. A restore does not bring it back: whom it
            let in is shut out of the new table, and whom it denied may be let in.

            Add carry_over = ["resource_policy"] to copy it from the source, or write
            resource_policy = jsonencode({ … }) with the new table's ARN in it. A copy
            names the new table's ARN wherever the policy names the source's.

            Rule DBK-CAR-009 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-009.md

            Warning: Restored table will lack the Kinesis stream of its source

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source streams its changes to
            arn:aws:kinesis:us-east-1:111122223333:stream/changes. A restore does not
            bring that back, so what reads the stream sees nothing of the new table.

            Add carry_over = ["kinesis_stream"] to copy it from the source, or write
            kinesis_stream = { stream_arn =
            "arn:aws:kinesis:us-east-1:111122223333:stream/changes" }.

            Rule DBK-CAR-010 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-010.md

            Warning: Restored table will lack Contributor Insights

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source has Contributor Insights switched on. A restore does not bring
            that back.

            Add carry_over = ["contributor_insights"] to copy it from the source, or
            write contributor_insights = { enabled = true }.

            Rule DBK-CAR-011 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-011.md
        "#]],
    );
    scene.accepts(&restored(
        LATEST,
        "  point_in_time_recovery = {}\n  carry_over = [\"resource_policy\", \"kinesis_stream\", \
         \"contributor_insights\", \"autoscaling\"]\n",
    ));
    scene.accepts(&restored(
        LATEST,
        &format!(
            "  point_in_time_recovery = {{}}\n  resource_policy = \"\"\n  kinesis_stream = {{ stream_arn = {STREAM:?} \
             }}\n  contributor_insights = {{ enabled = false }}\n  autoscaling = {{}}\n"
        ),
    ));
}

#[test]
fn reads_that_are_denied() {
    let scene = rich(backend!(PitrWindow, Restores, AutoScaling, Control));
    for action in [
        "dynamodb:DescribeKinesisStreamingDestination",
        "dynamodb:DescribeContributorInsights",
        "application-autoscaling:DescribeScalableTargets",
    ] {
        scene.backend.simulator().set(json!({"denied_actions": [action]}));
        scene
            .config
            .configure(&restored(LATEST, "  point_in_time_recovery = {}\n"));
        let run = scene.config.terraform(&["plan", "-no-color"]).ok();
        run.says("Warning: Check was not made")
            .says(&format!("Allow {action} for the identity"));
    }
    scene
        .backend
        .simulator()
        .set(json!({"denied_actions": ["dynamodb:GetResourcePolicy"]}));
    scene.warns(
        &restored(
            LATEST,
            "  point_in_time_recovery = {}\n  carry_over = [\"kinesis_stream\", \"contributor_insights\", \
             \"autoscaling\"]\n",
        ),
        &expect![[r#"
            Warning: Check was not made: dynamodb:GetResourcePolicy is denied

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            It was not checked whether the source table has a resource policy, which a
            restore drops.

            Reading the resource policy of
            arn:aws:dynamodb:us-east-1:111122223333:table/orders: User:
            arn:aws:iam::111122223333:user/simulated is not authorized to perform:
            dynamodb:GetResourcePolicy on resource:
            arn:aws:dynamodb:us-east-1:111122223333:table/orders because no
            identity-based policy allows the dynamodb:GetResourcePolicy action.

            Allow dynamodb:GetResourcePolicy for the identity that Terraform runs as, and
            the check is made; or set validation = { observe = false } in the provider
            block to plan without reading AWS.

            AWS error AccessDeniedException, request id
            <request id>
        "#]],
    );
}

#[test]
fn arguments() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let with = |arguments: &str| {
        restored(
            LATEST,
            &format!("  point_in_time_recovery = {{}}\n  {arguments}\n"),
        )
    };
    scene.refuses(
        &with("autoscaling = { read = { min_capacity = 100, max_capacity = 5, target_utilization = 95 } }"),
        &expect![[r#"
            Error: Auto scaling has a number that AWS does not take

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   autoscaling = { read = { min_capacity = 100, max_capacity = 5, target_utilization = 95 } }

            autoscaling.read.max_capacity is 5, which is below min_capacity = 100: no
            capacity lies between the two.

            Set max_capacity = 100 or more, or lower min_capacity to 5.

            Rule DBK-CAP-016 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-016.md

            Error: Auto scaling has a number that AWS does not take

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   autoscaling = { read = { min_capacity = 100, max_capacity = 5, target_utilization = 95 } }

            autoscaling.read.target_utilization is 95 percent, and DynamoDB takes 20 to
            90.

            Set target_utilization = 90, or leave it out for 70.

            Rule DBK-CAP-016 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-016.md
        "#]],
    );
    scene.refuses(
        &with("autoscaling = { write = { min_capacity = 5, max_capacity = 100 } }"),
        &expect![[r#"
            Error: Auto scaling is given for a table on demand

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   autoscaling = { write = { min_capacity = 5, max_capacity = 100 } }

            autoscaling is given, but billing_mode is not set, and the source is
            PAY_PER_REQUEST. A table on demand has no capacity units that could be
            scaled.

            Remove autoscaling, or set billing_mode = "PROVISIONED" and
            provisioned_throughput for the beginning.

            Rule DBK-CAP-017 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-017.md
        "#]],
    );
    scene.refuses(
        &with("autoscaling = { indexes = { by-customer = { read = { min_capacity = 5 } } } }"),
        &expect![[r#"
            Error: Auto scaling without its bounds

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   autoscaling = { indexes = { by-customer = { read = { min_capacity = 5 } } } }

            autoscaling.indexes["by-customer"].read does not give max_capacity. Auto
            scaling moves the capacity between a minimum and a maximum, and AWS has no
            default for either.

            Give both, for example { min_capacity = 5, max_capacity = 100 }.
        "#]],
    );
    scene.refuses(
        &with("kinesis_stream = {}"),
        &expect![[r#"
        Error: Kinesis stream is not named

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   kinesis_stream = {}

        kinesis_stream switches streaming on, and does not say which Kinesis data
        stream gets the changes.

        Give its ARN, for example stream_arn = aws_kinesis_stream.orders.arn; or set
        enabled = false.
    "#]],
    );
    scene.refuses(
        &with("resource_policy = \"allow all\""),
        &expect![[r#"
            Error: Invalid Attribute Value

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   resource_policy = "allow all"

            The value is not JSON (expected value at line 1 column 1); give a policy made
            by jsonencode, or "" for none.
        "#]],
    );
    scene.refuses(
        &with("resource_policy = jsonencode({ Statement = [for it in range(1000) : \"one of a thousand statements\"] })"),
        &expect![[r#"
            Error: Resource policy is too large

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   resource_policy = jsonencode({ Statement = [for it in range(1000) : "one of a thousand statements"] })

            resource_policy has 31015 bytes, and AWS takes 20480 at most, white space
            included.

            Shorten it by 10535 bytes: write it with jsonencode, which leaves white space
            out, merge statements, or name groups of principals by conditions.

            Rule DBK-QTA-007 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-QTA-007.md
        "#]],
    );
}

#[test]
fn a_kinesis_stream_of_another_region() {
    let scene = rich(backend!(
        PitrWindow,
        Restores,
        CrossRegionRestore,
        AutoScaling,
        Control
    ));
    let arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    scene.refuses(
        &restored(
            &format!("{{ point_in_time = {{ table_arn = {arn:?}, latest = true }} }}"),
            "  region = \"eu-west-1\"\n  server_side_encryption = { enabled = false }\n  point_in_time_recovery = {}\n  \
             carry_over = [\"kinesis_stream\", \"resource_policy\", \"contributor_insights\", \"autoscaling\"]\n",
        ),
        &expect![[r#"
            Error: Setting cannot be carried over

              with dynamodb_restored_table.copy,
              on main.tf line 7, in resource "dynamodb_restored_table" "copy":
               7:   carry_over = ["kinesis_stream", "resource_policy", "contributor_insights", "autoscaling"]

            carry_over names "kinesis_stream". The source streams to
            arn:aws:kinesis:us-east-1:111122223333:stream/changes in us-east-1, and the
            new table will be in eu-west-1; DynamoDB streams only to a Kinesis data
            stream of the table's own Region.

            Remove "kinesis_stream" from carry_over, and give kinesis_stream = {
            stream_arn = "arn:…" } with a stream in eu-west-1 where the new table shall
            have one.
        "#]],
    );
}
