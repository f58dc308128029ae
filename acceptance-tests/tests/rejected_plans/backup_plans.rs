//! Backup plans that AWS would refuse, or take and never carry out: each fault at its own argument inside of the maps.
//! Tests are named after the threads of hashicorp/aws in which people met the fault at apply, or on the bill.

use acceptance_tests::{Backend, backend};
use expect_test::expect;
use serde_json::json;

use crate::scene::Scene;

/// A vault `orders`, DynamoDB opted in with the advanced features, and the clock stopped.
fn with_vault(backend: Backend) -> Scene {
    let scene = Scene::on(backend);
    scene.backend.aws().create_table("orders");
    scene.backend.aws().set_backup_settings(true, true);
    scene.backend.aws().create_vault("orders");
    scene
}

/// A plan of one rule, with these arguments of the rule.
fn plan(rule: &str) -> String {
    format!(
        r#"resource "dynamodb_backup_plan" "orders" {{
  name = "orders"
  rules = {{
    daily = {{
      target_vault_name = "orders"
{rule}    }}
  }}
  selections = {{
    orders = {{
      role_arn  = "arn:aws:iam::111122223333:role/backup"
      resources = ["arn:aws:dynamodb:us-east-1:111122223333:table/orders"]
    }}
  }}
}}
"#
    )
}

#[test]
fn every_fault_of_a_rule_at_its_own_argument() {
    let scene = with_vault(backend!(Control));
    scene.stop_the_clock();
    scene.refuses(
        &plan(
            "      schedule                  = \"0 5 * * *\"\n      schedule_timezone         = \"Berlin\"\n      \
             start_window_minutes      = 30\n      completion_window_minutes = 60\n      \
             lifecycle                 = { delete_after_days = 0 }\n",
        ),
        &expect![[r#"
            Error: Zero days in a lifecycle do not mean never

              with dynamodb_backup_plan.orders,
              on main.tf line 4, in resource "dynamodb_backup_plan" "orders":
               4:     daily = {

            In rules["daily"].lifecycle, delete_after_days is 0, and AWS takes 1 at
            least; "never" is said by leaving it out (null), not by 0.

            Set delete_after_days to 1 to 36500, or leave it out (null) to keep the
            recovery points until somebody deletes them.

            Rule DBK-LFC-010 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-010.md

            Error: Schedule is not a cron expression of AWS Backup

              with dynamodb_backup_plan.orders,
              on main.tf line 4, in resource "dynamodb_backup_plan" "orders":
               4:     daily = {

            "0 5 * * *" is not a schedule of AWS Backup: it has 5 fields, as the cron of
            Unix has, and AWS has six: minute, hour, day-of-month, month, day-of-week and
            year.

            Write "cron(0 5 * * ? *)".

            Rule DBK-SCH-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-001.md

            Error: Time zone of a schedule is not known

              with dynamodb_backup_plan.orders,
              on main.tf line 4, in resource "dynamodb_backup_plan" "orders":
               4:     daily = {

            The schedule of the rule "daily" counts in a zone that does not exist:
            "Berlin" is not the IANA name of a time zone.

            Write "Europe/Berlin", if that is what is meant.

            Rule DBK-SCH-007 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-007.md

            Error: Start window is out of range

              with dynamodb_backup_plan.orders,
              on main.tf line 4, in resource "dynamodb_backup_plan" "orders":
               4:     daily = {

            In the rule "daily", the start window of 30 minutes is not between 60 and
            52560000.

            Set start_window_minutes to 60 or more, or leave it out for AWS's default of
            480 minutes.

            Rule DBK-SCH-010 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-SCH-010.md
        "#]],
    );
}

#[test]
fn cold_storage_for_less_than_ninety_days_8151_7350_14063() {
    let scene = with_vault(backend!(Control));
    scene.stop_the_clock();
    let rule = "      schedule  = \"cron(0 5 ? * * *)\"\n      lifecycle = { move_to_cold_storage_after_days = 30, \
                delete_after_days = 60 }\n";
    scene.refuses(
        &plan(rule),
        &expect![[r#"
            Error: Recovery point would leave cold storage too soon

              with dynamodb_backup_plan.orders,
              on main.tf line 4, in resource "dynamodb_backup_plan" "orders":
               4:     daily = {

            In rules["daily"].lifecycle, a recovery point moved to cold storage after 30
            days and deleted after 60 days would stay there for 30 days, and AWS requires
            90 days there at least.

            Set delete_after_days to 120 or more, or leave
            move_to_cold_storage_after_days out (null) to keep the recovery points in
            warm storage.

            Rule DBK-LFC-002 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LFC-002.md
        "#]],
    );
}

#[test]
fn a_copy_that_is_kept_for_ever_37862() {
    let scene = with_vault(backend!(Control));
    let ireland = scene.backend.aws().in_region("eu-west-1");
    ireland.set_backup_settings(true, true);
    ireland.create_vault("copies");
    scene.stop_the_clock();
    let rule = "      schedule  = \"cron(0 5 ? * * *)\"\n      lifecycle = { delete_after_days = 35 }\n      copy_actions \
                = [{ destination_vault_arn = \"arn:aws:backup:eu-west-1:111122223333:backup-vault:copies\" }]\n";
    scene.warns(
        &plan(rule),
        &expect![[r#"
            Warning: Copies are not told how long they stay

              with dynamodb_backup_plan.orders,
              on main.tf line 4, in resource "dynamodb_backup_plan" "orders":
               4:     daily = {

            The recovery points of the rule "daily" are deleted after 35 days, and
            copy_actions[0] does not say when their copies are.

            Say it: lifecycle = { delete_after_days = 35 } in the copy action. To keep
            copies for ever, give delete_after_days = 36500, a hundred years.

            Rule DBK-CPY-010 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-CPY-010.md

            (and one more similar warning elsewhere)
        "#]],
    );
}

#[test]
fn a_retention_that_the_lock_of_the_vault_forbids() {
    let scene = with_vault(backend!(Control));
    scene.backend.aws().aws_backup(
        "PUT",
        "/backup-vaults/orders/vault-lock",
        json!({"MinRetentionDays": 30, "MaxRetentionDays": 365}),
    );
    scene.stop_the_clock();
    let rule = "      schedule  = \"cron(0 5 ? * * *)\"\n      lifecycle = { delete_after_days = 7 }\n";
    scene.refuses(
        &plan(rule),
        &expect![[r#"
            Error: Lock of the vault does not allow this retention

              with dynamodb_backup_plan.orders,
              on main.tf line 4, in resource "dynamodb_backup_plan" "orders":
               4:     daily = {

            delete_after_days is 7, and the lock of the vault "orders" demands 30 at
            least. AWS Backup takes the plan all the same, and its jobs fail, each time:
            nothing gets into the vault.

            Write delete_after_days = 30 or more, or use another vault.

            Rule DBK-LCK-005 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-LCK-005.md
        "#]],
    );
}
