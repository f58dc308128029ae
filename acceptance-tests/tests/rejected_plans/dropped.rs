//! What a restore drops, and what else is told before it: warnings, each with the argument that mends it.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

#[test]
fn settings_of_the_source() {
    let scene = Scene::on(backend!(
        PitrWindow,
        Restores,
        Tags,
        TimeToLive,
        Streams,
        TableClass,
        DeletionProtection,
        Control
    ));
    let aws = scene.backend.aws();
    let arn = aws.create_table("orders");
    aws.call(
        "TagResource",
        json!({"ResourceArn": arn, "Tags": [{"Key": "team", "Value": "shop"}, {"Key": "cost", "Value": "42"}]}),
    );
    aws.call(
        "UpdateTimeToLive",
        json!({"TableName": "orders", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "expires_at"}}),
    );
    for change in [
        json!({"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}}),
        json!({"TableClass": "STANDARD_INFREQUENT_ACCESS"}),
        json!({"DeletionProtectionEnabled": true}),
    ] {
        let mut input = change;
        input["TableName"] = json!("orders");
        aws.call("UpdateTable", input);
        aws.wait_for_table("orders");
    }
    scene.enable_recovery_at("2040-11-10T09:00:00Z", 14);
    scene.stop_the_clock();
    scene.warns(
        &restored(LATEST, "  # deletion_protection_enabled is left out.\n"),
        &expect![[r#"
            Warning: Restored table will lack the tags of its source

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source has 2 tags, "cost" and "team". A restore does not bring tags back:
            cost reports and permissions that depend on them lose sight of the new table.

            Add carry_over = ["tags"] to copy them from the source, or write them out
            with tags = { … }.

            Rule DBK-CAR-004 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-004.md

            Warning: Restored table will lack the stream of its source

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source has a stream with NEW_IMAGE. A restore does not bring it back, and
            what reads it (Lambda functions, for example) sees nothing of the new table.

            Add carry_over = ["stream"] to copy it from the source, or write stream = {
            view_type = "NEW_IMAGE" }. Then point the consumers to the new stream_arn.

            Rule DBK-CAR-005 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-005.md

            Warning: Restored table will lack the time to live of its source

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            Items of the source expire by the attribute "expires_at". A restore does not
            bring that setting back: in the new table no item expires, and those that
            were due to expire stay.

            Add carry_over = ["time_to_live"] to copy it from the source, or write
            time_to_live = { attribute_name = "expires_at" }.

            Rule DBK-CAR-006 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-006.md

            Warning: Restored table will lack point-in-time recovery

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source has point-in-time recovery with a period of 14 days. The new table
            has none until it is switched on, and its history begins only then.

            Add carry_over = ["point_in_time_recovery"] to copy it from the source, or
            write point_in_time_recovery = { recovery_period_in_days = 14 }.

            Rule DBK-CAR-007 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-007.md

            Warning: Restored table will lack deletion protection

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source is protected against deletion. A restore does not bring that
            protection back.

            Add carry_over = ["deletion_protection_enabled"] to copy it from the source,
            or write deletion_protection_enabled = true.

            Rule DBK-CAR-008 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-008.md

            Warning: Restored table will be in the standard table class

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            The source is in the table class STANDARD_INFREQUENT_ACCESS, and a restored
            table is in STANDARD, where storage costs more. The class can be changed only
            twice in 30 days.

            Add carry_over = ["table_class"] to copy it from the source, or write
            table_class = "STANDARD_INFREQUENT_ACCESS".

            Rule DBK-CAR-012 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAR-012.md
        "#]],
    );
    scene.accepts(&restored(
        LATEST,
        "  carry_over = [\"tags\", \"time_to_live\", \"stream\", \"point_in_time_recovery\", \
         \"deletion_protection_enabled\", \"table_class\"]\n",
    ));
}

#[test]
fn a_moment_that_may_be_too_late() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    scene
        .backend
        .simulator()
        .deny(&["dynamodb:DescribeContinuousBackups"]);
    scene.warns(
        &restored(
            "{ point_in_time = { table_name = \"orders\", time = \"2040-11-20T08:58:30Z\" } }",
            "  point_in_time_recovery = {}\n",
        ),
        &expect![[r#"
            Warning: Check was not made: dynamodb:DescribeContinuousBackups is denied

              with dynamodb_restored_table.copy,
              on main.tf line 1, in resource "dynamodb_restored_table" "copy":
               1: resource "dynamodb_restored_table" "copy" {

            It was not checked whether the source table can be restored to that time.

            Describing continuous backups of table orders in us-east-1: User:
            arn:aws:iam::111122223333:user/simulated is not authorized to perform:
            dynamodb:DescribeContinuousBackups on resource:
            arn:aws:dynamodb:us-east-1:111122223333:table/orders because no
            identity-based policy allows the dynamodb:DescribeContinuousBackups action.

            Allow dynamodb:DescribeContinuousBackups for the identity that Terraform runs
            as, and the check is made; or set validation = { observe = false } in the
            provider block to plan without reading AWS.

            AWS error AccessDeniedException, request id
            <request id>

            Warning: Moment to restore is probably too recent

              with dynamodb_restored_table.copy,
              on main.tf line 3, in resource "dynamodb_restored_table" "copy":
               3:   source = { point_in_time = { table_name = "orders", time = "2040-11-20T08:58:30Z" } }

            time is 2040-11-20T08:58:30Z, and it is 2040-11-20T09:00:00Z now. The latest
            moment that can be restored trails the present by about five minutes, so this
            one can probably be restored from 2040-11-20T09:03:30Z on.

            Apply after that moment, choose an earlier time, or write latest = true
            instead.

            Rule DBK-RPT-006 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-006.md
        "#]],
    );
}

#[test]
fn a_timeout_that_is_too_short() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let config = "  point_in_time_recovery = {}\n  timeouts = { create = \"10m\" }\n";
    scene.warns(
        &restored(LATEST, config),
        &expect![[r#"
        Warning: Time limit is short for a restore

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   timeouts = { create = "10m" }

        timeouts.create is 10 minutes. Restores of a few items have taken up to 13
        minutes, and larger ones take hours. When the limit runs out, the restore
        goes on in AWS, and the next apply resumes the wait.

        Set timeouts = { create = "60m" } or more.

        Rule DBK-RST-012 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-012.md
    "#]],
    );
}

#[test]
fn too_many_indexes() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let local: Vec<String> = (1..=6).map(|number| format!("\"by-date-{number}\"")).collect();
    let global: Vec<String> = (1..=21).map(|number| format!("by-{number} = {{}}")).collect();
    let config = |argument: &str, indexes: String| {
        restored(
            LATEST,
            &format!("  point_in_time_recovery = {{}}\n  {argument} = {indexes}\n"),
        )
    };
    let six = format!("[{}]", local.join(", "));
    scene.config.configure(&config("local_secondary_indexes", six));
    scene.refused(&["validate", "-no-color"], &expect![[r#"
        Error: Too many secondary indexes

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   local_secondary_indexes = ["by-date-1", "by-date-2", "by-date-3", "by-date-4", "by-date-5", "by-date-6"]

        local_secondary_indexes names 6 indexes, and a table has at most 5. AWS does
        not raise this number.

        Remove 1 of them.

        Rule DBK-IDX-006 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-IDX-006.md
    "#]]);
    // AWS raises this quota on request.
    let twenty = format!("{{ {} }}", global.join(", "));
    scene
        .config
        .configure(&config("global_secondary_indexes", twenty));
    let run = scene.config.terraform(&["validate", "-no-color"]).ok();
    run.says("global_secondary_indexes names 21 indexes, and the quota of an account is 20")
        .says("DBK-IDX-006");
}

#[test]
fn a_source_that_is_edited_afterwards() {
    let scene = Scene::on(backend!(Backups, Restores, Control));
    scene.backend.aws().create_table("orders");
    let backup = |name: &str| {
        let arn = scene.backend.aws().create_backup("orders", name);
        restored(&format!("{{ backup_arn = {arn:?} }}"), "")
    };
    scene.backend.simulator().set(json!({"restore_ms": 200}));
    scene.config.configure(&backup("nightly"));
    scene.config.apply();
    let edited = backup("weekly");
    scene.stop_the_clock();
    scene.warns(&edited, &expect![[r#"
        Warning: Source of a table that is restored already was edited

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { backup_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>" }

        source was edited, but the table keeps the data it was restored with, from
        arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>,
        and all that was written since. The source only records where the data came
        from.

        Nothing is lost. To restore anew from the new source, change triggers: the
        plan then shows that this table is replaced. Otherwise put the old source
        back.

        Rule DBK-RST-014 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RST-014.md
    "#]]);
}
