locals {
  tables = { for arn in var.table_arns : provider::dynamodb::parse_arn(arn).table_name => arn }

  # The accounts and partitions of the tables: one of each, if they are of one account.
  source_accounts = distinct([for arn in var.table_arns : provider::dynamodb::parse_arn(arn).account_id])
  partition       = one(distinct([for arn in var.table_arns : provider::dynamodb::parse_arn(arn).partition]))
}

# Any second of the last days.
resource "dynamodb_point_in_time_recovery" "tables" {
  for_each = local.tables

  table_name              = each.value
  recovery_period_in_days = var.recovery_period_in_days
}

# Without the advanced features, AWS Backup can neither copy a recovery point nor encrypt it with the key of the vault.
# They count for recovery points that are made after they were switched on.
resource "dynamodb_backup_settings" "tables" {
  opt_in            = true
  advanced_features = true
}

resource "dynamodb_backup_settings" "copies" {
  provider = dynamodb.copies

  opt_in            = true
  advanced_features = true
}

resource "dynamodb_backup_vault" "tables" {
  name        = var.name
  kms_key_arn = var.kms_key_arn
  tags        = var.tags
}

resource "dynamodb_backup_vault" "copies" {
  provider = dynamodb.copies

  name        = "${var.name}-copies"
  kms_key_arn = var.copies_kms_key_arn
  lock        = var.lock
  tags        = var.tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "CopiesOfTheTables"
      Effect    = "Allow"
      Principal = { AWS = [for account in local.source_accounts : "arn:${local.partition}:iam::${account}:root"] }
      Action    = "backup:CopyIntoBackupVault"
      Resource  = "*"
    }]
  })
}

resource "dynamodb_backup_plan" "nightly" {
  name = var.name
  tags = var.tags

  rules = {
    nightly = {
      target_vault_name = dynamodb_backup_vault.tables.name
      schedule          = var.schedule
      schedule_timezone = var.schedule_timezone

      lifecycle = {
        delete_after_days = var.keep_days
      }

      copy_actions = [{
        destination_vault_arn = dynamodb_backup_vault.copies.arn

        lifecycle = {
          delete_after_days = var.keep_copies_days
        }
      }]
    }
  }

  selections = {
    tables = {
      role_arn  = var.backup_role_arn
      resources = var.table_arns
    }
  }

  depends_on = [dynamodb_backup_settings.tables, dynamodb_backup_settings.copies]
}

# Read after recovery is on: from when to when each table can be restored.
data "dynamodb_restore_window" "tables" {
  for_each = dynamodb_point_in_time_recovery.tables

  table_name = each.value.table_name
}
