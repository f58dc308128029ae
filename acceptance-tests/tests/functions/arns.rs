//! `parse_arn` and `backup_created_at`.

use expect_test::expect;

use crate::{gives, refuses};

#[test]
fn parse_arn_of_every_kind() {
    gives(
        r#"
locals {
  table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
  arns = [
    local.table,
    "${local.table}/index/by-date",
    "${local.table}/stream/2026-01-02T03:04:05.678",
    "${local.table}/backup/01763625600000-a1b2c3d4",
    "${local.table}/export/01763625600000-a1b2c3d4",
    "${local.table}/import/01763625600000-a1b2c3d4",
    "arn:aws:dynamodb::111122223333:global-table/orders",
    "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A-A80B-108B488B0D45",
    "arn:aws:backup:eu-west-1:111122223333:backup-vault:nightly",
    "arn:aws:backup:eu-west-1:111122223333:backup-plan:e4548665-3dfc-36a2-92ab-9a6477109903",
    "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
    "arn:aws:kms:eu-west-1:111122223333:alias/aws/dynamodb",
    "arn:aws:iam::111122223333:role/service-role/backup",
    "arn:aws:s3:::bucket",
  ]
}
output "kinds" {
  value = [for arn in local.arns : provider::dynamodb::parse_arn(arn).kind]
}
output "backup" {
  value = provider::dynamodb::parse_arn(local.arns[3])
}
output "global_table" {
  value = provider::dynamodb::parse_arn(local.arns[6])
}
"#,
        &expect![[r#"
            backup = {
              "account_id" = "111122223333"
              "alias_name" = tostring(null)
              "backup_id" = "01763625600000-a1b2c3d4"
              "backup_plan_id" = tostring(null)
              "backup_vault_name" = tostring(null)
              "export_id" = tostring(null)
              "import_id" = tostring(null)
              "index_name" = tostring(null)
              "key_id" = tostring(null)
              "kind" = "backup"
              "partition" = "aws"
              "recovery_point_id" = tostring(null)
              "region" = "eu-west-1"
              "resource" = "table/orders/backup/01763625600000-a1b2c3d4"
              "role_name" = tostring(null)
              "service" = "dynamodb"
              "stream_label" = tostring(null)
              "table_arn" = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
              "table_name" = "orders"
            }
            global_table = {
              "account_id" = "111122223333"
              "alias_name" = tostring(null)
              "backup_id" = tostring(null)
              "backup_plan_id" = tostring(null)
              "backup_vault_name" = tostring(null)
              "export_id" = tostring(null)
              "import_id" = tostring(null)
              "index_name" = tostring(null)
              "key_id" = tostring(null)
              "kind" = "global_table"
              "partition" = "aws"
              "recovery_point_id" = tostring(null)
              "region" = tostring(null)
              "resource" = "global-table/orders"
              "role_name" = tostring(null)
              "service" = "dynamodb"
              "stream_label" = tostring(null)
              "table_arn" = tostring(null)
              "table_name" = "orders"
            }
            kinds = [
              "table",
              "index",
              "stream",
              "backup",
              "export",
              "import",
              "global_table",
              "recovery_point",
              "backup_vault",
              "backup_plan",
              "kms_key",
              "kms_alias",
              "iam_role",
              "other",
            ]
        "#]],
    );
}

#[test]
fn parse_arn_refuses() {
    refuses(
        &[
            "parse_arn(\"orders\")",
            "parse_arn(\"arn:aws:dynamodb:eu-west-1:11112222333:table/orders\")",
            "parse_arn(\"arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/\")",
            "parse_arn(\"arn:aws:dynamodb:cn-north-1:111122223333:table/orders\")",
            "parse_arn(null)",
            "parse_arn()",
        ],
        &expect![[r#"
            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::parse_arn("orders")
                ├────────────────
                │ while calling provider::dynamodb::parse_arn(arn)

            Invalid value for "arn" parameter: "orders" is not an ARN: it does not begin
            with "arn:".

            Give the whole ARN, like
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders".

            Rule DBK-ARN-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-001.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::parse_arn("arn:aws:dynamodb:eu-west-1:11112222333:table/orders")
                ├────────────────
                │ while calling provider::dynamodb::parse_arn(arn)

            Invalid value for "arn" parameter:
            "arn:aws:dynamodb:eu-west-1:11112222333:table/orders" is not an ARN: the
            account is wrong: "11112222333" is not an account id of twelve digits.

            Give the whole ARN, like
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders".

            Rule DBK-ARN-001 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-001.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::parse_arn("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/")
                ├────────────────
                │ while calling provider::dynamodb::parse_arn(arn)

            Invalid value for "arn" parameter:
            "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/" is not an ARN:
            the last field, "table/orders/backup/", names nothing that the service
            "dynamodb" has.

            Give the whole ARN, like
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>".

            Rule DBK-ARN-003 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::parse_arn("arn:aws:dynamodb:cn-north-1:111122223333:table/orders")
                ├────────────────
                │ while calling provider::dynamodb::parse_arn(arn)

            Invalid value for "arn" parameter:
            "arn:aws:dynamodb:cn-north-1:111122223333:table/orders" names nothing: its
            partition is aws, and the Region cn-north-1 belongs to the partition aws-cn.

            Begin it with "arn:aws-cn:", or name a Region of aws.

            Rule DBK-ARN-006 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-006.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::parse_arn(null)
                ├────────────────
                │ while calling provider::dynamodb::parse_arn(arn)

            Invalid value for "arn" parameter: argument must not be null.

            Error: Not enough function arguments

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::parse_arn()
                ├────────────────
                │ while calling provider::dynamodb::parse_arn(arn)

            Function "provider::dynamodb::parse_arn" expects 1 argument(s). Missing value
            for "arn".
        "#]],
    );
}

#[test]
fn backup_created_at_refuses() {
    let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
    refuses(
        &[
            &format!("backup_created_at(\"{table}\")"),
            &format!("backup_created_at(\"{table}/index/by-date\")"),
            &format!("backup_created_at(\"{table}/backup/nightly\")"),
            "backup_created_at(\"arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A\")",
            "backup_created_at(null)",
        ],
        &expect![[r#"
            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::backup_created_at("arn:aws:dynamodb:eu-west-1:111122223333:table/orders")
                ├────────────────
                │ while calling provider::dynamodb::backup_created_at(arn)

            Invalid value for "arn" parameter:
            "arn:aws:dynamodb:eu-west-1:111122223333:table/orders" is not the ARN of a
            DynamoDB backup: it is the ARN of a table, not of a DynamoDB backup.

            Give the ARN of a backup, like
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>".

            Rule DBK-ARN-003 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::backup_created_at("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-date")
                ├────────────────
                │ while calling provider::dynamodb::backup_created_at(arn)

            Invalid value for "arn" parameter:
            "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-date" is not
            the ARN of a DynamoDB backup: it is the ARN of a secondary index, not of a
            DynamoDB backup.

            Give the ARN of a backup, like
            "arn:aws:dynamodb:us-east-1:111122223333:table/orders/backup/<backup id>".

            Rule DBK-ARN-003 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::backup_created_at("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/nightly")
                ├────────────────
                │ while calling provider::dynamodb::backup_created_at(arn)

            Invalid value for "arn" parameter: the id "nightly" at the end of
            "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/backup/nightly" does
            not tell when the backup was taken: ids that do are 14 digits, which are the
            time in milliseconds, a hyphen and 8 letters or digits.

            Give the whole ARN, or read created_at of the data source "dynamodb_backup".

            Rule DBK-ARN-003 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-003.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::backup_created_at("arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A")
                ├────────────────
                │ while calling provider::dynamodb::backup_created_at(arn)

            Invalid value for "arn" parameter:
            "arn:aws:backup:eu-west-1:111122223333:recovery-point:1EB3B5E7-9EB0-435A" is
            not the ARN of a DynamoDB backup: it is the ARN of an AWS Backup recovery
            point, not of a DynamoDB backup.

            Read the creation date of a recovery point from AWS Backup; its ARN does not
            tell.

            Rule DBK-ARN-004 ·
            https://github.com/dynamodb-backup/terraform-provider-dynamodb/blob/main/docs/rules/DBK-ARN-004.md.

            Error: Invalid function argument

              on main.tf line 2, in output "it":
               2:   value = provider::dynamodb::backup_created_at(null)
                ├────────────────
                │ while calling provider::dynamodb::backup_created_at(arn)

            Invalid value for "arn" parameter: argument must not be null.
        "#]],
    );
}
