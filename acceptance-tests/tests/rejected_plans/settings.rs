//! The settings that a restored table is given.

use acceptance_tests::backend;
use expect_test::expect;
use serde_json::json;

use crate::scene::{LATEST, Scene, restored};

#[test]
fn settings() {
    let scene = Scene::with_orders(backend!(PitrWindow, Restores, Control));
    let with = |arguments: &str| restored(LATEST, &format!("  {arguments}\n"));
    let recoverable = "point_in_time_recovery = {}\n  ";
    scene.refuses(
        &with(&format!("{recoverable}time_to_live = {{}}")),
        &expect![[r#"
        Error: Time to live without its attribute

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   time_to_live = {}

        time_to_live switches the expiry of items on, and does not say which
        attribute holds the moment of expiry.

        Name it, for example attribute_name = "expires_at"; or set enabled = false.
    "#]],
    );
    scene.refuses(
        &with(&format!("{recoverable}stream = {{}}")),
        &expect![[r#"
        Error: Stream without its view type

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   stream = {}

        stream switches the stream on, and does not say what its records show;
        DynamoDB has no default.

        Set view_type to "NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE" or
        "KEYS_ONLY"; or set enabled = false.
    "#]],
    );
    scene.refuses(
        &with(&format!("{recoverable}stream = {{ view_type = \"ALL\" }}")),
        &expect![[r#"
        Error: Invalid Attribute Value

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   stream = { view_type = "ALL" }

        The value is "ALL"; it must be one of "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
        "NEW_AND_OLD_IMAGES".
    "#]],
    );
    scene.refuses(
        &with(&format!("{recoverable}table_class = \"GLACIER\"")),
        &expect![[r#"
        Error: Invalid Attribute Value

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   table_class = "GLACIER"

        The value is "GLACIER"; it must be one of "STANDARD",
        "STANDARD_INFREQUENT_ACCESS".
    "#]],
    );
    scene.refuses(
        &with(&format!("{recoverable}tags = {{ \"aws:team\" = \"shop\" }}")),
        &expect![[r#"
        Error: Tag is not valid

          with dynamodb_restored_table.copy,
          on main.tf line 5, in resource "dynamodb_restored_table" "copy":
           5:   tags = { "aws:team" = "shop" }

        The key "aws:team" begins with "aws:", which is reserved for AWS.

        Use another key, for example "team".

        Rule DBK-QTA-006 ·
        https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-QTA-006.md
    "#]],
    );
    scene.refuses(
        &with(&format!("{recoverable}carry_over = [\"replicas\"]")),
        &expect![[r#"
            Error: Invalid Attribute Value

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   carry_over = ["replicas"]

            The value is "replicas"; it must be one of "autoscaling",
            "contributor_insights", "deletion_protection_enabled", "kinesis_stream",
            "point_in_time_recovery", "resource_policy", "stream", "table_class", "tags",
            "time_to_live".
        "#]],
    );
    scene.refuses(
        &with("point_in_time_recovery = { recovery_period_in_days = 36 }"),
        &expect![[r#"
        Error: Invalid Attribute Value

          with dynamodb_restored_table.copy,
          on main.tf line 4, in resource "dynamodb_restored_table" "copy":
           4:   point_in_time_recovery = { recovery_period_in_days = 36 }

        The value is 36; it must be a whole number from 1 to 35.
    "#]],
    );
    scene.refuses(
        &with("point_in_time_recovery = { enabled = false, recovery_period_in_days = 7 }"),
        &expect![[r#"
            Error: Recovery period without point-in-time recovery

              with dynamodb_restored_table.copy,
              on main.tf line 4, in resource "dynamodb_restored_table" "copy":
               4:   point_in_time_recovery = { enabled = false, recovery_period_in_days = 7 }

            point_in_time_recovery gives a recovery period and is switched off; AWS
            forgets the period of a table whose point-in-time recovery is off.

            Remove recovery_period_in_days, or set enabled = true.
        "#]],
    );
}

#[test]
fn settings_of_a_source_that_is_gone() {
    let scene = Scene::on(backend!(Backups, Restores, Control));
    scene.backend.aws().create_table("orders");
    let arn = scene.backend.aws().create_backup("orders", "nightly");
    scene.backend.aws().delete_table("orders");
    scene.stop_the_clock();
    scene.refuses(
        &restored(
            &format!("{{ backup_arn = {arn:?} }}"),
            "  carry_over = [\"tags\", \"stream\"]\n",
        ),
        &expect![[r#"
            Error: Setting cannot be carried over

              with dynamodb_restored_table.copy,
              on main.tf line 4, in resource "dynamodb_restored_table" "copy":
               4:   carry_over = ["tags", "stream"]

            carry_over names "tags", which is copied from the live source table, and that
            does not exist any more. A backup records only the time to live and the
            stream.

            Remove "tags" from carry_over, and spell tags out where the restored table
            shall have it.
        "#]],
    );
}

#[test]
fn a_table_that_exists_already() {
    let scene = Scene::on(backend!(Backups, Restores, Control));
    scene.create_orders_with_indexes();
    let arn = scene.backend.aws().create_backup("orders", "nightly");
    scene.backend.simulator().set(json!({"restore_ms": 200}));
    let source = format!("{{ backup_arn = {arn:?} }}");
    scene
        .config
        .configure(&restored(&source, "  deletion_protection_enabled = true\n"));
    scene.config.apply();
    scene.refused(
        &["plan", "-destroy", "-no-color"],
        &expect![[r#"
            Error: Table is protected from deletion

              with dynamodb_restored_table.copy,
              on main.tf line 4, in resource "dynamodb_restored_table" "copy":
               4:   deletion_protection_enabled = true

            Table "copy" is to be deleted, and it has deletion protection: AWS would
            refuse.

            Set deletion_protection_enabled = false and apply that first, alone; then
            destroy. If the table shall stay and only Terraform shall forget it, use a
            removed block with destroy = false, or terraform state rm.

            Rule DBK-DEL-004 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-DEL-004.md
        "#]],
    );
    scene.refuses(
        &restored(
            &source,
            "  deletion_protection_enabled = true\n  triggers = { again = \"1\" }\n",
        ),
        &expect![[r#"
            Error: Table is protected from deletion

              with dynamodb_restored_table.copy,
              on main.tf line 4, in resource "dynamodb_restored_table" "copy":
               4:   deletion_protection_enabled = true

            Table "copy" must be deleted to be restored anew, and it has deletion
            protection: AWS would refuse.

            Set deletion_protection_enabled = false and apply that first, alone; then
            apply this change. If the table shall stay and only Terraform shall forget
            it, use a removed block with destroy = false, or terraform state rm.

            Rule DBK-DEL-004 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-DEL-004.md
        "#]],
    );
    scene.refuses(
        &restored(
            &source,
            "  deletion_protection_enabled = true\n  local_secondary_indexes = []\n",
        ),
        &expect![[r#"
            Error: Local secondary indexes cannot be changed

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   local_secondary_indexes = []

            Table copy has these local secondary indexes: by-date. The configuration
            wants: none. DynamoDB makes local secondary indexes together with the table,
            and can neither add nor remove one later.

            Set local_secondary_indexes back to what the table has. To get another
            choice, restore anew: change triggers as well, which deletes the table and
            its items and restores them from the source.
        "#]],
    );
    scene.refuses(
        &restored(
            &source,
            "  deletion_protection_enabled = true\n  \
             global_secondary_indexes = { by-customer = {}, by-status = {}, by-month = {} }\n",
        ),
        &expect![[r#"
            Error: Definition of a global secondary index is not known

              with dynamodb_restored_table.copy,
              on main.tf line 5, in resource "dynamodb_restored_table" "copy":
               5:   global_secondary_indexes = { by-customer = {}, by-status = {}, by-month = {} }

            global_secondary_indexes names "by-month", which table copy does not have.
            The definition of an index comes from the source table orders, which has
            by-customer, by-status.

            Remove "by-month" from global_secondary_indexes and create the index by other
            means, for example aws_dynamodb_global_secondary_index or the AWS CLI; this
            resource then shows it.
        "#]],
    );
}
