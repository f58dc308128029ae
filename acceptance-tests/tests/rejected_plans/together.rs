//! Several faults at once, faults that are not known yet, and reads that are not allowed.

use acceptance_tests::backend;
use expect_test::expect;

use crate::scene::{LATEST, Scene, restored};

/// Terraform asks for no plan of a configuration that is faulty by itself.
#[test]
fn all_faults_of_the_configuration_are_said_at_once() {
    let scene = Scene::on(backend!(Control));
    let several = restored(
        "{ point_in_time = { table_name = \"orders\" } }",
        "  billing_mode           = \"PROVISIONED\"\n  \
         server_side_encryption = { kms_key_arn = \"alias/aws/s3\" }\n  \
         tags                   = { \"aws:team\" = \"shop\" }\n",
    );
    scene.refuses(
        &several,
        &expect![[r#"
        Error: Restore to a point in time needs exactly one moment

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_name = "orders" } }

        point_in_time says which table, but not when: it has neither time nor latest.

        Add time = "2025-11-19T09:00:00Z" for that very second, or latest = true for
        the latest moment that can be restored, about five minutes before the apply.

        Rule DBK-RPT-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-001.md

        Error: Provisioned billing mode is given without throughput

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:   billing_mode           = "PROVISIONED"

        billing_mode is "PROVISIONED", and provisioned_throughput is missing.
        DynamoDB does not take the capacity over from the source when the billing
        mode is set.

        Add provisioned_throughput = { read_capacity_units = 5, write_capacity_units
        = 5 } with numbers that fit, or remove billing_mode to keep the source's mode
        and capacity.

        Rule DBK-CAP-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CAP-002.md

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

        Error: Tag is not valid

          with dynamodb_restored_table.copy,
          on main.tf line 6, in resource "dynamodb_restored_table" "copy":
           6:   tags                   = { "aws:team" = "shop" }

        The key "aws:team" begins with "aws:", which is reserved for AWS.

        Use another key, for example "team".

        Rule DBK-QTA-006 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-QTA-006.md
    "#]],
    );
}

#[test]
fn all_faults_that_aws_shows_are_said_at_once() {
    let scene = Scene::on(backend!(PitrWindow, RestoreOverrides, Keys, Control));
    scene.create_orders_with_indexes();
    scene.backend.aws().create_table("copy");
    scene.stop_the_clock();
    let several = restored(
        LATEST,
        "  server_side_encryption   = { kms_key_arn = \"1234abcd-12ab-34cd-56ef-1234567890ab\" }\n  \
         global_secondary_indexes = { by-custmer = {} }\n  \
         local_secondary_indexes  = [\"by-dat\"]\n",
    );
    scene.refuses(
        &several,
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

        Error: Point-in-time recovery of the source table is off

          with dynamodb_restored_table.copy,
          on main.tf line 3, in resource "dynamodb_restored_table" "copy":
           3:   source = { point_in_time = { table_name = "orders", latest = true } }

        The table "orders" has point-in-time recovery switched off, so DynamoDB keeps
        no history of it. Switching it on now opens a window that begins now: no
        earlier moment can be restored.

        Restore a backup instead: source = { backup_arn = "arn:…" }; to see what
        there is: aws dynamodb list-backups --table-name orders --backup-type ALL. To
        copy the table as it is today, switch recovery on, apply, and then plan this
        restore with latest = true.

        Rule DBK-RPT-008 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-008.md

        Error: KMS key does not exist

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:   server_side_encryption   = { kms_key_arn = "<uuid>" }

        KMS knows no key "<uuid>" in us-east-1.

        Give one that exists: aws kms list-keys

        Rule DBK-SSE-008 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SSE-008.md

        Error: Source has no such global secondary index

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   global_secondary_indexes = { by-custmer = {} }

        The source of the restore has no global secondary index "by-custmer"; it has
        "by-customer" and "by-status". A restore can leave indexes out, but cannot
        add any.

        Did you mean "by-customer"? Otherwise remove "by-custmer", and add the index
        to the restored table afterwards.

        Rule DBK-IDX-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-IDX-001.md

        Error: Source has no such local secondary index

          with dynamodb_restored_table.copy,
          on main.tf line 6, in resource "dynamodb_restored_table" "copy":
           6:   local_secondary_indexes  = ["by-dat"]

        The source of the restore has no local secondary index "by-dat"; it has
        "by-date". A restore can leave indexes out, but cannot add any.

        Did you mean "by-date"? Otherwise remove "by-dat".

        Rule DBK-IDX-004 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-IDX-004.md
    "#]],
    );
}

#[test]
fn what_is_not_known_yet_is_no_fault() {
    let scene = Scene::with_orders(backend!(PitrWindow, Backups, Restores, Control));
    let unknown = format!(
        "resource \"terraform_data\" \"later\" {{\n  input = \"orders\"\n}}\n\
         resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = terraform_data.later.output\n}}\n\
         resource \"dynamodb_backup\" \"orders\" {{\n  table_name = terraform_data.later.output\n  \
         name       = \"${{terraform_data.later.output}} backup\"\n}}\n{}",
        restored(
            "{ backup_arn = dynamodb_backup.orders.arn }",
            "  billing_mode           = terraform_data.later.output\n  \
             server_side_encryption = { kms_key_arn = terraform_data.later.output }\n  \
             tags                   = { (terraform_data.later.input) = terraform_data.later.output }\n",
        )
    );
    scene.accepts(&unknown);
}

#[test]
fn a_read_that_is_denied_is_said_once() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    scene
        .backend
        .simulator()
        .deny(&["dynamodb:DescribeContinuousBackups"]);
    let config = restored(LATEST, "");
    scene.warns(
        &config,
        &expect![[r#"
        Warning: Check was not made

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
    "#]],
    );
    let strict =
        format!("provider \"dynamodb\" {{\n  validation = {{ unreadable = \"error\" }}\n}}\n{config}");
    scene.refuses(
        &strict,
        &expect![[r#"
        Error: Check was not made

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4: resource "dynamodb_restored_table" "copy" {

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
    "#]],
    );
}

#[test]
fn a_plan_that_must_not_look_asks_aws_nothing() {
    let scene = Scene::with_orders(backend!(PitrWindow, Backups, Restores, Control));
    let blind = format!(
        "provider \"dynamodb\" {{\n  validation = {{ observe = false }}\n}}\n{}\
         resource \"dynamodb_backup\" \"orders\" {{\n  table_name = \"no-such-table\"\n}}\n\
         resource \"dynamodb_point_in_time_recovery\" \"orders\" {{\n  table_name = \"orders\"\n}}\n",
        restored(LATEST, "")
    );
    scene.config.configure(&blind);
    scene.backend.simulator().clear_calls();
    scene.config.terraform(&["plan", "-no-color"]).ok();
    assert_eq!(
        scene.backend.simulator().calls().by_operation(),
        Default::default()
    );
    // The rules that need no look still speak.
    scene.refuses(
        &blind.replace("latest = true", "latest = false"),
        &expect![[r#"
        Error: Restore to a point in time needs exactly one moment

          with dynamodb_restored_table.copy,
          on main.tf line 6, in resource "dynamodb_restored_table" "copy":
           6:   source = { point_in_time = { table_name = "orders", latest = false } }

        point_in_time has latest = false and no time, so it names no moment.

        Write time = "2025-11-19T09:00:00Z" for that very second, or latest = true
        for the latest moment that can be restored, about five minutes before the
        apply.

        Rule DBK-RPT-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-001.md
    "#]],
    );
}
