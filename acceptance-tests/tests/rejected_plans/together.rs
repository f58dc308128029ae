//! Several faults at once: all of them are said.

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
fn all_faults_of_a_backup_and_of_a_recovery_are_said_at_once() {
    let scene = Scene::with_orders(backend!(Backups, PitrWindow, Control));
    let several = "resource \"dynamodb_backup\" \"orders\" {\n  table_name = \"or ders\"\n  name       = \"no\"\n}\n\
                   resource \"dynamodb_point_in_time_recovery\" \"orders\" {\n  table_name              = \"ab\"\n  \
                   recovery_period_in_days = 36\n  on_destroy              = \"disable\"\n}\n";
    scene.refuses(
        several,
        &expect![[r#"
        Error: Table name is not valid

          with dynamodb_backup.orders,
          on main.tf line 2, in resource "dynamodb_backup" "orders":
           2:   table_name = "or ders"

        "or ders" cannot be the name of a table: character 3 is ' ', and a name
        consists of 3 to 255 letters (a-z, A-Z), digits, "_", "-" and ".". DynamoDB
        has no tables with other names.

        Use a name of that form, for example "or-ders".

        Rule DBK-NAME-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-001.md

        Error: Backup name is not valid

          with dynamodb_backup.orders,
          on main.tf line 3, in resource "dynamodb_backup" "orders":
           3:   name       = "no"

        "no" cannot be the name of a backup: it has 2 characters, and a name has 3 to
        255. DynamoDB refuses any other.

        Set name = "no-orders", or leave it out to have one made.

        Rule DBK-NAME-002 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-002.md

        Error: Table name is not valid

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 6, in resource "dynamodb_point_in_time_recovery" "orders":
           6:   table_name              = "ab"

        "ab" cannot be the name of a table: it has 2 characters, and a name has 3 to
        255. DynamoDB has no tables with other names.

        Use a name of that form, for example "ab-orders".

        Rule DBK-NAME-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-NAME-001.md

        Error: Recovery period is out of range

          with dynamodb_point_in_time_recovery.orders,
          on main.tf line 7, in resource "dynamodb_point_in_time_recovery" "orders":
           7:   recovery_period_in_days = 36

        recovery_period_in_days is 36, and must be between 1 and 35. DynamoDB keeps
        the history of a table for 35 days at most and refuses any other period.

        Set recovery_period_in_days = 35, or leave it out: that is the default. To
        keep data for longer, take on-demand backups beside it.

        Rule DBK-PITR-001 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-PITR-001.md
    "#]],
    );
}

/// A plan with faults of two objects, one of which only AWS shows.
#[test]
fn each_object_says_its_own_faults() {
    let scene = Scene::with_orders(backend!(Backups, PitrWindow, Restores, Control));
    let several = format!(
        "resource \"dynamodb_backup\" \"other\" {{\n  \
         table_name = \"arn:aws:dynamodb:eu-west-1:111122223333:table/orders\"\n}}\n{}",
        restored(
            "{ point_in_time = { table_name = \"orders\", time = \"2040-11-01T09:00:00Z\" } }",
            "  carry_over = [\"point_in_time_recovery\"]\n",
        )
    );
    scene.refuses(
        &several,
        &expect![[r#"
        Error: Table is in another Region

          with dynamodb_backup.other,
          on main.tf line 2, in resource "dynamodb_backup" "other":
           2:   table_name = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"

        "arn:aws:dynamodb:eu-west-1:111122223333:table/orders" is in eu-west-1, and
        this object is managed in us-east-1. DynamoDB takes such a call only in the
        Region of the table; a replica of a global table has its own settings and
        backups in each Region.

        Add region = "eu-west-1" to this object, or give the table of us-east-1.

        Rule DBK-ARN-010 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-010.md

        Error: Moment to restore lies outside the restorable window

          with dynamodb_restored_table.copy,
          on main.tf line 6, in resource "dynamodb_restored_table" "copy":
           6:   source = { point_in_time = { table_name = "orders", time = "2040-11-01T09:00:00Z" } }

        time is 2040-11-01T09:00:00Z. The table can be restored to any second from
        2040-11-10T09:00:00Z to 2040-11-20T08:55:00Z: the time is 9 days too early.
        The history before was never kept, or is gone.

        Set time = "2040-11-10T09:00:00Z" or later, or restore a backup of that time:
        source = { backup_arn = "arn:…" }.

        Rule DBK-RPT-007 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-RPT-007.md
    "#]],
    );
}
