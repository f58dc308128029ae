# Without AWS: what the module makes of its variables.

mock_provider "dynamodb" {
  mock_resource "dynamodb_backup_vault" {
    defaults = {
      arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:protected-tables"
    }
  }
}

mock_provider "dynamodb" {
  alias = "copies"

  mock_resource "dynamodb_backup_vault" {
    defaults = {
      arn = "arn:aws:backup:eu-central-1:444455556666:backup-vault:protected-tables-copies"
    }
  }
}

variables {
  table_arns = [
    "arn:aws:dynamodb:eu-west-1:111122223333:table/orders",
    "arn:aws:dynamodb:eu-west-1:111122223333:table/customers",
  ]
  backup_role_arn    = "arn:aws:iam::111122223333:role/backup"
  kms_key_arn        = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  copies_kms_key_arn = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

run "protects_every_table" {
  providers = {
    dynamodb        = dynamodb
    dynamodb.copies = dynamodb.copies
  }

  assert {
    condition     = toset(keys(dynamodb_point_in_time_recovery.tables)) == toset(["orders", "customers"])
    error_message = "every table has point-in-time recovery"
  }

  assert {
    condition     = dynamodb_backup_plan.nightly.selections["tables"].resources == var.table_arns
    error_message = "every table is backed up"
  }

  assert {
    condition     = dynamodb_backup_plan.nightly.rules["nightly"].copy_actions[0].destination_vault_arn == dynamodb_backup_vault.copies.arn
    error_message = "every backup is copied to the second account"
  }
}

run "only_the_account_of_the_tables_may_copy_into_the_vault" {
  providers = {
    dynamodb        = dynamodb
    dynamodb.copies = dynamodb.copies
  }

  assert {
    condition     = jsondecode(dynamodb_backup_vault.copies.policy).Statement[0].Principal.AWS == ["arn:aws:iam::111122223333:root"]
    error_message = "the policy of the vault names the account of the tables"
  }

  assert {
    condition     = dynamodb_backup_vault.copies.lock.min_retention_days == 7
    error_message = "the vault of the copies is locked"
  }
}

run "refuses_what_is_no_table" {
  command = plan

  providers = {
    dynamodb        = dynamodb
    dynamodb.copies = dynamodb.copies
  }

  variables {
    table_arns = ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-date"]
  }

  expect_failures = [var.table_arns]
}
